"""What complete runs do not see again: counted first, missing after several, never deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.accounts.models import AccountRecord, DirectoryGroup
from cmdb.history.commands import Revision, record_revisions
from cmdb.intake.commands import scope_of
from cmdb.intake.models import Subject
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.errors import N_
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer
from cmdb.plans.models import Plan, Run, RunTarget
from cmdb.plans.progress import MISSED, TargetFate, record_fates
from cmdb.reconcile import rules
from cmdb.reconcile.batch import Question
from cmdb.reconcile.events import ItemMissed
from cmdb.reconcile.findings import Asked, ask
from cmdb.reconcile.holds import hold_run, supersede_holds
from cmdb.reconcile.policy import Policy
from schemas.messages import Message, say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import FindingKind, Lifecycle, RunState, Source, Step, SubjectKind

IN_A_ROW = N_("Not seen in several complete runs in a row.")

_PRESENT = tuple(step for step in Step if step is not Step.ASKED)


@dataclass(frozen=True, slots=True)
class _Gone:
    """Items that are gone, each with the subject that says so, and why that is believed."""

    subject_of: Mapping[UUID, UUID]
    reason: str


def conclude_run(session: Session, actor: Viewer, run: Run, policy: Policy, at: datetime) -> None:
    """Count what a run has not seen; only a succeeded run of a whole plan may say so.

    When more has vanished at once than can be believed, nothing is counted and the run says so.
    """
    if run.state is not RunState.SUCCEEDED or run.is_dry_run or run.only_targets:
        return
    supersede_holds(session, run)
    unseen = list_unseen(session, run)
    if not unseen:
        return
    limit = policy.missing.runs
    known = session.scalar(
        sa.select(sa.func.count())
        .select_from(Subject)
        .where(Subject.plan_id == run.plan_id, Subject.missed_runs < limit)
    )
    vanished = sum(row.missed_runs == 0 for row in unseen)
    if rules.must_hold(known or 0, vanished, policy.missing):
        hold_run(session, actor, run, known=known or 0, vanished=vanished, at=at)
        return
    session.execute(
        sa.update(Subject)
        .where(Subject.id.in_([row.id for row in unseen]))
        .values(missed_runs=Subject.missed_runs + 1)
        .execution_options(synchronize_session=False)
    )
    fates = [
        missed_fate(row, say(RunSentence.NOT_SEEN, count=row.missed_runs + 1))
        for row in unseen
        if row.kind is SubjectKind.DEVICE
    ]
    record_fates(session, run, fates)
    gone = [row for row in unseen if row.missed_runs + 1 == limit]
    mark_gone(session, actor, run, gone, at=at, reason=IN_A_ROW)


def mark_gone(
    session: Session, actor: Viewer, run: Run, gone: Sequence[Any], *, at: datetime, reason: str
) -> int:
    """Mark accounts and groups as gone and items as missing; returns how many items there were."""
    _mark_records(session, [row.id for row in gone], at)
    found = _Gone({row.item_id: row.id for row in gone if row.item_id is not None}, reason)
    items = _still_in_operation(session, found.subject_of) if found.subject_of else []
    if items:
        run.findings += _mark_items(session, actor, run, found, items=items, at=at)
    return len(items)


def list_unseen(session: Session, run: Run) -> list[Any]:
    """Return what the plan still covers, knows and did not see, nor meet without entering."""
    plan = session.get_one(Plan, run.plan_id)
    scope = scope_of(plan)
    met = sa.exists().where(
        RunTarget.run_id == run.id,
        RunTarget.target == Subject.target,
        RunTarget.step.in_(_PRESENT),
    )
    rows = session.execute(
        sa.select(
            Subject.id,
            Subject.kind,
            Subject.key,
            Subject.target,
            Subject.item_id,
            Subject.missed_runs,
            Subject.seen_at,
            met.label("is_met"),
        ).where(Subject.plan_id == run.plan_id, Subject.seen_run_id != run.id)
    )
    return [
        row
        for row in rows
        if scope.covers(row.target, row.key)
        # The base of a directory is always met; it says nothing about one entry.
        and not (row.is_met and scope.addresses is not None)
    ]


def missed_fate(row: Any, told: Message) -> TargetFate:
    """Return the fate of a target that was not seen, and what is told of that."""
    return TargetFate(
        row.target,
        Step.ASKED,
        row.key,
        MISSED,
        row.item_id,
        message=str(told),
        messages=(told,),
    )


def _mark_records(session: Session, subjects: Sequence[UUID], at: datetime) -> None:
    if not subjects:
        return
    for model in (AccountRecord, DirectoryGroup):
        session.execute(
            sa.update(model)
            .where(model.subject_id.in_(subjects), model.gone_at.is_(None))
            .values(gone_at=at)
            .execution_options(synchronize_session=False)
        )


def _mark_items(
    session: Session, actor: Viewer, run: Run, gone: _Gone, *, items: Sequence[Any], at: datetime
) -> int:
    """Mark items as missing, with history, and ask what became of them; returns how often."""
    session.execute(
        sa.update(ConfigurationItem)
        .where(ConfigurationItem.id.in_([item.id for item in items]))
        .values(lifecycle=Lifecycle.MISSING, version=ConfigurationItem.version + 1, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    changes = {"lifecycle": [Lifecycle.IN_OPERATION.value, Lifecycle.MISSING.value]}
    source = Source(session.get_one(Plan, run.plan_id).protocol.value)
    revisions = [Revision(item.id, changes, source, run.id, gone.reason) for item in items]
    record_revisions(session, actor, revisions, at=at)
    for item in items:
        event = ItemMissed(subject_id=item.id, partner_id=run.partner_id, run_id=run.id)
        record(session, actor, event)
    asked = [
        Asked(gone.subject_of[item.id], item.id, _question(item), run.partner_id, run.id)
        for item in items
    ]
    return ask(session, actor, asked, at=at)


def _still_in_operation(session: Session, subject_of: Mapping[UUID, UUID]) -> Sequence[Any]:
    """Return those of the items that count as in operation and that nobody else still sees."""
    elsewhere = sa.exists().where(
        Subject.item_id == ConfigurationItem.id,
        Subject.id.not_in(list(subject_of.values())),
        Subject.missed_runs == 0,
    )
    return session.execute(
        sa.select(ConfigurationItem.id, ConfigurationItem.seen_at).where(
            ConfigurationItem.id.in_(subject_of),
            ConfigurationItem.lifecycle == Lifecycle.IN_OPERATION,
            ~elsewhere,
        )
    ).all()


def _question(item: Any) -> Question:
    return Question(
        FindingKind.MISSING,
        rules.compute_fingerprint(FindingKind.MISSING, str(item.id)),
        "lifecycle",
        Lifecycle.IN_OPERATION.value,
        Lifecycle.MISSING.value,
        {"seen_at": item.seen_at.isoformat() if item.seen_at else None},
    )
