"""Neighbours beyond the standard table of LLDP: other indexes, other tables, other protocols."""

import pytest

from schemas.vocabulary import Section
from tests.discovery.snmp.written import entry, if_row, maker, section

REMOTE, MANAGEMENT = "1.0.8802.1.1.2.1.4.1.1", "1.0.8802.1.1.2.1.4.2.1"
CDP = "1.3.6.1.4.1.9.9.23.1.2.1.1"
PORTS = if_row(3, c2=b"eth3") | if_row(51, c2=b"eth51")


def neighbours(values: dict) -> list[dict]:
    return section(Section.NEIGHBOURS, PORTS | values)


def test_an_agent_may_leave_the_time_mark_out_of_the_index():
    cells = {4: 4, 5: b"\x00\xaa\xbb\xcc\xdd\x01", 6: 5, 7: b"Gi0/1", 9: b"sw-2"}
    values = entry(REMOTE, "3.1", cells) | {f"{MANAGEMENT}.3.3.1.1.4.10.0.0.2": 2}
    assert neighbours(values) == [
        {
            "protocol": "lldp",
            "local_interface_index": 3,
            "local_port": "eth3",
            "remote_chassis_id": "00:aa:bb:cc:dd:01",
            "remote_port": "Gi0/1",
            "remote_name": "sw-2",
            "remote_address": "10.0.0.2",
        }
    ]


def test_ports_of_lldp_are_ports_of_the_bridge_where_nothing_else_tells():
    values = {"1.3.6.1.2.1.17.1.4.1.2.1": 51} | entry(REMOTE, "0.1.1", {4: 7, 5: b"x", 9: b"n"})
    assert neighbours(values)[0]["local_interface_index"] == 51


def test_the_second_version_of_the_mib_is_read_too():
    cells = {5: 5, 6: b"\x01\x0a\x00\x00\x09", 7: 3, 8: b"\x00\xaa\xbb\xcc\xdd\x02", 10: b"fw"}
    row = neighbours(entry("1.3.111.2.802.1.1.13.1.4.1.1", "0.3.1.1", cells))[0]
    assert (row["local_interface_index"], row["remote_chassis_id"]) == (3, "10.0.0.9")
    assert (row["remote_port"], row["remote_name"]) == ("00:aa:bb:cc:dd:02", "fw")


def test_cdp_adds_whom_lldp_does_not_know():
    lldp = entry(REMOTE, "0.3.1", {4: 7, 5: b"sw-2", 6: 5, 7: b"Gi0/1", 9: b"sw-2.example.org"})
    cdp = entry(CDP, "3.1", {4: b"\x0a\x00\x00\x02", 6: b"sw-2(FOC1234)", 7: b"GigabitEthernet0/1"})
    cdp |= entry(CDP, "51.1", {4: b"\x0a\x00\x00\x03", 6: b"phone(ABC)", 7: b"Port 1"})
    rows = neighbours(lldp | cdp)
    assert [(row["protocol"], row["remote_name"]) for row in rows] == [
        ("lldp", "sw-2.example.org"),
        ("cdp", "phone"),
    ]
    assert rows[1]["remote_address"] == "10.0.0.3"
    assert rows[1]["local_port"] == "eth51"


def test_the_filling_behind_a_name_is_no_part_of_it():
    values = entry(REMOTE, "0.3.1", {4: 7, 5: b"x", 9: b"sw-2\n00 00 00 00\n"})
    assert neighbours(values)[0]["remote_name"] == "sw-2"


def test_neighbours_of_mikrotik_and_nortel_are_told_by_their_own_protocols():
    mndp = entry(
        "1.3.6.1.4.1.14988.1.1.11.1.1", "1", {3: b"\x00\xaa\xbb\xcc\xdd\x03", 6: b"r", 8: 3}
    )
    assert neighbours(maker(14988, mndp))[0] == {
        "protocol": "mndp",
        "local_interface_index": 3,
        "local_port": "eth3",
        "remote_chassis_id": "00:aa:bb:cc:dd:03",
        "remote_name": "r",
    }
    table = "1.3.6.1.4.1.45.1.6.13.2.1.1"
    cells = {4: 0x0107, 5: b"\x00\xaa\xbb\xcc\xdd\x04"}
    sonmp = entry(table, "1.3.10.0.0.4.1", cells) | entry(table, "0.0.10.0.0.1.0", cells)
    rows = neighbours(maker(45, sonmp))
    assert [(row["protocol"], row["remote_port"]) for row in rows] == [("sonmp", "1/7")]
    assert rows[0]["local_interface_index"] == 3


def test_a_neighbour_with_its_address_as_chassis_can_be_asked_there():
    for chassis in (b"\x01\x0a\x00\x00\x09", b"\x0a\x00\x00\x09", b"10.0.0.9"):
        row = neighbours(entry(REMOTE, "0.3.1", {4: 5, 5: chassis, 6: 5, 7: b"1"}))[0]
        assert (row["remote_chassis_id"], row["remote_address"]) == ("10.0.0.9", "10.0.0.9")


