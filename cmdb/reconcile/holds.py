"""Runs that are held: too much had vanished at once to be believed without a person."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, visible
from cmdb.plans.models import Run
from cmdb.reconcile.events import RunHeld
from cmdb.reconcile.models import HeldRun
from schemas.messages import say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import HoldState

READ = "finding.read"


def hold_run(
    session: Session, actor: Viewer, run: Run, *, known: int, vanished: int, at: datetime
) -> None:
    """Hold a run and say why: nothing is counted until a person answers."""
    told = say(RunSentence.HELD, vanished=vanished, known=known)
    run.message, run.messages = str(told), [told.as_json()]
    session.add(
        HeldRun(
            run_id=run.id,
            plan_id=run.plan_id,
            partner_id=run.partner_id,
            known=known,
            vanished=vanished,
            held_at=at,
        )
    )
    record(
        session,
        actor,
        RunHeld(
            subject_id=run.id,
            partner_id=run.partner_id,
            plan_id=run.plan_id,
            known=known,
            vanished=vanished,
        ),
    )


def supersede_holds(session: Session, run: Run) -> None:
    """Close the questions about earlier runs of a plan: a later one has looked again."""
    session.execute(
        sa.update(HeldRun)
        .where(
            HeldRun.plan_id == run.plan_id,
            HeldRun.run_id != run.id,
            HeldRun.state == HoldState.OPEN,
        )
        .values(state=HoldState.SUPERSEDED)
    )


def find_holds(session: Session, viewer: Viewer, run_ids: Iterable[UUID]) -> dict[UUID, HeldRun]:
    """Return those of the runs that were held, by run."""
    rows = session.scalars(
        sa.select(HeldRun).where(
            HeldRun.run_id.in_(list(run_ids)), visible(viewer, READ, HeldRun.partner_id)
        )
    )
    return {row.run_id: row for row in rows}


def list_open_holds(session: Session, viewer: Viewer, *, limit: int = 20) -> list[HeldRun]:
    """Return the runs that wait for an answer, the latest first."""
    return list(
        session.scalars(
            sa.select(HeldRun)
            .where(HeldRun.state == HoldState.OPEN, visible(viewer, READ, HeldRun.partner_id))
            .order_by(HeldRun.held_at.desc(), HeldRun.run_id)
            .limit(limit)
        )
    )


def get_hold(session: Session, viewer: Viewer, run_id: UUID, *, is_locked: bool = False) -> HeldRun:
    """Return what is known of a run that was held; locked, nobody else answers meanwhile.

    Raises:
        NotFoundError: the run was not held, or the viewer may not see it.
    """
    statement = sa.select(HeldRun).where(
        HeldRun.run_id == run_id, visible(viewer, READ, HeldRun.partner_id)
    )
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    held = session.scalar(statement)
    if held is None:
        raise NotFoundError("hold.not-found", N_("No question about this run waits for an answer."))
    return held
