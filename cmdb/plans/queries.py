"""Questions about plans, runs and their targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cmdb.items.models import ConfigurationItem
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.plans.models import Plan, Run, RunTarget
from schemas.vocabulary import RunState, Step

RUNNING = (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run has come, cheap enough to ask every second."""

    id: UUID
    plan_id: UUID
    state: RunState
    targets_total: int
    targets_done: int
    reached: int
    created: int
    changed: int
    unchanged: int
    findings: int
    problems: int
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    message: str
    messages: list[Any]

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in RUNNING

    @property
    def percent(self) -> int:
        """How much is done, from 0 to 100."""
        if self.is_finished:
            return 100
        return min(99, 100 * self.targets_done // self.targets_total) if self.targets_total else 0


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs to list; what is not named does not matter."""

    plan_id: UUID | None = None
    partner_id: UUID | None = None
    states: tuple[RunState, ...] = ()


def list_plans(
    session: Session,
    viewer: Viewer,
    *,
    partner_id: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Plan]:
    """Return a page of plans by name, with partner, site and routing domain."""
    statement = (
        sa.select(Plan)
        .where(visible(viewer, "plan.read", Plan.partner_id))
        .options(
            joinedload(Plan.partner),
            joinedload(Plan.site),
            joinedload(Plan.routing_domain),
        )
    )
    if partner_id is not None:
        statement = statement.where(Plan.partner_id == partner_id)
    statement = keyset(statement, SortKey(Plan.__table__.c.name), Plan.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda plan: plan.name, id_of=lambda plan: plan.id)


def count_plans(session: Session, viewer: Viewer) -> int:
    """Return how many plans the viewer sees."""
    statement = sa.select(sa.func.count()).select_from(Plan)
    return session.scalar(statement.where(visible(viewer, "plan.read", Plan.partner_id))) or 0


def get_plan(session: Session, viewer: Viewer, plan_id: UUID) -> Plan:
    """Return one plan with partner, site and routing domain.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    plan = session.scalar(
        sa.select(Plan)
        .where(Plan.id == plan_id, visible(viewer, "plan.read", Plan.partner_id))
        .options(joinedload(Plan.partner), joinedload(Plan.site), joinedload(Plan.routing_domain))
    )
    if plan is None:
        raise NotFoundError("plan.not-found", N_("There is no such discovery plan."))
    return plan


def list_runs(
    session: Session,
    viewer: Viewer,
    *,
    wanted: RunFilter | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Run]:
    """Return a page of runs, the newest first, each with its plan and partner."""
    wanted = wanted or RunFilter()
    statement = (
        sa.select(Run)
        .where(visible(viewer, "run.read", Run.partner_id))
        .options(joinedload(Run.plan).joinedload(Plan.partner))
    )
    if wanted.plan_id is not None:
        statement = statement.where(Run.plan_id == wanted.plan_id)
    if wanted.partner_id is not None:
        statement = statement.where(Run.partner_id == wanted.partner_id)
    if wanted.states:
        statement = statement.where(Run.state.in_(wanted.states))
    sort = SortKey(Run.__table__.c.requested_at, datetime, is_descending=True)
    rows = session.scalars(keyset(statement, sort, Run.id, after=after, limit=limit)).all()
    return page_of(rows, limit, value_of=lambda run: run.requested_at, id_of=lambda run: run.id)


def get_run(session: Session, viewer: Viewer, run_id: UUID) -> Run:
    """Return one run with its plan and partner.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    run = session.scalar(
        sa.select(Run)
        .where(Run.id == run_id, visible(viewer, "run.read", Run.partner_id))
        .options(joinedload(Run.plan).joinedload(Plan.partner))
    )
    if run is None:
        raise _no_run()
    return run


def get_run_progress(session: Session, viewer: Viewer, run_id: UUID) -> RunProgress:
    """Return how far a run has come.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    columns = [getattr(Run, name) for name in RunProgress.__slots__]
    row = session.execute(
        sa.select(*columns).where(Run.id == run_id, visible(viewer, "run.read", Run.partner_id))
    ).one_or_none()
    if row is None:
        raise _no_run()
    return RunProgress(*row)


def find_running(session: Session, viewer: Viewer, plan_id: UUID) -> Run | None:
    """Return the run of a plan that is queued or running, if there is one."""
    return session.scalar(
        sa.select(Run).where(
            Run.plan_id == plan_id,
            Run.state.in_(RUNNING),
            visible(viewer, "run.read", Run.partner_id),
        )
    )


def list_targets(
    session: Session,
    viewer: Viewer,
    run_id: UUID,
    *,
    decision: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[RunTarget]:
    """Return a page of a run's targets with step and decision, addresses by their number.

    Raises:
        NotFoundError: there is no such run that the viewer may see.
    """
    statement = sa.select(RunTarget).where(_is_of(viewer, run_id))
    if decision:
        statement = statement.where(RunTarget.decision == decision)
    sort = SortKey(RunTarget.__table__.c.position)
    rows = session.scalars(keyset(statement, sort, RunTarget.id, after=after, limit=limit)).all()
    if not rows:
        get_run_progress(session, viewer, run_id)
    return page_of(rows, limit, value_of=lambda row: row.position, id_of=lambda row: row.id)


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """How many targets of a run ended with which decision, and how many came how far."""

    decisions: dict[str, int]
    steps: dict[Step, int]


def count_targets(session: Session, viewer: Viewer, run_id: UUID) -> TargetCounts:
    """Return how many targets came at least as far as each step, and what was decided of them.

    Silent addresses of ranges are counted in the run only.

    Raises:
        NotFoundError: there is no such run that the viewer may see.
    """
    rows = session.execute(
        sa.select(RunTarget.decision, RunTarget.step, sa.func.count())
        .where(_is_of(viewer, run_id))
        .group_by(RunTarget.decision, RunTarget.step)
    ).all()
    if not rows:
        get_run_progress(session, viewer, run_id)
    order = list(Step)
    decisions: dict[str, int] = {}
    steps = dict.fromkeys(order, 0)
    for decision, step, number in rows:
        decisions[decision] = decisions.get(decision, 0) + number
        for passed in order[: order.index(step) + 1]:
            steps[passed] += number
    return TargetCounts(dict(sorted(decisions.items())), steps)


def name_items(session: Session, viewer: Viewer, rows: Sequence[RunTarget]) -> dict[UUID, str]:
    """Return the names of the items that targets were decided to be, by item."""
    keys = {row.item_id for row in rows if row.item_id is not None}
    statement = sa.select(ConfigurationItem.id, ConfigurationItem.name).where(
        ConfigurationItem.id.in_(keys), visible(viewer, "item.read", ConfigurationItem.partner_id)
    )
    return {row.id: row.name for row in session.execute(statement)} if keys else {}


def _is_of(viewer: Viewer, run_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition for the targets of a run that the viewer may see."""
    seen = sa.exists().where(Run.id == run_id, visible(viewer, "run.read", Run.partner_id))
    return sa.and_(RunTarget.run_id == run_id, seen)


def _no_run() -> NotFoundError:
    return NotFoundError("run.not-found", N_("There is no such discovery run."))
