"""What people do with plans and runs."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.clock import now
from cmdb.kernel.errors import (
    N_,
    InvalidError,
    NotFoundError,
    StaleError,
    WrongStateError,
)
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners.models import Organisation
from cmdb.plans import queries, rules
from cmdb.plans.drafts import PlanDraft, check_draft, columns_of, refuse_overlap
from cmdb.plans.events import (
    PlanChanged,
    PlanCreated,
    PlanDeleted,
    PlanPaused,
    PlanResumed,
    RunCancelled,
    RunRequested,
)
from cmdb.plans.models import Assignment, Plan, Run
from cmdb.plans.targets import Piece
from schemas.vocabulary import AssignmentState, RunState


def create_plan(session: Session, actor: Viewer, partner_id: UUID, draft: PlanDraft) -> Plan:
    """Create a discovery plan for a partner; with an interval it is due at once.

    Raises:
        ForbiddenError: the actor may not write plans for this partner.
        InvalidError: a field has the wrong form.
        ConflictError: the name is taken, or the ranges overlap those of another partner.
    """
    permit(actor, "plan.write", partner_id)
    if session.get(Organisation, partner_id) is None:
        raise NotFoundError("partner.not-found", N_("There is no such partner."))
    draft = check_draft(session, actor, partner_id, draft, plan_id=None)
    plan = Plan(partner_id=partner_id, **columns_of(draft))
    plan.next_due_at = rules.compute_next_due(None, draft.interval_minutes, now())
    session.add(plan)
    session.flush()  # the event and the caller need the key
    record(session, actor, PlanCreated(subject_id=plan.id, partner_id=partner_id, name=plan.name))
    return plan


def update_plan(
    session: Session, actor: Viewer, plan_id: UUID, draft: PlanDraft, *, version: int
) -> Plan:
    """Replace what a plan says; runs that have begun go on with what they have.

    Raises:
        StaleError: somebody else changed the plan since it was read.
        WrongStateError: the protocol of a plan that has run cannot change.
    """
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "plan.write", plan.partner_id)
    if plan.version != version:
        raise StaleError(
            "plan.stale", N_("Somebody else has changed this plan meanwhile. Look at it again.")
        )
    if plan.protocol is not draft.protocol and _has_runs(session, plan.id):
        raise WrongStateError(
            "plan.protocol-fixed",
            N_("The protocol of a plan that has run stays. Make a plan of its own."),
        )
    columns = columns_of(check_draft(session, actor, plan.partner_id, draft, plan_id=plan.id))
    changes = {
        name: [getattr(plan, name), value]
        for name, value in columns.items()
        if getattr(plan, name) != value
    }
    if not changes:
        return plan
    for name, (_before, after) in changes.items():
        setattr(plan, name, after)
    if "interval_minutes" in changes and plan.is_active:
        plan.next_due_at = rules.compute_next_due(None, plan.interval_minutes, now())
    plan.version += 1
    record(
        session,
        actor,
        PlanChanged(subject_id=plan.id, partner_id=plan.partner_id, changes=changes),
    )
    return plan


def pause_plan(session: Session, actor: Viewer, plan_id: UUID) -> Plan:
    """Let a plan rest; a run that has begun is finished. Pausing twice is pausing once."""
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "plan.write", plan.partner_id)
    if plan.is_active:
        plan.is_active = False
        plan.next_due_at = None
        plan.version += 1
        record(session, actor, PlanPaused(subject_id=plan.id, partner_id=plan.partner_id))
    return plan


def resume_plan(session: Session, actor: Viewer, plan_id: UUID) -> Plan:
    """Let a paused plan run again; with an interval it is due at once.

    Raises:
        ConflictError: its ranges overlap those of another partner by now.
    """
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "plan.write", plan.partner_id)
    if not plan.is_active:
        scope = rules.check_targets(plan.protocol, plan.targets, plan.exclusions, plan.options)
        refuse_overlap(session, actor, plan.partner_id, plan.routing_domain_id, scope)
        plan.is_active = True
        plan.next_due_at = rules.compute_next_due(None, plan.interval_minutes, now())
        plan.version += 1
        record(session, actor, PlanResumed(subject_id=plan.id, partner_id=plan.partner_id))
    return plan


def delete_plan(session: Session, actor: Viewer, plan_id: UUID) -> bool:
    """Delete a plan that has never run, and pause one that has: its history stays.

    Returns whether the plan is gone.
    """
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "plan.write", plan.partner_id)
    if _has_runs(session, plan.id):
        pause_plan(session, actor, plan_id)
        return False
    session.delete(plan)
    record(
        session,
        actor,
        PlanDeleted(subject_id=plan_id, partner_id=plan.partner_id, name=plan.name),
    )
    return True


def request_run(
    session: Session, actor: Viewer, plan_id: UUID, *, is_dry_run: bool | None = None
) -> Run:
    """Queue a run of a plan; while one is queued or running, that one is returned.

    A run of single targets gives way: the whole plan looks at them too.

    Raises:
        WrongStateError: the plan is paused.
    """
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "run.request", plan.partner_id)
    for active in _active_runs(session, plan.id):
        if not active.only_targets:
            return active
        with suppress(WrongStateError):
            _cancel(session, actor, active)
    if not plan.is_active:
        raise WrongStateError("plan.paused", N_("This plan is paused. Resume it first."))
    is_dry = plan.is_dry_run if is_dry_run is None else is_dry_run
    return _queue(session, actor, plan, is_dry_run=is_dry)


def request_look(
    session: Session, actor: Viewer, plan_id: UUID, targets: Collection[str]
) -> Run | None:
    """Queue a run of single addresses or host names; returns None while another is under way.

    Raises:
        WrongStateError: the plan is paused.
        InvalidError: the plan does not look at one of them.
    """
    plan = _locked_plan(session, actor, plan_id)
    permit(actor, "run.request", plan.partner_id)
    if not plan.is_active:
        raise WrongStateError("plan.paused", N_("This plan is paused. Resume it first."))
    scope = rules.check_targets(plan.protocol, plan.targets, plan.exclusions, plan.options)
    for target in targets:
        if scope is None or not scope.looks_at(target):
            raise InvalidError(
                "plan.foreign-target", N_("This plan does not look at {target}."), target=target
            )
    if _active_runs(session, plan.id):
        return None
    return _queue(session, actor, plan, is_dry_run=plan.is_dry_run, only=sorted(targets))


def cancel_run(session: Session, actor: Viewer, run_id: UUID) -> Run:
    """Stop a run: what has been taken in stays, nothing counts as missing.

    Raises:
        WrongStateError: the run has already ended.
    """
    run = queries.get_run(session, actor, run_id)
    permit(actor, "run.request", run.partner_id)
    return _cancel(session, actor, run)


def _cancel(session: Session, actor: Viewer, run: Run) -> Run:
    # First the assignments, then the run: carriers lock them in this order.
    session.execute(
        sa.update(Assignment)
        .where(
            Assignment.run_id == run.id,
            Assignment.state.in_((AssignmentState.DUE, AssignmentState.LEASED)),
        )
        .values(state=AssignmentState.CANCELLED, lease_until=None)
    )
    session.refresh(run, with_for_update={"of": Run})
    if run.state not in queries.RUNNING:
        raise WrongStateError("run.finished", N_("This run has already ended."))
    run.state = RunState.CANCELLED
    run.finished_at = now()
    record(
        session,
        actor,
        RunCancelled(subject_id=run.id, partner_id=run.partner_id, plan_id=run.plan_id),
    )
    return run


def _active_runs(session: Session, plan_id: UUID) -> Sequence[Run]:
    return session.scalars(
        sa.select(Run).where(Run.plan_id == plan_id, Run.state.in_(queries.RUNNING))
    ).all()


def _queue(
    session: Session,
    actor: Viewer,
    plan: Plan,
    *,
    is_dry_run: bool,
    only: Sequence[str] = (),
) -> Run:
    run = Run(
        plan_id=plan.id,
        partner_id=plan.partner_id,
        state=RunState.QUEUED,
        is_dry_run=is_dry_run,
        only_targets=list(only),
        requested_by=actor.name,
        requested_at=now(),
    )
    session.add(run)
    session.flush()  # the assignments and the event need the key
    pieces = (
        [Piece(tuple(only), len(only))]
        if only
        else rules.compute_pieces(plan.protocol, plan.targets, plan.exclusions, plan.options)
    )
    session.add_all(
        Assignment(
            run_id=run.id,
            number=number,
            targets=list(piece.targets),
            target_count=piece.count,
            due_at=run.requested_at,
        )
        for number, piece in enumerate(pieces, start=1)
    )
    run.targets_total = sum(piece.count for piece in pieces)
    told = RunRequested(
        subject_id=run.id, partner_id=run.partner_id, plan_id=plan.id, is_dry_run=is_dry_run
    )
    record(session, actor, told)
    return run


def _locked_plan(session: Session, actor: Viewer, plan_id: UUID) -> Plan:
    # PostgreSQL keeps a second request waiting here; SQLite's transactions wait as a whole.
    plan = queries.get_plan(session, actor, plan_id)
    session.refresh(plan, with_for_update={"of": Plan})
    return plan


def _has_runs(session: Session, plan_id: UUID) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(Run.plan_id == plan_id))))
