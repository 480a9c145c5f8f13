"""Which IP addresses does the device have?

IP-MIB (RFC 4293; RFC 1213 for older agents), and for IPv6 before there was one table for both
IPV6-MIB (RFC 2465), CISCO-IETF-IP-MIB and makers' own.
"""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, ip_address
from typing import Any, Final

from discovery.collectors.snmp.inquiry import IP_ADDR_ENTRY, Inquiry
from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, rows_of
from discovery.collectors.snmp.values import number
from discovery.collectors.snmp.vendor_tables import VendorRow
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value

_OLD_ADDRESS, _OLD_IF_INDEX, _OLD_MASK = 1, 2, 3
_NEW_ENTRY = "1.3.6.1.2.1.4.34.1"
_NEW_IF_INDEX, _NEW_TYPE, _NEW_PREFIX = 3, 4, 5
_IPV6_ENTRY = "1.3.6.1.2.1.55.1.8.1"
_IPV6_PREFIX_LENGTH = 2
_CISCO_ENTRY = "1.3.6.1.4.1.9.10.86.1.1.2.1"
_CISCO_IF_INDEX, _CISCO_TYPE, _CISCO_PREFIX = 3, 4, 5

ADDRESS_ROOTS: Final = (
    f"{_NEW_ENTRY}.{_NEW_IF_INDEX}",
    f"{_IPV6_ENTRY}.{_IPV6_PREFIX_LENGTH}",
    f"{_CISCO_ENTRY}.{_CISCO_IF_INDEX}",
)

_BROADCAST = 3
_ADDRESS_OCTETS = {"1": 4, "2": 16, "3": 4, "4": 16}
_MAX_INDEX = 2**32 - 1
_IPV4_ARCS, _IPV6_ARCS = 4, 16

Rows = dict[str, dict[str, Any]]


async def read_addresses(inquiry: Inquiry) -> Reading:
    """Return the rows of the section `addresses`, in numeric order, IPv4 first."""
    new_columns = _NEW_IF_INDEX, _NEW_TYPE, _NEW_PREFIX
    new_walk = await inquiry.walk(_NEW_ENTRY, new_columns)
    old_walk = await inquiry.walk_expected(IP_ADDR_ENTRY, (_OLD_IF_INDEX, _OLD_MASK))
    rows = await _old_rows(inquiry, old_walk)
    found = _new_rows(by_column(new_walk, _NEW_ENTRY), new_columns)
    walks = [new_walk, old_walk]
    if not any(":" in address for address in found):
        ipv6_walk = await inquiry.walk(_IPV6_ENTRY, (_IPV6_PREFIX_LENGTH,))
        cisco_columns = _CISCO_IF_INDEX, _CISCO_TYPE, _CISCO_PREFIX
        cisco_walk = await inquiry.walk(_CISCO_ENTRY, cisco_columns)
        found |= _new_rows(by_column(cisco_walk, _CISCO_ENTRY), cisco_columns)
        found |= _ipv6_rows(ipv6_walk)
        walks += [ipv6_walk, cisco_walk]
        for _, vendor_rows, vendor_walk in await inquiry.vendor_rows("addresses"):
            found |= _vendor_rows(vendor_rows)
            walks.append(vendor_walk)
    for address, row in found.items():
        # The old table knows the mask of an address whose prefix the new one leaves out.
        rows[address] = rows.get(address, {}) | row
    ordered = sorted(rows, key=lambda text: (ip_address(text).version, int(ip_address(text))))
    return rows_of([rows[address] for address in ordered], *walks)


async def _old_rows(inquiry: Inquiry, walk: Walk) -> Rows:
    table = by_column(walk, IP_ADDR_ENTRY)
    masks, interfaces = table.get(_OLD_MASK, {}), table.get(_OLD_IF_INDEX, {})
    told: Column = {}
    if any(index.count(".") != _IPV4_ARCS - 1 for index in interfaces):
        # Some agents put an interface into the index, others a mere number; the column tells.
        again = await inquiry.walk_expected(IP_ADDR_ENTRY, (_OLD_ADDRESS,))
        told = by_column(again, IP_ADDR_ENTRY).get(_OLD_ADDRESS, {})
    rows: Rows = {}
    for index, interface in interfaces.items():
        address = _address(str(told.get(index) or index).split(".")[:_IPV4_ARCS])
        if address is not None and ":" not in address and address not in rows:
            rows[address] = _row(address, _mask_length(masks.get(index)), interface)
    return rows


def _new_rows(table: Mapping[int, Column], columns: tuple[int, int, int]) -> Rows:
    interfaces, kinds, prefixes = (table.get(column, {}) for column in columns)
    rows: Rows = {}
    for index, interface in interfaces.items():
        address = _indexed_address(index)
        if address is not None and kinds.get(index) != _BROADCAST:
            rows[address] = _row(address, _prefix_length(prefixes.get(index)), interface)
    return rows


def _ipv6_rows(walk: Walk) -> Rows:
    """Return addresses whose index is an ifIndex and 16 octets, their number left out or not."""
    rows: Rows = {}
    for index, length in by_column(walk, _IPV6_ENTRY).get(_IPV6_PREFIX_LENGTH, {}).items():
        interface, *numbers = index.split(".")
        if len(numbers) == _IPV6_ARCS + 1:
            numbers = numbers[1:]
        # Some agents spell the address out as text, whose octets would be taken for another one.
        if len(numbers) != _IPV6_ARCS or numbers[0] == str(_IPV6_ARCS - 1):
            continue
        address = _address(numbers)
        if address is not None:
            rows[address] = _row(address, number(length, 128), int(interface))
    return rows


def _vendor_rows(table: Iterable[VendorRow]) -> Rows:
    rows: Rows = {}
    for row in table:
        address = _address(str(row.get("address")).split("."))
        if address is not None:
            rows[address] = _row(address, None, row.get("interface"))
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
