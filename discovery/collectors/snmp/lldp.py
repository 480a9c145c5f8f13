"""What LLDP tells of neighbours, and how its identifiers are read (LLDP-MIB, IEEE 802.1AB)."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any, Final

from discovery.collectors.snmp.bridge import BridgePorts
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Column, by_column, order
from discovery.collectors.snmp.values import address, line, mac, scalar, text
from discovery.errors import DiscoveryError
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value

_REMOTE_ENTRY = "1.0.8802.1.1.2.1.4.1.1"
_REMOTE_COLUMNS: Final[Mapping[str, int]] = {
    "chassis_kind": 4,
    "chassis": 5,
    "port_kind": 6,
    "remote_port": 7,
    "port_description": 8,
    "name": 9,
    "description": 10,
}
_MANAGEMENT_ENTRY = "1.0.8802.1.1.2.1.4.2.1"
_MANAGEMENT_COLUMNS = (3, 4, 5)
_LOCAL_ENTRY = "1.0.8802.1.1.2.1.3.7.1"
_LOCAL_KIND, _LOCAL_ID, _LOCAL_DESCR = 2, 3, 4

LLDP_ROOTS: Final = (_REMOTE_ENTRY,)

_MAC_CHASSIS, _ADDRESS_CHASSIS, _INTERFACE_CHASSIS = 4, 5, 6
_MAC_PORT, _ADDRESS_PORT, _LOCAL_PORT = 3, 4, 7
_OCTET = 255
_PORT_AND_INDEX = 2

Neighbour = dict[str, Any]


async def read_lldp(
    inquiry: Inquiry, interfaces: list[dict[str, Any]], ports: BridgePorts
) -> tuple[list[Neighbour], list[Walk]]:
    """Return what the standard table tells, each with our own port, and what was asked."""
    if not inquiry.has(_REMOTE_ENTRY):
        return [], []
    remote_walk = await inquiry.client.walk(_REMOTE_ENTRY, tuple(_REMOTE_COLUMNS.values()))
    management_walk = await inquiry.client.walk(_MANAGEMENT_ENTRY, _MANAGEMENT_COLUMNS)
    remote = by_column(remote_walk, _REMOTE_ENTRY)
    addresses = _management_addresses(management_walk)
    # An index ends in our port and the number of the neighbour; a time may come before.
    places = {
        index: index.split(".")[-_PORT_AND_INDEX:] for column in remote.values() for index in column
    }
    local_walk = await _read_local_ports(inquiry, {place[0] for place in places.values()})
    local_ports = _LocalPorts(local_walk, interfaces, ports)
    rows: list[Neighbour] = []
    for index, place in places.items():
        cells = {n: remote.get(c, {}).get(index) for n, c in _REMOTE_COLUMNS.items()}
        interface, port = local_ports.find(place[0])
        rows.append(
            {
                "protocol": "lldp",
                "local_interface_index": interface,
                "local_port": port,
            }
            | remote_fields(cells, addresses.get(".".join(place)))
        )
    return rows, [remote_walk, local_walk, management_walk]


async def _read_local_ports(inquiry: Inquiry, numbers: set[str]) -> Walk:
    """Ask for the ports that have a neighbour; a switch has many more than those."""
    columns = (_LOCAL_KIND, _LOCAL_ID, _LOCAL_DESCR)
    oids = [f"{_LOCAL_ENTRY}.{column}.{number}" for number in numbers for column in columns]
    try:
        return Walk(await inquiry.client.get(sorted(oids, key=order)))
    except DiscoveryError as error:
        return Walk(failure=error)


def remote_fields(cells: Mapping[str, Value], known_address: str | None) -> Neighbour:
    """Return what the fields of an LLDP neighbour say of the other end.

    Args:
        cells: the fields; those that speak of chassis and port each with its kind.
        known_address: the management address that the device tells apart from them.
    """
    kind, port_kind = cells.get("chassis_kind"), cells.get("port_kind")
    own_address = _network_address(cells.get("chassis")) if kind == _ADDRESS_CHASSIS else None
    chassis = _identifier(
        cells.get("chassis"),
        is_mac=kind in (_MAC_CHASSIS, None),
        is_address=kind == _ADDRESS_CHASSIS,
    )
    port = _identifier(
        cells.get("remote_port"),
        is_mac=port_kind == _MAC_PORT,
        is_address=port_kind == _ADDRESS_PORT,
    )
    if kind == _INTERFACE_CHASSIS and port_kind == _MAC_PORT:
        # Hypervisors name the interface as their chassis, which many share, and its MAC as port.
        chassis, port = port, chassis
    return {
        "remote_chassis_id": chassis,
        "remote_address": known_address or own_address,
        "remote_port": port or text(cells.get("port_description")),
        "remote_name": line(cells.get("name")),
        "remote_description": text(cells.get("description"), 1024),
    }


class _LocalPorts:
    """Finds the interface behind the local port number of LLDP, which need not be its ifIndex."""

    def __init__(self, walk: Walk, interfaces: list[dict[str, Any]], ports: BridgePorts) -> None:
        self._table = by_column(walk, _LOCAL_ENTRY)
        self._ports = ports
        self._indexes = {row["index"] for row in interfaces}
        self._by_word: dict[str, int] = {}
        for field in ("description", "alias", "mac", "name"):
            # Names win over what is less unique, hence last.
            self._by_word.update({row[field]: row["index"] for row in interfaces if field in row})

    def find(self, number: str) -> tuple[int | None, str | None]:
        """Return the ifIndex and the name of a local port."""
        empty: Column = {}
        kind = self._table.get(_LOCAL_KIND, empty).get(number)
        port = _identifier(
            self._table.get(_LOCAL_ID, empty).get(number),
            is_mac=kind == _MAC_PORT,
            is_address=kind == _ADDRESS_PORT,
        )
        description = text(self._table.get(_LOCAL_DESCR, empty).get(number))
        for word in (port, description):
            if word is not None and word in self._by_word:
                return self._by_word[word], port
        if kind == _LOCAL_PORT and port and port.isdigit() and int(port) in self._indexes:
            return int(port), port
        # Ports of LLDP are mostly numbered as those of the bridge (IEEE 802.1AB, LldpPortNumber).
        index = self._ports.interface(int(number))
        return (index if index in self._indexes else None), port or number


def _identifier(value: Value, *, is_mac: bool, is_address: bool) -> str | None:
    found = None
    if is_mac:
        found = mac(value)
    elif is_address:
        found = _network_address(value)
    if found is None and isinstance(value, bytes) and any(value):
        found = str(scalar(value))[:255]
    return found or None


def _network_address(value: Value) -> str | None:
    """Return the address behind its octet of family, which some agents leave out."""
    if not isinstance(value, bytes):
        return None
    try:
        return str(ip_address(value.decode()))
    except ValueError:
        return address(value[1:]) or address(value)


def _management_addresses(walk: Walk) -> dict[str, str]:
    """Return port and number of a neighbour → its management address, IPv4 before IPv6."""
    found: dict[str, str] = {}
    for index in {one for column in by_column(walk, _MANAGEMENT_ENTRY).values() for one in column}:
        for neighbour, known in _readings(order(index)):
            if neighbour not in found or ":" in found[neighbour]:
                found[neighbour] = known
    return found


def _readings(numbers: list[int]) -> Iterator[tuple[str, str]]:
    """Read an index of lldpRemManAddrTable, with the time mark first or, as some agents, without.

    The address comes behind its family and, mostly, its length.
    """
    for start in (3, 2):
        family, rest = numbers[start : start + 1], numbers[start + 1 :]
        size = {1: 4, 2: 16}.get(family[0] if family else 0)
        if size is None or len(rest) not in (size, size + 1) or max(rest) > _OCTET:
            continue
        known = address(bytes(rest[-size:]))
        if known is not None:
            yield ".".join(map(str, numbers[start - 2 : start])), known
            return
