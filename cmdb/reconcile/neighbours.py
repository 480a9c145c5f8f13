"""What devices say of their neighbours, as reports of links; whoever is unknown is counted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem, Identifier, Interface
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.identifiers import full_name, short_name, usable_mac
from cmdb.reconcile.rules import compute_link
from cmdb.reconcile.topology import Report
from schemas.vocabulary import IdentifierScheme, Lifecycle, Section

Mark = tuple[IdentifierScheme, str]
Row = Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """What devices tell: reports, and how many neighbours of each subject are unknown."""

    reports: list[Report] = field(default_factory=list[Report])
    unknown: dict[UUID, int] = field(default_factory=dict[UUID, int])


def report_neighbours(batch: Batch, cases: Sequence[Case]) -> Told:
    """Return the links that the neighbours of these devices make."""
    told = Told()
    known = _find_items(batch, cases)
    matched: list[tuple[Case, Row, UUID]] = []
    for case in cases:
        rows: Sequence[Row] = case.sighting.section(Section.NEIGHBOURS)
        others = [(row, _match(batch, row, known)) for row in rows]
        told.unknown[case.sighting.subject_id] = sum(other is None for _, other in others)
        matched += [
            (case, row, other) for row, other in others if other not in {None, case.item_id}
        ]
    ports = _find_ports(batch, [(other, row) for _, row, other in matched])
    for case, row, other in matched:
        index, port = _own_port(case, row)
        far = row.get("remote_port") or ""
        other_index, other_port = ports.get((other, far), (None, far))
        link = compute_link(
            case.item_id or other, port, other, other_port, index=index, other_index=other_index
        )
        told.reports.append(Report(link, case.sighting.subject_id, row["protocol"]))
    return told


def _match(batch: Batch, row: Row, known: Mapping[Mark, set[UUID]]) -> UUID | None:
    """Return the one item a neighbour is; the chassis id says more than a name."""
    for mark in _marks(batch, row):
        items = known.get(mark, set())
        if len(items) == 1:
            return next(iter(items))
    return None


def _marks(batch: Batch, row: Row) -> list[Mark]:
    generic = batch.policy.generic
    chassis = usable_mac(row.get("remote_chassis_id"), generic)
    name = row.get("remote_name")
    marks = [
        (IdentifierScheme.CHASSIS_ID, chassis),
        (IdentifierScheme.MAC, chassis),
        (IdentifierScheme.MAC, usable_mac(row.get("remote_port"), generic)),
        (IdentifierScheme.FQDN, full_name(name)),
        (IdentifierScheme.SYS_NAME, short_name(name, generic)),
    ]
    return [(scheme, value) for scheme, value in marks if value]


def _own_port(case: Case, row: Row) -> tuple[int | None, str]:
    """Name our own port as the interface is named; what LLDP calls it may differ."""
    index = row.get("local_interface_index")
    for interface in case.sighting.section(Section.INTERFACES) or ():
        if interface["index"] == index:
            return index, interface["name"]
    return None, row.get("local_port") or ""


def _find_ports(
    batch: Batch, ends: Sequence[tuple[UUID, Row]]
) -> dict[tuple[UUID, str], tuple[int, str]]:
    """Return item and what a neighbour calls its port → ifIndex and name, where one has that name.

    Some send the name, some the description and some the MAC address of a port.
    """
    words = {row.get("remote_port") for _, row in ends} - {None, ""}
    if not words:
        return {}
    columns = (Interface.name, Interface.description, Interface.mac)
    statement = sa.select(Interface.item_id, Interface.index, *columns).where(
        Interface.item_id.in_({item for item, _ in ends}),
        sa.or_(*(column.in_(words) for column in columns)),
    )
    found: dict[tuple[UUID, str], set[tuple[int, str]]] = defaultdict(set)
    for item, index, name, *further in batch.session.execute(statement):
        for word in {name, *further} & words:
            found[item, word].add((index, name))
    return {key: next(iter(ports)) for key, ports in found.items() if len(ports) == 1}


def _find_items(batch: Batch, cases: Iterable[Case]) -> dict[Mark, set[UUID]]:
    """Return which items of the partner have the marks that neighbours are known by."""
    values: dict[IdentifierScheme, set[str]] = defaultdict(set)
    for case in cases:
        for row in case.sighting.section(Section.NEIGHBOURS):
            for scheme, value in _marks(batch, row):
                values[scheme].add(value)
    found: dict[Mark, set[UUID]] = defaultdict(set)
    conditions = [
        sa.and_(
            Identifier.scope == batch.plan.partner_id,
            Identifier.scheme == scheme,
            Identifier.value.in_(some),
        )
        for scheme, some in values.items()
    ]
    if not conditions:
        return found
    is_alive = ConfigurationItem.lifecycle != Lifecycle.RETIRED
    statement = (
        sa.select(Identifier.scheme, Identifier.value, Identifier.item_id)
        .join(ConfigurationItem, ConfigurationItem.id == Identifier.item_id)
        .where(sa.or_(*conditions), is_alive)
    )
    for scheme, value, item_id in batch.session.execute(statement):
        found[scheme, value].add(item_id)
    macs = values[IdentifierScheme.MAC]
    if macs:
        by_interface = (
            sa.select(Interface.mac, Interface.item_id)
            .join(ConfigurationItem, ConfigurationItem.id == Interface.item_id)
            .where(
                Interface.mac.in_(macs),
                ConfigurationItem.partner_id == batch.plan.partner_id,
                is_alive,
            )
        )
        for mac, item_id in batch.session.execute(by_interface):
            found[IdentifierScheme.MAC, mac].add(item_id)
    return found
