"""The list of devices: facets, search, columns, pages and the export."""

import csv
import io

import pytest

from catalog.transactions import unit_of_work
from catalog.web.devices.export import safe_cell
from cmdb.reconcile.declarations import update_item
from tests.builders import make_partner
from tests.counting import statements
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches

MOST_STATEMENTS = 12


@pytest.fixture
def other(session):
    with unit_of_work(session):
        return make_partner(session, "Gemeinde Birkental", slug="birkental")


@pytest.fixture
def estate(session, house, partner, other):
    return see_switches(session, house, partner, 3) + see_switches(
        session, house, other, 2, first=513
    )


@pytest.fixture
def client(app, estate, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def facet_count(text, partner):
    """The number beside a partner in the facets."""
    option = text.split(f'for="facet-partner-{partner.id}"')[1].split("</label>")[0]
    return int(option.split('<span class="v-count">')[1].split("<")[0])


def test_all_devices_are_listed_and_counted(client, estate):
    page = client.get("/devices").text
    assert page.count('<tr><th scope="row">') == len(estate)
    assert '<p class="visually-hidden" role="status" id="list-status">5 devices</p>' in page


def test_a_facet_is_counted_with_the_choices_of_the_other_facets(client, partner, other):
    page = client.get(f"/devices?partner={partner.id}&q=sw-00003").text
    assert facet_count(page, partner) == 1
    assert f'value="{other.id}"' not in page
    both = client.get(f"/devices?partner={partner.id}").text
    assert (facet_count(both, partner), facet_count(both, other)) == (3, 2)


def test_what_is_chosen_can_be_taken_away_again_even_where_nothing_is_left(client, other):
    page = client.get(f"/devices?partner={other.id}&q=sw-00003").text
    assert facet_count(page, other) == 0
    assert "No device fits this filter" in page
    assert 'href="/devices?q=sw-00003"' in page


@pytest.mark.parametrize("text", ["sw-00002", "10.0.0.2", "FOC00000002", "2960x 00002"])
def test_the_search_finds_name_address_serial_number_and_model(client, text):
    page = client.get("/devices", query_string={"q": text}).text
    assert "sw-00002" in page
    assert "sw-00003" not in page


def test_a_wrong_range_is_said_beside_its_field_and_left_out(client):
    page = client.get("/devices?network=10.0.0").text
    assert "Write a range such as 10.20.0.0/16." in page
    assert "5 devices" in page


def test_the_chosen_columns_hold_for_the_next_visit(client):
    page = client.get("/devices?columns=serial").text
    assert "FOC00000001" in page
    assert "sort-partner" not in page
    assert "FOC00000001" in client.get("/devices").text


def test_unknown_columns_sorts_facets_and_keys_do_no_harm(client):
    answer = client.get("/devices?columns=%00&sort=-nothing&expand=nobody&partner=x&lifecycle=y")
    assert answer.status_code == 200
    assert client.get("/devices?after=nonsense").status_code == 422


def test_the_list_costs_the_same_number_of_statements_whatever_the_rows(
    app, session, house, client, make_person
):
    with statements(session) as few:
        client.get("/devices")
    with unit_of_work(session):
        third = make_partner(session)
    see_switches(session, house, third, 60, first=769)
    with statements(session) as many:
        client.get("/devices")
    assert len(few) == len(many) <= MOST_STATEMENTS


def test_the_export_holds_exactly_what_the_filter_leaves(client, partner):
    answer = client.get(f"/devices.csv?partner={partner.id}&sort=-name")
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:3] == ["Name", "Class", "Partner"]
    assert [row[0] for row in rows] == ["sw-00003", "sw-00002", "sw-00001"]
    assert {row[2] for row in rows} == {partner.name}


def test_the_export_speaks_the_language_of_the_reader(client):
    client.set_cookie("lang", "de")
    assert client.get("/devices.csv").data.decode("utf-8-sig").startswith("Name,Klasse,Partner")


def test_a_cell_is_never_taken_for_a_formula(client, session, house, estate):
    with unit_of_work(session):
        changes = {"model": '=HYPERLINK("x")'}
        update_item(session, house, estate[0].id, changes, expected_version=None)
    rows = csv.reader(io.StringIO(client.get("/devices.csv").data.decode("utf-8-sig")))
    assert '\'=HYPERLINK("x")' in {cell for row in rows for cell in row}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t1", "\r1"])
def test_every_beginning_of_a_formula_is_defused(text):
    assert safe_cell(text) == f"'{text}"


def test_plain_text_stays_as_it_is():
    assert safe_cell("sw-aarfeld-01") == "sw-aarfeld-01"


def test_an_empty_house_says_how_devices_come_in(app, make_person, session):
    with signed_in_client(app, make_person("operator", name="olga")) as client:
        client.set_cookie("lang", "en")
        page = client.get("/devices").text
    assert "No devices yet" in page
    assert 'href="/discovery/plans"' in page
