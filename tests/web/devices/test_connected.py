"""What is behind the ports of a device, and where it is connected itself, on its page."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.items.models import Relation
from schemas.vocabulary import RelationType, Source
from tests.counting import statements
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches

MOST_STATEMENTS = 12


@pytest.fixture
def pair(session, house, partner):
    first, second = see_switches(session, house, partner, 2, interfaces=2)
    with unit_of_work(session):
        session.add(
            Relation(
                source_item_id=first.id,
                target_item_id=second.id,
                type=RelationType.CONNECTED_TO,
                source=Source.SNMP,
                confidence=60,
                detail="Gi1/0/1 ↔ Gi1/0/2",
                protocol="fdb",
                source_interface_index=1,
                target_interface_index=2,
            )
        )
    return first, second


@pytest.fixture
def client(app, pair, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "de")
        yield client


def text_of(client, item, tab="overview"):
    return client.get(f"/devices/{item.id}?tab={tab}").text.replace("\u00a0", " ")


def test_a_page_says_where_its_device_is_connected_and_how_that_is_known(client, pair):
    first, second = pair
    text = text_of(client, first)
    assert "Angeschlossen an" in text
    assert f'href="/devices/{second.id}"' in text
    assert "Port Gi1/0/2" in text
    assert "gesehen über Weiterleitungstabelle (FDB)" in text


def test_every_port_says_what_is_behind_it(client, pair):
    first, second = pair
    rows = text_of(client, second, "interfaces").split("<tr>")
    with_link = [row for row in rows if f"/devices/{first.id}" in row]
    assert len(with_link) == 1
    assert ">Gi1/0/2</th>" in with_link[0]
    assert "Weiterleitungstabelle (FDB)" in with_link[0]


def test_a_relation_names_the_protocol_beside_its_source(client, pair):
    assert "Weiterleitungstabelle (FDB)" in text_of(client, pair[0], "relations")


@pytest.mark.parametrize("tab", ["overview", "interfaces", "relations"])
def test_links_cost_a_page_no_more_statements(client, session, pair, tab):
    with statements(session) as seen:
        assert client.get(f"/devices/{pair[0].id}?tab={tab}").status_code == 200
    assert len(seen) <= MOST_STATEMENTS
