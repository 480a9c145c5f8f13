"""Which addresses has a router resolved? (IP-MIB, RFC 4293: ARP and neighbour discovery)."""

from ipaddress import ip_address, ip_interface
from typing import Any, Final

from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.system import SYS_SERVICES
from discovery.collectors.snmp.tables import Column, Reading, by_column, rows_of
from discovery.collectors.snmp.values import address, mac, number
from discovery.protocols.snmp.wire import Value

_OLD_ENTRY = "1.3.6.1.2.1.4.22.1"
_OLD_MAC = 2
_NEW_ENTRY = "1.3.6.1.2.1.4.35.1"
_NEW_MAC = 4
_ROUTES = 4
_LENGTHS = (4, 16)

ARP_ROOTS: Final = (f"{_OLD_ENTRY}.{_OLD_MAC}", f"{_NEW_ENTRY}.{_NEW_MAC}")


def is_router(probe: dict[str, Value]) -> bool:
    """Say whether the answer to the probe tells of layer 3 (RFC 3418, sysServices)."""
    return bool((number(probe.get(SYS_SERVICES), 127) or 0) & _ROUTES)


async def read_arp(
    inquiry: Inquiry, interfaces: list[dict[str, Any]], addresses: list[dict[str, Any]]
) -> Reading | None:
    """Return the rows of the section `arp`: pairs inside the subnets that the device is in.

    Args:
        inquiry: the device.
        interfaces: the rows of the section `interfaces`; their own addresses are left out.
        addresses: the rows of the section `addresses`, from which its subnets follow.
    """
    own = {row["mac"] for row in interfaces if "mac" in row}
    networks = {
        ip_interface(f"{row['address']}/{row['prefix_length']}").network
        for row in addresses
        if "prefix_length" in row
    }
    for entry, column in ((_NEW_ENTRY, _NEW_MAC), (_OLD_ENTRY, _OLD_MAC)):
        if not inquiry.has(f"{entry}.{column}"):
            continue
        walk = await inquiry.client.walk(entry, (column,))
        cells = by_column(walk, entry).get(column, {})
        rows = {
            row["address"]: row
            for row in _rows(cells, is_new=entry == _NEW_ENTRY)
            if row["mac"] not in own
            and any(ip_address(row["address"]) in network for network in networks)
        }
        if rows or walk.failure is not None:
            return rows_of([rows[key] for key in sorted(rows)], walk)
    return None


def _rows(cells: Column, *, is_new: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for index, value in cells.items():
        interface, *arcs = (int(one) for one in index.split("."))
        # Family and, by most agents, length come before the address.
        octets = arcs[2:] if is_new and len(arcs) - 2 in _LENGTHS else arcs[is_new:]
        hardware = mac(value)
        if hardware is None or len(octets) not in _LENGTHS or max(octets) > 255:  # noqa: PLR2004 — an octet
            continue
        known = address(bytes(octets))
        if known is not None and not ip_address(known).is_link_local:
            rows.append({"address": known, "mac": hardware, "interface_index": interface})
    return rows
