"""Which devices are at the other end of the cables? LLDP first, then what else tells of them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from discovery.collectors.snmp.bridge import BridgePorts
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.lldp import Neighbour, read_lldp, remote_fields
from discovery.collectors.snmp.tables import Reading, compact, order, rows_of
from discovery.collectors.snmp.values import address, line, mac, number, text
from discovery.collectors.snmp.vendor_tables import VendorRow
from discovery.protocols.snmp.wire import Value

_MAX_INDEX = 2**32 - 1
_PORTS_OF_A_UNIT = 64
_OCTET = 255
_MAC_DIGITS = re.compile(r"[0-9A-Fa-f]{12}")
_SERIAL_BEHIND_NAME = re.compile(r"\([^()]*\)\Z")
_TELLING = ("remote_chassis_id", "remote_name", "remote_address", "remote_description")
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
    for row in rows:
        # What an agent calls its port, such as a MAC address, says less than the interface's name.
        row["local_port"] = names.get(row["local_interface_index"], row["local_port"])
    kept = [compact(row) for row in _without_repeats(rows)]
    kept.sort(key=lambda row: [str(row.get(name, "")) for name in _ORDER])
    return rows_of(kept, *walks)


def _vendor_row(row: VendorRow, names: Mapping[int, str]) -> Neighbour | None:
    cells = row.cells
    interface = _local_interface(cells)
    if interface == 0:
        # By this the table tells of the device itself.
        return None
    chassis = cells.get("chassis")
    if isinstance(chassis, str):
        cells = {**cells, "chassis": _octets(chassis)}
    fields = remote_fields(cells, _address(cells.get("address")))
    device = cells.get("device")
    if device is not None:
        name, fields["remote_chassis_id"] = _identity(device)
        fields["remote_name"] = fields["remote_name"] or name
    fields["remote_port"] = fields["remote_port"] or _remote_port(cells)
    return {
        "protocol": cells["protocol"],
        "local_interface_index": interface if interface in names else None,
        "local_port": text(cells.get("port")),
    } | fields


def _local_interface(cells: Mapping[str, Value]) -> int | None:
    slot, port = cells.get("slot"), cells.get("slot_port")
    if isinstance(slot, int) and isinstance(port, int):
        # SONMP tells unit and port; the numbers of the interfaces follow from them.
        return max(slot - 1, 0) * _PORTS_OF_A_UNIT + port
    return number(cells.get("interface"), _MAX_INDEX)


def _octets(arcs: str) -> bytes | None:
    """Return the octets that stand as numbers in an index."""
    numbers = order(arcs)
    return bytes(numbers) if all(one <= _OCTET for one in numbers) else None


def _identity(device: Value) -> tuple[str | None, str | None]:
    """Return name and chassis that a device id of CDP holds; it may be a MAC address instead."""
    if isinstance(device, bytes):
        written = device.hex() if not device.isascii() else device.decode().strip("\0 ")
        if _MAC_DIGITS.fullmatch(written):
            return None, mac(bytes.fromhex(written))
    # Some Cisco devices write their serial number behind their name.
    name = line(device)
    return _SERIAL_BEHIND_NAME.sub("", name) if name else None, name


def _remote_port(cells: Mapping[str, Value]) -> str | None:
    """Return the port of the other end where a table tells it in numbers."""
    segment, slot, port = (cells.get(n) for n in ("segment", "remote_slot", "remote_slot_port"))
    if isinstance(segment, int):
        # A segment id of SONMP holds unit and port in its two lowest octets.
        slot, port = segment >> 8 & _OCTET, segment & _OCTET
    if not isinstance(slot, int) or not isinstance(port, int):
        return None
    return f"{slot}{cells.get('between') or '/'}{port}"


def _address(value: Value) -> str | None:
    return address(value) if isinstance(value, bytes) else text(value, 64)


def _without_repeats(rows: list[Neighbour]) -> list[Neighbour]:
    """Leave out what says nothing of the other end, and what was told before.

    What another protocol, asked before, has told of the same port and neighbour is told; so is a
    neighbour at a port that is no interface when another protocol knows its interface.
    """
    placed: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["local_interface_index"] is not None:
            placed[_short_name(row)].add(row["protocol"])
    told: dict[tuple[Any, str], str] = {}
    kept: dict[tuple[Any, ...], Neighbour] = {}
    for row in rows:
        name = _short_name(row)
        if not any(row[field] for field in _TELLING):
            continue
        if name and row["local_interface_index"] is None and placed[name] - {row["protocol"]}:
            continue
        port = row["local_interface_index"] or row["local_port"]
        first = told.setdefault((port, name), row["protocol"]) if name else row["protocol"]
        if first == row["protocol"]:
            kept.setdefault((first, *(row[field] for field in _ORDER)), row)
    return list(kept.values())


def _short_name(row: Neighbour) -> str:
    return (row["remote_name"] or "").partition(".")[0].lower()
