"""Cables: both ends report one, and it goes when both have let it go."""

from cmdb.items.models import Relation
from schemas.vocabulary import RelationType, Section
from tests.observing import make_document


def neighbour(port, index, **values):
    return {
        "protocol": "lldp",
        "local_interface_index": index,
        "local_port": f"Gi1/0/{index}",
        "remote_port": port,
    } | values


def device(number, *neighbours):
    return make_document(number, sections={Section.NEIGHBOURS: list(neighbours)})


def by_mac(number, port, index):
    """Return a neighbour that is told by the MAC address of its first interface."""
    return neighbour(port, index, remote_chassis_id=f"00:1b:54:00:{number:02x}:01")


def by_name(number, port, index):
    return neighbour(port, index, remote_name=f"SW-{number:05}.ebikon.example")


def test_a_cable_that_both_ends_report_is_one_relation_and_sure(house):
    house.see(
        device(1, by_mac(2, "Gi1/0/2", 1)),
        device(2, by_name(1, "GigabitEthernet1/0/1", 2)),
    )
    relation = house.rows(Relation)[0]
    assert len(house.rows(Relation)) == 1
    assert relation.type is RelationType.CONNECTED_TO
    assert relation.confidence == 100
    assert set(relation.detail.split(" ↔ ")) == {"Gi1/0/1", "Gi1/0/2"}
    assert relation.source_item_id < relation.target_item_id


def test_a_cable_that_one_end_reports_is_less_sure(house):
    house.see(device(1, by_mac(2, "Gi1/0/2", 1)), device(2))
    assert [relation.confidence for relation in house.rows(Relation)] == [80]


def test_an_unknown_neighbour_makes_no_relation_and_none_to_itself(house):
    run = house.see(device(1, by_mac(77, "Gi1/0/2", 1), by_mac(1, "Gi1/0/2", 2)))
    assert house.rows(Relation) == []
    assert run.created == 1


def test_two_cables_between_two_devices_are_two_relations(house):
    house.see(
        device(1, by_mac(2, "Gi1/0/1", 1), by_mac(2, "Gi1/0/2", 2)),
        device(2, by_name(1, "Gi1/0/1", 1), by_name(1, "Gi1/0/2", 2)),
    )
    assert [relation.confidence for relation in house.rows(Relation)] == [100, 100]


def test_a_cable_goes_when_both_ends_have_let_it_go(house):
    house.see(device(1, by_mac(2, "Gi1/0/2", 1)), device(2, by_name(1, "Gi1/0/1", 2)))
    house.see(device(1), device(2, by_name(1, "Gi1/0/1", 2)))
    assert [relation.confidence for relation in house.rows(Relation)] == [80]
    house.see(device(1), device(2))
    assert house.rows(Relation) == []


def test_an_incomplete_look_at_the_neighbours_lets_nothing_go(house):
    house.see(device(1, by_mac(2, "Gi1/0/2", 1)), device(2))
    cut = make_document(1, incomplete=(Section.NEIGHBOURS,))
    house.see(cut, device(2))
    assert len(house.rows(Relation)) == 1


def test_a_name_that_two_devices_have_relates_none(house):
    twins = [make_document(n, name="sw-twin") for n in (3, 4)]
    house.see(*twins, device(1, neighbour("Gi1/0/1", 1, remote_name="sw-twin")))
    assert house.rows(Relation) == []
