"""Which VLANs does the device know, and which of them does each of its ports carry?

Q-BRIDGE-MIB (RFC 4363) first; CISCO-VTP-MIB and CISCO-VLAN-MEMBERSHIP-MIB where Cisco leaves it
out; the tables of `vendors/vlans.toml` where a maker has only its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from discovery.collectors.snmp import cisco_vlans
from discovery.collectors.snmp.bridge import BridgePorts, ports_of
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Column, Reading, by_column, compact, rows_of
from discovery.collectors.snmp.values import line, number
from discovery.protocols.snmp.client import Walk
from schemas.sections import MAX_VLAN

_CURRENT_ENTRY = "1.3.6.1.2.1.17.7.1.4.2.1"
_CURRENT_EGRESS, _CURRENT_UNTAGGED = 4, 5
_STATIC_ENTRY = "1.3.6.1.2.1.17.7.1.4.3.1"
_STATIC_NAME, _STATIC_EGRESS, _STATIC_UNTAGGED = 1, 2, 4
_PORT_ENTRY = "1.3.6.1.2.1.17.7.1.4.5.1"
_PVID = 1

VLAN_ROOTS = (f"{_CURRENT_ENTRY}.{_CURRENT_EGRESS}", _STATIC_ENTRY, f"{_PORT_ENTRY}.{_PVID}")


@dataclass(slots=True)
class Switching:
    """The VLANs of a device and what its ports carry, by ifIndex.

    Attributes:
        names: number of a VLAN → its name, None where it has none.
        untagged: ifIndex → the VLAN of frames without a tag.
        tagged: ifIndex → the VLANs that leave with a tag.
        walks: what was asked, for what may have gone wrong.
    """

    names: dict[int, str | None] = field(default_factory=dict[int, "str | None"])
    untagged: dict[int, int] = field(default_factory=dict[int, int])
    tagged: dict[int, list[int]] = field(default_factory=dict[int, "list[int]"])
    walks: list[Walk] = field(default_factory=list[Walk])

    def section(self) -> Reading:
        """Return the rows of the section `vlans`, by number."""
        rows = [compact({"number": vlan, "name": self.names[vlan]}) for vlan in sorted(self.names)]
        return rows_of(rows, *self.walks)

    def of_port(self, index: int) -> dict[str, Any]:
        """Return what the row of an interface tells of VLANs."""
        tagged = self.tagged.get(index)
        return compact(
            {
                "untagged_vlan": self.untagged.get(index),
                "tagged_vlans": write_ranges(tagged) if tagged else None,
            }
        )


async def read_switching(inquiry: Inquiry, ports: BridgePorts) -> Switching:
    """Ask the tables that this device has."""
    switching = Switching()
    await _read_q_bridge(inquiry, ports, switching)
    switching.walks += await cisco_vlans.read(
        inquiry, switching.names, switching.untagged, switching.tagged
    )
    if not switching.names:
        await _read_vendor_vlans(inquiry, switching)
    if not switching.names:
        known = {*switching.untagged.values(), *(v for t in switching.tagged.values() for v in t)}
        switching.names = dict.fromkeys(known)
    return switching


async def _read_q_bridge(inquiry: Inquiry, ports: BridgePorts, switching: Switching) -> None:
    current = await inquiry.walk(_CURRENT_ENTRY, (_CURRENT_EGRESS, _CURRENT_UNTAGGED))
    # What is active now says who is a member; only its names are missing there.
    membership = () if current.rows else (_STATIC_EGRESS, _STATIC_UNTAGGED)
    static = Walk()
    if inquiry.has(_STATIC_ENTRY):
        static = await inquiry.client.walk(_STATIC_ENTRY, (_STATIC_NAME, *membership))
    pvids = await inquiry.walk(_PORT_ENTRY, (_PVID,), is_small=True)
    switching.walks += [ports.walk, current, static, pvids]
    configured, active = by_column(static, _STATIC_ENTRY), by_column(current, _CURRENT_ENTRY)
    egress = active.get(_CURRENT_EGRESS) or configured.get(_STATIC_EGRESS, {})
    untagged = active.get(_CURRENT_UNTAGGED) or configured.get(_STATIC_UNTAGGED, {})
    names = configured.get(_STATIC_NAME, {})
    for index in names or configured.get(_STATIC_EGRESS) or egress:
        if (vlan := _vlan(index)) is not None:
            switching.names[vlan] = line(names.get(index))
    _spread(ports, egress, untagged, switching)
    for port, value in by_column(pvids, _PORT_ENTRY).get(_PVID, {}).items():
        vlan = number(value, MAX_VLAN)
        if vlan and port.isdigit():
            switching.untagged[ports.interface(int(port))] = vlan


def _spread(ports: BridgePorts, egress: Column, untagged: Column, switching: Switching) -> None:
    """Turn the ports of each VLAN into the VLANs of each port."""
    tagged: dict[int, set[int]] = defaultdict(set)
    for index, members in egress.items():
        vlan = _vlan(index)
        if vlan is None or not isinstance(members, bytes):
            continue
        bare = untagged.get(index)
        without = frozenset(ports_of(bare)) if isinstance(bare, bytes) else frozenset[int]()
        for port in ports_of(members):
            if port in without:
                switching.untagged[ports.interface(port)] = vlan
            else:
                tagged[ports.interface(port)].add(vlan)
    switching.tagged |= {port: sorted(vlans) for port, vlans in tagged.items()}


def _vlan(index: str) -> int | None:
    """Return the VlanIndex at the end of an index; some begin with a time."""
    return number(int(index.rpartition(".")[2]), MAX_VLAN) or None


async def _read_vendor_vlans(inquiry: Inquiry, switching: Switching) -> None:
    for _, rows, walk in await inquiry.vendor_rows("vlans"):
        switching.walks.append(walk)
        for row in rows:
            vlan = number(row.get("number"), MAX_VLAN)
            if vlan:
                switching.names[vlan] = line(row.get("name"))


def write_ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write VLANs: `1,10-19`."""
    runs: list[list[int]] = []
    for one in sorted(set(numbers)):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in runs)
