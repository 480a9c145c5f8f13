"""Where devices are: behind which port, who says so, and when that ends."""

from cmdb.history.models import CiRevision
from cmdb.intake.models import Observation
from cmdb.items.models import Relation
from cmdb.items.topology import ForwardingEntry, LinkReport
from schemas.vocabulary import Section
from tests.observing import make_document

SWITCH, SERVER, OTHER = 1, 2, 3
MAC = "00:1b:54:00:{:02x}:{:02x}"


def seen(index, *numbers, count=None):
    """Return the rows of a port that sees the first interface of each of these devices."""
    if count is not None:
        return [{"interface_index": index, "count": count}]
    return [{"interface_index": index, "mac": MAC.format(one, 1)} for one in numbers]


def switch(*rows, number=SWITCH, **sections):
    named = {Section(name): content for name, content in sections.items()}
    return make_document(number, sections={Section.FORWARDING: list(rows)} | named)


def host(number, **more):
    return make_document(number, interfaces=1, **more)


def lldp(index, number, port):
    return {
        "protocol": "lldp",
        "local_interface_index": index,
        "remote_chassis_id": MAC.format(number, 1),
        "remote_port": port,
    }


def told(house):
    return [(one.protocol, one.confidence, one.detail) for one in house.rows(Relation)]


def test_a_device_is_placed_behind_the_port_that_sees_it_alone(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    assert [(p, c) for p, c, _ in told(house)] == [("fdb", 60)]
    assert set(told(house)[0][2].split(" ↔ ")) == {"Gi1/0/1", "Gi1/0/2"}
    assert {
        house.rows(Relation)[0].source_interface_index,
        house.rows(Relation)[0].target_interface_index,
    } == {1, 2}


def test_a_device_that_is_met_later_is_placed_too(house):
    house.see(switch(*seen(2, SERVER)))
    assert told(house) == []
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    assert [p for p, _, _ in told(house)] == ["fdb"]


def test_a_port_with_several_devices_or_many_addresses_places_none(house):
    rows = seen(2, SERVER, OTHER) + seen(1, count=8)
    house.see(switch(*rows), host(SERVER), host(OTHER))
    assert told(house) == []
    assert len(house.rows(ForwardingEntry)) == 3


def test_a_port_with_a_switch_behind_it_places_none(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER), make_document(OTHER))
    assert [p for p, _, _ in told(house)] == ["fdb"]
    house.see(switch(*seen(2, SERVER), neighbours=[lldp(2, OTHER, "Gi1/0/2")]))
    assert [(p, c) for p, c, _ in told(house)] == [("lldp", 80)]


def test_a_port_with_an_unknown_neighbour_places_none(house):
    house.see(switch(*seen(2, SERVER), neighbours=[lldp(2, 77, "Gi9")]), host(SERVER))
    assert told(house) == []


def test_lldp_and_addresses_together_make_one_link(house):
    neighbours = [lldp(2, SERVER, "Gi1/0/1")]
    server = host(SERVER, sections={Section.NEIGHBOURS: [lldp(1, SWITCH, "Gi1/0/2")]})
    house.see(switch(*seen(2, SERVER)))
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    house.see(switch(*seen(2, SERVER), neighbours=neighbours), server)
    assert [(p, c) for p, c, _ in told(house)] == [("lldp", 100)]


def stp(index, number, port, *, leads=False):
    return {
        "interface_index": index,
        "designated_bridge": MAC.format(number, 0),
        "designated_port": port,
        "is_designated": leads,
    }


def test_two_bridges_that_tell_one_segment_are_linked(house):
    upper = make_document(1, sections={Section.SPANNING_TREE: [stp(2, 1, "8002", leads=True)]})
    lower = make_document(3, sections={Section.SPANNING_TREE: [stp(1, 1, "8002")]})
    house.see(lower)
    house.see(upper)
    assert [(p, c) for p, c, _ in told(house)] == [("stp", 70)]
    house.see(upper, lower)
    assert len(house.rows(LinkReport)) == 1


def test_arp_names_a_device_that_does_not_tell_its_address(house):
    pair = {"address": "10.0.0.2", "mac": "00:50:56:00:00:01", "interface_index": 1}
    row = {"interface_index": 2, "mac": "00:50:56:00:00:01"}
    house.see(switch(row), host(SERVER, without=[Section.INTERFACES]))
    assert told(house) == []
    house.see(make_document(OTHER, sections={Section.ARP: [pair]}))
    assert [p for p, _, _ in told(house)] == ["fdb"]


def test_a_quiet_device_keeps_its_place_for_some_looks_and_history_tells_its_end(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    for _ in range(2):
        house.see(switch(), host(SERVER))
        assert len(house.rows(Relation)) == 1
    house.see(switch(), host(SERVER))
    assert house.rows(Relation) == []
    assert house.rows(LinkReport) == []
    assert any(
        change[1] is None
        for one in house.rows(CiRevision)
        for name, change in one.changes.items()
        if name.startswith("link ")
    )


def test_a_device_that_comes_back_in_time_has_never_been_away(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    for _ in range(3):
        house.see(switch(), host(SERVER))
        house.see(switch(), host(SERVER))
        house.see(switch(*seen(2, SERVER)), host(SERVER))
    assert [one.missed for one in house.rows(LinkReport)] == [0]


def test_a_device_that_was_plugged_into_another_port_is_at_one_place(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    house.see(switch(*seen(1, SERVER)), host(SERVER))
    (relation,) = house.rows(Relation)
    assert {relation.source_interface_index, relation.target_interface_index} == {1}


def test_an_incomplete_look_ends_nothing(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    for _ in range(4):
        cut = make_document(
            SWITCH, sections={Section.FORWARDING: []}, incomplete=(Section.FORWARDING,)
        )
        house.see(cut, host(SERVER))
    assert len(house.rows(Relation)) == 1


def test_what_moves_at_every_look_changes_no_device_and_keeps_no_document(house):
    house.see(switch(*seen(2, SERVER), *seen(1, count=8)), host(SERVER))
    kept, revisions = len(house.rows(Observation)), len(house.rows(CiRevision))
    run = house.see(switch(*seen(2, SERVER), *seen(1, count=16)), host(SERVER))
    assert (run.changed, run.unchanged) == (0, 2)
    assert (len(house.rows(Observation)), len(house.rows(CiRevision))) == (kept, revisions)
    assert {one.count for one in house.rows(ForwardingEntry)} == {None, 16}


def test_a_link_that_is_told_in_the_same_words_gets_younger(house):
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    before = house.rows(Relation)[0].seen_at
    house.see(switch(*seen(2, SERVER)), host(SERVER))
    assert house.rows(Relation)[0].seen_at > before


def test_what_retired_is_behind_no_port(house):
    house.see(host(SERVER, without=[Section.INTERFACES]))
    house.see(switch(*seen(2, 99)))
    assert told(house) == []
