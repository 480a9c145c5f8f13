"""Parts that makers list in tables of their own: one row of each table, and what is made of it."""

import pytest

from schemas.vocabulary import Section
from tests.discovery.snmp.written import entry, maker, section

PARTS = {
    "blade": (
        *("11.5.7", "232.22.2.4.1.1.1", "1.1.3", {4: b"esx-3", 16: b"CZ1", 17: b"ProLiant BL460c"}),
        {"name": "esx-3", "serial": "CZ1", "model": "ProLiant BL460c", "kind": "module"},
    ),
    "enclosure manager": (
        *("11.5.7", "232.22.2.3.1.6.1", "1.1.1", {6: b"456204-B21", 8: b"OB1", 15: b"4.85"}),
        {"model": "456204-B21", "serial": "OB1", "firmware_revision": "4.85"},
    ),
    "power supply of an enclosure": (
        *("11.5.7", "232.22.2.5.1.1.1", "1.1.2", {5: b"5A1", 6: b"499253-B21", 8: b"2.1"}),
        {"kind": "powerSupply", "serial": "5A1", "model": "499253-B21"},
    ),
    "interconnect": (
        *(
            "11.5.7",
            "232.22.2.6.1.1.1",
            "1.1.1",
            {5: b"bay 1", 6: b"VC Flex-10", 7: b"3C1", 10: b"4.6"},
        ),
        {"name": "bay 1", "model": "VC Flex-10", "serial": "3C1", "firmware_revision": "4.6"},
    ),
    "disk of a ProLiant": (
        *(311, "232.14.2.4.1.1", "0.1", {3: b"MB1000", 4: b"HPG1", 5: b"9WK1"}),
        {"kind": "storageDrive", "model": "MB1000", "serial": "9WK1"},
    ),
    "disk of OpenManage": (
        *(8072, "674.10893.1.20.130.4.1", "1"),
        {2: b"Physical Disk 0:0", 3: b"SEAGATE", 6: b"ST600", 7: b"6SL1", 8: b"ES66"},
        {"name": "Physical Disk 0:0", "vendor": "SEAGATE", "model": "ST600", "serial": "6SL1"},
    ),
    "memory of UCS": (
        *(9, "9.9.719.1.30.11.1", "7", {2: b"sys/rack-unit-1/mem-1", 12: b"UCS-MR", 19: b"3D1"}),
        {"name": "sys/rack-unit-1/mem-1", "model": "UCS-MR", "serial": "3D1"},
    ),
    "disk of SuperDoctor": (
        *(10876, "10876.100.1.4.1", "1", {1: b"WD-1", 2: b"sda", 3: b"WDC"}),
        {"serial": "WD-1", "name": "sda", "vendor": "WDC"},
    ),
    "disk of Isilon": (
        *(12124, "12124.2.52.1", "1", {4: b"/dev/da1", 6: b"HUS724", 7: b"PB1", 8: b"MFA"}),
        {"name": "/dev/da1", "model": "HUS724", "serial": "PB1", "firmware_revision": "MFA"},
    ),
    "disk of EqualLogic": (
        *(12740, "12740.3.1.1.1", "1.7.2", {3: b"ST600", 4: b"0007", 5: b"6SM1"}),
        {"model": "ST600", "firmware_revision": "0007", "serial": "6SM1"},
    ),
    "disk of a DNS-345": (
        *(171, "171.50.1.5.1.1.10.1", "1", {2: b"WDC", 3: b"WD20", 4: b"WD-2"}),
        {"vendor": "WDC", "model": "WD20", "serial": "WD-2", "kind": "storageDrive"},
    ),
    "unit of the S series": (
        *(6027, "6027.3.10.1.2.2.1", "1"),
        {7: b"S50", 9: b"48-port E/FE/GE", 10: b"8.4", 12: b"DL1", 21: b"B"},
        {"model": "S50", "description": "48-port E/FE/GE", "serial": "DL1", "kind": "chassis"},
    ),
    "unit of the M series": (
        *(6027, "6027.3.19.1.2.1.1", "1", {9: b"34-port GE/TE", 10: b"8.3", 12: b"DL2"}),
        {"description": "34-port GE/TE", "software_revision": "8.3", "serial": "DL2"},
    ),
    "card of the C series": (
        *(6027, "6027.3.8.1.2.1.1", "3", {11: b"0002", 12: b"7520031600", 13: b"A"}),
        {"serial": "0002", "model": "7520031600", "hardware_revision": "A"},
    ),
    "unit of Dell Networking": (
        *(6027, "6027.3.26.1.3.4.1", "1", {9: b"54-port", 10: b"9.11", 11: b"TW1"}),
        {"description": "54-port", "software_revision": "9.11", "serial": "TW1"},
    ),
    "unit of a stack with FASTPATH": (
        *(4413, "4413.1.1.13.2.2.1", "2", {12: b"1.8", 15: b"ES-48", 19: b"FP1"}),
        {"software_revision": "1.8", "description": "ES-48", "serial": "FP1", "kind": "chassis"},
    ),
    "unit of a stack of Netgear": (
        *(4526, "4526.10.13.2.2.1", "2", {15: b"M4300", 19: b"NG1"}),
        {"description": "M4300", "serial": "NG1", "vendor": "Netgear"},
    ),
    "unit of a stack of Dell": (
        *(674, "674.10895.5000.2.6132.1.1.13.2.2.1", "2", {15: b"N2048", 19: b"CN1"}),
        {"description": "N2048", "serial": "CN1", "vendor": "Dell"},
    ),
    "unit of a stack of Quanta": (
        *(7244, "7244.2.13.2.2.1", "2", {19: b"QT1"}),
        {"serial": "QT1", "kind": "chassis"},
    ),
    "module of Foundry": (
        *(1991, "1991.1.1.2.8.1.1", "1", {4: b"24-port module", 6: b"FX1"}),
        {"description": "24-port module", "serial": "FX1"},
    ),
    "module of Foundry for HP": (
        *(11, "11.2.3.7.11.12.1.2.8.1.1", "1", {4: b"EP module", 6: b"FX2"}),
        {"description": "EP module", "serial": "FX2"},
    ),
    "board of Allied Telesis": (
        *(207, "207.8.4.4.3.21.1.1", "1.1", {4: b"x900-24XT", 7: b"K-0", 8: b"41HH1"}),
        {"model": "x900-24XT", "hardware_revision": "K-0", "serial": "41HH1"},
    ),
    "card of Calix": (
        *(6321, "6321.1.2.2.2.1.6.1.1", "1.1", {7: b"2.5", 8: b"0711", 11: b"100-01449"}),
        {"software_revision": "2.5", "serial": "0711", "model": "100-01449"},
    ),
    "fan of Nokia": (
        *(7483, "7483.2.2.5.1.2.1.2.1", "1.1", {2: b"FAN", 5: b"EZ1", 6: b"8DG"}),
        {"kind": "fan", "description": "FAN", "serial": "EZ1", "model": "8DG"},
    ),
    "transceiver of H3C": (
        *(25506, "25506.2.70.1.1.1", "9", {2: b"1000_BASE_LX_SFP", 4: b"H3C", 5: b"21X1"}),
        {"model": "1000_BASE_LX_SFP", "vendor": "H3C", "serial": "21X1"},
    ),
    "transceiver of Comware by HP": (
        *(11, "11.2.14.11.15.2.70.1.1.1", "9", {2: b"10G_BASE_SR_SFP", 4: b"HP", 5: b"21X2"}),
        {"model": "10G_BASE_SR_SFP", "vendor": "HP", "serial": "21X2"},
    ),
    "transceiver of a ProCurve": (
        *(11, "11.2.14.11.5.1.82.1.1.1.1", "25", {2: b"25", 3: b"J4858C", 4: b"MY1", 5: b"SX"}),
        {"name": "25", "model": "J4858C", "serial": "MY1", "description": "SX"},
    ),
    "transceiver of SAOS 6": (
        *(6141, "6141.2.60.4.1.1.1.1", "9", {9: b"XCVR-A10D31", 10: b"A", 11: b"U1"}),
        {"model": "XCVR-A10D31", "hardware_revision": "A", "serial": "U1"},
    ),
    "transceiver of SAOS 8": (
        *(6141, "1271.2.1.9.1.1.1.1", "9", {27: b"XCVR-S10V31", 28: b"B", 29: b"U2"}),
        {"model": "XCVR-S10V31", "hardware_revision": "B", "serial": "U2"},
    ),
    "chained strip of APC": (
        *(318, "318.1.1.26.2.1", "2", {3: b"row 2", 6: b"v6.4", 8: b"AP8858", 9: b"5A2"}),
        {"name": "row 2", "firmware_revision": "v6.4", "model": "AP8858", "serial": "5A2"},
    ),
    "tower of Sentry3": (
        *(1718, "1718.3.2.1.1", "2", {3: b"TowerB", 6: b"ABEF1", 7: b"CW-24"}),
        {"name": "TowerB", "serial": "ABEF1", "model": "CW-24", "kind": "chassis"},
    ),
    "unit of Sentry4": (
        *(1718, "1718.4.1.2.2.1", "2", {3: b"Link1", 4: b"ABEF2", 5: b"C2L36", 6: b"tag"}),
        {"name": "Link1", "serial": "ABEF2", "model": "C2L36"},
    ),
    "linked strip of Raritan": (
        *(13742, "13742.6.3.2.1.1", "2", {2: b"Raritan", 3: b"PX3-5902", 4: b"1CS1"}),
        {"vendor": "Raritan", "model": "PX3-5902", "serial": "1CS1"},
    ),
    "chained strip of Eaton": (
        *(534, "534.6.6.7.1.2.1", "1"),
        {2: b"EPDU MI 38U", 3: b"EMIB22", 4: b"J1", 5: b"04.02", 6: b"strip B"},
        {"description": "EPDU MI 38U", "model": "EMIB22", "serial": "J1", "name": "strip B"},
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_are_read_where_their_maker_lists_them(part):
    number, table, index, cells, told = PARTS[part]
    values = entry(f"1.3.6.1.4.1.{table}", index, cells)
    (row,) = section(Section.COMPONENTS, maker(number, values))
    assert row["index"] == f"{table}:{index}"
    assert row.items() >= told.items()


def test_a_disk_whose_serial_number_its_array_does_not_know_is_left_out():
    disk = entry("1.3.6.1.4.1.12740.3.1.1.1", "1.7.2", {3: b"ST600", 5: b"unknown serial#"})
    assert section(Section.COMPONENTS, maker(12740, disk)) == []


def test_a_disk_that_stands_in_two_tables_is_one_part():
    drive = entry("1.3.6.1.4.1.232.3.2.5.1.1", "0.1", {3: b"MB1000", 51: b"9WK1"})
    same = entry("1.3.6.1.4.1.232.14.2.4.1.1", "0.1", {3: b"MB1000", 5: b"9WK1"})
    other = entry("1.3.6.1.4.1.232.14.2.4.1.1", "0.2", {3: b"MB1000", 5: b"9WK2"})
    rows = section(Section.COMPONENTS, maker(311, drive | same | other))
    assert sorted(row["serial"] for row in rows) == ["9WK1", "9WK2"]
