"""How assignments and runs end."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer
from cmdb.plans import rules
from cmdb.plans.events import RunFinished
from cmdb.plans.models import Assignment, Run
from cmdb.plans.queries import RUNNING
from schemas.messages import Message
from schemas.vocabulary import AssignmentState

MAX_MESSAGE = 1000


def give_back(row: Assignment, message: Message, at: datetime) -> None:
    """Make an assignment due again, or let it fail when it was tried often enough."""
    is_last = row.attempts >= rules.MAX_ATTEMPTS
    row.state = AssignmentState.FAILED if is_last else AssignmentState.DUE
    row.due_at = at
    row.lease_until = None
    row.message = str(message)[:MAX_MESSAGE]
    row.messages = [message.as_json()]


def settle(session: Session, actor: Viewer, run: Run, at: datetime) -> None:
    """End the run when nothing of it is left to do."""
    if run.state not in RUNNING:
        return
    session.flush()  # the states of its assignments are read back
    rows = session.execute(
        sa.select(
            Assignment.state, Assignment.is_partial, Assignment.message, Assignment.messages
        ).where(Assignment.run_id == run.id)
    ).all()
    ends = [rules.AssignmentEnd(row.state, row.is_partial) for row in rows]
    state = rules.decide_run_state(ends, reached=run.reached)
    if state is None:
        return
    run.state = state
    run.finished_at = at
    complaint = next(
        (row for row in rows if row.state is AssignmentState.FAILED and row.message), None
    )
    if complaint is not None and not run.message:
        run.message, run.messages = complaint.message, complaint.messages
    record(
        session,
        actor,
        RunFinished(
            subject_id=run.id,
            partner_id=run.partner_id,
            plan_id=run.plan_id,
            state=state,
            message=run.message,
        ),
    )
