"""How the sections that tell where other devices are become rows; none of them is history.

A revision tells of the links that follow from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdb.items.topology import ArpEntry, ForwardingEntry, SpanningTreePort
from cmdb.reconcile.part_kinds import PartKind, Row, Telling
from schemas.vocabulary import Section


def _forwarding(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        mac = row.get("mac") or ""
        yield {
            "place": f"{row['interface_index']} {mac}",
            "interface_index": row["interface_index"],
            "mac": mac,
            "vlan": row.get("vlan"),
            "count": row.get("count"),
        }


def _spanning_tree(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {
            "interface_index": row["interface_index"],
            "designated_bridge": row["designated_bridge"],
            "designated_port": row["designated_port"],
            "root_bridge": row.get("root_bridge") or "",
            "is_root_port": bool(row.get("is_root_port")),
            "is_designated": bool(row.get("is_designated")),
        }


def _arp(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {
            "address": row["address"],
            "mac": row["mac"],
            "interface_index": row.get("interface_index"),
        }


TOPOLOGY_KINDS = (
    PartKind(
        "forwarding",
        Section.FORWARDING,
        ForwardingEntry,
        "place",
        ("interface_index", "mac", "vlan", "count"),
        _forwarding,
        telling=Telling.NEVER,
    ),
    PartKind(
        "spanning tree",
        Section.SPANNING_TREE,
        SpanningTreePort,
        "interface_index",
        ("designated_bridge", "designated_port", "root_bridge", "is_root_port", "is_designated"),
        _spanning_tree,
        telling=Telling.NEVER,
    ),
    PartKind(
        "ARP",
        Section.ARP,
        ArpEntry,
        "address",
        ("mac", "interface_index"),
        _arp,
        telling=Telling.NEVER,
    ),
)
