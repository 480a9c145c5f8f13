"""What reconciliation makes happen."""

from dataclasses import dataclass
from uuid import UUID

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDiscovered(Event):
    """Discovery has found a new item."""

    name: str
    class_name: str
    run_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReconciled(Event):
    """Discovery has changed an item; the revision of the same time says what."""

    attributes: list[str]
    run_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMissed(Event):
    """An item was not seen for so many runs that it counts as missing."""

    run_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeld(Event):
    """Too much has vanished at once in a run; the subject is the run."""

    plan_id: UUID
    known: int
    vanished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldAnswered(Event):
    """A person has said whether what a run did not see is gone; the subject is the run."""

    plan_id: UUID
    answer: str
    missing: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOpened(Event):
    """A person has to decide something; the subject is the finding."""

    finding_kind: str
    item_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDecided(Event):
    """A person has decided; the subject is the finding."""

    finding_kind: str
    decision: str
    item_id: UUID | None
    note: str
