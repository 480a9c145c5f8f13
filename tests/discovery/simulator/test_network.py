"""The demo's invented network: coherent, repeatable, recognised, quick to invent."""

import pytest

from discovery.knowledge import classify
from discovery.simulator import DemoNetwork, DemoPartner, DemoSite
from discovery.simulator.reading import read_column, read_facts, read_value
from discovery.simulator.synthetic import ports_of, record_device
from discovery.simulator.templates import Device, invent_serial, load_templates

CLASSES = {
    "core": "network.switch",
    "distribution": "network.switch",
    "access": "network.switch",
    "router": "network.router",
    "firewall": "network.firewall",
    "access_point": "network.access_point",
    "server": "server.physical",
    "hypervisor": "server.hypervisor",
    "storage": "storage.array",
    "printer": "printer.device",
    "ups": "power.ups",
    "pdu": "power.pdu",
    "camera": "camera.device",
}
EVERYTHING = dict.fromkeys(load_templates(), 2)


def network(seed=1):
    sites = [DemoSite("gh", "Gemeindehaus", EVERYTHING), DemoSite("sh", "Schulhaus", EVERYTHING)]
    return DemoNetwork([DemoPartner("mus", "Musterwil", "127.20", "10.20", sites)], seed)


@pytest.mark.parametrize("key", sorted(load_templates()))
def test_the_knowledge_recognises_every_template(key):
    template = load_templates()[key]
    device = Device(template, "x-mus-gh-01", "Musterwil", "10.20.1.1")
    found = classify(*read_facts(record_device(device, lambda _name: device)))
    assert found.ci_class == CLASSES[template.role]
    assert found.serial == (device.serial or None)
    assert found.vendor in {template.maker or None, "HPE"}
    assert found.os_version
    if template.model != "Debian GNU/Linux":
        assert found.model


def test_names_and_addresses_say_where_a_device_stands():
    devices = [network().device(address) for address in network()]
    first = network().device("127.20.1.1")
    assert (first.name, first.address) == ("co-mus-gh-01", "10.20.1.1")
    assert first.location == "Musterwil, Gemeindehaus"
    assert len({device.name for device in devices}) == len(devices)
    assert len({device.mac() for device in devices}) == len(devices)


def test_both_ends_of_a_cable_tell_of_each_other():
    invented = network()
    devices = [invented.device(address) for address in invented]
    cables = {
        (device.name, link.port, link.other, link.other_port)
        for device in devices
        for link in device.links
    }
    assert cables
    assert all((other, far, name, near) in cables for name, near, other, far in cables)
    for device in devices:
        used = [link.port for link in device.links]
        assert len(used) == len(set(used))
        assert set(used) <= {port.index for port in ports_of(device)}


def test_lldp_names_the_neighbour_by_its_own_chassis_and_port():
    invented = network()
    address = next(a for a in invented if invented.device(a).name == "sw-mus-gh-01")
    link = invented.device(address).links[0]
    suffix = f"0.{link.port}.1"
    names = dict(read_column(invented[address], "1.0.8802.1.1.2.1.4.1.1.9"))
    chassis = read_value(invented[address], f"1.0.8802.1.1.2.1.4.1.1.5.{suffix}")
    assert names[f"1.0.8802.1.1.2.1.4.1.1.9.{suffix}"] == link.other
    assert chassis == invented.find(link.other).mac().hex(":")


def test_the_same_seed_gives_the_same_network_and_another_seed_another():
    assert [network()[address] for address in network()] == [
        network()[address] for address in network()
    ]
    assert network(1)["127.20.1.1"] != network(2)["127.20.1.1"]


def test_a_changed_device_has_another_serial_and_another_name_on_its_first_port():
    invented = network()
    address = "127.20.1.1"
    before = invented.device(address).serial
    system, components = read_facts(invented.changed(address))
    after = invented.device(address).serial
    assert before != after
    assert classify(system, components).serial == after
    aliases = dict(read_column(invented[address], "1.3.6.1.2.1.31.1.1.1.18"))
    assert "Umbau 1" in aliases.values()


def test_a_site_larger_than_a_block_goes_on_in_the_next():
    site = DemoSite("gh", "Gemeindehaus", {"camera": 260})
    invented = DemoNetwork([DemoPartner("mus", "Musterwil", "127.20", "10.20", [site])])
    assert len(invented) == 260
    assert "127.20.2.10" in invented


def test_a_missing_address_is_a_key_error():
    with pytest.raises(KeyError):
        network()["127.99.1.1"]


def test_serials_have_the_form_of_their_pattern():
    serial = invent_serial("\\FOC9999X\\0XX", "a key")
    assert (serial[:3], serial[3:7].isdecimal(), serial[8], len(serial)) == ("FOC", True, "0", 11)
    assert serial == invent_serial("\\FOC9999X\\0XX", "a key")


def column(recording, *prefix):
    """Return index → content of every row of a column."""
    length = len(prefix)
    return {
        arcs[length:]: content for arcs, _, content in recording.rows() if arcs[:length] == prefix
    }


def test_a_switch_has_learned_the_addresses_of_what_does_not_speak_lldp():
    invented = network()
    at = {invented.device(address).name: invented[address] for address in invented}
    roles = set()
    for switch in map(invented.device, invented):
        bridge = 1, 3, 6, 1, 2, 1, 17
        interfaces = column(at[switch.name], *bridge, 1, 4, 1, 2)
        learned = column(at[switch.name], *bridge, 4, 3, 1, 2)
        assert len(learned) == len(switch.attached)
        for link in switch.attached:
            roles.add(invented.find(link.other).template.role)
            mac = column(at[link.other], 1, 3, 6, 1, 2, 1, 2, 2, 1, 6)[link.other_port,]
            interface = interfaces[(int.from_bytes(learned[tuple(mac)]),)]
            assert int.from_bytes(interface) == link.port
    assert {"server", "printer", "camera", "ups"} <= roles


STP_PORT = 1, 3, 6, 1, 2, 1, 17, 2, 15, 1


def test_the_spanning_tree_tells_every_cable_between_switches_the_same_at_both_ends():
    invented = network()
    at = {invented.device(address).name: invented[address] for address in invented}
    heard = {link.other for device in map(invented.device, invented) for link in device.links}
    assert any(name.startswith("sw-") and name not in heard for name in at)
    for switch in map(invented.device, invented):
        leaders = column(at[switch.name], *STP_PORT, 8)
        assert len(leaders) == len(switch.trunks)
        for link in switch.trunks:
            ends = [(switch, link.port), (invented.find(link.other), link.other_port)]
            told = {leader_at(at[end.name], end, port) for end, port in ends}
            upper = ends[1][0] if link.is_uplink else switch
            assert len(told) == 1
            assert next(iter(told))[0][2:] == upper.mac()


def leader_at(recording, switch, index):
    """Return the designated bridge and port that a switch tells at an interface."""
    number = [port.index for port in ports_of(switch)].index(index) + 1
    return tuple(column(recording, *STP_PORT, one)[number,] for one in (8, 9))


def test_all_switches_of_a_site_follow_one_that_follows_nobody():
    invented = network()
    roots, followers = set(), set()
    for switch in (one for one in map(invented.device, invented) if one.trunks):
        recording = invented[next(a for a in invented if invented.device(a) == switch)]
        (root,) = column(recording, *STP_PORT[:-2], 5).values()
        is_root = not any(link.is_uplink for link in switch.trunks)
        assert is_root == (root[2:] == switch.mac())
        (roots if is_root else followers).add(root)
    assert followers <= roots
