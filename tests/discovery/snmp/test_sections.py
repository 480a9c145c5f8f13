"""What the section readers make of tables, written down as an agent would answer them."""

from ipaddress import IPv4Address

from schemas.vocabulary import Section
from tests.discovery.snmp.lying_agent import Oid
from tests.discovery.snmp.written import entry, if_row, if_x_row, section


def test_an_interface_is_put_together_from_three_tables():
    rows = section(
        Section.INTERFACES,
        if_row(
            7,
            c2=b"Ethernet 7",
            c3=6,
            c4=1500,
            c5=4294967295,
            c6=b"\x00\xaa\xbb\xcc\xdd\x0e",
            c7=1,
            c8=2,
        )
        | if_x_row(7, c1=b"Et7", c15=10000, c18=b"Uplink")
        | {"1.3.6.1.2.1.10.7.2.1.19.7": 3},
    )
    assert rows == [
        {
            "index": 7,
            "name": "Et7",
            "description": "Ethernet 7",
            "alias": "Uplink",
            "type": "ethernetCsmacd",
            "mac": "00:aa:bb:cc:dd:0e",
            "speed": 10_000_000_000,
            "mtu": 1500,
            "admin_status": "up",
            "oper_status": "down",
            "duplex": "full",
        }
    ]


def test_interfaces_are_found_in_any_column_and_sorted_as_numbers():
    rows = section(
        Section.INTERFACES, if_row(10, c8=1) | if_row(9, c3=24) | if_x_row(100, c18=b"x")
    )
    assert [(row["index"], row["name"]) for row in rows] == [(9, "9"), (10, "10"), (100, "100")]


def test_speeds_are_exact_where_they_can_be():
    rows = section(
        Section.INTERFACES,
        if_row(1, c5=1_544_000)
        | if_x_row(1, c15=2)
        | if_row(2, c5=1_410_065_408)
        | if_x_row(2, c15=10_000)
        | if_row(3, c5=0)
        | if_row(4, c5=100_000_000)
        | if_x_row(5, c15=40_000)
        | if_x_row(6, c15=220_000_000),
    )
    assert [row.get("speed") for row in rows] == [
        1_544_000,
        10_000_000_000,
        None,
        100_000_000,
        40_000_000_000,
        220_000_000,
    ]


def test_odd_interface_values_are_left_out_instead_of_invented():
    rows = section(
        Section.INTERFACES,
        if_row(1, c2=b"", c3=9999, c4=-1, c6=bytes(6), c7=9, c8=b"up")
        | if_row(2, c6=b"0:1a:2b:3:4:5")
        | if_row(3, c6=bytes(20)),
    )
    assert rows == [
        {"index": 1, "name": "1", "type": "9999"},
        {"index": 2, "name": "2", "mac": "00:1a:2b:03:04:05"},
        {"index": 3, "name": "3"},
    ]


def test_addresses_come_from_the_old_and_the_new_table_with_their_prefix():
    new, old = "1.3.6.1.2.1.4.34.1", "1.3.6.1.2.1.4.20.1"
    v6 = "2.16.253.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2"
    prefix = "1.3.6.1.2.1.4.32.1.5.4.1.4.10.0.0.0.24"
    rows = section(
        Section.ADDRESSES,
        entry(new, "1.4.10.0.0.1", {3: 4, 4: 1, 5: Oid(prefix)})
        | entry(new, "1.4.10.0.0.255", {3: 4, 4: 3, 5: Oid("0.0")})
        | entry(new, v6, {3: 5, 4: 1, 5: Oid(f"1.3.6.1.2.1.4.32.1.5.5.{v6}.64")})
        | entry(new, "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3", {3: 3, 4: 1})
        | entry(old, "10.0.0.1", {2: 4, 3: IPv4Address("255.255.255.0")})
        | entry(old, "192.168.1.1", {2: 6, 3: IPv4Address("255.255.255.252")})
        | entry(old, "0.0.0.0", {2: 7, 3: IPv4Address(0)}),  # noqa: S104 — an address in a table
    )
    assert rows == [
        {"address": "10.0.0.1", "prefix_length": 24, "interface_index": 4},
        {"address": "192.168.1.1", "prefix_length": 30, "interface_index": 6},
        {"address": "fd00::2", "prefix_length": 64, "interface_index": 5},
        {"address": "fe80::1", "interface_index": 3},
    ]


