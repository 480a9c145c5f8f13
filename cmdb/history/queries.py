"""What sources say of an item, how it changed, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.models import CiFact, CiRevision
from cmdb.history.precedence import order_of
from cmdb.kernel.events import EventRecord
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.types import UtcDateTime
from cmdb.kernel.viewer import Viewer, visible
from schemas.vocabulary import Source

# Items and subjects live in rooms above this one; like the foreign keys, this knows their tables by
# name only.
_ITEM: Final = sa.table(
    "configuration_item",
    sa.column("id", sa.Uuid()),
    sa.column("partner_id", sa.Uuid()),
    sa.column("operator_id", sa.Uuid()),
)
_SUBJECT: Final = sa.table(
    "subject", sa.column("id", sa.Uuid()), sa.column("seen_at", UtcDateTime())
)


@dataclass(frozen=True, slots=True)
class FactRow:
    """What one source says of one attribute.

    Attributes:
        confirmed_at: when the source last said so; for a person, when it was declared.
        subject_id: what was seen, where a discovery says so.
        actor_name: who declared it, where a person says so.
    """

    attribute: str
    source: Source
    value: Any
    since_at: datetime
    confirmed_at: datetime
    subject_id: UUID | None
    actor_name: str


@dataclass(frozen=True, slots=True)
class AttributeFacts:
    """Everything that is said of one attribute, the believed source first."""

    attribute: str
    facts: tuple[FactRow, ...]

    @property
    def believed(self) -> FactRow:
        """What is believed."""
        return self.facts[0]

    @property
    def is_disputed(self) -> bool:
        """Whether another source says something else."""
        return any(one.value != self.believed.value for one in self.facts)


def list_facts(session: Session, viewer: Viewer, item_id: UUID) -> dict[str, AttributeFacts]:
    """Return what all sources say of an item at present, by attribute."""
    confirmed_at = sa.func.coalesce(_SUBJECT.c.seen_at, CiFact.since_at, type_=UtcDateTime())
    statement = (
        sa.select(
            CiFact.attribute,
            CiFact.source,
            CiFact.value,
            CiFact.since_at,
            confirmed_at,
            CiFact.subject_id,
            CiFact.actor_name,
        )
        .join(_ITEM, _ITEM.c.id == CiFact.item_id)
        .outerjoin(_SUBJECT, _SUBJECT.c.id == CiFact.subject_id)
        .where(CiFact.item_id == item_id, CiFact.until_at.is_(None), _inspected_by(viewer))
    )
    by_attribute: dict[str, list[FactRow]] = {}
    for row in session.execute(statement):
        by_attribute.setdefault(row[0], []).append(FactRow(*row))
    return {name: _sorted(name, by_attribute[name]) for name in sorted(by_attribute)}


def list_past_facts(
    session: Session, viewer: Viewer, item_id: UUID, attribute: str, *, limit: int = 50
) -> Sequence[CiFact]:
    """Return what was once said of one attribute, the latest first."""
    statement = (
        sa.select(CiFact)
        .join(_ITEM, _ITEM.c.id == CiFact.item_id)
        .where(CiFact.item_id == item_id, CiFact.attribute == attribute)
        .where(CiFact.until_at.is_not(None), _inspected_by(viewer))
        .order_by(CiFact.until_at.desc(), CiFact.id.desc())
        .limit(min(limit, MAX_LIMIT))
    )
    return session.scalars(statement).all()


def list_past_attributes(session: Session, viewer: Viewer, item_id: UUID) -> frozenset[str]:
    """Return the attributes of which something else was once said than today."""
    statement = (
        sa.select(CiFact.attribute)
        .join(_ITEM, _ITEM.c.id == CiFact.item_id)
        .where(CiFact.item_id == item_id, CiFact.until_at.is_not(None), _inspected_by(viewer))
        .distinct()
    )
    return frozenset(session.scalars(statement))


def list_revisions(
    session: Session, viewer: Viewer, item_id: UUID, *, after: str | None = None, limit: int = 50
) -> Page[CiRevision]:
    """Return a page of the changes of an item, the latest first."""
    limit = min(limit, MAX_LIMIT)
    statement = (
        sa.select(CiRevision)
        .join(_ITEM, _ITEM.c.id == CiRevision.item_id)
        .where(CiRevision.item_id == item_id, _inspected_by(viewer))
    )
    key = SortKey(CiRevision.at, datetime, is_descending=True)
    rows = session.scalars(keyset(statement, key, CiRevision.id, after=after, limit=limit)).all()
    return page_of(rows, limit, value_of=lambda row: row.at, id_of=lambda row: row.id)


def list_events(
    session: Session,
    viewer: Viewer,
    *,
    subject_id: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[EventRecord]:
    """Return a page of what happened, to one thing or to all, the latest first.

    Events of the joint organisation are seen by those who may see events everywhere.
    """
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(EventRecord).where(visible(viewer, "event.read", EventRecord.partner_id))
    if subject_id is not None:
        statement = statement.where(EventRecord.subject_id == subject_id)
    key = SortKey(EventRecord.at, datetime, is_descending=True)
    rows = session.scalars(keyset(statement, key, EventRecord.id, after=after, limit=limit)).all()
    return page_of(rows, limit, value_of=lambda row: row.at, id_of=lambda row: row.id)


def _inspected_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    # Whose device it is, or who runs it, may know where its values come from; see items.visibility.
    partner_id: Any = _ITEM.c.partner_id
    operator_id: Any = _ITEM.c.operator_id
    return visible(viewer, "item.read", partner_id, operator_id)


def _sorted(attribute: str, facts: Sequence[FactRow]) -> AttributeFacts:
    order = order_of(attribute)
    return AttributeFacts(attribute, tuple(sorted(facts, key=lambda one: order.index(one.source))))
