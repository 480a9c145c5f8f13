"""What carriers do with assignments: release what is due, lease, finish, fail, take over.

The rows decide. Two carriers, or two tickers, at once do no harm.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, WrongStateError
from cmdb.kernel.viewer import Viewer, permit, visible
from cmdb.partners.models import Organisation
from cmdb.plans import rules
from cmdb.plans.commands import request_run
from cmdb.plans.ending import give_back, settle
from cmdb.plans.models import Assignment, Plan, Run
from cmdb.plans.translation import inside_exclusions
from schemas import assignment as wire
from schemas.messages import Message, say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import AssignmentState, RunState


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds which assignment; a later attempt makes an earlier one worthless."""

    assignment_id: UUID
    worker: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Lease:
    """An assignment in the hands of one worker."""

    assignment: wire.Assignment
    hold: Hold


def release_due(session: Session, actor: Viewer, *, at: datetime) -> list[UUID]:
    """Queue a run of every plan that is due, and return the runs."""
    due = session.scalars(
        sa.select(Plan)
        .where(
            Plan.is_active,
            Plan.next_due_at <= at,
            visible(actor, "run.request", Plan.partner_id),
        )
        .order_by(Plan.next_due_at)
        .with_for_update(skip_locked=True)
    ).all()
    runs: list[UUID] = []
    for plan in due:
        runs.append(request_run(session, actor, plan.id).id)
        plan.next_due_at = rules.compute_next_due(plan.next_due_at, plan.interval_minutes, at)
    return runs


def claim_assignment(  # noqa: PLR0913 — all but the first two by name
    session: Session,
    actor: Viewer,
    *,
    worker: str,
    lease: timedelta,
    at: datetime,
    longest: timedelta | None = None,
    run_id: UUID | None = None,
) -> Lease | None:
    """Lease the assignment that has been due longest to a worker, or return None.

    Args:
        session: the transaction.
        actor: needs `intake.submit` for the partner.
        worker: who carries the assignment out.
        lease: after so much time without a sign of life somebody else takes over.
        at: the present moment.
        longest: how long the whole may take for a worker that extends its lease meanwhile.
        run_id: only assignments of this run come into question.
    """
    row = session.scalar(_due(actor, at, run_id))
    if row is None:
        return None
    run = session.get_one(Run, row.run_id, with_for_update=True, populate_existing=True)
    if run.state is RunState.QUEUED:
        run.state = RunState.RUNNING
        run.started_at = at
    # What an earlier attempt had done is done again; its targets must not count twice.
    run.targets_done -= row.targets_done
    row.targets_done = 0
    row.is_partial = False
    row.state = AssignmentState.LEASED
    row.attempts += 1
    row.leased_by = worker
    row.lease_until = at + lease
    deadline = at + max(lease, longest or lease)
    return Lease(_as_wire(session, row, run, deadline), Hold(row.id, worker, row.attempts))


def extend_lease(
    session: Session, actor: Viewer, hold: Hold, *, by: timedelta, at: datetime
) -> None:
    """Give a worker more time.

    Raises:
        WrongStateError: the lease is no longer this worker's.
    """
    row = held_assignment(session, actor, hold, at=at)
    row.lease_until = at + by


def finish_assignment(session: Session, actor: Viewer, hold: Hold, *, at: datetime) -> Run:
    """Say that everything of an assignment has been taken in; the last one ends its run.

    Raises:
        WrongStateError: the lease is no longer this worker's.
    """
    row = held_assignment(session, actor, hold, at=at)
    run = session.get_one(Run, row.run_id, with_for_update=True, populate_existing=True)
    row.state = AssignmentState.DONE
    row.lease_until = None
    if not row.is_partial:
        # How many single targets there really were is known now.
        run.targets_total += row.targets_done - row.target_count
        row.target_count = row.targets_done
    settle(session, actor, run, at)
    return run


def fail_assignment(
    session: Session, actor: Viewer, hold: Hold, *, message: Message, at: datetime
) -> Run:
    """Give an assignment back; after three attempts it has failed.

    Raises:
        WrongStateError: the lease is no longer this worker's.
    """
    row = held_assignment(session, actor, hold, at=at)
    run = session.get_one(Run, row.run_id, with_for_update=True, populate_existing=True)
    give_back(row, message, at)
    settle(session, actor, run, at)
    return run


def expire_leases(session: Session, actor: Viewer, *, at: datetime) -> int:
    """Take back every lease that has run out, and return how many there were."""
    return _take_back(session, actor, Assignment.lease_until < at, at)