def test_an_interface_for_a_chassis_is_the_port_and_its_mac_address_the_chassis():
    cells = {4: 6, 5: b"vmnic3", 6: 3, 7: b"\x00\xaa\xbb\xcc\xdd\x05", 9: b"esx-1"}
    row = neighbours(entry(REMOTE, "0.3.1", cells))[0]
    assert (row["remote_chassis_id"], row["remote_port"]) == ("00:aa:bb:cc:dd:05", "vmnic3")


def test_what_tells_nothing_or_the_same_again_is_left_out():
    nothing = entry(REMOTE, "0.3.1", {4: 4, 5: bytes(6), 6: 5, 7: b"1"})
    cells = {4: 4, 5: b"\x00\xaa\xbb\xcc\xdd\x06", 6: 5, 7: b"2", 9: b"sw-6"}
    twice = entry(REMOTE, "0.51.1", cells) | entry(REMOTE, "7.51.2", cells)
    twice |= entry("1.3.111.2.802.1.1.13.1.4.1.1", "0.51.1.1", {c + 1: v for c, v in cells.items()})
    assert [row["remote_name"] for row in neighbours(nothing | twice)] == ["sw-6"]


def test_who_knows_the_port_of_a_neighbour_is_believed_about_it():
    lldp = entry(REMOTE, "0.0.1", {4: 4, 5: b"\x00\xaa\xbb\xcc\xdd\x07", 6: 5, 7: b"1", 9: b"r"})
    mndp = entry("1.3.6.1.4.1.14988.1.1.11.1.1", "1", {6: b"r", 8: 3})
    rows = neighbours(maker(14988, lldp | mndp))
    assert [(row["protocol"], row["local_port"]) for row in rows] == [("mndp", "eth3")]


def test_a_device_id_of_cdp_may_be_a_mac_address():
    for device in (b"\x00\xaa\xbb\xcc\xdd\x08", b"00AABBCCDD08"):
        row = neighbours(entry(CDP, "3.1", {6: device, 7: b"g1"}))[0]
        assert row["remote_chassis_id"] == "00:aa:bb:cc:dd:08"
        assert "remote_name" not in row


EDP = entry("1.3.6.1.4.1.1916.1.13.2.1", "3.0.0.0.170.187.204.221.9", {3: b"x-9", 5: 1, 6: 24})
AMAP = entry(
    "1.3.6.1.4.1.6486.800.1.2.1.9.1.1.2.6.1",
    "7.0.170.187.204.221.9.4",
    {5: b"x-9", 6: 3, 9: 1, 10: 24},
)
NDP_CELLS = {1: b"\x00\xaa\xbb\xcc\xdd\x09", 2: b"Ethernet1/0/24", 3: b"x-9", 5: b"S3100"}
ISDP_CELLS = {3: b"10.0.0.9", 5: b"3.1", 6: b"00aabbccdd09", 7: b"1/0/24"}
LLDP_CELLS = {4: 4, 5: b"\x00\xaa\xbb\xcc\xdd\x09", 6: 5, 7: b"g0/24", 9: b"x-9"}

V2_CELLS = {column + 1: value for column, value in LLDP_CELLS.items()}
EQL_CELLS = {column - 2: value for column, value in LLDP_CELLS.items()}


@pytest.mark.parametrize(
    ("number", "values", "protocol", "port"),
    [
        (1916, EDP, "edp", "1:24"),
        (6486, AMAP, "amap", "1/24"),
        (25506, entry("1.3.6.1.4.1.25506.8.7.5.6.1", "3.1.1", NDP_CELLS), "ndp", "Ethernet1/0/24"),
        (2011, entry("1.3.6.1.4.1.2011.6.7.5.6.1", "3.1.1", NDP_CELLS), "ndp", "Ethernet1/0/24"),
        (4413, entry("1.3.6.1.4.1.4413.1.1.39.1.2.1.1", "3.1", ISDP_CELLS), "isdp", "1/0/24"),
        (3320, entry("1.3.6.1.4.1.3320.127.1.4.1.1", "0.3.1", LLDP_CELLS), "lldp", "g0/24"),
        (7483, entry("1.3.6.1.4.1.7483.6.1.2.59.4.1.1", "1.0.3.1.1", LLDP_CELLS), "lldp", "g0/24"),
        (8708, entry("1.3.6.1.4.1.8708.2.67.2.4.1.1", "0.3.1.1", V2_CELLS), "lldp", "g0/24"),
        (12740, entry("1.3.6.1.4.1.12740.21.1.1.1", "1.7.3", EQL_CELLS), "lldp", "g0/24"),
    ],
)
def test_other_protocols_tell_port_and_chassis_too(number, values, protocol, port):
    row = neighbours(maker(number, values))[0]
    assert (row["protocol"], row["local_port"], row["remote_port"]) == (protocol, "eth3", port)
    assert row["remote_chassis_id"] == "00:aa:bb:cc:dd:09"


def test_ports_of_ciena_that_are_no_interfaces_are_told_by_their_number():
    values = maker(6141, entry("1.3.6.1.4.1.6141.2.60.26.1.4.1.1", "0.9.1", LLDP_CELLS))
    row = neighbours(values)[0]
    assert (row["local_port"], row["remote_name"]) == ("9", "x-9")
    assert "local_interface_index" not in row
