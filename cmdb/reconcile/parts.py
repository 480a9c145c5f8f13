"""The parts of items, section by section: what was added, what differs, what is gone.

Whatever the number of devices, each kind of part costs one look-up and at most three statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import IpAddress
from cmdb.kernel.ids import new_key
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.part_kinds import KINDS, PartKind, Row, Telling
from cmdb.reconcile.topology_kinds import TOPOLOGY_KINDS

MAX_TOLD = 50
"""So many parts are named in one revision; a change of more is told by its number."""


def apply_parts(batch: Batch, cases: Sequence[Case]) -> None:
    """Bring the parts of these devices in line with the sections that have changed."""
    for kind in (*KINDS, *TOPOLOGY_KINDS):
        concerned = [
            case
            for case in cases
            if case.item_id is not None
            and case.sighting.section(kind.section) is not None
            and (case.sighting.has_changed(kind.section) or case.is_rebound)
        ]
        if concerned:
            _apply(batch, kind, concerned)


def _apply(batch: Batch, kind: PartKind, cases: Sequence[Case]) -> None:
    stored = _stored(batch, kind, {case.item_id for case in cases if not case.is_created})
    added: list[Row] = []
    updated: list[Row] = []
    removed: list[UUID] = []
    for case in cases:
        known = stored.setdefault(case.item_id, {})
        is_told = _is_told(case, kind, known)
        # Of two rows with one index, as careless agents send them, the later one counts.
        seen = {row[kind.key]: row for row in kind.read(case.sighting.section(kind.section))}
        for key, row in seen.items():
            if key not in known:
                fresh = row | _common(batch, kind, case)
                added.append(fresh)
                known[key] = fresh
                _tell(case, kind, row, None, is_told=is_told)
            elif any(known[key][name] != row[name] for name in kind.columns):
                _tell(case, kind, row, known[key], is_told=is_told)
                updated.append(row | {"id": known[key]["id"]})
                known[key] = known[key] | row
        if case.sighting.is_complete(kind.section):
            gone = [key for key, row in known.items() if key not in seen and row["subject_id"]]
            for key in gone:
                _tell(case, kind, None, known[key], is_told=is_told)
                removed.append(known.pop(key)["id"])
    _write(batch, kind, added, updated, removed)


def _write(
    batch: Batch, kind: PartKind, added: list[Row], updated: list[Row], removed: list[UUID]
) -> None:
    fresh = {row["id"] for row in added}
    # What one document added another of the same envelope may have taken away or changed again.
    changed_again = {row["id"]: row for row in updated if row["id"] in fresh}
    gone = set(removed)
    added = [row | changed_again.get(row["id"], {}) for row in added if row["id"] not in gone]
    updated = [row for row in updated if row["id"] not in fresh and row["id"] not in gone]
    if removed:
        batch.session.execute(
            sa.delete(kind.table)
            .where(kind.table.id.in_(removed))
            .execution_options(synchronize_session=False)
        )
    if updated:
        batch.session.execute(sa.update(kind.table), updated)
    if added:
        batch.session.execute(sa.insert(kind.table), added)


def _stored(
    batch: Batch, kind: PartKind, items: Iterable[UUID | None]
) -> dict[UUID | None, dict[Any, Row]]:
    found: dict[UUID | None, dict[Any, Row]] = {}
    keys = list(items)
    if not keys:
        return found
    names = ("id", "item_id", "subject_id", kind.key, *kind.columns)
    statement = sa.select(*(getattr(kind.table, name) for name in names)).where(
        kind.table.item_id.in_(keys)
    )
    if kind.origin is not None:
        statement = statement.where(kind.table.origin == kind.origin)
    for values in batch.session.execute(statement):
        row = dict(zip(names, values, strict=True))
        found.setdefault(row["item_id"], {})[row[kind.key]] = row
    return found


def _common(batch: Batch, kind: PartKind, case: Case) -> Row:
    common: Row = {
        "id": new_key(),
        "item_id": case.item_id,
        "subject_id": case.sighting.subject_id,
    }
    if kind.origin is not None:
        common["origin"] = kind.origin
    if kind.table is IpAddress:
        common["routing_domain_id"] = batch.plan.routing_domain_id
    return common


def _is_told(case: Case, kind: PartKind, known: Mapping[Any, Row]) -> bool:
    """Say whether the revision names what changes; what a new item consists of is no change."""
    if case.is_created or kind.telling is Telling.NEVER:
        return False
    return kind.telling is Telling.ALWAYS or bool(known)


def _tell(
    case: Case, kind: PartKind, after: Row | None, before: Row | None, *, is_told: bool
) -> None:
    if not is_told:
        return
    row = after or before or {}
    name = str(row.get("name") or row[kind.key])
    if after is not None and before is not None:
        for column in kind.columns:
            if before[column] != after[column]:
                _note(case, f"{kind.label} {name}: {column}", before[column], after[column])
    else:
        _note(
            case,
            f"{kind.label} {name}",
            None if before is None else name,
            None if after is None else name,
        )


def _note(case: Case, what: str, before: Any, after: Any) -> None:
    if len(case.changes) < MAX_TOLD:
        case.changes[what] = [before, after]
    else:
        _, number = case.changes.get("further", [0, 0])
        case.changes["further"] = [0, number + 1]
