"""VLANs, bundles and power over the cable, from the tables that a switch keeps of them."""

from schemas.vocabulary import Section
from tests.discovery.snmp.looking import look_at_device
from tests.discovery.snmp.lying_agent import GETBULK, LyingAgent
from tests.discovery.snmp.written import SYSTEM, entry, if_row, if_x_row, maker, section

PORTS = if_row(101, c2=b"Port 1", c3=6) | if_row(102, c2=b"Port 2", c3=6)
BRIDGE = {"1.3.6.1.2.1.17.1.4.1.2.1": 101, "1.3.6.1.2.1.17.1.4.1.2.2": 102}
STATIC, CURRENT = "1.3.6.1.2.1.17.7.1.4.3.1", "1.3.6.1.2.1.17.7.1.4.2.1"
PVID = "1.3.6.1.2.1.17.7.1.4.5.1.1"
ATTACHED = "1.2.840.10006.300.43.1.2.1.1.13"


def ports_with(values: dict) -> dict:
    """Return name → what further tables tell of it."""
    plain = {"index", "name", "description", "type"}
    return {
        row["name"]: {name: value for name, value in row.items() if name not in plain}
        for row in section(Section.INTERFACES, PORTS | values)
    }


def test_ports_carry_the_vlans_of_which_they_are_members_now():
    values = (
        BRIDGE
        | {f"{STATIC}.1.10": b"Office", f"{STATIC}.1.11": b"Phones", f"{STATIC}.1.12": b"Doors"}
        | {f"{CURRENT}.4.0.{vlan}": b"\xc0" for vlan in (10, 11, 12)}
        | {f"{CURRENT}.5.0.10": b"\x80", f"{CURRENT}.5.0.11": b"\0", f"{CURRENT}.5.0.12": b"\0"}
        | {f"{PVID}.1": 10, f"{PVID}.2": 1}
    )
    assert ports_with(values) == {
        "Port 1": {"untagged_vlan": 10, "tagged_vlans": "11-12"},
        "Port 2": {"untagged_vlan": 1, "tagged_vlans": "10-12"},
    }
    assert section(Section.VLANS, PORTS | values) == [
        {"number": 10, "name": "Office"},
        {"number": 11, "name": "Phones"},
        {"number": 12, "name": "Doors"},
    ]


def test_configured_members_count_where_no_current_ones_are_told():
    values = {f"{STATIC}.1.20": b"", f"{STATIC}.2.20": b"\0" * 12 + b"\x0c"}
    values |= {f"{STATIC}.4.20": b"\0" * 12 + b"\x08"}
    # Without a table of bridge ports, port 101 is the interface 101.
    assert ports_with(values) == {"Port 1": {"untagged_vlan": 20}, "Port 2": {"tagged_vlans": "20"}}
    assert section(Section.VLANS, values) == [{"number": 20}]


def test_a_switch_that_tells_only_the_vlan_of_each_port_has_those_vlans():
    assert section(Section.VLANS, {f"{PVID}.1": 7, f"{PVID}.2": 9, f"{PVID}.3": 7}) == [
        {"number": 7},
        {"number": 9},
    ]


def test_trunks_of_cisco_carry_those_allowed_vlans_that_there_are():
    vtp, trunk = "1.3.6.1.4.1.9.9.46.1.3.1.1", "1.3.6.1.4.1.9.9.46.1.6.1.1"
    values = maker(
        9,
        {f"{vtp}.3.1.{vlan}": kind for vlan, kind in ((1, 1), (30, 1), (1002, 2))}
        | {f"{vtp}.4.1.1": b"default", f"{vtp}.4.1.30": b"Rooms", f"{vtp}.4.1.1002": b"fddi"}
        | {"1.3.6.1.4.1.9.9.68.1.2.2.1.2.101": 30}
        | {f"{trunk}.4.102": b"\xff" * 128, f"{trunk}.5.102": 1, f"{trunk}.14.102": 1}
        | {f"{trunk}.4.101": b"\xff" * 128, f"{trunk}.5.101": 1, f"{trunk}.14.101": 2},
    )
    assert ports_with(values) == {
        "Port 1": {"untagged_vlan": 30},
        "Port 2": {"untagged_vlan": 1, "tagged_vlans": "30"},
    }
    assert [row["number"] for row in section(Section.VLANS, values)] == [1, 30]


