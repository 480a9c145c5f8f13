"""Which bridge leads the segment at each port? (BRIDGE-MIB, RFC 4188, dot1dStp)."""

from typing import Any, Final

from discovery.collectors.snmp.bridge import BridgePorts
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Reading, by_column, compact, rows_of
from discovery.collectors.snmp.values import mac
from discovery.errors import DiscoveryError
from discovery.protocols.snmp.wire import Value

_OWN_ADDRESS = "1.3.6.1.2.1.17.1.1.0"
_ROOT, _ROOT_PORT = "1.3.6.1.2.1.17.2.5.0", "1.3.6.1.2.1.17.2.7.0"
_ENTRY = "1.3.6.1.2.1.17.2.15.1"
_STATE, _BRIDGE, _PORT = 3, 8, 9
_IN_USE = range(2, 6)
_MAC_OCTETS = 6

SPANNING_TREE_ROOTS: Final = (f"{_ENTRY}.{_STATE}",)


async def read_spanning_tree(
    inquiry: Inquiry, interfaces: list[dict[str, Any]], ports: BridgePorts
) -> Reading | None:
    """Return the rows of the section `spanning_tree`; None where it is not spoken.

    All ports of one segment tell the same designated bridge and port, by which they find each
    other. The priorities before the address of a bridge are left out.
    """
    if not inquiry.has(SPANNING_TREE_ROOTS[0]):
        return None
    try:
        scalars = await inquiry.client.get([_OWN_ADDRESS, _ROOT, _ROOT_PORT])
    except DiscoveryError:
        # Without its own address no port counts as leading its segment.
        scalars = {}
    walk = await inquiry.client.walk(_ENTRY, (_STATE, _BRIDGE, _PORT))
    table = by_column(walk, _ENTRY)
    indexes = {row["index"] for row in interfaces}
    own, root = _bridge(scalars.get(_OWN_ADDRESS)), _bridge(scalars.get(_ROOT))
    rows: list[dict[str, Any]] = []
    for number, state in table.get(_STATE, {}).items():
        bridge = _bridge(table.get(_BRIDGE, {}).get(number))
        port = table.get(_PORT, {}).get(number)
        if state not in _IN_USE or bridge is None or "." in number:
            continue
        row = {
            "interface_index": ports.interface(int(number)),
            "designated_bridge": bridge,
            "designated_port": port.hex()[:16] if isinstance(port, bytes) else "",
            "root_bridge": root,
            "is_designated": True if bridge == own else None,
            "is_root_port": True if scalars.get(_ROOT_PORT) == int(number) else None,
        }
        if row["interface_index"] in indexes and row["designated_port"]:
            rows.append(compact(row))
    return rows_of(sorted(rows, key=lambda row: row["interface_index"]), walk)


def _bridge(value: Value) -> str | None:
    """Return the address in a BridgeId, which comes behind two octets of priority."""
    return mac(value[-_MAC_OCTETS:]) if isinstance(value, bytes) else None
