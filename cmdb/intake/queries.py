"""Questions about what was seen: subjects and their raw documents."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zlib import decompress

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from cmdb.intake.models import Observation, Subject
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import READ, inspected_by
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.viewer import Viewer, visible
from cmdb.plans.models import Plan
from schemas.envelope import load_envelope
from schemas.observation import ENVELOPE_VERSION, Document
from schemas.vocabulary import Source, SubjectKind

EXPORT_CHUNK = 200
"""Documents read at once; one has some 100 KB at most."""


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """What a plan sees of an item."""

    id: UUID
    plan_id: UUID
    plan_name: str
    key: str
    target: str
    source: Source
    credential: str
    first_seen_at: datetime
    seen_at: datetime
    missed_runs: int


def list_subjects(session: Session, viewer: Viewer, item_id: UUID) -> list[SubjectRow]:
    """Return under which keys plans see an item, the latest first."""
    columns = (
        Subject.id,
        Subject.plan_id,
        Plan.name,
        Subject.key,
        Subject.target,
        Subject.source,
        Subject.credential,
        Subject.first_seen_at,
        Subject.seen_at,
        Subject.missed_runs,
    )
    rows = session.execute(
        sa.select(*columns)
        .join(Plan, Plan.id == Subject.plan_id)
        .join(ConfigurationItem, ConfigurationItem.id == Subject.item_id)
        .where(Subject.item_id == item_id, *_inspected(viewer))
        .order_by(Subject.seen_at.desc(), Subject.id)
    )
    return [SubjectRow(*row) for row in rows]


def find_raw(session: Session, viewer: Viewer, item_id: UUID) -> dict[str, Any] | None:
    """Return the newest raw document of an item as plain JSON, None where none is kept."""
    body = session.scalar(
        sa.select(Observation.body)
        .join(Subject, Subject.id == Observation.subject_id)
        .join(ConfigurationItem, ConfigurationItem.id == Subject.item_id)
        .where(Subject.item_id == item_id, Subject.kind == SubjectKind.DEVICE, *_inspected(viewer))
        .order_by(Observation.received_at.desc(), Observation.id.desc())
        .limit(1)
    )
    return None if body is None else orjson.loads(decompress(body))


def get_latest_document(session: Session, viewer: Viewer, subject_id: UUID) -> Document:
    """Return the newest document of a subject, as it was received.

    Raises:
        NotFoundError: none is kept, or none that the viewer may see.
    """
    body = session.scalar(
        sa.select(Observation.body)
        .join(Subject, Subject.id == Observation.subject_id)
        .where(
            Subject.id == subject_id,
            Subject.kind == SubjectKind.DEVICE,
            visible(viewer, "finding.read", Subject.partner_id),
        )
        .order_by(Observation.received_at.desc(), Observation.id.desc())
        .limit(1)
    )
    if body is None:
        raise NotFoundError(
            "intake.no-document",
            N_("What was seen is no longer kept. Run the plan again, then decide."),
        )
    return _document(orjson.loads(decompress(body)))


def export_documents(
    session: Session, viewer: Viewer, partner_ids: Collection[UUID] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield key and newest document of every device as plain JSON, read in chunks.

    Args:
        session: where to read.
        viewer: sees only what plans of his or her partners saw.
        partner_ids: only devices of these; of all without it.
    """
    one = aliased(Observation)
    newest = (
        sa.select(one.id)
        .where(one.subject_id == Subject.id)
        .order_by(one.received_at.desc(), one.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(Subject.id, Subject.key, Observation.body)
        .join(Observation, Observation.id == newest)
        .where(Subject.kind == SubjectKind.DEVICE, visible(viewer, READ, Subject.partner_id))
        .order_by(Subject.id)
    )
    if partner_ids:
        statement = statement.where(Subject.partner_id.in_(partner_ids))
    rows = session.execute(statement.limit(EXPORT_CHUNK)).all()
    while rows:
        yield from ((row.key, orjson.loads(decompress(row.body))) for row in rows)
        following = statement.where(Subject.id > rows[-1].id)
        rows = session.execute(following.limit(EXPORT_CHUNK)).all()


def _inspected(viewer: Viewer) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for what plans of the viewer's partners saw of an item's inside."""
    return inspected_by(viewer), visible(viewer, READ, Subject.partner_id)


def _document(data: dict[str, Any]) -> Document:
    """Read a document by the same door through which it came."""
    nobody = str(UUID(int=0))
    envelope = {
        "assignment_id": nobody,
        "run_id": nobody,
        "collector": "kept",
        "sequence": 0,
        "is_last": True,
        "documents": [data],
        "reports": [],
    }
    raw = orjson.dumps({"schema": ENVELOPE_VERSION, "envelope": envelope})
    return load_envelope(raw).documents[0]
