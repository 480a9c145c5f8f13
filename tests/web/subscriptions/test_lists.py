"""The lists of orders and subscriptions: by period, and by those partners that have some."""

import re
from datetime import timedelta

import pytest

from catalog.ordering import commands
from catalog.transactions import unit_of_work
from cmdb.kernel.clock import today
from tests.asking import make_service, make_town, make_wish
from tests.builders import make_partner
from tests.counting import statements
from tests.web.conftest import signed_in_client

MOST_STATEMENTS = 12


@pytest.fixture
def towns(session):
    """Two towns: one uses a service today, the other one will; a third partner has nothing."""
    with unit_of_work(session):
        first = make_town(session)
        second = make_town(session, first.provider)
        make_partner(session, "Gemeinde Niemand")
        service = make_service(session, first.provider)
        for town, days in ((first, 0), (second, 60)):
            wanted_on = today() + timedelta(days=days)
            wish = make_wish(town, service, wanted_on=wanted_on)
            order = commands.place_order(session, town.requester, wish)
            commands.approve_order(session, town.approver, order.id)
            commands.start_fulfilment(session, town.fulfiller, order.id)
            commands.deliver_order(session, town.fulfiller, order.id)
    return first, second


@pytest.fixture
def client(app, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def partners_in(page):
    return re.findall(r'data-label="Partner">([^<]+)<', page)


def offered_in(page):
    select = page.partition('<select class="form-select" id="partner"')[2].partition("</select>")
    return re.findall(r"<option[^>]*>([^<]+)<", select[0])


def chips(page):
    found = re.findall(r'period=(\w+)"[^>]*>[^<]*<span class="v-muted">(\d+)<', page)
    return {period: int(count) for period, count in found}


def test_what_begins_later_has_a_place_of_its_own(client, towns):
    first, second = towns
    page = client.get("/subscriptions").text
    assert partners_in(page) == [first.partner.name]
    assert chips(page) == {"running": 1, "upcoming": 1, "ended": 0, "all": 2}
    assert partners_in(client.get("/subscriptions?period=upcoming").text) == [second.partner.name]
    assert "There is none in this period" in client.get("/subscriptions?period=ended").text
    assert len(partners_in(client.get("/subscriptions?period=all").text)) == 2


@pytest.mark.parametrize("path", ["/subscriptions?period=all", "/orders"])
def test_the_filter_offers_those_partners_that_have_some(client, towns, path):
    names = [one.partner.name for one in towns]
    page = client.get(path).text
    assert offered_in(page) == ["all", *sorted(names)]
    glue = "&" if "?" in path else "?"
    page = client.get(f"{path}{glue}partner={towns[1].partner.id}").text
    assert partners_in(page) == [towns[1].partner.name]
    assert client.get(f"{path}{glue}partner=nonsense").status_code == 200


@pytest.mark.parametrize("path", ["/subscriptions?period=all", "/orders"])
def test_a_partner_with_nobody_beside_it_needs_no_filter(app, towns, make_person, path):
    person = make_person("partner_coordinator", towns[0].partner.id, name="rita")
    with signed_in_client(app, person) as client:
        assert offered_in(client.get(path).text) == []


@pytest.mark.parametrize("path", ["/subscriptions?period=all", "/orders"])
def test_the_lists_cost_few_statements(client, session, towns, path):
    with statements(session) as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= MOST_STATEMENTS, seen
