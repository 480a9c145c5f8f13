"""VLANs, neighbours, supplies, batteries, attached devices and software of items."""

from typing import Any

from cmdb.items.models import Interface
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from schemas.vocabulary import Section
from tests.observing import make_document, make_interface

TOLD: dict[Section, Any] = {
    Section.VLANS: [{"number": 10, "name": "Office"}, {"number": 20}],
    Section.NEIGHBOURS: [{"protocol": "cdp", "local_interface_index": 1, "remote_name": "phone"}],
    Section.ATTACHED: [{"index": "1", "kind": "accessPoint", "name": "ap-1"}],
    Section.SOFTWARE: [{"name": "bash-5"}],
    Section.PRINTER: {
        "pages": 41_000,
        "supplies": [{"index": "1.1", "kind": "toner", "name": "Black", "level_percent": 30}],
    },
    Section.POWER: {"charge_percent": 100, "must_replace_battery": True},
}


def see(house, **changed):
    return house.see(make_document(1, sections=TOLD | {Section(k): v for k, v in changed.items()}))


def gauges(house):
    return {(row.origin, row.name): row.value for row in house.rows(Gauge)}


def test_everything_told_is_kept(house):
    see(house)
    assert [(row.number, row.name) for row in house.rows(Vlan)] == [(10, "Office"), (20, "")]
    assert [row.remote_name for row in house.rows(Neighbour)] == ["phone"]
    assert [row.name for row in house.rows(AttachedDevice)] == ["ap-1"]
    assert [row.name for row in house.rows(Software)] == ["bash-5"]
    assert [(row.name, row.level_percent) for row in house.rows(Supply)] == [("Black", 30)]
    assert gauges(house) == {
        ("printer", "pages"): "41000",
        ("power", "charge_percent"): "100",
        ("power", "must_replace_battery"): "true",
    }


def test_what_is_no_longer_told_goes(house):
    see(house)
    see(house, vlans=[{"number": 20}], power={"charge_percent": 90}, neighbours=[], software=[])
    assert [row.number for row in house.rows(Vlan)] == [20]
    assert house.rows(Neighbour) == house.rows(Software) == []
    assert gauges(house)["power", "charge_percent"] == "90"
    assert ("power", "must_replace_battery") not in gauges(house)


def test_what_moves_leaves_no_revision(house):
    see(house)
    supplies = [{"index": "1.1", "kind": "toner", "name": "Black", "level_percent": 20}]
    see(house, printer={"pages": 42_000, "supplies": supplies}, power={"charge_percent": 90})
    assert [row.level_percent for row in house.rows(Supply)] == [20]
    assert gauges(house)["printer", "pages"] == "42000"
    assert len(house.revisions()) == 1
    assert house.item().version == 1


def test_the_first_sight_of_a_section_is_no_change_and_the_next_one_is(house):
    house.see(make_document(1))
    see(house)
    assert len(house.revisions()) == 1
    see(house, vlans=[{"number": 10, "name": "Office"}, {"number": 30, "name": "Guests"}])
    assert house.revisions()[1].changes == {
        "VLAN Guests": [None, "Guests"],
        "VLAN 20": ["20", None],
    }


def test_an_interface_keeps_its_vlans_bundle_and_power(house):
    port = make_interface(
        1,
        1,
        untagged_vlan=10,
        tagged_vlans="11-12",
        aggregate_index=900,
        poe_status="deliveringPower",
        poe_class=4,
    )
    house.see(make_document(1, sections={Section.INTERFACES: [port]}))
    row = house.rows(Interface)[0]
    assert (row.untagged_vlan, row.tagged_vlans, row.aggregate_index) == (10, "11-12", 900)
    assert (row.poe_status, row.poe_class) == ("deliveringPower", 4)
    house.see(make_document(1, sections={Section.INTERFACES: [port | {"untagged_vlan": 20}]}))
    assert house.revisions()[1].changes == {"interface Gi1/0/1: untagged_vlan": [10, 20]}
