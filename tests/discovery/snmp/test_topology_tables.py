"""What switches and routers know of others: forwarding, spanning tree and ARP tables."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.collectors.snmp.values import mac_of_arcs
from schemas.vocabulary import Section
from tests.discovery.snmp.looking import MemorySecrets, look_at_device
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.lying_v3 import USER, LyingV3Agent
from tests.discovery.snmp.written import SYSTEM, if_row, maker, section

PORTS = if_row(101, c2=b"Port 1", c3=6, c6=b"\0\x11\x22\0\0\x01", c8=1)
PORTS |= if_row(102, c2=b"Port 2", c3=6, c6=b"\0\x11\x22\0\0\x02", c8=1)
BRIDGE = {"1.3.6.1.2.1.17.1.4.1.2.1": 101, "1.3.6.1.2.1.17.1.4.1.2.2": 102}
PLAIN, AWARE = "1.3.6.1.2.1.17.4.3.1.2", "1.3.6.1.2.1.17.7.1.2.2.1.2"
STP = "1.3.6.1.2.1.17.2.15.1"
ADDRESSES = {
    "1.3.6.1.2.1.4.20.1.2.192.0.2.1": 101,
    "1.3.6.1.2.1.4.20.1.3.192.0.2.1": IPv4Address("255.255.255.0"),
}
ROUTER = {"1.3.6.1.2.1.1.7.0": 6}


def seen(*ends: int, port: int, table: str = PLAIN) -> dict:
    return {f"{table}.0.80.86.0.0.{end}": port for end in ends}


def test_ports_tell_the_few_addresses_they_see_and_about_how_many_there_are():
    values = PORTS | BRIDGE | seen(1, port=1) | seen(*range(10, 19), port=2)
    assert section(Section.FORWARDING, values) == [
        {"interface_index": 101, "mac": "00:50:56:00:00:01"},
        {"interface_index": 102, "count": 8},
    ]


def test_a_switch_that_knows_vlans_tells_in_which_it_saw_an_address():
    vlan = {"1.3.6.1.2.1.17.7.1.4.3.1.1.20": b"Rooms"}
    values = PORTS | BRIDGE | vlan | seen(1, port=1, table=f"{AWARE}.20")
    values |= seen(1, port=1, table=f"{AWARE}.7")
    assert section(Section.FORWARDING, values) == [
        {"interface_index": 101, "mac": "00:50:56:00:00:01", "vlan": 20}
    ]


def test_what_no_device_behind_a_port_has_is_left_out():
    values = PORTS | BRIDGE | {f"{PLAIN}.0.17.34.0.0.2": 1, f"{PLAIN}.1.0.94.0.0.1": 1}
    values |= seen(1, port=0) | seen(2, port=77)
    assert section(Section.FORWARDING, values) == []
    assert section(Section.FORWARDING, PORTS | BRIDGE) is None


def cisco(answers_for_vlans: bool) -> LyingAgent:
    """Return a Cisco switch whose second VLAN is behind a community of its own."""
    outside = maker(9, PORTS | {"1.3.6.1.4.1.9.9.68.1.2.2.1.2.101": 30})
    inside = SYSTEM | {"1.3.6.1.2.1.17.1.4.1.2.1": 101} | seen(5, port=1)

    def lie(request, answer):
        is_inside = request.community == b"public@30"
        return answer.encode() if answers_for_vlans or not is_inside else None

    return LyingAgent(SYSTEM | outside, lie, {b"public@30": inside})


def test_cisco_switches_are_asked_vlan_by_vlan():
    with cisco(answers_for_vlans=True) as agent:
        assert look_at_device(agent.port).sections[Section.FORWARDING] == [
            {"interface_index": 101, "mac": "00:50:56:00:00:05", "vlan": 30}
        ]


def test_a_cisco_switch_that_is_silent_about_its_vlans_loses_only_that():
    with cisco(answers_for_vlans=False) as agent:
        document = look_at_device(agent.port, timeout=0.2)
        silent = [one for one in agent.requests if one.community == b"public@30"]
    assert document.sections[Section.FORWARDING] == []
    assert document.incomplete == (Section.FORWARDING,)
    assert len({one.id for one in silent}) == 1
    assert "@30" not in str(document.problems)


@pytest.mark.parametrize("knows_vlan", [True, False])
def test_a_cisco_switch_that_speaks_version_three_is_asked_in_the_context_of_each_vlan(knows_vlan):
    outside = maker(9, PORTS | {"1.3.6.1.4.1.9.9.68.1.2.2.1.2.101": 30})
    inside = SYSTEM | {"1.3.6.1.2.1.17.1.4.1.2.1": 101} | seen(5, port=1)
    contexts = {b"vlan-30" if knows_vlan else b"vlan-7": inside}
    with LyingV3Agent(SYSTEM | outside, contexts=contexts) as agent:
        document = look_at_device(agent.port, secrets=MemorySecrets({"lab": USER}))
    learned = {"interface_index": 101, "mac": "00:50:56:00:00:05", "vlan": 30}
    assert document.sections[Section.FORWARDING] == ([learned] if knows_vlan else [])
    assert document.incomplete == (() if knows_vlan else (Section.FORWARDING,))
    assert {one.community for one in agent.requests} == {b"public", b"vlan-30"}


def test_ports_tell_who_leads_their_segment():
    leader, own = b"\x80\0\0\x1b\x21\0\0\x01", b"\x80\0\0\x11\x22\0\0\x01"
    values = PORTS | BRIDGE | {"1.3.6.1.2.1.17.2.5.0": leader, "1.3.6.1.2.1.17.2.7.0": 1}
    values |= {"1.3.6.1.2.1.17.1.1.0": own[2:]}
    values |= {f"{STP}.3.1": 5, f"{STP}.8.1": leader, f"{STP}.9.1": b"\x80\x07"}
    values |= {f"{STP}.3.2": 5, f"{STP}.8.2": own, f"{STP}.9.2": b"\x80\x02"}
    values |= {f"{STP}.3.3": 1, f"{STP}.8.3": own, f"{STP}.9.3": b"\x80\x03"}
    assert section(Section.SPANNING_TREE, values) == [
        {
            "interface_index": 101,
            "designated_bridge": "00:1b:21:00:00:01",
            "designated_port": "8007",
            "root_bridge": "00:1b:21:00:00:01",
            "is_root_port": True,
        },
        {
            "interface_index": 102,
            "designated_bridge": "00:11:22:00:00:01",
            "designated_port": "8002",
            "is_designated": True,
            "root_bridge": "00:1b:21:00:00:01",
        },
    ]


@pytest.mark.parametrize("port", [b"", 7, None])
def test_a_port_that_does_not_tell_its_segment_is_left_out(port):
    leader = b"\x80\0\0\x1b\x21\0\0\x01"
    values = PORTS | BRIDGE | {f"{STP}.3.1": 5, f"{STP}.8.1": leader, f"{STP}.9.1": b"\x80\x07"}
    values |= {f"{STP}.3.2": 5, f"{STP}.8.2": leader}
    values |= {} if port is None else {f"{STP}.9.2": port}
    found = section(Section.SPANNING_TREE, values)
    assert [one["interface_index"] for one in found] == [101]


def test_a_router_tells_whom_it_has_resolved_in_its_own_subnets():
    arp = "1.3.6.1.2.1.4.22.1.2.101"
    values = PORTS | ADDRESSES | {f"{arp}.192.0.2.9": b"\0\x50\x56\0\0\x09"}
    values |= {
        f"{arp}.198.51.100.9": b"\0\x50\x56\0\0\x08",
        f"{arp}.192.0.2.1": b"\0\x11\x22\0\0\1",
    }
    pair = {"address": "192.0.2.9", "mac": "00:50:56:00:00:09", "interface_index": 101}
    assert section(Section.ARP, ROUTER | values) == [pair]
    assert section(Section.ARP, values) is None
    newer = {"1.3.6.1.2.1.4.35.1.4.101.1.4.192.0.2.9": b"\0\x50\x56\0\0\x09"}
    assert section(Section.ARP, ROUTER | PORTS | ADDRESSES | newer) == [pair]


def test_a_device_without_such_tables_is_asked_once_more_at_most():
    with LyingAgent(SYSTEM | ROUTER | PORTS | ADDRESSES) as agent:
        look_at_device(agent.port)
        with_router = len(agent.requests)
    with LyingAgent(SYSTEM | {"1.3.6.1.2.1.1.7.0": 2} | PORTS | ADDRESSES) as agent:
        look_at_device(agent.port)
        assert with_router - len(agent.requests) <= 1


@given(st.lists(st.integers(0, 300).map(str), max_size=8))
def test_six_octets_of_one_device_are_its_address(arcs):
    told = mac_of_arcs(arcs)
    if told is not None:
        assert [str(int(one, 16)) for one in told.split(":")] == arcs
        assert int(arcs[0]) % 2 == 0
