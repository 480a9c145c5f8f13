"""What the provider has to deliver: a page of its own, with its number in the navigation."""

import re

import pytest

from catalog.ordering import commands
from catalog.transactions import unit_of_work
from tests.asking import make_service, make_town, make_wish
from tests.web.conftest import signed_in_client

COUNT = re.compile(r'href="/orders/to-fulfil"[^>]*>.*?</a>', re.DOTALL)


@pytest.fixture
def order(session):
    with unit_of_work(session):
        town = make_town(session)
        service = make_service(session, town.provider)
        order = commands.place_order(session, town.requester, make_wish(town, service))
    return town, order


def approve(session, order):
    with unit_of_work(session):
        commands.approve_order(session, order[0].approver, order[1].id)


def navigation(page):
    found = COUNT.search(page)
    assert found, "the navigation offers the page"
    return re.sub("<[^>]+>", " ", found[0]).split()


def test_approved_orders_stand_there_and_are_counted(app, session, order, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        page = client.get("/orders/to-fulfil").text
        assert "Nothing waits for delivery" in page
        assert "1" not in navigation(page)
        approve(session, order)
        page = client.get("/orders/to-fulfil").text
        assert order[1].number in page
        assert "1" in navigation(page)


def test_only_one_place_of_the_navigation_is_the_current_one(app, order, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        for path in ("/orders/to-fulfil", "/orders"):
            page = client.get(path).text
            current = re.findall(r'<a[^>]*href="([^"]+)"[^>]*aria-current="page"', page)
            assert {one for one in current if one.startswith("/orders")} == {path}


def test_an_operator_of_another_house_sees_nothing_of_it(app, session, order, make_person):
    approve(session, order)
    person = make_person("operator", order[0].partner.id)
    with signed_in_client(app, person) as client:
        page = client.get("/orders/to-fulfil").text
    assert order[1].number not in page


def test_a_partner_is_not_offered_what_only_the_provider_does(app, order, make_person):
    person = make_person("partner_coordinator", order[0].partner.id)
    with signed_in_client(app, person) as client:
        assert client.get("/orders/to-fulfil").status_code == 403
        assert "/orders/to-fulfil" not in client.get("/orders").text
