"""What a device tells of VLANs, neighbours, supplies, batteries and software, on its page."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.items.models import Interface
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from tests.counting import statements
from tests.web.conftest import signed_in_client
from tests.web.inventory import see_switches

MOST_STATEMENTS = 12


@pytest.fixture
def switch(session, house, partner):
    return see_switches(session, house, partner, 1, interfaces=2)[0]


@pytest.fixture
def client(app, switch, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "de")
        yield client


def fill(session, item, count=1):
    with unit_of_work(session):
        for n in range(count):
            session.add_all(
                [
                    Vlan(item_id=item.id, number=n + 1, name=f"Netz {n}"),
                    Neighbour(
                        item_id=item.id, place=str(n), protocol="cdp", remote_name=f"tel-{n}"
                    ),
                    AttachedDevice(item_id=item.id, index=str(n), kind="accessPoint"),
                    Supply(item_id=item.id, index=str(n), kind="toner", level_percent=0),
                    Software(item_id=item.id, name=f"bash-{n}"),
                ]
            )
        session.add(Gauge(item_id=item.id, origin="printer", name="pages", value="41000"))
        session.add(Gauge(item_id=item.id, origin="power", name="load_percent", value="20"))
        session.add(Gauge(item_id=item.id, origin="power", name="battery_status", value="normal"))


def text_of(client, item, tab):
    return client.get(f"/devices/{item.id}?tab={tab}").text.replace("\u00a0", " ")


def test_nothing_is_shown_where_nothing_is_told(client, switch):
    assert "Verbrauchsmaterial" not in text_of(client, switch, "components")
    assert "<details>" not in text_of(client, switch, "interfaces")
    assert "Nachbarn nach Angabe" not in text_of(client, switch, "relations")


def test_each_tab_shows_what_belongs_to_it(session, client, switch):
    fill(session, switch)
    components = text_of(client, switch, "components")
    assert "Toner" in components
    assert "unter 10 %" in components
    assert "41’000 oder mehr" in components.replace("'", "’")
    assert "20 % oder mehr" in components
    assert "in Ordnung" in components
    assert "1 installiertes Paket" in components
    assert "Netz 0" in text_of(client, switch, "interfaces")
    assert "tel-0" in text_of(client, switch, "relations")


def test_a_port_tells_its_vlans_its_bundle_and_whom_it_feeds(session, client, switch):
    with unit_of_work(session):
        port, bundle = session.query(Interface).order_by(Interface.index)
        port.untagged_vlan, port.tagged_vlans = 10, "20-29"
        port.aggregate_index, port.poe_status, port.poe_class = (
            bundle.index,
            "deliveringPower",
            4,
        )
    page = text_of(client, switch, "interfaces")
    assert "20-29" in page
    assert f"im Bündel {bundle.name}" in page
    assert "speist ein Gerät, Klasse 4" in page


@pytest.mark.parametrize("tab", ["interfaces", "components", "relations"])
def test_more_rows_cost_no_more_statements(session, client, switch, tab):
    fill(session, switch, 300)
    with statements(session) as seen:
        assert client.get(f"/devices/{switch.id}?tab={tab}").status_code == 200
    assert len(seen) <= MOST_STATEMENTS
