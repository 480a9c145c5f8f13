"""Printers, UPSs and the software of servers; what moves all the time is told in steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.collectors.snmp.steps import in_steps
from schemas.vocabulary import Section
from tests.discovery.snmp.lying_agent import Oid
from tests.discovery.snmp.written import entry, maker, section

SUPPLY, MARKER = "1.3.6.1.2.1.43.11.1.1", "1.3.6.1.2.1.43.10.2.1"


def printer(level: int, pages: int) -> dict:
    return (
        entry(SUPPLY, "1.1", {3: 1, 4: 3, 5: 3, 6: b"Black Toner", 8: 8000, 9: level})
        | entry(SUPPLY, "1.2", {3: 0, 4: 4, 5: 4, 6: b"Waste", 8: -2, 9: -3})
        | {"1.3.6.1.2.1.43.12.1.1.4.1.1": b"black"}
        | entry(MARKER, "1.1", {3: 7, 4: pages})
    )


def test_a_printer_tells_its_supplies_and_about_how_much_it_has_printed():
    assert section(Section.PRINTER, printer(2999, 41_234)) == {
        "pages": 41_000,
        "supplies": [
            {
                "index": "1.1",
                "kind": "toner",
                "name": "Black Toner",
                "color": "black",
                "level_percent": 30,
            },
            {"index": "1.2", "kind": "wasteToner", "name": "Waste", "is_receptacle": True},
        ],
    }


def test_some_more_pages_do_not_change_a_printer():
    assert section(Section.PRINTER, printer(2999, 41_234)) == section(
        Section.PRINTER, printer(2500, 41_900)
    )


def test_feet_of_a_plotter_are_no_pages():
    values = printer(10, 4711) | {f"{MARKER}.3.1.1": 16}
    assert "pages" not in section(Section.PRINTER, values)


def test_a_ups_tells_battery_and_load_by_the_standard_or_by_its_maker():
    standard = {"1.3.6.1.2.1.33.1.2.1.0": 2, "1.3.6.1.2.1.33.1.2.4.0": 97}
    standard |= {"1.3.6.1.2.1.33.1.4.4.1.5.1": 12, "1.3.6.1.2.1.33.1.4.4.1.5.2": 45}
    assert section(Section.POWER, standard) == {
        "battery_status": "normal",
        "charge_percent": 90,
        "load_percent": 40,
    }
    apc = {"1.3.6.1.4.1.318.1.1.1.2.2.1.0": 100, "1.3.6.1.4.1.318.1.1.1.2.2.4.0": 2}
    apc |= {"1.3.6.1.4.1.318.1.1.1.2.1.3.0": b"03/14/2024"}
    assert section(Section.POWER, maker(318, apc)) == {
        "charge_percent": 100,
        "must_replace_battery": True,
        "battery_replaced_on": "03/14/2024",
    }


def test_what_is_no_printer_and_no_ups_has_neither_section():
    assert section(Section.PRINTER, {}) is None
    assert section(Section.POWER, {}) is None


def test_a_server_lists_its_software_by_name_and_a_switch_is_not_asked():
    packages = {"1.3.6.1.2.1.25.6.3.1.2.1": b"zlib-1", "1.3.6.1.2.1.25.6.3.1.2.2": b"bash-5"}
    server = {"1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.8072.3.2.10")}
    assert section(Section.SOFTWARE, server | packages) == [{"name": "bash-5"}, {"name": "zlib-1"}]
    assert section(Section.SOFTWARE, packages) is None


@given(st.integers(-10, 400), st.sampled_from([10, 20, 1000]))
def test_a_step_holds_its_number(value, step):
    lower = in_steps(value, step, 300)
    if lower is None:
        assert value < 0 or value > 300
    else:
        assert lower <= value < lower + step
        assert in_steps(lower, step, 300) == lower


@pytest.mark.parametrize("value", [None, b"5", "5"])
def test_what_is_no_number_has_no_step(value):
    assert in_steps(value, 10, 100) is None
