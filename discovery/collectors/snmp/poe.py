"""Which ports feed a device over the cable? (POWER-ETHERNET-MIB, RFC 3621)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import by_column, compact
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value

_ENTRY = "1.3.6.1.2.1.105.1.1.1"
_DETECTION, _CLASS = 6, 10
_COLUMNS = (_DETECTION, _CLASS)
_CISCO_ENTRY = "1.3.6.1.4.1.9.9.402.1.2.1"
_CISCO_PORT = (11,)

POE_ROOTS: Final = (f"{_ENTRY}.{_DETECTION}", f"{_CISCO_ENTRY}.{_CISCO_PORT[0]}")

_STATUS: dict[Value, str] = {
    1: "disabled",
    2: "searching",
    3: "deliveringPower",
    4: "fault",
    5: "test",
    6: "otherFault",
}
_DELIVERING = 3


async def read_poe(
    inquiry: Inquiry, interfaces: Iterable[Mapping[str, Any]]
) -> tuple[dict[int, dict[str, Any]], list[Walk]]:
    """Return ifIndex → `poe_status` and `poe_class` of the ports that can feed."""
    walk = await inquiry.walk(_ENTRY, _COLUMNS, is_small=True)
    table = by_column(walk, _ENTRY)
    states, classes = table.get(_DETECTION, {}), table.get(_CLASS, {})
    if not states:
        return {}, [walk]
    # Only Cisco tells which interface a port of a group is; others are told by number or place.
    cisco_walk = await inquiry.walk(_CISCO_ENTRY, _CISCO_PORT, is_small=True)
    known = by_column(cisco_walk, _CISCO_ENTRY).get(_CISCO_PORT[0], {})
    places = _Places(interfaces)
    found: dict[int, dict[str, Any]] = {}
    for index, state in states.items():
        told = known.get(index)
        interface = told if isinstance(told, int) and told else places.find(index)
        if interface is not None and state in _STATUS:
            found[interface] = compact(
                {
                    "poe_status": _STATUS[state],
                    # The class says something only while a device is fed; 1 stands for class 0.
                    "poe_class": _feed_class(classes.get(index)) if state == _DELIVERING else None,
                }
            )
    return found, [walk, cisco_walk]


def _feed_class(value: Value) -> int | None:
    return value - 1 if isinstance(value, int) and 1 <= value <= 9 else None  # noqa: PLR2004 — classes 0 to 8


class _Places:
    """Finds the interface of a port of a group by its number or by the end of its name."""

    def __init__(self, interfaces: Iterable[Mapping[str, Any]]) -> None:
        ports = [row for row in interfaces if row.get("type") in _WIRED]
        self._indexes = {row["index"] for row in ports}
        self._by_name: dict[tuple[str, str], int] = {}
        for row in ports:
            numbers = "".join(c if c.isdigit() else " " for c in row["name"]).split()
            if numbers:
                group = numbers[0] if len(numbers) > 1 else "1"
                self._by_name.setdefault((group, numbers[-1]), row["index"])

    def find(self, index: str) -> int | None:
        group, _, port = index.rpartition(".")
        if (group, port) in self._by_name:
            return self._by_name[group, port]
        return int(port) if int(port) in self._indexes else None


_WIRED = frozenset({"ethernetCsmacd", "gigabitEthernet", "fastEther"})
