"""How far each target of a run came, and the run's counts that follow from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.ids import new_key
from cmdb.kernel.types import sortable_address
from cmdb.plans.models import Assignment, Run, RunTarget
from cmdb.plans.targets import address_of_key
from schemas.messages import Message
from schemas.vocabulary import Step

CREATED = "created"
CHANGED = "changed"
UNCHANGED = "unchanged"
AMBIGUOUS = "ambiguous"
MISSED = "missed"

MAX_MESSAGE = 1000
MAX_POSITION = 255
_CHUNK = 5000
_STEPS = {step: number for number, step in enumerate(Step)}
_COUNTED = frozenset({CREATED, CHANGED, UNCHANGED})


@dataclass(frozen=True, slots=True)
class TargetFate:
    """How far one target came in a run, and what was decided about it.

    Attributes:
        key: what was seen there; empty where nothing was.
        decision: one of the words above, empty where nothing was decided.
        code: why it went no further.
        message: the same in English.
        messages: the same as codes with parameters, where the collector sends them.
        explanation: plain JSON for people who want to know why.
    """

    target: str
    step: Step
    key: str = ""
    decision: str = ""
    item_id: UUID | None = None
    code: str = ""
    message: str = ""
    messages: tuple[Message, ...] = ()
    explanation: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True)
class _Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    reached: int = 0
    problems: int = 0

    def add(self, decision: str, step: Step, code: str, sign: int) -> None:
        if decision in _COUNTED:
            setattr(self, decision, getattr(self, decision) + sign)
        self.reached += sign * (_STEPS[step] >= _STEPS[Step.REACHED])
        self.problems += sign * bool(code)


def record_progress(
    session: Session,
    run: Run,
    assignment: Assignment,
    fates: Sequence[TargetFate],
    *,
    done: int,
    findings: int,
) -> None:
    """Write what became of targets and count it in the run; a repeated target counts once.

    A target that this run has created or changed stays so when a later attempt finds it unchanged.
    """
    record_fates(session, run, fates)
    assignment.targets_done += done
    run.targets_done += done
    run.findings += findings


def record_fates(session: Session, run: Run, fates: Sequence[TargetFate]) -> None:
    """Write what became of targets of a run and adjust its counts."""
    latest = {(fate.target, fate.key): fate for fate in fates}
    before = _earlier(session, run.id, latest)
    counts = _Counts()
    added: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    for position, fate in latest.items():
        old = before.get(position)
        decision = fate.decision
        if old is not None:
            counts.add(old.decision, old.step, old.code, -1)
            if decision == UNCHANGED and old.decision:
                decision = old.decision
        counts.add(decision, fate.step, fate.code, 1)
        row = _row(run.id, fate, decision)
        if old is None:
            added.append(row | {"id": new_key()})
        else:
            updated.append(row | {"id": old.id})
    if added:
        session.execute(sa.insert(RunTarget), added)
    if updated:
        session.execute(sa.update(RunTarget), updated)
    for name in _Counts.__slots__:
        setattr(run, name, getattr(run, name) + getattr(counts, name))


def sort_position(target: str, key: str) -> str:
    """Return what sorts a target: 10.0.0.2 before 10.0.0.10, a range at its first address."""
    shown = key or target
    address, separator, rest = shown.partition("/")
    found = address_of_key(address)
    position = shown if found is None else sortable_address(str(found)) + separator + rest
    return position[:MAX_POSITION]


def forget_targets(session: Session, *, before: datetime) -> int:
    """Delete what is known of single targets of runs that were requested before this time."""
    old = sa.select(Run.id).where(Run.requested_at < before)
    result = session.execute(sa.delete(RunTarget).where(RunTarget.run_id.in_(old)))
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count


def _earlier(
    session: Session, run_id: UUID, positions: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Any]:
    columns = (
        RunTarget.id,
        RunTarget.target,
        RunTarget.key,
        RunTarget.decision,
        RunTarget.step,
        RunTarget.code,
    )
    found: dict[tuple[str, str], Any] = {}
    asked = list(positions)
    for start in range(0, len(asked), _CHUNK):
        some = asked[start : start + _CHUNK]
        targets, keys = ({one[part] for one in some} for part in (0, 1))
        conditions = [RunTarget.run_id == run_id, RunTarget.target.in_(targets)]
        # A device has one key; a base DN has as many as there are accounts below it.
        if len(targets) < len(keys):
            conditions.append(RunTarget.key.in_(keys))
        rows = session.execute(sa.select(*columns).where(*conditions))
        found.update({(row.target, row.key): row for row in rows})
    return found


def _row(run_id: UUID, fate: TargetFate, decision: str) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "target": fate.target,
        "key": fate.key,
        "step": fate.step,
        "decision": decision,
        "item_id": fate.item_id,
        "code": fate.code,
        "message": fate.message[:MAX_MESSAGE],
        "messages": [one.as_json() for one in fate.messages],
        "position": sort_position(fate.target, fate.key),
        "explanation": fate.explanation,
    }