def test_components_keep_parts_and_pass_over_slots_and_sensors():
    root = "1.3.6.1.2.1.47.1.1.1.1"
    rows = section(
        Section.COMPONENTS,
        entry(
            root,
            "1",
            {2: b"Chassis", 4: 0, 5: 3, 7: b"Switch 1", 11: b"FOC1 ", 12: b"Acme", 13: b"A-1"},
        )
        | entry(root, "2", {2: b"Slot", 4: 1, 5: 5})
        | entry(root, "3", {2: b"Supply", 4: 2, 5: 6, 11: b"PS1", 16: 1})
        | entry(root, "4", {2: b"Temperature", 4: 3, 5: 8})
        | entry(root, "5", {2: b"SFP", 4: 2, 5: 10, 11: b"SFP1", 16: 2})
        | entry(root, "6", {2: b"Mirror", 4: 7, 5: 9})
        | entry(root, "7", {2: b"Mirror", 4: 7, 5: 5}),
    )
    assert [(row["index"], row["kind"], row.get("parent")) for row in rows] == [
        ("1", "chassis", None),
        ("3", "powerSupply", "1"),
        ("5", "port", "1"),
        ("6", "module", None),
    ]
    assert rows[0] | {} == {
        "index": "1",
        "kind": "chassis",
        "name": "Switch 1",
        "description": "Chassis",
        "vendor": "Acme",
        "model": "A-1",
        "serial": "FOC1",
    }
    assert [row.get("is_replaceable") for row in rows] == [None, True, False, None]


def test_neighbours_are_tied_to_the_local_interface_and_their_address():
    remote, local = "1.0.8802.1.1.2.1.4.1.1", "1.0.8802.1.1.2.1.3.7.1"
    management = "1.0.8802.1.1.2.1.4.2.1"
    mac = b"\x00\x11\x22\x33\x44\x55"
    rows = section(
        Section.NEIGHBOURS,
        if_row(101, c2=b"Ethernet 1")
        | if_x_row(101, c1=b"Et1")
        | if_row(102, c2=b"Ethernet 2")
        | entry(local, "1", {2: 5, 3: b"Et1", 4: b"Ethernet 1"})
        | entry(local, "2", {2: 7, 3: b"2", 4: b"Ethernet 2"})
        | entry(
            remote,
            "900.1.4",
            {4: 4, 5: mac, 6: 5, 7: b"Gi0/1", 8: b"uplink", 9: b"core-1", 10: b"Core OS"},
        )
        | entry(remote, "77.2.9", {4: 7, 5: b"phone-7", 6: 3, 7: mac, 9: b""})
        | entry(management, "900.1.4.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1", {3: 2})
        | entry(management, "900.1.4.1.4.10.0.0.9", {3: 2, 4: 1}),
    )
    assert rows == [
        {
            "protocol": "lldp",
            "local_interface_index": 101,
            "local_port": "Et1",
            "remote_chassis_id": "00:11:22:33:44:55",
            "remote_port": "Gi0/1",
            "remote_name": "core-1",
            "remote_description": "Core OS",
            "remote_address": "10.0.0.9",
        },
        {
            "protocol": "lldp",
            "local_interface_index": 102,
            "local_port": "Ethernet 2",
            "remote_chassis_id": "phone-7",
            "remote_port": "00:11:22:33:44:55",
        },
    ]


def test_a_host_tells_memory_processors_and_disks_but_nothing_that_changes():
    storage, processor = "1.3.6.1.2.1.25.2.3.1", "1.3.6.1.2.1.25.3.3.1"
    kind = "1.3.6.1.2.1.25.2.1"
    host = section(
        Section.HOST,
        {"1.3.6.1.2.1.25.2.2.0": 2048}
        | entry(storage, "1", {2: Oid(f"{kind}.2"), 3: b"Physical memory", 4: 1024, 5: 2048})
        | entry(storage, "7", {2: Oid(f"{kind}.1"), 3: b"Cached memory", 4: 1024, 5: 77, 6: 77})
        | entry(storage, "31", {2: Oid(f"{kind}.4"), 3: b"/", 4: 4096, 5: 1000, 6: 5})
        | entry(storage, "32", {2: Oid(f"{kind}.4"), 3: b"/run/user/0", 4: 4096, 5: 1000})
        | entry(storage, "33", {2: Oid(f"{kind}.4"), 3: b"/data", 4: 4096, 5: -2147483648})
        | entry(processor, "1", {1: Oid("0.0"), 2: 17})
        | entry(processor, "2", {1: Oid("0.0"), 2: 3}),
    )
    assert host == {
        "memory_bytes": 2048 * 1024,
        "processors": 2,
        "storages": [
            {"index": "31", "kind": "fixedDisk", "name": "/", "size_bytes": 4_096_000},
            {"index": "33", "kind": "fixedDisk", "name": "/data", "size_bytes": 4096 * 2**31},
        ],
    }


def test_a_switch_is_not_asked_as_a_server():
    assert section(Section.HOST, {"1.3.6.1.2.1.1.7.0": 78}) is None
    assert section(Section.HOST, {"1.3.6.1.2.1.1.7.0": 72}) is not None
