"""Which devices are at the other end of the cables? LLDP first, then what else tells of them."""

import re
from collections.abc import Mapping
from typing import Any

from discovery.collectors.snmp.bridge import BridgePorts
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.lldp import Neighbour, read_lldp, remote_fields
from discovery.collectors.snmp.tables import Reading, compact, rows_of
from discovery.collectors.snmp.values import address, line, number, text
from discovery.collectors.snmp.vendor_tables import VendorRow
from discovery.protocols.snmp.wire import Value

_MAX_INDEX = 2**32 - 1
_PORTS_OF_A_UNIT = 64
_SERIAL_BEHIND_NAME = re.compile(r"\([^()]*\)\Z")
# The order of the agent depends on when a neighbour appeared.
_ORDER = ("local_interface_index", "local_port", "remote_chassis_id", "remote_port", "remote_name")


async def read_neighbours(
    inquiry: Inquiry, interfaces: list[dict[str, Any]], ports: BridgePorts
) -> Reading:
    """Return the rows of the section `neighbours`, ordered by local port.

    Args:
        inquiry: the device.
        interfaces: the rows of the section `interfaces`, to which local ports are matched.
        ports: its bridge ports, by which some agents number the ports of LLDP.
    """
    rows, walks = await read_lldp(inquiry, interfaces, ports)
    names = {row["index"]: row["name"] for row in interfaces}
    for _, vendor_rows, walk in await inquiry.vendor_rows("neighbours"):
        walks.append(walk)
        rows += [found for row in vendor_rows if (found := _vendor_row(row, names)) is not None]
    kept = [compact(row) for row in _without_repeats(rows)]
    kept.sort(key=lambda row: [str(row.get(name, "")) for name in _ORDER])
    return rows_of(kept, *walks)


def _vendor_row(row: VendorRow, names: Mapping[int, str]) -> Neighbour | None:
    cells = row.cells
    interface = _local_interface(cells)
    if interface == 0:
        # By this the table tells of the device itself.
        return None
    fields = remote_fields(cells)
    device = line(cells.get("device"))
    if device is not None:
        # Some Cisco devices write their serial number behind their name.
        fields["remote_name"] = fields["remote_name"] or _SERIAL_BEHIND_NAME.sub("", device)
        fields["remote_chassis_id"] = device
    if "segment" in cells:
        fields["remote_port"] = _segment_port(cells["segment"])
    return {
        "protocol": cells["protocol"],
        "local_interface_index": interface if interface in names else None,
        "local_port": text(cells.get("port")) or names.get(interface or 0),
        "remote_address": _address(cells.get("address")),
    } | fields


def _local_interface(cells: Mapping[str, Value]) -> int | None:
    slot, port = cells.get("slot"), cells.get("slot_port")
    if isinstance(slot, int) and isinstance(port, int):
        # SONMP tells unit and port; the numbers of the interfaces follow from them.
        return max(slot - 1, 0) * _PORTS_OF_A_UNIT + port
    return number(cells.get("interface"), _MAX_INDEX)


def _segment_port(segment: Value) -> str | None:
    """Return unit and port, which a segment id of SONMP holds in its two lowest octets."""
    return f"{segment >> 8 & 0xFF}/{segment & 0xFF}" if isinstance(segment, int) else None


def _address(value: Value) -> str | None:
    return address(value) if isinstance(value, bytes) else text(value, 64)


def _without_repeats(rows: list[Neighbour]) -> list[Neighbour]:
    """Leave out what another protocol, asked before, has told of the same port and neighbour."""
    told: dict[tuple[Any, str], str] = {}
    kept: list[Neighbour] = []
    for row in rows:
        name = (row.get("remote_name") or "").partition(".")[0].lower()
        port = row.get("local_interface_index") or row.get("local_port")
        first = told.setdefault((port, name), row["protocol"]) if name else row["protocol"]
        if first == row["protocol"]:
            kept.append(row)
    return kept
