"""The first page: for those who run the house, and for partners."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from catalog.web.start import pictures
from catalog.web.start.news import TELLINGS, news_of
from catalog.web.start.pictures import SHOWN_BARS, cost_of
from cmdb.kernel.events import EventRecord
from cmdb.plans.models import Run
from schemas.vocabulary import RunState
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
    assert f"{seen.name}: 3 known, 0 not seen for 7 days, 0 only declared" in page
    assert "3 devices in use" in page
    assert "3 devices were discovered" in page


def test_a_run_that_failed_counts_although_no_target_has_a_problem(app, seen, session, make_person):
    session.query(Run).one().state = RunState.FAILED
    session.commit()
    page = visit(app, make_person("operator"))
    tile = page[page.index("Runs with problems") :]
    assert '<p class="v-tile-value">1</p>' in tile[:200]


def test_runs_that_go_on_are_polled_and_the_page_is_loaded_anew_once_they_have_ended(
    app, seen, session, make_person
):
    run = session.query(Run).one()
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        run.state = RunState.QUEUED
        session.commit()
        waiting = client.get("/", headers={"HX-Request": "true"})
        assert "1 run waits" in waiting.text
        assert 'hx-trigger="every 3s"' in waiting.text
        assert "HX-Refresh" not in waiting.headers
        run.state = RunState.SUCCEEDED
        session.commit()
        assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
        assert "HX-Refresh" not in client.get("/").headers


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


@pytest.fixture
def cost(app, monkeypatch):
    """Returns what subscriptions of these services and yearly amounts come to."""
    monkeypatch.setattr(pictures, "yearly_cost", lambda one: one.amount)

    def of(*pairs):
        with app.test_request_context("/", headers={"Accept-Language": "en"}):
            return cost_of(
                [
                    SimpleNamespace(service=SimpleNamespace(names={"de": name}), amount=amount)
                    for name, amount in pairs
                ]
            )

    return of


def test_the_cost_of_a_partner_is_told_by_service_the_dearest_first(cost):
    found = cost(("A", Decimal(5)), ("B", Decimal("7.50")), ("A", Decimal(4)), ("C", Decimal(0)))
    assert found.services == [("A", Decimal(9), ""), ("B", Decimal("7.50"), "")]
    assert (found.total, found.is_complete) == (Decimal("16.50"), True)


def test_a_price_that_is_not_released_yet_leaves_the_cost_incomplete(cost):
    assert not cost(("A", Decimal(5)), ("B", None)).is_complete


def test_the_bars_that_do_not_fit_are_summed_up_in_the_last_one(cost):
    found = cost(*((f"S{number}", Decimal(100 - number)) for number in range(SHOWN_BARS + 2)))
    assert len(found.services) == SHOWN_BARS
    assert found.services[-1] == ("all others", Decimal(93 + 92 + 91), "")
    assert sum(amount for _, amount, _ in found.services) == found.total
