"""Remembering what was seen: subjects with the hashes of their sections, and raw documents."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zlib import compress

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.commands import Accepted
from cmdb.intake.models import Observation, Subject
from cmdb.intake.rules import Sighting
from cmdb.kernel.ids import new_key
from schemas.vocabulary import Section

VOLATILE = frozenset({Section.FORWARDING, Section.SPANNING_TREE, Section.ARP})
"""Sections that differ at almost every look, and of which the document is not kept for that."""


def remember_subjects(session: Session, accepted: Accepted, *, at: datetime) -> None:
    """Write that subjects were seen: one statement for the unchanged ones, however many."""
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    unchanged: list[UUID] = []
    for sighting in accepted.sightings:
        if sighting.is_unchanged and not sighting.is_elsewhere:
            unchanged.append(sighting.subject_id)
        elif sighting.is_new:
            new.append(_new_subject(accepted, sighting, at))
        else:
            changed.append(_seen_subject(accepted, sighting, at))
    if unchanged:
        session.execute(
            sa.update(Subject)
            .where(Subject.id.in_(unchanged))
            .values(seen_at=at, seen_run_id=accepted.run.id, missed_runs=0)
            .execution_options(synchronize_session=False)
        )
    if new:
        session.execute(sa.insert(Subject), new)
    if changed:
        session.execute(sa.update(Subject), changed)
    _keep_raw(session, accepted, at)


def _new_subject(accepted: Accepted, sighting: Sighting, at: datetime) -> dict[str, Any]:
    document = sighting.document
    return _seen_subject(accepted, sighting, at) | {
        "plan_id": accepted.plan.id,
        "partner_id": accepted.run.partner_id,
        "kind": document.kind,
        "key": document.key,
        "source": document.source,
        "first_seen_at": at,
    }


def _seen_subject(accepted: Accepted, sighting: Sighting, at: datetime) -> dict[str, Any]:
    return {
        "id": sighting.subject_id,
        "target": sighting.document.target,
        "section_hashes": sighting.hashes,
        "credential": sighting.document.credential or "",
        "seen_at": at,
        "seen_run_id": accepted.run.id,
        "missed_runs": 0,
    }


def forget_sections(
    session: Session, told: Iterable[tuple[UUID, Mapping[str, str], Collection[Section]]]
) -> None:
    """Let the next look at sections count even if it is equal to the last one.

    Args:
        session: the transaction.
        told: subjects, the hashes of their sections, and the sections to forget.
    """
    rows = [
        {
            "id": subject_id,
            "section_hashes": {
                name: digest for name, digest in hashes.items() if name not in forgotten
            },
        }
        for subject_id, hashes, forgotten in told
    ]
    if rows:
        session.execute(sa.update(Subject), rows)


def _is_worth_keeping(sighting: Sighting) -> bool:
    """Say whether the document tells more than what moves at every look anyway."""
    return sighting.is_new or not VOLATILE.issuperset(sighting.changed)


def _keep_raw(session: Session, accepted: Accepted, at: datetime) -> None:
    rows = [
        {
            "id": new_key(),
            "subject_id": sighting.subject_id,
            "run_id": accepted.run.id,
            "received_at": at,
            "body": compress(
                orjson.dumps(sighting.document, option=orjson.OPT_NON_STR_KEYS), level=1
            ),
        }
        for sighting in accepted.sightings
        if _is_worth_keeping(sighting)
    ]
    if rows:
        session.execute(sa.insert(Observation), rows)
