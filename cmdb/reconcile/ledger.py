"""The book of links: who reports each relation, what is new of it, and what has ended.

A relation lasts as long as one of its reports does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import Relation
from cmdb.items.rules import BETWEEN_PORTS
from cmdb.items.topology import LinkReport
from cmdb.kernel.ids import new_key
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.placing import Port
from cmdb.reconcile.rules import Link
from cmdb.reconcile.topology import (
    FORWARDING,
    SPANNING_TREE,
    Cable,
    Report,
    has_ended,
    judge,
    unite,
)
from schemas.vocabulary import RelationType, Section

SECTIONS = {SPANNING_TREE: Section.SPANNING_TREE, FORWARDING: Section.FORWARDING}
"""Which section a protocol is told in; every other protocol names neighbours."""

_By = tuple[UUID, str]
"""Subject and protocol."""


@dataclass(slots=True)
class _Entry:
    """One report as it is stored; `missed` counts the looks that have not told it again."""

    id: UUID
    missed: int = 0
    is_confirmed: bool = False
    is_new: bool = False
    is_changed: bool = False


@dataclass(slots=True)
class Ledger:
    """The links of some items, and what an envelope makes of them.

    Attributes:
        relations: by their key, new ones included.
        pending: subject → its sections that lack a link which has not ended yet.
    """

    batch: Batch
    cases: Sequence[Case]
    relations: dict[UUID, Relation] = field(default_factory=dict[UUID, Relation])
    pending: dict[UUID, set[Section]] = field(
        default_factory=lambda: defaultdict[UUID, set[Section]](set)
    )
    _entries: dict[UUID, dict[_By, _Entry]] = field(
        default_factory=lambda: defaultdict[UUID, "dict[_By, _Entry]"](dict)
    )
    _added: set[UUID] = field(default_factory=set[UUID])
    _ended: list[UUID] = field(default_factory=list[UUID])
    _said_by: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    @classmethod
    def read(cls, batch: Batch, cases: Sequence[Case], items: Collection[UUID]) -> Self:
        """Read the discovered links of these items with their reports."""
        ledger = cls(batch, cases)
        is_theirs = sa.and_(
            Relation.type == RelationType.CONNECTED_TO,
            Relation.source == batch.source,
            sa.or_(Relation.source_item_id.in_(items), Relation.target_item_id.in_(items)),
        )
        for relation in batch.session.scalars(sa.select(Relation).where(is_theirs)):
            ledger.relations[relation.id] = relation
        statement = (
            sa.select(LinkReport.__table__)
            .join(Relation, Relation.id == LinkReport.relation_id)
            .where(is_theirs)
        )
        for one in batch.session.execute(statement):
            by = one.subject_id, one.protocol
            ledger._entries[one.relation_id][by] = _Entry(one.id, one.missed)
        return ledger

    def confirm(self, reports: Sequence[Report]) -> None:
        """Enter what was reported: into the relation that stands for the cable, or a new one."""
        pairs = {report.link.ends for report in reports}
        known = [
            (key, link)
            for key, one in self.relations.items()
            if (link := _as_link(one)).ends in pairs
        ]
        for cable in unite(known, reports):
            if not cable.reports:
                continue
            key = self._relation_of(cable)
            for report in cable.reports:
                by = report.subject_id, report.protocol
                entry = self._entries[key].setdefault(by, _Entry(new_key(), is_new=True))
                entry.is_changed |= entry.missed > 0
                entry.missed, entry.is_confirmed = 0, True
                self._said_by[key] = report.subject_id
            judged = judge(self._entries[key], self.batch.policy.relations)
            self.relations[key].protocol = judged[0]

    def withdraw(self, ports: Collection[Port]) -> None:
        """End what was concluded from addresses at ports that turned out to lead further."""
        for key, one in self.relations.items():
            ends = {
                (one.source_item_id, one.source_interface_index),
                (one.target_item_id, one.target_interface_index),
            }
            if not ends.isdisjoint(ports):
                for by, entry in list(self._entries[key].items()):
                    if by[1] == FORWARDING and not entry.is_confirmed:
                        self._end(key, by)

    def miss(self, section: Section, cases: Iterable[Case]) -> None:
        """Count what these devices have looked at completely and not told again."""
        subjects = {
            case.sighting.subject_id for case in cases if case.sighting.is_complete(section)
        }
        told = {
            (by, self._ends_of(key))
            for key, entries in self._entries.items()
            for by, entry in entries.items()
            if entry.is_confirmed
        }
        for key, entries in self._entries.items():
            for by, entry in list(entries.items()):
                subject, protocol = by
                is_of_section = SECTIONS.get(protocol, Section.NEIGHBOURS) is section
                if subject not in subjects or not is_of_section or entry.is_confirmed:
                    continue
                entry.missed += 1
                entry.is_changed = True
                # A switch learns an address at one port at a time: what moved is no longer here.
                has_moved = protocol == FORWARDING and (by, self._ends_of(key)) in told
                if has_moved or has_ended(protocol, entry.missed, self.batch.policy.relations):
                    self._end(key, by)
                else:
                    self.pending[subject].add(section)

    def settle(self) -> None:
        """Write the relations that are new, differ or have ended, and who reports them."""
        session = self.batch.session
        for key, subject in self._said_by.items():
            relation, entries = self.relations[key], self._entries[key]
            if not entries:
                self._tell(relation, subject, is_there=False)
                session.delete(relation)
                continue
            relation.protocol, relation.confidence = judge(entries, self.batch.policy.relations)
            if any(entry.is_confirmed for entry in entries.values()):
                relation.seen_at = self.batch.at
            if key in self._added:
                session.add(relation)
                self._tell(relation, subject, is_there=True)
        session.flush()
        self._write_entries()

    def _ends_of(self, key: UUID) -> tuple[UUID, UUID]:
        relation = self.relations[key]
        return relation.source_item_id, relation.target_item_id

    def _relation_of(self, cable: Cable) -> UUID:
        """Return the relation of a cable, brought in line with it; of several one is left."""
        if not cable.known:
            return self._add(cable.link)
        kept, *others = sorted(cable.known)
        for other in others:
            self._merge(other, kept)
        if others:
            # Two relations must not have the same ports even for a moment.
            self.batch.session.flush()
        relation, link = self.relations[kept], cable.link
        relation.detail = link.detail
        relation.source_interface_index = link.first_index
        relation.target_interface_index = link.second_index
        return kept

    def _add(self, link: Link) -> UUID:
        relation = Relation(
            id=new_key(),
            source_item_id=link.first,
            target_item_id=link.second,
            type=RelationType.CONNECTED_TO,
            source=self.batch.source,
            detail=link.detail,
            seen_at=self.batch.at,
            source_interface_index=link.first_index,
            target_interface_index=link.second_index,
        )
        self.relations[relation.id] = relation
        self._added.add(relation.id)
        return relation.id

    def _merge(self, other: UUID, kept: UUID) -> None:
        for by, entry in self._entries.pop(other, {}).items():
            if not entry.is_new:
                self._ended.append(entry.id)
            self._entries[kept].setdefault(by, _Entry(new_key(), entry.missed, is_new=True))
        relation = self.relations.pop(other)
        self._said_by.pop(other, None)
        if other in self._added:
            self._added.discard(other)
        else:
            self.batch.session.delete(relation)

    def _end(self, key: UUID, by: _By) -> None:
        entry = self._entries[key].pop(by)
        if not entry.is_new:
            self._ended.append(entry.id)
        self._said_by.setdefault(key, by[0])

    def _write_entries(self) -> None:
        session = self.batch.session
        if self._ended:
            session.execute(
                sa.delete(LinkReport)
                .where(LinkReport.id.in_(self._ended))
                .execution_options(synchronize_session=False)
            )
        rows = [
            (entry, {"relation_id": key, "subject_id": subject, "protocol": protocol})
            for key, entries in self._entries.items()
            for (subject, protocol), entry in entries.items()
        ]
        changed = [
            {"id": entry.id, "missed": entry.missed}
            for entry, _ in rows
            if entry.is_changed and not entry.is_new
        ]
        added: list[dict[str, Any]] = [
            row | {"id": entry.id, "missed": entry.missed} for entry, row in rows if entry.is_new
        ]
        if changed:
            session.execute(sa.update(LinkReport), changed)
        if added:
            session.execute(sa.insert(LinkReport), added)

    def _tell(self, relation: Relation, subject: UUID, *, is_there: bool) -> None:
        """Let the history tell of a link that is new or has ended, where it was said or is seen."""
        ends = {relation.source_item_id, relation.target_item_id}
        saying = [case for case in self.cases if case.sighting.subject_id == subject]
        word = RelationType.CONNECTED_TO.value
        for case in saying or [case for case in self.cases if case.item_id in ends]:
            case.changes[f"link {relation.detail}"] = [None, word] if is_there else [word, None]


def _as_link(relation: Relation) -> Link:
    first, _, second = relation.detail.partition(BETWEEN_PORTS)
    return Link(
        relation.source_item_id,
        relation.target_item_id,
        first,
        second,
        relation.source_interface_index,
        relation.target_interface_index,
    )
