"""Which devices are at the other end of the cables? (LLDP-MIB, IEEE 802.1AB-2005)."""

from typing import Any

from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, order, rows_of
from discovery.collectors.snmp.values import address, mac, scalar, text
from discovery.protocols.snmp.client import SnmpClient, Walk
from discovery.protocols.snmp.wire import Value

_REMOTE_ENTRY = "1.0.8802.1.1.2.1.4.1.1"
_CHASSIS_KIND, _CHASSIS, _PORT_KIND, _PORT, _PORT_DESCR, _NAME, _DESCR = 4, 5, 6, 7, 8, 9, 10
_MANAGEMENT_ENTRY = "1.0.8802.1.1.2.1.4.2.1"
_MANAGEMENT_COLUMNS = (3, 4, 5)
_LOCAL_ENTRY = "1.0.8802.1.1.2.1.3.7.1"
_LOCAL_KIND, _LOCAL_ID, _LOCAL_DESCR = 2, 3, 4

_MAC_CHASSIS, _ADDRESS_CHASSIS = 4, 5
_MAC_PORT, _ADDRESS_PORT, _LOCAL_PORT = 3, 4, 7
_INDEX_PARTS = 3


async def read_neighbours(client: SnmpClient, interfaces: list[dict[str, Any]]) -> Reading:
    """Return the rows of the section `neighbours`, ordered by local port.

    Args:
        client: the open client.
        interfaces: the rows of the section `interfaces`, to which local ports are matched.
    """
    columns = _CHASSIS_KIND, _CHASSIS, _PORT_KIND, _PORT, _PORT_DESCR, _NAME, _DESCR
    remote_walk = await client.walk(_REMOTE_ENTRY, columns)
    if not remote_walk.rows:
        return rows_of([], remote_walk)
    local_walk = await client.walk(_LOCAL_ENTRY, (_LOCAL_KIND, _LOCAL_ID, _LOCAL_DESCR))
    management_walk = await client.walk(_MANAGEMENT_ENTRY, _MANAGEMENT_COLUMNS)
    remote = by_column(remote_walk, _REMOTE_ENTRY)
    addresses = _management_addresses(management_walk)
    ports = _LocalPorts(local_walk, interfaces)
    keys = sorted({index for column in remote.values() for index in column}, key=order)
    rows = [
        _row(index, remote, addresses.get(index), ports)
        for index in keys
        if index.count(".") == _INDEX_PARTS - 1
    ]
    # The order of the agent depends on when a neighbour appeared.
    rows.sort(key=lambda row: [str(row.get(name, "")) for name in _ORDER])
    return rows_of(rows, remote_walk, local_walk, management_walk)


_ORDER = ("local_interface_index", "local_port", "remote_chassis_id", "remote_port", "remote_name")


class _LocalPorts:
    """Finds the interface behind the local port number of LLDP, which need not be its ifIndex."""

    def __init__(self, walk: Walk, interfaces: list[dict[str, Any]]) -> None:
        self._table = by_column(walk, _LOCAL_ENTRY)
        self._indexes = {row["index"] for row in interfaces}
        self._by_word: dict[str, int] = {}
        for field in ("description", "alias", "mac", "name"):
            # Names win over what is less unique, hence last.
            self._by_word.update({row[field]: row["index"] for row in interfaces if field in row})

    def find(self, number: str) -> tuple[int | None, str | None]:
        """Return the ifIndex and the name of a local port."""
        empty: Column = {}
        kind = self._table.get(_LOCAL_KIND, empty).get(number)
        port = _port(kind, self._table.get(_LOCAL_ID, empty).get(number))
        description = text(self._table.get(_LOCAL_DESCR, empty).get(number))
        for word in (port, description):
            if word is not None and word in self._by_word:
                return self._by_word[word], port
        if kind == _LOCAL_PORT and port and port.isdigit() and int(port) in self._indexes:
            return int(port), port
        index = int(number)
        return (index if index in self._indexes else None), port or number


def _row(
    index: str, remote: dict[int, Column], management: str | None, ports: _LocalPorts
) -> dict[str, Any]:
    empty: Column = {}

    def cell(column: int) -> Value:
        return remote.get(column, empty).get(index)

    interface, port = ports.find(index.split(".")[1])
    return compact(
        {
            "protocol": "lldp",
            "local_interface_index": interface,
            "local_port": port,
            "remote_chassis_id": _chassis(cell(_CHASSIS_KIND), cell(_CHASSIS)),
            "remote_port": _port(cell(_PORT_KIND), cell(_PORT)) or text(cell(_PORT_DESCR)),
            "remote_name": text(cell(_NAME)),
            "remote_description": text(cell(_DESCR), 1024),
            "remote_address": management,
        }
    )


def _chassis(kind: Value, value: Value) -> str | None:
    return _identifier(value, is_mac=kind == _MAC_CHASSIS, is_address=kind == _ADDRESS_CHASSIS)


def _port(kind: Value, value: Value) -> str | None:
    return _identifier(value, is_mac=kind == _MAC_PORT, is_address=kind == _ADDRESS_PORT)


def _identifier(value: Value, *, is_mac: bool, is_address: bool) -> str | None:
    found = None
    if is_mac:
        found = mac(value)
    elif is_address and isinstance(value, bytes):
        # One octet of address family comes before the address.
        found = address(value[1:])
    if found is None and isinstance(value, bytes):
        found = str(scalar(value))[:255]
    return found or None


def _management_addresses(walk: Walk) -> dict[str, str]:
    """Return the index of a neighbour → its management address, IPv4 before IPv6."""
    found: dict[str, str] = {}
    for column in by_column(walk, _MANAGEMENT_ENTRY).values():
        for index in column:
            numbers = order(index)
            octets = numbers[_INDEX_PARTS + 2 :]
            if max(octets, default=256) > 255:  # noqa: PLR2004 — an octet
                continue
            known = address(bytes(octets))
            neighbour = ".".join(str(one) for one in numbers[:_INDEX_PARTS])
            if known is not None and (neighbour not in found or ":" in found[neighbour]):
                found[neighbour] = known
    return found
