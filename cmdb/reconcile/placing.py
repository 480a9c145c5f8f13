"""Which known device is behind a port of a switch? From learned addresses, and ARP for names."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem, Identifier, Interface, Relation
from cmdb.items.told import Neighbour
from cmdb.items.topology import ArpEntry, ForwardingEntry, SpanningTreePort
from cmdb.reconcile.batch import Batch
from cmdb.reconcile.rules import compute_link
from cmdb.reconcile.topology import FORWARDING, Report, place
from schemas.vocabulary import IdentifierScheme

NETWORK = "network."
"""Begins the classes whose devices have others behind them."""

Port = tuple[UUID, int]
"""Item and ifIndex."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where devices are, and the ports of which nothing of the kind may be said."""

    reports: list[Report]
    blocked: set[Port]


@dataclass(slots=True)
class _Seen:
    """What one port has learned."""

    subject_id: UUID
    name: str
    macs: set[str] = field(default_factory=set[str])
    is_crowded: bool = False


def find_switches(
    batch: Batch, *, interfaces: Collection[UUID], resolved: Collection[UUID]
) -> set[UUID]:
    """Return the switches that have learned addresses of these items, or that these have resolved.

    Args:
        batch: the envelope.
        interfaces: the items whose interfaces have changed.
        resolved: the routers whose ARP tables have changed.
    """
    found: set[UUID] = set()
    for table, items in ((Interface, interfaces), (ArpEntry, resolved)):
        if items:
            statement = (
                sa.select(ForwardingEntry.item_id)
                .join(table, table.mac == ForwardingEntry.mac)
                .where(table.item_id.in_(items), table.mac != "", batch.keeps(ForwardingEntry))
            )
            found.update(batch.session.scalars(statement.distinct()))
    return found


def place_devices(batch: Batch, switches: Collection[UUID], links: Iterable[Relation]) -> Placement:
    """Find behind which ports of these switches a known device is.

    Args:
        batch: the envelope.
        switches: the switches.
        links: the relations in which they stand, those of this envelope included.
    """
    ports = _read_ports(batch, switches)
    if not ports:
        return Placement([], set())
    blocked = _find_blocked(batch, switches, links)
    owners = _find_owners(batch, switches)
    items = {mac: item for mac, (item, _) in owners.items()}
    reports: list[Report] = []
    for (switch, index), seen in ports.items():
        if seen.is_crowded or (switch, index) in blocked:
            continue
        device = place(seen.macs, items)
        if device is None or device == switch:
            continue
        # With several interfaces behind one port nobody knows which of them the cable is in.
        far = {end for mac in seen.macs if (end := owners[mac][1]) is not None}
        other_index, other_port = far.pop() if len(far) == 1 else (None, "")
        link = compute_link(
            switch, seen.name, device, other_port, index=index, other_index=other_index
        )
        reports.append(Report(link, seen.subject_id, FORWARDING))
    return Placement(reports, blocked)


def _read_ports(batch: Batch, switches: Collection[UUID]) -> dict[Port, _Seen]:
    entry = ForwardingEntry
    statement = (
        sa.select(entry.item_id, entry.interface_index, entry.subject_id, entry.mac, Interface.name)
        .join(
            Interface,
            sa.and_(Interface.item_id == entry.item_id, Interface.index == entry.interface_index),
        )
        .where(entry.item_id.in_(switches))
    )
    ports: dict[Port, _Seen] = {}
    for item, index, subject, mac, name in batch.session.execute(statement):
        if subject is None:
            continue
        seen = ports.setdefault((item, index), _Seen(subject, name))
        seen.is_crowded |= not mac
        seen.macs.add(mac)
    return ports


def _find_blocked(batch: Batch, switches: Collection[UUID], links: Iterable[Relation]) -> set[Port]:
    """Return the ports with another network device, or an unknown one that names itself.

    What is behind such a device is not behind the port, and a bundle is as its ports are.
    """
    session = batch.session
    others: dict[Port, set[UUID]] = defaultdict(set)
    for one in links:
        if one.protocol == FORWARDING:
            continue
        if one.source_interface_index is not None:
            others[one.source_item_id, one.source_interface_index].add(one.target_item_id)
        if one.target_interface_index is not None:
            others[one.target_item_id, one.target_interface_index].add(one.source_item_id)
    network = set(
        session.scalars(
            sa.select(ConfigurationItem.id).where(
                ConfigurationItem.id.in_({item for items in others.values() for item in items}),
                ConfigurationItem.class_name.startswith(NETWORK),
            )
        )
    )
    blocked = {port for port, items in others.items() if items & network}
    named = sa.select(Neighbour.item_id, Neighbour.local_interface_index).where(
        Neighbour.item_id.in_(switches)
    )
    following = sa.select(SpanningTreePort.item_id, SpanningTreePort.interface_index).where(
        SpanningTreePort.item_id.in_(switches), ~SpanningTreePort.is_designated
    )
    neighbours = {(item, index) for item, index in session.execute(named) if index is not None}
    blocked |= neighbours - others.keys()
    blocked |= {(item, index) for item, index in session.execute(following)}
    bundled = sa.select(Interface.item_id, Interface.index, Interface.aggregate_index).where(
        Interface.item_id.in_(switches), Interface.aggregate_index.is_not(None)
    )
    return blocked | {
        (item, bundle)
        for item, index, bundle in session.execute(bundled)
        if bundle is not None and (item, index) in blocked
    }


def _find_owners(
    batch: Batch, switches: Collection[UUID]
) -> Mapping[str, tuple[UUID | None, tuple[int, str] | None]]:
    """Return address → its item and interface; no item where several have it.

    Who has no interface of this address is known by the IP address that a router has resolved.
    """
    learned = sa.select(ForwardingEntry.mac).where(
        ForwardingEntry.item_id.in_(switches), ForwardingEntry.mac != ""
    )
    by_interface = (
        sa.select(Interface.mac, Interface.item_id, Interface.index, Interface.name)
        .where(Interface.mac.in_(learned), batch.keeps(Interface))
        .order_by(Interface.index.desc())
    )
    resolved = (
        sa.select(ArpEntry.mac, Identifier.item_id)
        .join(
            Identifier,
            sa.and_(
                Identifier.value == ArpEntry.address,
                Identifier.scheme == IdentifierScheme.ADDRESS,
                Identifier.scope == batch.scopes.addresses,
            ),
        )
        .where(ArpEntry.mac.in_(learned), batch.keeps(ArpEntry), batch.keeps(Identifier))
        .distinct()
    )
    owners: dict[str, tuple[UUID | None, tuple[int, str] | None]] = {}
    for mac, item, index, name in batch.session.execute(by_interface):
        owner = item if owners.get(mac, (item, None))[0] == item else None
        owners[mac] = owner, (index, name)
    by_address: dict[str, set[UUID]] = defaultdict(set)
    for mac, item in batch.session.execute(resolved):
        by_address[mac].add(item)
    for mac, items in by_address.items():
        if mac not in owners and len(items) == 1:
            owners[mac] = next(iter(items)), None
    return owners