def test_makers_list_vlans_in_tables_of_their_own():
    table = "1.3.6.1.4.1.2636.3.40.1.5.1.5.1"
    values = {f"{table}.2.3": b"lan", f"{table}.5.3": 10, f"{table}.2.4": b"x", f"{table}.5.4": 0}
    assert section(Section.VLANS, maker(2636, values)) == [{"number": 10, "name": "lan"}]
    assert section(Section.VLANS, maker(9, values)) is None
    by_index = {
        25506: "25506.8.35.2.1.1.1",
        171: "171.11.64.1.2.3.1.1",
        2011: "2011.2.23.1.2.1.1.1",
    }
    for number, table in by_index.items():
        values = {f"1.3.6.1.4.1.{table}.2.10": b"lan", f"1.3.6.1.4.1.{table}.2.4095": b"all"}
        assert section(Section.VLANS, maker(number, values))[0] == {"number": 10, "name": "lan"}
    by_columns = {
        (6141, "6141.2.60.5.1.1.4.1"): {1: 10, 2: b"lan"},
        (207, "207.8.17.3.1.1"): {1: 10, 2: b"lan"},
        (207, "207.8.15.4.1.1"): {2: b"lan", 3: 10},
    }
    for (number, table), cells in by_columns.items():
        values = entry(f"1.3.6.1.4.1.{table}", "3", cells)
        assert section(Section.VLANS, maker(number, values)) == [{"number": 10, "name": "lan"}]


def test_members_of_a_bundle_name_it_and_others_do_not():
    bundle = if_row(900, c2=b"Po1", c3=161)
    told = ports_with(bundle | {f"{ATTACHED}.101": 900, f"{ATTACHED}.102": 102})
    assert told == {"Port 1": {"aggregate_index": 900}, "Port 2": {}, "Po1": {}}
    elsewhere = ports_with(bundle | {f"{ATTACHED}.101": 4711})
    assert elsewhere["Port 1"] == {}


def test_without_the_table_of_bundles_the_stack_of_interfaces_tells():
    stack = "1.3.6.1.2.1.31.1.2.1.3"
    values = if_row(900, c2=b"Po1", c3=161)
    values |= {f"{stack}.0.900": 1, f"{stack}.900.101": 1, f"{stack}.900.102": 2}
    assert ports_with(values)["Port 1"] == {"aggregate_index": 900}
    assert ports_with(values)["Port 2"] == {}


def test_ports_that_feed_are_found_by_unit_and_number():
    poe = "1.3.6.1.2.1.105.1.1.1"
    values = if_x_row(101, c1=b"Gi2/0/7") | if_x_row(102, c1=b"Gi2/0/8")
    values |= {f"{poe}.6.2.7": 3, f"{poe}.10.2.7": 5, f"{poe}.6.2.8": 2, f"{poe}.10.2.8": 1}
    assert ports_with(values) == {
        "Gi2/0/7": {"poe_status": "deliveringPower", "poe_class": 4},
        "Gi2/0/8": {"poe_status": "searching"},
    }


def test_a_device_without_these_tables_need_not_walk_them():
    with LyingAgent(SYSTEM | PORTS) as agent:
        look_at_device(agent.port)
        walked = {request.first for request in agent.requests if request.kind == GETBULK}
    assert "1.3.6.1.2.1.2.2.1.2" in walked
    assert not [oid for oid in walked if oid.startswith(("1.3.6.1.2.1.17.", "1.3.6.1.2.1.105."))]
