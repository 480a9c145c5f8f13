"""VLANs of Cisco switches that lack Q-BRIDGE-MIB (CISCO-VTP-MIB, CISCO-VLAN-MEMBERSHIP-MIB)."""

from typing import Final

from discovery.collectors.snmp.bridge import ports_of
from discovery.collectors.snmp.inquiry import Inquiry
from discovery.collectors.snmp.tables import Column, by_column
from discovery.collectors.snmp.values import line, number
from discovery.protocols.snmp.client import Walk
from schemas.sections import MAX_VLAN

_VLAN_ENTRY = "1.3.6.1.4.1.9.9.46.1.3.1.1"
_TYPE, _NAME = 3, 4
_ETHERNET = 1
_ACCESS_ENTRY = "1.3.6.1.4.1.9.9.68.1.2.2.1"
_ACCESS_VLAN = 2
_TRUNK_ENTRY = "1.3.6.1.4.1.9.9.46.1.6.1.1"
_ENABLED, _NATIVE, _STATUS = 4, 5, 14
_TRUNKING = 1
_FURTHER = {17: 1024, 18: 2048, 19: 3072}

ACCESS_ROOT: Final = f"{_ACCESS_ENTRY}.{_ACCESS_VLAN}"
ROOTS: Final = (
    f"{_VLAN_ENTRY}.{_NAME}",
    ACCESS_ROOT,
    f"{_TRUNK_ENTRY}.{_STATUS}",
)


async def read(
    inquiry: Inquiry,
    names: dict[int, str | None],
    untagged: dict[int, int],
    tagged: dict[int, list[int]],
) -> list[Walk]:
    """Add the VLANs and what the ports carry; returns what was asked."""
    walks: list[Walk] = []
    if inquiry.has(ROOTS[0]):
        walks.append(await inquiry.client.walk(_VLAN_ENTRY, (_TYPE, _NAME)))
        names |= _names(walks[-1])
    if inquiry.has(ROOTS[1]):
        walks.append(await inquiry.client.walk(_ACCESS_ENTRY, (_ACCESS_VLAN,), is_small=True))
        for index, value in by_column(walks[-1], _ACCESS_ENTRY).get(_ACCESS_VLAN, {}).items():
            vlan = number(value, MAX_VLAN)
            if vlan and index.isdigit():
                untagged[int(index)] = vlan
    if inquiry.has(ROOTS[2]):
        columns = (_ENABLED, _NATIVE, _STATUS, *_FURTHER)
        walks.append(await inquiry.client.walk(_TRUNK_ENTRY, columns))
        _read_trunks(by_column(walks[-1], _TRUNK_ENTRY), names, untagged, tagged)
    return walks


def _names(walk: Walk) -> dict[int, str | None]:
    """Return the Ethernet VLANs; those for Token Ring and FDDI exist on every switch."""
    table = by_column(walk, _VLAN_ENTRY)
    kinds = table.get(_TYPE, {})
    found: dict[int, str | None] = {}
    for index, name in table.get(_NAME, {}).items():
        vlan = number(int(index.rpartition(".")[2]), MAX_VLAN)
        if vlan and kinds.get(index, _ETHERNET) == _ETHERNET:
            found[vlan] = line(name)
    return found


def _read_trunks(
    table: dict[int, Column],
    names: dict[int, str | None],
    untagged: dict[int, int],
    tagged: dict[int, list[int]],
) -> None:
    for index, status in table.get(_STATUS, {}).items():
        if status != _TRUNKING or not index.isdigit():
            continue
        native = number(table.get(_NATIVE, {}).get(index), MAX_VLAN)
        if native:
            untagged[int(index)] = native
        allowed: set[int] = set()
        for column, first in ((_ENABLED, 0), *_FURTHER.items()):
            bits = table.get(column, {}).get(index)
            if isinstance(bits, bytes):
                allowed.update(ports_of(bits, first))
        # A trunk allows every number there is unless told otherwise; it carries what exists.
        tagged[int(index)] = sorted(allowed & names.keys() - {native})
