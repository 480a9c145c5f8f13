"""Which addresses does each port of a switch see? (Q-BRIDGE-MIB, RFC 4363; BRIDGE-MIB, RFC 4188).

Cisco switches keep one BRIDGE-MIB per VLAN; it is reached by `community@vlan`, or by the context
`vlan-N` of SNMP v3. What people plug in comes and goes all day, so that only those ports are told
address by address that see few of them; of the others only about how many they see.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from discovery.collectors.snmp import cisco_vlans
from discovery.collectors.snmp.bridge import BASE_PORT_ENTRY, BridgePorts, bridge_ports_of
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Reading, by_column, compact, rows_of
from discovery.collectors.snmp.values import mac_of_arcs
from discovery.collectors.snmp.vlans import Switching
from discovery.errors import DiscoveryError
from discovery.protocols.snmp.client import SnmpClient, Walk

_PLAIN_ENTRY = "1.3.6.1.2.1.17.4.3.1"
_VLAN_ENTRY = "1.3.6.1.2.1.17.7.1.2.2.1"
_PORT = 2
_CISCO = "1.3.6.1.4.1.9."
_MAC_ARCS = 6

FORWARDING_ROOTS: Final = (f"{_PLAIN_ENTRY}.{_PORT}", f"{_VLAN_ENTRY}.{_PORT}")

FEW: Final = 3
"""So many addresses of one port are told one by one."""
MAX_VLANS: Final = 64
MAX_SECONDS: Final = 30.0
"""For all VLANs of one device that are asked one by one."""

InVlan = Callable[[int], SnmpClient]
"""Makes the client, not open yet, that reads the tables of one VLAN."""


@dataclass(slots=True)
class _Learned:
    """The addresses seen so far: ifIndex → address → its VLAN, None where that is not told."""

    own: frozenset[str]
    indexes: frozenset[int]
    by_port: dict[int, dict[str, int | None]] = field(
        default_factory=lambda: defaultdict[int, "dict[str, int | None]"](dict)
    )
    walks: list[Walk] = field(default_factory=list[Walk])

    def add(self, port: int, mac: str | None, vlan: int | None) -> None:
        """Note an address, unless it is the switch's own or behind none of its interfaces."""
        if mac is None or mac in self.own or port not in self.indexes:
            return
        known = self.by_port[port].get(mac)
        self.by_port[port][mac] = min(filter(None, (known, vlan)), default=None)


async def read_forwarding(
    inquiry: Inquiry,
    interfaces: list[dict[str, Any]],
    switching: Switching,
    ports: BridgePorts,
    in_vlan: InVlan,
) -> Reading | None:
    """Return the rows of the section `forwarding`; None for what keeps no such table.

    Args:
        inquiry: the device.
        interfaces: the rows of the section `interfaces`.
        switching: its VLANs, of which those with access ports are asked for.
        ports: its bridge ports.
        in_vlan: the way to the tables of one VLAN.
    """
    learned = _Learned(
        frozenset(row["mac"] for row in interfaces if "mac" in row),
        frozenset(row["index"] for row in interfaces),
    )
    plain, vlan_aware = (inquiry.has(root) for root in FORWARDING_ROOTS)
    if vlan_aware:
        walk = await inquiry.client.walk(_VLAN_ENTRY, (_PORT,), is_small=True)
        _read_vlan_aware(learned, walk, ports, switching)
    if plain and not learned.by_port:
        _read_plain(learned, await _walk_plain(inquiry.client), ports, None)
    vlans = [] if vlan_aware else _vlans_to_ask(inquiry, interfaces, switching)
    if not (plain or vlan_aware or vlans):
        return None
    failure = await _read_per_vlan(learned, vlans, in_vlan)
    reading = rows_of(list(_rows(learned.by_port)), *learned.walks)
    return Reading(reading.content, reading.failure or failure)


def _read_vlan_aware(
    learned: _Learned, walk: Walk, ports: BridgePorts, switching: Switching
) -> None:
    learned.walks.append(walk)
    for index, port in by_column(walk, _VLAN_ENTRY).get(_PORT, {}).items():
        database, *arcs = index.split(".")
        if isinstance(port, int):
            # A database holds one VLAN and has its number, except where VLANs learn together.
            vlan = int(database) if int(database) in switching.names else None
            learned.add(ports.interface(port), mac_of_arcs(arcs), vlan)


async def _walk_plain(client: SnmpClient) -> Walk:
    return await client.walk(_PLAIN_ENTRY, (_PORT,), is_small=True)


def _read_plain(learned: _Learned, walk: Walk, ports: BridgePorts, vlan: int | None) -> None:
    learned.walks.append(walk)
    for index, port in by_column(walk, _PLAIN_ENTRY).get(_PORT, {}).items():
        if isinstance(port, int):
            learned.add(ports.interface(port), mac_of_arcs(index.split(".")), vlan)


def _vlans_to_ask(
    inquiry: Inquiry, interfaces: list[dict[str, Any]], switching: Switching
) -> list[int]:
    """Return the VLANs in which an access port is up; on trunks are other switches."""
    if not inquiry.sys_object_id.startswith(_CISCO) or not inquiry.has(cisco_vlans.ACCESS_ROOT):
        return []
    up = {row["index"] for row in interfaces if row.get("oper_status") == "up"}
    access = up & switching.untagged.keys() - switching.tagged.keys()
    return sorted({switching.untagged[index] for index in access})[:MAX_VLANS]


async def _read_per_vlan(
    learned: _Learned, vlans: list[int], in_vlan: InVlan
) -> DiscoveryError | None:
    """Ask one VLAN after another, and stop at the first that does not answer."""
    clock = asyncio.get_running_loop().time
    ends_at = clock() + MAX_SECONDS
    for vlan in vlans:
        if clock() > ends_at:
            break
        try:
            client = in_vlan(vlan)
        except DiscoveryError as error:
            return error
        try:
            await client.open()
            # A walk would try again in smaller steps where a single question finds silence.
            await client.get_next(BASE_PORT_ENTRY)
            ports = await bridge_ports_of(client)
            walk = await _walk_plain(client)
        except DiscoveryError as error:
            return error
        finally:
            client.close()
        if ports.walk.failure is not None:
            return ports.walk.failure
        _read_plain(learned, walk, ports, vlan)
    return None


def _rows(by_port: Mapping[int, Mapping[str, int | None]]) -> Iterator[dict[str, Any]]:
    for index, seen in sorted(by_port.items()):
        if len(seen) > FEW:
            # A power of two, so that one device more or less changes nothing.
            yield {"interface_index": index, "count": 1 << len(seen).bit_length() - 1}
            continue
        for mac, vlan in sorted(seen.items()):
            yield compact({"interface_index": index, "mac": mac, "vlan": vlan})
