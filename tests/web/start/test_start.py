"""The first page: for those who run the house, and for partners."""

import pytest

from catalog.web.start.news import TELLINGS, news_of
from cmdb.kernel.events import EventRecord
from tests.counting import statements
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches

MOST_STATEMENTS = 12


@pytest.fixture
def seen(session, house, partner):
    """A partner whose three switches were just seen."""
    see_switches(session, house, partner, 3)
    return partner


def visit(app, person, path="/"):
    with signed_in_client(app, person) as client:
        client.set_cookie("lang", "en")
        return client.get(path).text


def test_an_empty_house_offers_the_first_steps(app, make_person):
    page = visit(app, make_person("operator"))
    assert "Nothing is on for today" in page
    assert 'href="/discovery/plans"' in page


def test_operators_see_how_well_each_partner_is_known(app, seen, make_person):
    page = visit(app, make_person("operator"))
    assert "3 of 3 in use" in page
    assert f"{seen.name}: 3 known, 0 not seen for long, 0 only declared" in page
    assert "3 devices were discovered" in page


@pytest.mark.parametrize("role", ["operator", "partner_coordinator"])
def test_the_page_costs_few_statements(app, seen, session, make_person, role):
    person = make_person(role, seen.id)
    with signed_in_client(app, person) as client, statements(session) as sql:
        assert client.get("/").status_code == 200
    assert len(sql) <= MOST_STATEMENTS


def test_partners_see_what_concerns_them(app, seen, make_person):
    page = visit(app, make_person("partner_coordinator", seen.id))
    assert 'data-density="comfortable"' in page
    assert "My devices" in page
    assert "Orders under way" in page
    assert 'href="/services"' in page


def event(kind, **body):
    return EventRecord(kind=kind, actor_name="Anna", body=body)


def test_many_alike_in_a_row_are_told_as_one(app):
    events = [event("item_discovered", name=f"sw-{number}") for number in range(3)]
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        told = news_of([*events, event("order_submitted", number="B-1")], limit=8)
    assert [one.text for one in told] == ["3 devices were discovered", "Order B-1 was sent"]


def test_events_that_are_not_for_the_first_page_are_left_out(app):
    with app.test_request_context("/"):
        assert news_of([event("signed_in")], limit=8) == []


def test_every_telling_is_of_an_event_that_exists():
    import cmdb.items.events
    import cmdb.partners.events
    import cmdb.plans.events
    import cmdb.reconcile.events  # noqa: F401 — events make themselves known by being classes
    from cmdb.kernel.events import Event, kind_of

    def below(base):
        for one in base.__subclasses__():
            yield one
            yield from below(one)

    assert TELLINGS.keys() <= {kind_of(one) for one in below(Event)}
