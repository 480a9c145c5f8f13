"""The page of one device: values with their source, its inside, its history, and its forms."""

import re

import pytest

from catalog.transactions import unit_of_work
from cmdb.items.models import ConfigurationItem
from cmdb.reconcile.declarations import update_item
from tests.builders import make_partner
from tests.counting import statements
from tests.web.conftest import post, signed_in_client
from tests.web.inventory import see_switches

TABS = ("", "interfaces", "components", "relations", "services", "history", "raw")
MOST_STATEMENTS = 12


@pytest.fixture
def switch(session, house, partner):
    return see_switches(session, house, partner, 1, interfaces=250)[0]


@pytest.fixture
def client(app, switch, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def declare(session, house, switch, **changes):
    with unit_of_work(session):
        update_item(session, house, switch.id, changes, expected_version=None, reason="Label")


def read_anew(session):
    session.rollback()
    session.expire_all()


def fields_of(page):
    """The values of a form as a browser would send them back."""
    form = page.split('<form class="v-form')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    for name, options in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_costs_few_statements(session, client, switch, tab):
    with statements(session) as seen:
        answer = client.get(f"/devices/{switch.id}?tab={tab}")
    assert answer.status_code == 200
    assert len(seen) <= MOST_STATEMENTS


def test_every_value_tells_its_source(client, switch):
    page = client.get(f"/devices/{switch.id}").text
    row = page.split("<dt>Serial number</dt>")[1].split("</dd>")[0]
    assert "FOC00000001" in row
    assert "SNMP" in row
    assert "just now" in row


def test_where_sources_disagree_each_is_told(session, house, client, switch):
    declare(session, house, switch, model="Label on the box")
    row = client.get(f"/devices/{switch.id}").text.split("<dt>Model</dt>")[1].split("<dt>")[0]
    assert "contradictory" in row
    assert row.count("Label on the box") == 2
    assert "WS-C2960X-48TS-L" in row


def test_interfaces_come_in_pages_of_200(client, switch):
    first = client.get(f"/devices/{switch.id}?tab=interfaces").text
    assert first.count('<th scope="row" class="v-mono">') == 200
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert client.get(following).text.count('<th scope="row" class="v-mono">') == 50


def test_the_history_shows_before_and_after_with_the_reason(session, house, client, switch):
    declare(session, house, switch, model="Label on the box")
    page = client.get(f"/devices/{switch.id}?tab=history").text
    assert "<del>WS-C2960X-48TS-L</del>" in page
    assert "<ins>Label on the box</ins>" in page
    assert "<q>Label</q>" in page


def test_the_raw_observation_names_the_secret_but_holds_none(client, switch):
    page = client.get(f"/devices/{switch.id}?tab=raw").text
    assert "snmp-test" in page
    assert "sys_object_id" in page


def test_a_partner_that_is_only_served_sees_no_inside(app, session, house, switch, make_person):
    with unit_of_work(session):
        served = make_partner(session, "Gemeinde Birkental")
        changes = {"user_partner_id": str(served.id)}
        update_item(session, house, switch.id, changes, expected_version=None)
    person = make_person("partner_coordinator", served.id, name="berta")
    with signed_in_client(app, person) as client:
        client.set_cookie("lang", "en")
        page = client.get(f"/devices/{switch.id}?tab=raw").text
    assert switch.name in page
    for hidden in (switch.serial, switch.address, "snmp-test", "Interfaces", "Raw observation"):
        assert hidden not in page


def test_a_change_is_declared_with_its_reason(session, client, switch):
    path = f"/devices/{switch.id}/edit"
    form = {**fields_of(client.get(path).text), "vendor": "Arista", "reason": "Swapped"}
    form["attribute-purchased_on"] = "2026-03-31"
    assert post(client, path, form).status_code == 303
    read_anew(session)
    assert switch.vendor == "Arista"
    assert switch.attributes["purchased_on"] == "2026-03-31"
    assert "<q>Swapped</q>" in client.get(f"/devices/{switch.id}?tab=history").text


def test_what_is_not_in_order_is_said_beside_its_field(session, client, switch):
    path = f"/devices/{switch.id}/edit"
    form = {**fields_of(client.get(path).text), "address": "10.0.0", "attribute-power_budget": "x"}
    answer = post(client, path, form)
    assert answer.status_code == 422
    assert "This is not an IPv4 or IPv6 address." in answer.text
    assert "This must be a whole number." in answer.text


def test_who_was_overtaken_sees_both_values_and_may_insist(session, house, client, switch):
    path = f"/devices/{switch.id}/edit"
    form = {**fields_of(client.get(path).text), "vendor": "Mine"}
    declare(session, house, switch, vendor="Theirs")
    answer = post(client, path, form)
    assert answer.status_code == 409
    assert "<td>Mine</td><td>Theirs</td>" in answer.text
    read_anew(session)
    assert switch.vendor == "Theirs"
    assert post(client, path, fields_of(answer.text)).status_code == 303
    read_anew(session)
    assert switch.vendor == "Mine"


def test_a_device_is_declared_before_anybody_sees_it(session, client, partner):
    path = f"/devices/new?class=printer.device&partner={partner.id}"
    form = {**fields_of(client.get(path).text), "name": "prn-01", "vendor": "Kyocera"}
    answer = post(client, "/devices/new", form)
    assert answer.status_code == 303
    made = session.query(ConfigurationItem).filter_by(name="prn-01").one()
    assert (made.vendor, made.partner_id) == ("Kyocera", partner.id)
    assert answer.location == f"/devices/{made.id}"


@pytest.mark.parametrize("role", ["partner_coordinator", "auditor"])
def test_only_those_who_may_write_are_offered_the_form(app, switch, make_person, partner, role):
    with signed_in_client(app, make_person(role, partner.id, name="rita")) as client:
        assert "/edit" not in client.get(f"/devices/{switch.id}").text
        assert client.get(f"/devices/{switch.id}/edit").status_code == 403
