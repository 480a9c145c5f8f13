"""What devices say of their neighbours, as reports of links; whoever is unknown is counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import Interface
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.marks import Mark, find_marked, marks_of
from cmdb.reconcile.rules import compute_link
from cmdb.reconcile.topology import Report
from schemas.vocabulary import Section

Row = Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """What devices tell: reports, and how many neighbours of each subject are unknown."""

    reports: list[Report] = field(default_factory=list[Report])
    unknown: dict[UUID, int] = field(default_factory=dict[UUID, int])


def report_neighbours(batch: Batch, cases: Sequence[Case]) -> Told:
    """Return the links that the neighbours of these devices make."""
    told = Told()
    generic = batch.policy.generic
    marks = {
        mark
        for case in cases
        for row in case.sighting.section(Section.NEIGHBOURS)
        for mark in marks_of(row, generic)
    }
    known = find_marked(batch.session, batch.plan.partner_id, marks)
    matched: list[tuple[Case, Row, UUID]] = []
    for case in cases:
        rows: Sequence[Row] = case.sighting.section(Section.NEIGHBOURS)
        others = [(row, _match(marks_of(row, generic), known)) for row in rows]
        told.unknown[case.sighting.subject_id] = sum(other is None for _, other in others)
        matched += [
            (case, row, other)
            for row, other in others
            if other is not None and other != case.item_id
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


def _match(marks: Sequence[Mark], known: Mapping[Mark, set[UUID]]) -> UUID | None:
    """Return the one item a neighbour is; the chassis id says more than a name."""
    for mark in marks:
        items = known.get(mark, set())
        if len(items) == 1:
            return next(iter(items))
    return None


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
