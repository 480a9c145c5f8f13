"""What happens to plans and runs."""

from dataclasses import dataclass
from uuid import UUID

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCreated(Event):
    """A partner's new plan; the subject is the plan."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """A plan looks different now; `changes` maps a field to before and after."""

    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaused(Event):
    """A plan does not run until it is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResumed(Event):
    """A paused plan runs again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDeleted(Event):
    """A plan that never ran is gone."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequested(Event):
    """A run is queued; the subject is the run."""

    plan_id: UUID
    is_dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelled(Event):
    """Somebody stopped a run."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """Everything a run had to do is done or given up."""

    plan_id: UUID
    state: str
    message: str
