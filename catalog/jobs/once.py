"""Running one plan here and now, for the command line: with progress, and a summary at the end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from catalog.jobs.carrying import Worker, carry_next
from catalog.jobs.embedded import worker_name
from catalog.jobs.workplace import Workplace
from cmdb.kernel.viewer import Viewer
from cmdb.plans.commands import request_run
from cmdb.plans.queries import RunProgress, get_run_progress, list_targets
from discovery.run import Progress

LISTED = 200


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What became of one target, for a line of a summary."""

    target: str
    step: str
    decision: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended, and its targets as far as they are listed (200 at most)."""

    progress: RunProgress
    targets: list[TargetLine] = field(default_factory=list[TargetLine])


def run_plan_now(
    place: Workplace,
    actor: Viewer,
    plan_id: UUID,
    *,
    is_dry_run: bool | None = None,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Summary:
    """Run a plan in this thread and wait for its end.

    A server that works on the same database may help; what it does is waited for. `progress` is
    called with how many targets are done, and of how many.

    Raises:
        HausError: there is no such plan, it is paused, or the actor may not run it.
    """
    with place.transaction() as session:
        run_id = request_run(session, actor, plan_id, is_dry_run=is_dry_run).id
    state = _look(place, actor, run_id)

    def tell(collected: Progress) -> None:
        progress(min(state.targets_done + collected.looked_at, state.targets_total), total)

    total = state.targets_total
    worker = Worker(worker_name(0), progress=tell)
    while not state.is_finished:
        if not carry_next(place, worker, run_id=run_id):
            time.sleep(0.2)
        state = _look(place, actor, run_id)
        progress(min(state.targets_done, total), total)
    return Summary(state, _targets(place, actor, run_id))


def _look(place: Workplace, actor: Viewer, run_id: UUID) -> RunProgress:
    with place.session_factory() as session:
        return get_run_progress(session, actor, run_id)


def _targets(place: Workplace, actor: Viewer, run_id: UUID) -> list[TargetLine]:
    with place.session_factory() as session:
        page = list_targets(session, actor, run_id, limit=LISTED)
        return [
            TargetLine(row.target, row.step.value, row.decision, row.code, row.message)
            for row in page.rows
        ]