def release_worker(session: Session, actor: Viewer, worker: str, *, at: datetime) -> int:
    """Take back the leases of a worker that is known to be dead, without waiting for their end."""
    return _take_back(session, actor, Assignment.leased_by == worker, at)


def hand_back(session: Session, actor: Viewer, hold: Hold, *, at: datetime) -> None:
    """Give an assignment back unfinished because its worker stops; this is no failure.

    Raises:
        WrongStateError: the lease is no longer this worker's.
    """
    row = held_assignment(session, actor, hold, at=at)
    row.state = AssignmentState.DUE
    row.due_at = at
    row.lease_until = None


def is_wanted(session: Session, actor: Viewer, hold: Hold) -> bool:
    """Tell whether a worker's assignment is still its own: not cancelled, not taken over."""
    return bool(
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Assignment)
            .join(Run, Run.id == Assignment.run_id)
            .where(
                Assignment.id == hold.assignment_id,
                Assignment.state == AssignmentState.LEASED,
                Assignment.leased_by == hold.worker,
                Assignment.attempts == hold.attempt,
                visible(actor, "intake.submit", Run.partner_id),
            )
        )
    )


def list_workers(session: Session, actor: Viewer) -> list[str]:
    """Return who holds leases at the moment."""
    return list(
        session.scalars(
            sa.select(Assignment.leased_by)
            .join(Run, Run.id == Assignment.run_id)
            .where(
                Assignment.state == AssignmentState.LEASED,
                visible(actor, "intake.submit", Run.partner_id),
            )
            .distinct()
        )
    )


def held_assignment(session: Session, actor: Viewer, hold: Hold, *, at: datetime) -> Assignment:
    """Return the row of a lease that still holds.

    Raises:
        ForbiddenError: the actor may not speak for the partner.
        WrongStateError: it has run out, ended, or is somebody else's.
    """
    row = session.get_one(
        Assignment, hold.assignment_id, with_for_update=True, populate_existing=True
    )
    run = session.get_one(Run, row.run_id)
    permit(actor, "intake.submit", run.partner_id)
    if (
        row.state is not AssignmentState.LEASED
        or (row.leased_by, row.attempts) != (hold.worker, hold.attempt)
        or row.lease_until is None
        or row.lease_until < at
    ):
        raise lease_lost()
    return row


def lease_lost() -> WrongStateError:
    """Return the error of a worker whose time is over."""
    return WrongStateError(
        "intake.lease-lost",
        N_("The lease of this assignment has ended or belongs to somebody else."),
    )


def _due(actor: Viewer, at: datetime, run_id: UUID | None) -> sa.Select[Assignment]:
    statement = (
        sa.select(Assignment)
        .join(Run, Run.id == Assignment.run_id)
        .where(
            Assignment.state == AssignmentState.DUE,
            Assignment.due_at <= at,
            visible(actor, "intake.submit", Run.partner_id),
        )
    )
    if run_id is not None:
        statement = statement.where(Assignment.run_id == run_id)
    statement = statement.order_by(Assignment.due_at, Assignment.id).limit(1)
    return statement.with_for_update(of=Assignment, skip_locked=True)


def _take_back(
    session: Session, actor: Viewer, condition: sa.ColumnElement[bool], at: datetime
) -> int:
    rows = session.scalars(
        sa.select(Assignment)
        .join(Run, Run.id == Assignment.run_id)
        .where(
            Assignment.state == AssignmentState.LEASED,
            condition,
            visible(actor, "intake.submit", Run.partner_id),
        )
        .order_by(Assignment.id)
        .with_for_update(of=Assignment, skip_locked=True)
    ).all()
    for row in rows:
        give_back(row, say(RunSentence.WORKER_LATE), at)
    for run_id in sorted({row.run_id for row in rows}):
        run = session.get_one(Run, run_id, with_for_update=True, populate_existing=True)
        settle(session, actor, run, at)
    return len(rows)


def _as_wire(session: Session, row: Assignment, run: Run, deadline: datetime) -> wire.Assignment:
    plan = session.get_one(Plan, run.plan_id)
    partner = session.get_one(Organisation, run.partner_id)
    return wire.Assignment(
        id=row.id,
        run_id=run.id,
        partner=partner.slug,
        protocol=plan.protocol,
        targets=tuple(row.targets),
        deadline=deadline,
        exclusions=(*plan.exclusions, *inside_exclusions(plan.exclusions, plan.options)),
        credentials=tuple(plan.credentials),
        options=_options(plan, run),
        rate=plan.rate,
    )


def _options(plan: Plan, run: Run) -> dict[str, Any]:
    options = dict(plan.options)
    if run.only_targets:
        # Who wants to know what is new at one device does not want its neighbours looked at.
        options.pop("crawl", None)
    return options
