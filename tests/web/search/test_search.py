"""The search over everything."""

import pytest

from catalog.transactions import unit_of_work
from tests.builders import make_partner
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches


@pytest.fixture
def switches(session, house, partner):
    return see_switches(session, house, partner, 12)


@pytest.fixture
def client(app, switches, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def test_hits_are_grouped_and_the_rest_is_a_click_away(client):
    page = client.get("/search?q=sw-0").text
    assert page.count('<a href="/devices/') == 8
    assert 'href="/devices?q=sw-0"' in page


def test_devices_partners_and_sites_are_found_by_one_word(client):
    page = client.get("/search?q=aarfeld").text
    assert "Gemeinde Aarfeld" in page
    assert "Werkhof Gemeinde Aarfeld" in page


def test_the_only_thing_of_exactly_this_name_is_opened_at_once(client, switches):
    answer = client.get("/search?q=SW-00003")
    assert answer.location == f"/devices/{switches[2].id}"


def test_two_things_of_the_same_name_are_both_shown(session, client):
    with unit_of_work(session):
        make_partner(session, "Zwilling")
        make_partner(session, "Zwilling")
    answer = client.get("/search?q=Zwilling")
    assert answer.status_code == 200
    assert answer.text.count(">Zwilling</a>") == 2


@pytest.mark.parametrize("text", ["", " ", "%", "\0", "zzzzzz", "x" * 5000])
def test_nothing_and_nonsense_find_nothing(client, text):
    answer = client.get("/search", query_string={"q": text})
    assert answer.status_code == 200
    assert "/devices/" not in answer.text.split("<main")[1]
