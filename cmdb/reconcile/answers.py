"""What a person answers to a run that was held: it is really gone, or the run was wrong."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.locking import lock_partner
from cmdb.intake.models import Subject
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, WrongStateError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit
from cmdb.plans.models import Run
from cmdb.plans.progress import record_fates
from cmdb.reconcile.events import HoldAnswered
from cmdb.reconcile.holds import get_hold
from cmdb.reconcile.missing import list_unseen, mark_gone, missed_fate
from cmdb.reconcile.models import HeldRun
from cmdb.reconcile.policy import load_policy
from schemas.messages import say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import HoldState, SubjectKind

MAX_REASON = 500
ANSWER = "finding.decide"
CONFIRMED = N_("A person confirmed that it is gone.")


@dataclass(frozen=True, slots=True)
class Vanished:
    """What a held run did not see: devices by name, accounts and groups by their number alone.

    Attributes:
        devices: item and name, as far as they are listed.
        device_count: how many there are.
        others: how many accounts and groups there are.
    """

    devices: list[tuple[UUID | None, str]]
    device_count: int
    others: int


def confirm_gone(session: Session, actor: Viewer, run_id: UUID, *, reason: str = "") -> HeldRun:
    """Believe a held run: what it did not see, and nobody has seen since, is missing from now on.

    Confirming twice is confirming once.

    Raises:
        NotFoundError: the run was not held.
        WrongStateError: it was rejected, or a later run has looked again.
    """
    held = get_hold(session, actor, run_id, is_locked=True)
    permit(actor, ANSWER, held.partner_id)
    if held.state is HoldState.CONFIRMED:
        return held
    _refuse_answered(held)
    lock_partner(session, held.partner_id)
    run = session.get_one(Run, run_id, with_for_update=True, populate_existing=True)
    limit, at = load_policy().missing.runs, now()
    unseen = _gone(session, run)
    session.execute(
        sa.update(Subject)
        .where(Subject.id.in_([row.id for row in unseen]), Subject.missed_runs < limit)
        .values(missed_runs=limit)
        .execution_options(synchronize_session=False)
    )
    told = say(RunSentence.GONE_FOR_SURE)
    devices = [row for row in unseen if row.kind is SubjectKind.DEVICE]
    record_fates(session, run, [missed_fate(row, told) for row in devices])
    reason = reason.strip()[:MAX_REASON]
    gone = [row for row in unseen if row.missed_runs < limit]
    missing = mark_gone(session, actor, run, gone, at=at, reason=reason or CONFIRMED)
    return _answer(session, actor, held, HoldState.CONFIRMED, reason=reason, missing=missing)


def reject_run(session: Session, actor: Viewer, run_id: UUID, *, reason: str = "") -> HeldRun:
    """Say that a held run was wrong: nothing changes. Rejecting twice is rejecting once.

    Raises:
        NotFoundError: the run was not held.
        WrongStateError: it was confirmed, or a later run has looked again.
    """
    held = get_hold(session, actor, run_id, is_locked=True)
    permit(actor, ANSWER, held.partner_id)
    if held.state is HoldState.REJECTED:
        return held
    _refuse_answered(held)
    reason = reason.strip()[:MAX_REASON]
    return _answer(session, actor, held, HoldState.REJECTED, reason=reason)


def list_vanished(session: Session, viewer: Viewer, run: Run, *, limit: int = 100) -> Vanished:
    """Return what a held run did not see, for whoever has to answer.

    Raises:
        NotFoundError: the run was not held, or the viewer may not see it.
    """
    get_hold(session, viewer, run.id)
    unseen = _gone(session, run)
    devices = [row for row in unseen if row.kind is SubjectKind.DEVICE]
    statement = sa.select(ConfigurationItem.id, ConfigurationItem.name).where(
        ConfigurationItem.id.in_([row.item_id for row in devices[:limit] if row.item_id])
    )
    names = {row.id: row.name for row in session.execute(statement)}
    return Vanished(
        [(row.item_id, names.get(row.item_id, row.key)) for row in devices[:limit]],
        len(devices),
        len(unseen) - len(devices),
    )


def _gone(session: Session, run: Run) -> list[Any]:
    """Return what a run did not see and nobody has seen since."""
    ended_at = run.finished_at or now()
    return [row for row in list_unseen(session, run) if row.seen_at <= ended_at]


def _refuse_answered(held: HeldRun) -> None:
    if held.state is HoldState.SUPERSEDED:
        raise WrongStateError(
            "hold.superseded", N_("A later run has looked again; its result counts.")
        )
    if held.state is not HoldState.OPEN:
        raise WrongStateError(
            "hold.answered",
            N_("This has been decided by {name} already."),
            name=held.answered_by,
        )


def _answer(
    session: Session,
    actor: Viewer,
    held: HeldRun,
    state: HoldState,
    *,
    reason: str,
    missing: int = 0,
) -> HeldRun:
    held.state = state
    held.answered_at = now()
    held.answered_by = actor.name
    held.reason = reason
    record(
        session,
        actor,
        HoldAnswered(
            subject_id=held.run_id,
            partner_id=held.partner_id,
            plan_id=held.plan_id,
            answer=state.value,
            missing=missing,
            reason=reason,
        ),
    )
    return held
