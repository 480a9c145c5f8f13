"""What does the printer consume, and how much has it printed? (Printer-MIB, RFC 3805)."""

from typing import Any, Final

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.steps import PERCENT, in_steps
from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, indexes, rows_of
from discovery.collectors.snmp.values import line, number
from discovery.protocols.snmp.wire import Value

_SUPPLY_ENTRY = "1.3.6.1.2.1.43.11.1.1"
_COLORANT, _CLASS, _TYPE, _DESCR, _CAPACITY, _LEVEL = 3, 4, 5, 6, 8, 9
_COLORANT_ENTRY = "1.3.6.1.2.1.43.12.1.1"
_COLOR = 4
_MARKER_ENTRY = "1.3.6.1.2.1.43.10.2.1"
_COUNTER_UNIT, _LIFE_COUNT = 3, 4

PRINTER_ROOTS: Final = ("1.3.6.1.2.1.43",)

_RECEPTACLE = 4
_PAGES = frozenset({7, 8})
_PAGE_STEP = 1_000
_LEVEL_STEP = 10
_MAX_COUNT = 2**31 - 1
_KINDS: dict[Value, str] = {
    3: "toner",
    4: "wasteToner",
    5: "ink",
    6: "inkCartridge",
    7: "inkRibbon",
    8: "wasteInk",
    9: "opc",
    10: "developer",
    11: "fuserOil",
    12: "solidWax",
    13: "ribbonWax",
    14: "wasteWax",
    15: "fuser",
    18: "cleanerUnit",
    20: "transferUnit",
    21: "tonerCartridge",
    22: "fuserOiler",
    32: "staples",
}


async def read_printer(inquiry: Inquiry) -> Reading | None:
    """Return the section `printer`, None for what is no printer."""
    if not inquiry.has(PRINTER_ROOTS[0]):
        return None
    columns = (_COLORANT, _CLASS, _TYPE, _DESCR, _CAPACITY, _LEVEL)
    supply_walk = await inquiry.client.walk(_SUPPLY_ENTRY, columns)
    color_walk = await inquiry.client.walk(_COLORANT_ENTRY, (_COLOR,))
    marker_walk = await inquiry.client.walk(_MARKER_ENTRY, (_COUNTER_UNIT, _LIFE_COUNT))
    supplies = by_column(supply_walk, _SUPPLY_ENTRY)
    colors = by_column(color_walk, _COLORANT_ENTRY).get(_COLOR, {})
    found = [_supply(index, supplies, colors) for index in indexes(supplies.values())]
    reading = rows_of(found, supply_walk, color_walk, marker_walk)
    pages = _pages(by_column(marker_walk, _MARKER_ENTRY))
    content = compact({"pages": pages}) | {"supplies": reading.content}
    return Reading(content, reading.failure)


def _supply(index: str, table: dict[int, Column], colors: Column) -> dict[str, Any]:
    empty: Column = {}

    def cell(column: int) -> Value:
        return table.get(column, empty).get(index)

    capacity, level = cell(_CAPACITY), cell(_LEVEL)
    percent = None
    if isinstance(capacity, int) and isinstance(level, int) and capacity > 0 and level >= 0:
        percent = in_steps(min(level * PERCENT // capacity, PERCENT), _LEVEL_STEP, PERCENT)
    device = index.partition(".")[0]
    return compact(
        {
            "index": index[:64],
            "kind": _KINDS.get(cell(_TYPE), "other"),
            "name": line(cell(_DESCR)),
            "color": line(colors.get(f"{device}.{cell(_COLORANT)}"), 64),
            "is_receptacle": True if cell(_CLASS) == _RECEPTACLE else None,
            "level_percent": percent,
        }
    )


def _pages(table: dict[int, Column]) -> int | None:
    """Return what all markers have printed, in thousands; feet and hours are no pages."""
    units = table.get(_COUNTER_UNIT, {})
    counts = [
        number(count, _MAX_COUNT) or 0
        for index, count in table.get(_LIFE_COUNT, {}).items()
        if units.get(index, min(_PAGES)) in _PAGES
    ]
    return in_steps(sum(counts), _PAGE_STEP, _MAX_COUNT) if counts else None
