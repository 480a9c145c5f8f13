"""Makers' own tables: the files that ship, and what is read by them."""

from ipaddress import IPv4Address

import pytest

from discovery.collectors.snmp.inquiry import KINDS
from discovery.collectors.snmp.vendor_tables import load_tables
from discovery.explaining import tell_exchange
from discovery.protocols.snmp.tracing import Exchange
from schemas.vocabulary import Section
from tests.discovery.snmp.written import entry, if_row, maker, section

READ = {
    "addresses": {"interface", "address", "known"},
    "attached": {"kind", "name", "model", "serial", "mac", "address", "version", "system"},
    "modules": {
        *("name", "description", "kind", "vendor", "model", "serial"),
        *("hardware_revision", "firmware_revision", "software_revision"),
    },
    "neighbours": {
        *("interface", "port", "name", "device", "chassis", "chassis_kind", "remote_port"),
        *("port_kind", "port_description", "description", "address", "protocol"),
        *("slot", "slot_port", "segment", "remote_slot", "remote_slot_port", "between"),
    },
    "power": {"status", "charge", "load", "must_replace", "replaced_on"},
    "vlans": {"number", "name", "port"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_that_ship_say_only_what_is_read(kind):
    tables = load_tables(kind)
    assert len({table.entry for table in tables}) == len(tables)
    for table in tables:
        names = table.columns.keys() | table.index.keys() | table.constant.keys()
        assert names <= READ[kind], table.name
        assert table.values.keys() <= names, table.name


def test_a_table_concerns_its_maker_and_whom_it_names():
    by_name = {table.name: table for table in load_tables("vlans")}
    nortel = by_name["rcVlanTable (RAPID-CITY)"]
    assert nortel.concerns("1.3.6.1.4.1.2272.30")
    assert nortel.concerns("1.3.6.1.4.1.45.3.1")
    assert not nortel.concerns("1.3.6.1.4.1.451")
    assert not nortel.concerns("")


def test_parts_of_a_maker_join_those_of_entity_mib_without_repeating_them():
    entity = entry("1.3.6.1.2.1.47.1.1.1.1", "1", {5: 3, 7: b"Chassis", 11: b"SN-1"})
    table = "1.3.6.1.4.1.2636.3.1.8.1"
    rows = section(
        Section.COMPONENTS,
        maker(
            2636,
            entity
            | entry(table, "1.1.0.0", {6: b"midplane", 7: b"SN-1", 10: b"750-1"})
            | entry(table, "2.1.0.0", {6: b"PEM 0", 7: b"SN-2", 8: b"REV 5", 10: b"740-2"})
            | entry(table, "4.1.0.0", {6: b"FAN 0", 7: b""}),
        ),
    )
    assert [(row["index"], row["serial"]) for row in rows] == [
        ("1", "SN-1"),
        ("2636.3.1.8.1:2.1.0.0", "SN-2"),
    ]
    assert rows[1] == {
        "index": "2636.3.1.8.1:2.1.0.0",
        "kind": "module",
        "name": "PEM 0",
        "vendor": "Juniper",
        "model": "740-2",
        "serial": "SN-2",
        "hardware_revision": "REV 5",
    }


def test_numbers_of_a_maker_become_words():
    row = entry("1.3.6.1.4.1.6527.3.1.2.2.1.8.1", "1.5", {4: b"3HE", 5: b"NS1", 7: 5, 8: b"PSU 1"})
    assert section(Section.COMPONENTS, maker(6527, row))[0]["kind"] == "powerSupply"


def test_access_points_and_virtual_machines_hang_on_what_manages_them():
    vm = entry("1.3.6.1.4.1.6876.2.1.1", "7", {2: b"db-1", 4: b"Debian 12"})
    assert section(Section.ATTACHED, vm) == [
        {
            "index": "1.3.6.1.4.1.6876.2.1.1:7",
            "kind": "virtualMachine",
            "name": "db-1",
            "system": "Debian 12",
        }
    ]
    table = "1.3.6.1.4.1.14823.2.2.1.5.2.1.4.1"
    point = entry(table, "0.170.187.204.221.9", {3: b"ap-1", 6: b"CT01", 13: b"AP-515"})
    row = section(Section.ATTACHED, maker(14823, point))[0]
    assert (row["mac"], row["name"], row["serial"]) == ("00:aa:bb:cc:dd:09", "ap-1", "CT01")


RUCKUS = {
    "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1": {2: b"ap-2", 4: b"r500", 5: b"391", 7: b"9.12"},
    "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1": {5: b"ap-2", 7: b"9.12", 8: b"r500", 9: b"391"},
}


@pytest.mark.parametrize("table", RUCKUS)
def test_access_points_hang_on_the_controllers_of_ruckus(table):
    both = {1: b"\x00\xaa\xbb\xcc\xdd\x0a", 10: IPv4Address("10.0.0.9")}
    point = entry(table, "6.0.170.187.204.221.10", both | RUCKUS[table])
    row = section(Section.ATTACHED, maker(25053, point))[0]
    assert (row["mac"], row["address"]) == ("00:aa:bb:cc:dd:0a", "10.0.0.9")
    assert (row["name"], row["model"], row["serial"]) == ("ap-2", "r500", "391")
    assert row["version"] == "9.12"


def test_addresses_of_the_sixth_version_come_from_older_tables():
    octets = "32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.5"
    old = {f"1.3.6.1.2.1.55.1.8.1.2.4.{octets}": 64}
    with_length = {f"1.3.6.1.2.1.55.1.8.1.2.4.16.{octets}": 64}
    cisco = {f"1.3.6.1.4.1.9.10.86.1.1.2.1.3.2.16.{octets}": 4}
    for values in (old, with_length, maker(9, cisco)):
        row = section(Section.ADDRESSES, if_row(4, c2=b"v4") | values)[0]
        assert (row["address"], row["interface_index"]) == ("2001:db8::5", 4)


def test_an_index_with_more_than_the_address_is_read_by_its_column():
    table = "1.3.6.1.2.1.4.20.1"
    values = {f"{table}.1.1.10.0.0.7": b"", f"{table}.2.1.10.0.0.7": 1}
    assert section(Section.ADDRESSES, values) == [{"address": "1.10.0.0", "interface_index": 1}]


def test_an_explanation_names_the_table_of_a_maker():
    walked = Exchange("walk", ("1.3.6.1.4.1.1916.1.13.2.1.3", "1.3.6.1.4.1.99999.1"))
    assert list(tell_exchange(walked)) == [
        "→ GETBULK walk extremeEdpTable (EXTREME-EDP-MIB).3, 1.3.6.1.4.1.99999.1",
        "    nothing there",
    ]
