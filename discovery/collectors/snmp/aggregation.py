"""Which ports are bundled into one link? (IEEE8023-LAG-MIB; IF-MIB's ifStackTable without it)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import by_column
from discovery.protocols.snmp.client import Walk

_PORT_ENTRY = "1.2.840.10006.300.43.1.2.1.1"
_ATTACHED = (13,)
_STACK_ENTRY = "1.3.6.1.2.1.31.1.2.1"
_STATUS = (3,)
_ACTIVE = 1
_BUNDLE_TYPE = "ieee8023adLag"

AGGREGATION_ROOTS: Final = (f"{_PORT_ENTRY}.{_ATTACHED[0]}",)


async def read_aggregation(
    inquiry: Inquiry, interfaces: Iterable[Mapping[str, Any]]
) -> tuple[dict[int, int], Walk]:
    """Return the ifIndex of a port → that of the bundle it belongs to, and what was asked."""
    rows = list(interfaces)
    indexes = {row["index"] for row in rows}
    walk = await inquiry.walk(_PORT_ENTRY, _ATTACHED, is_small=True)
    attached = by_column(walk, _PORT_ENTRY).get(_ATTACHED[0], {})
    # Some agents attach a port that is in no bundle to itself or to an interface there is not.
    found = {
        int(port): bundle
        for port, bundle in attached.items()
        if port.isdigit() and isinstance(bundle, int) and bundle in indexes and bundle != int(port)
    }
    bundles = {row["index"] for row in rows if row.get("type") == _BUNDLE_TYPE}
    if found or not bundles:
        return found, walk
    walk = await inquiry.client.walk(_STACK_ENTRY, _STATUS, is_small=True)
    for index, status in by_column(walk, _STACK_ENTRY).get(_STATUS[0], {}).items():
        higher, _, lower = index.partition(".")
        if status != _ACTIVE or not lower.isdigit() or int(higher) not in bundles:
            continue
        if int(lower) in indexes and int(lower) not in bundles:
            found[int(lower)] = int(higher)
    return found, walk
