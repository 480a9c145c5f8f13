"""Which interfaces does the device have? (IF-MIB, RFC 2863; EtherLike-MIB, RFC 3635)."""

from typing import Any

from discovery.collectors.snmp.inquiry import IF_X_ENTRY, Inquiry
from discovery.collectors.snmp.interface_types import interface_type
from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, indexes, rows_of
from discovery.collectors.snmp.values import mac, number, text
from discovery.protocols.snmp.wire import Value
from schemas.sections import MAX_SPEED

_IF_ENTRY = "1.3.6.1.2.1.2.2.1"
_DESCR, _TYPE, _MTU, _SPEED, _PHYS_ADDRESS, _ADMIN, _OPER = 2, 3, 4, 5, 6, 7, 8
_NAME, _HIGH_SPEED, _ALIAS = 1, 15, 18
_DOT3_STATS_ENTRY = "1.3.6.1.2.1.10.7.2.1"
_DUPLEX = 19

INTERFACE_ROOTS = (f"{_DOT3_STATS_ENTRY}.{_DUPLEX}",)

_ADMIN_STATUS: dict[Value, str] = {1: "up", 2: "down", 3: "testing"}
_OPER_STATUS: dict[Value, str] = {
    1: "up",
    2: "down",
    3: "testing",
    4: "unknown",
    5: "dormant",
    6: "notPresent",
    7: "lowerLayerDown",
}
_DUPLEX_STATUS: dict[Value, str] = {2: "half", 3: "full"}
_MAX_INDEX = 2**32 - 1
_ABSURD_MEGABITS = 10_000_000


async def read_interfaces(inquiry: Inquiry) -> Reading:
    """Return the rows of the section `interfaces`, ordered by ifIndex, as far as IF-MIB tells."""
    columns = _DESCR, _TYPE, _MTU, _SPEED, _PHYS_ADDRESS, _ADMIN, _OPER
    basic_walk = await inquiry.client.walk(_IF_ENTRY, columns)
    extended_walk = await inquiry.walk_expected(IF_X_ENTRY, (_NAME, _HIGH_SPEED, _ALIAS))
    duplex_walk = await inquiry.walk(_DOT3_STATS_ENTRY, (_DUPLEX,), is_small=True)
    basic = by_column(basic_walk, _IF_ENTRY)
    extended = by_column(extended_walk, IF_X_ENTRY)
    duplex = by_column(duplex_walk, _DOT3_STATS_ENTRY).get(_DUPLEX, {})
    # The index column is often missing, so every column tells which interfaces there are.
    rows = [
        _row(index, basic, extended, duplex.get(index))
        for index in indexes([*basic.values(), *extended.values()])
        if index.isdigit() and int(index) <= _MAX_INDEX
    ]
    return rows_of(rows, basic_walk, extended_walk, duplex_walk)


def _row(
    index: str, basic: dict[int, Column], extended: dict[int, Column], duplex: Value
) -> dict[str, Any]:
    empty: Column = {}

    def cell(columns: dict[int, Column], column: int) -> Value:
        return columns.get(column, empty).get(index)

    description = text(cell(basic, _DESCR), 1024)
    return compact(
        {
            "index": int(index),
            "name": text(cell(extended, _NAME)) or (description or index)[:255],
            "description": description,
            "alias": text(cell(extended, _ALIAS), 1024),
            "type": interface_type(cell(basic, _TYPE)),
            "mac": mac(cell(basic, _PHYS_ADDRESS)),
            "speed": _speed(cell(basic, _SPEED), cell(extended, _HIGH_SPEED)),
            "mtu": number(cell(basic, _MTU), _MAX_INDEX),
            "admin_status": _ADMIN_STATUS.get(cell(basic, _ADMIN)),
            "oper_status": _OPER_STATUS.get(cell(basic, _OPER)),
            "duplex": _DUPLEX_STATUS.get(duplex),
        }
    )


def _speed(speed: Value, high_speed: Value) -> int | None:
    """Return bit/s; ifSpeed ends at 4.3 Gbit/s, ifHighSpeed counts in Mbit/s."""
    exact = number(speed, MAX_SPEED) or 0
    high = number(high_speed, MAX_SPEED) or 0
    # Some agents write bit/s here too: what would be 10 Tbit/s and more is taken for that.
    rounded = high if high >= _ABSURD_MEGABITS else high * 1_000_000
    # ifHighSpeed is rounded to the nearest million; where both agree ifSpeed is the more exact.
    is_wrong = exact >= _MAX_INDEX or rounded >= exact + 1_000_000
    return (rounded if is_wrong and rounded else exact) or None
