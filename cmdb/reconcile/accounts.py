"""Directory accounts and groups become records, in two statements for a whole envelope."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmdb.accounts.models import AccountRecord, DirectoryGroup
from cmdb.intake.rules import Sighting
from cmdb.kernel.ids import new_key
from cmdb.plans.progress import CHANGED, CREATED, UNCHANGED
from cmdb.reconcile.batch import Batch
from schemas.vocabulary import LogonBucket, Section, SubjectKind

Row = dict[str, Any]

_SECTIONS = {SubjectKind.ACCOUNT: Section.ACCOUNT, SubjectKind.GROUP: Section.GROUP}
_MODELS: dict[SubjectKind, type[Any]] = {
    SubjectKind.ACCOUNT: AccountRecord,
    SubjectKind.GROUP: DirectoryGroup,
}
_NEVER_CHANGES = frozenset({"seen_at", "subject_id", "id"})


def apply_records(batch: Batch, sightings: Sequence[Sighting]) -> dict[UUID, str]:
    """Write accounts and groups as records, and return the decision of each subject."""
    decisions: dict[UUID, str] = {}
    for kind in _MODELS:
        some = [one for one in sightings if one.document.kind is kind]
        changed = [
            one for one in some if not one.is_unchanged and one.section(_SECTIONS[kind]) is not None
        ]
        known = _stored(batch, kind, [one.document.key for one in changed])
        added: list[Row] = []
        updated: list[Row] = []
        for one in changed:
            old = known.get(one.document.key)
            row = _row(batch, kind, one, old)
            if old is None:
                added.append(row | {"id": new_key(), "partner_id": batch.plan.partner_id})
                decisions[one.subject_id] = CREATED
            else:
                updated.append(row | {"id": old["id"]})
                differs = any(old[name] != row[name] for name in row.keys() - _NEVER_CHANGES)
                decisions[one.subject_id] = CHANGED if differs else UNCHANGED
        _write(batch, kind, added, updated)
        _touch(batch, kind, [one.subject_id for one in some if one.is_unchanged])
    return decisions


def _write(batch: Batch, kind: SubjectKind, added: list[Row], updated: list[Row]) -> None:
    if added:
        batch.session.execute(sa.insert(_MODELS[kind]), added)
    if updated:
        batch.session.execute(sa.update(_MODELS[kind]), updated)


def _touch(batch: Batch, kind: SubjectKind, subjects: Sequence[UUID]) -> None:
    if subjects:
        model = _MODELS[kind]
        batch.session.execute(
            sa.update(model)
            .where(model.subject_id.in_(subjects))
            .values(seen_at=batch.at, gone_at=None)
            .execution_options(synchronize_session=False)
        )


def _stored(batch: Batch, kind: SubjectKind, keys: Sequence[str]) -> dict[str, Row]:
    if not keys:
        return {}
    table = _MODELS[kind].__table__
    rows = batch.session.execute(
        sa.select(table).where(
            table.c.partner_id == batch.plan.partner_id, table.c.directory_key.in_(keys)
        )
    )
    return {row["directory_key"]: dict(row) for row in rows.mappings()}


def _row(batch: Batch, kind: SubjectKind, sighting: Sighting, old: Row | None) -> Row:
    section = sighting.section(_SECTIONS[kind])
    row: Row = {
        "subject_id": sighting.subject_id,
        "directory_key": sighting.document.key,
        "name": section["name"],
        "org_unit": section.get("org_unit") or "",
        "is_privileged": section["is_privileged"],
        "seen_at": batch.at,
        "gone_at": None,
    }
    if kind is SubjectKind.GROUP:
        return row | {"member_count": section.get("member_count")}
    disabled_on = None
    if not section["is_enabled"]:
        # The directory does not say since when; the day we first saw it is the best we know.
        disabled_on = (old["disabled_on"] if old else None) or batch.at.date()
    return row | {
        "type": section["type"],
        "is_enabled": section["is_enabled"],
        "created_on": section.get("created_on"),
        "disabled_on": disabled_on,
        "expires_on": section.get("expires_on"),
        "last_logon": section.get("last_logon") or LogonBucket.UNKNOWN,
        "privileged_reason": section.get("privileged_reason") or "",
    }
