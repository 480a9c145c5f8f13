"""Adding to the history: facts are closed and opened, revisions only added.

These are steps of other rooms' commands, which have asked for permission before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.models import CiFact, CiRevision
from cmdb.history.rules import Claim, FactKey, compare_facts
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer
from schemas.vocabulary import Source

__all__ = ["Claim", "Revision", "open_facts", "record_facts", "record_revision", "record_revisions"]

_CHUNK = 5000
"""So many keys in one statement; SQLite takes 32,766 variables, PostgreSQL 65,535."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of one item: attribute → [before, after]."""

    item_id: UUID
    changes: Mapping[str, Sequence[Any]]
    source: Source
    run_id: UUID | None = None
    reason: str = ""


def open_facts(session: Session, item_ids: Iterable[UUID]) -> dict[FactKey, Any]:
    """Return the values of all open facts of these items."""
    values: dict[FactKey, Any] = {}
    for some in _chunks(list(dict.fromkeys(item_ids))):
        rows = session.execute(
            sa.select(CiFact.item_id, CiFact.attribute, CiFact.source, CiFact.value).where(
                CiFact.item_id.in_(some), CiFact.until_at.is_(None)
            )
        )
        values.update({(item, attribute, source): value for item, attribute, source, value in rows})
    return values


def record_facts(
    session: Session,
    claims: Iterable[Claim],
    *,
    at: datetime,
    known: Mapping[FactKey, Any] | None = None,
) -> dict[FactKey, Any]:
    """Write what sources say, and return all open facts of the items afterwards.

    The open fact of a claim ends where its value differs, an equal one is left alone. `known` are
    the open facts of all these items where the caller has read them already.
    """
    wanted = list(claims)
    values = dict(open_facts(session, (one.item_id for one in wanted)) if known is None else known)
    changes = compare_facts(values, wanted)
    if changes.closed:
        _close(session, changes.closed, at)
    if changes.opened:
        session.execute(sa.insert(CiFact), [_fact_row(claim, at) for claim in changes.opened])
    for key in changes.closed:
        del values[key]
    values.update({claim.key: claim.value for claim in changes.opened})
    return values


def record_revision(  # noqa: PLR0913 — a revision has this many sides, all but the first two by name
    session: Session,
    actor: Viewer,
    *,
    item_id: UUID,
    changes: Mapping[str, Sequence[Any]],
    source: Source,
    at: datetime,
    run_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Write that one item changed; no changes leave no trace."""
    revision = Revision(item_id, changes, source, run_id, reason)
    record_revisions(session, actor, [revision], at=at)


def record_revisions(
    session: Session, actor: Viewer, revisions: Iterable[Revision], *, at: datetime
) -> None:
    """Write that several items changed, in one statement; those without changes are left out."""
    rows = [
        {
            "id": new_key(),
            "item_id": one.item_id,
            "at": at,
            "source": one.source,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "run_id": one.run_id,
            "reason": one.reason,
            "changes": {name: list(pair) for name, pair in one.changes.items()},
        }
        for one in revisions
        if one.changes
    ]
    if rows:
        session.execute(sa.insert(CiRevision), rows)


def _close(session: Session, keys: Sequence[FactKey], at: datetime) -> None:
    table = CiFact.__table__
    statement = (
        sa.update(CiFact)
        .where(
            table.c.item_id == sa.bindparam("of_item"),
            table.c.attribute == sa.bindparam("of_attribute"),
            table.c.source == sa.bindparam("of_source"),
            table.c.until_at.is_(None),
        )
        .values(until_at=at)
    )
    session.connection().execute(
        statement,
        [
            {"of_item": item, "of_attribute": attribute, "of_source": source}
            for item, attribute, source in keys
        ],
    )


def _fact_row(claim: Claim, at: datetime) -> dict[str, Any]:
    return {
        "id": new_key(),
        "item_id": claim.item_id,
        "attribute": claim.attribute,
        "source": claim.source,
        "value": claim.value,
        "subject_id": claim.subject_id,
        "actor_name": claim.actor_name,
        "since_at": at,
        "until_at": None,
    }


def _chunks(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
