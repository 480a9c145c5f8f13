"""Which IP addresses does the device have? (IP-MIB: RFC 4293, and RFC 1213 for older agents)."""

from ipaddress import IPv4Network, ip_address
from typing import Any

from discovery.collectors.snmp.tables import Reading, by_column, compact, rows_of
from discovery.collectors.snmp.values import number
from discovery.protocols.snmp.client import SnmpClient, Walk
from discovery.protocols.snmp.wire import Value

_OLD_ENTRY = "1.3.6.1.2.1.4.20.1"
_OLD_IF_INDEX, _OLD_MASK = 2, 3
_NEW_ENTRY = "1.3.6.1.2.1.4.34.1"
_NEW_IF_INDEX, _NEW_TYPE, _NEW_PREFIX = 3, 4, 5
_BROADCAST = 3
_ADDRESS_OCTETS = {"1": 4, "2": 16, "3": 4, "4": 16}
_MAX_INDEX = 2**32 - 1


async def read_addresses(client: SnmpClient) -> Reading:
    """Return the rows of the section `addresses`, in numeric order, IPv4 first."""
    new_walk = await client.walk(_NEW_ENTRY, (_NEW_IF_INDEX, _NEW_TYPE, _NEW_PREFIX))
    old_walk = await client.walk(_OLD_ENTRY, (_OLD_IF_INDEX, _OLD_MASK))
    rows = _old_rows(old_walk)
    for address, row in _new_rows(new_walk).items():
        # The old table knows the mask of an address whose prefix the new one leaves out.
        rows[address] = rows.get(address, {}) | row
    ordered = sorted(rows, key=lambda text: (ip_address(text).version, int(ip_address(text))))
    return rows_of([rows[address] for address in ordered], new_walk, old_walk)


def _old_rows(walk: Walk) -> dict[str, dict[str, Any]]:
    table = by_column(walk, _OLD_ENTRY)
    masks = table.get(_OLD_MASK, {})
    rows: dict[str, dict[str, Any]] = {}
    for index, interface in table.get(_OLD_IF_INDEX, {}).items():
        address = _address(index.split("."))
        if address is not None and ":" not in address:
            rows[address] = _row(address, _mask_length(masks.get(index)), interface)
    return rows


def _new_rows(walk: Walk) -> dict[str, dict[str, Any]]:
    table = by_column(walk, _NEW_ENTRY)
    kinds, prefixes = table.get(_NEW_TYPE, {}), table.get(_NEW_PREFIX, {})
    rows: dict[str, dict[str, Any]] = {}
    for index, interface in table.get(_NEW_IF_INDEX, {}).items():
        address = _indexed_address(index)
        if address is not None and kinds.get(index) != _BROADCAST:
            rows[address] = _row(address, _prefix_length(prefixes.get(index)), interface)
    return rows


def _row(address: str, prefix_length: int | None, interface: Value) -> dict[str, Any]:
    return compact(
        {
            "address": address,
            "prefix_length": prefix_length,
            "interface_index": number(interface, _MAX_INDEX),
        }
    )


def _indexed_address(index: str) -> str | None:
    """Return the address of an InetAddressType and InetAddress index, a zone left aside."""
    kind, *numbers = index.split(".")
    size = _ADDRESS_OCTETS.get(kind)
    if size is None:
        return None
    # The length belongs there, but some agents forget it.
    if len(numbers) in (size + 1, size + 5):
        numbers = numbers[1:]
    return _address(numbers[:size])


def _address(numbers: list[str]) -> str | None:
    try:
        address = ip_address(bytes(int(one) for one in numbers))
    except ValueError:
        return None
    return None if address.is_unspecified else str(address)


def _mask_length(mask: Value) -> int | None:
    if not isinstance(mask, str):
        return None
    try:
        return IPv4Network(f"0.0.0.0/{mask}").prefixlen
    except ValueError:
        return None


def _prefix_length(prefix: Value) -> int | None:
    """Return the last number of a pointer into ipAddressPrefixTable; 0.0 points nowhere."""
    if not isinstance(prefix, str) or prefix in {"0.0", "0"}:
        return None
    length = int(prefix.rsplit(".", 1)[-1])
    return length if 0 < length <= 128 else None  # noqa: PLR2004 — bits of an IPv6 address
