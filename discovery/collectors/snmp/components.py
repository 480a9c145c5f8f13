"""Which parts is the device made of? (ENTITY-MIB, RFC 6933; makers' own where it is silent)."""

from typing import Any

from discovery.collectors.snmp.inquiry import ENT_PHYSICAL_ENTRY, Inquiry
from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, indexes, rows_of
from discovery.collectors.snmp.values import line, text
from discovery.collectors.snmp.vendor_tables import VendorRow, VendorTable
from discovery.protocols.snmp.wire import Value

_DESCR, _CONTAINED_IN, _CLASS, _NAME = 2, 4, 5, 7
_HARDWARE, _FIRMWARE, _SOFTWARE, _SERIAL, _VENDOR, _MODEL, _IS_FRU = 8, 9, 10, 11, 12, 13, 16

_CLASSES: dict[Value, str] = {
    1: "other",
    2: "unknown",
    3: "chassis",
    4: "backplane",
    5: "container",
    6: "powerSupply",
    7: "fan",
    8: "sensor",
    9: "module",
    10: "port",
    11: "stack",
    12: "cpu",
    13: "energyObject",
    14: "battery",
    15: "storageDrive",
}
# A large switch lists thousands of these; they are parts only with a serial number of their own.
_PLACES = frozenset({"sensor", "container", "port", "energyObject"})
_TRUTH: dict[Value, bool] = {1: True, 2: False}


_WORDS = (
    *("name", "description", "vendor", "model", "serial"),
    *("hardware_revision", "firmware_revision", "software_revision"),
)
_NO_SERIAL = frozenset(
    {"N/A", "n/a", "NA", "0", "Not Available", "Not Applicable", "unknown serial#"}
)
_ENTERPRISES = "1.3.6.1.4.1."


async def read_components(inquiry: Inquiry) -> Reading:
    """Return the rows of the section `components`: ENTITY-MIB's by index, then the maker's own."""
    columns = (
        *(_DESCR, _CONTAINED_IN, _CLASS, _NAME),
        *(_HARDWARE, _FIRMWARE, _SOFTWARE, _SERIAL, _VENDOR, _MODEL, _IS_FRU),
    )
    walk = await inquiry.walk_expected(ENT_PHYSICAL_ENTRY, columns)
    table = by_column(walk, ENT_PHYSICAL_ENTRY)
    found = {index: _row(index, table) for index in indexes(table.values())}
    parts = {index: row for index, row in found.items() if _is_part(row)}
    for row in parts.values():
        row["parent"] = _parent(row["parent"], found, parts)
    rows = [compact(row) for row in parts.values()]
    walks = [walk]
    for table, vendor_rows, vendor_walk in await inquiry.vendor_rows("modules"):
        walks.append(vendor_walk)
        # A part that a table before has told is not told again: some stand in several.
        known = {row.get("serial") for row in rows} | {None}
        told = [_vendor_part(table, vendor_row) for vendor_row in vendor_rows]
        rows += [part for part in told if part.get("serial") not in known]
    return rows_of(rows, *walks)


def _vendor_part(table: VendorTable, row: VendorRow) -> dict[str, Any]:
    """Return a part of a maker's own table; its index is unique beside those of ENTITY-MIB."""
    words = {name: line(row.get(name)) for name in _WORDS}
    if words["serial"] in _NO_SERIAL:
        words["serial"] = None
    index = f"{table.entry.removeprefix(_ENTERPRISES)}:{row.index}"
    return compact({"index": index[-64:], "kind": row.get("kind") or "other", **words})


def _row(index: str, table: dict[int, Column]) -> dict[str, Any]:
    empty: Column = {}

    def words(column: int) -> str | None:
        return line(table.get(column, empty).get(index))

    parent = table.get(_CONTAINED_IN, empty).get(index)
    return {
        "index": index[:64],
        "parent": str(parent) if isinstance(parent, int) and parent > 0 else None,
        "kind": _CLASSES.get(table.get(_CLASS, empty).get(index), "unknown"),
        "name": words(_NAME),
        "description": text(table.get(_DESCR, empty).get(index), 1024),
        "vendor": words(_VENDOR),
        "model": words(_MODEL),
        "serial": words(_SERIAL),
        "hardware_revision": words(_HARDWARE),
        "firmware_revision": words(_FIRMWARE),
        "software_revision": words(_SOFTWARE),
        "is_replaceable": _TRUTH.get(table.get(_IS_FRU, empty).get(index)),
    }


def _is_part(row: dict[str, Any]) -> bool:
    return row["kind"] not in _PLACES or bool(row["serial"])


def _parent(index: str | None, found: dict[str, Any], parts: dict[str, Any]) -> str | None:
    """Return the nearest part that holds another one, passing over slots."""
    seen: set[str] = set()
    while index is not None and index not in parts:
        # Some agents let two entities contain each other.
        if index in seen or index not in found:
            return None
        seen.add(index)
        index = found[index]["parent"]
    return index
