"""What the steps of one envelope's reconciliation hand to one another."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.rules import Claim
from cmdb.intake.rules import Sighting
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.viewer import Viewer
from cmdb.plans.models import Plan, Run
from cmdb.reconcile.classification import Description
from cmdb.reconcile.identifiers import IdentifierKey, Scopes
from cmdb.reconcile.policy import Policy
from cmdb.reconcile.rules import Ambiguous, Identification
from schemas.vocabulary import FindingKind, Lifecycle, Section, Source

IDENTIFYING = (
    Section.SYSTEM,
    Section.COMPONENTS,
    Section.ADDRESSES,
    Section.HOST,
    Section.DIRECTORY,
)
"""The sections from which a device is recognised and its values are read."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One envelope: who acts, when, in which run, by which policy."""

    session: Session
    actor: Viewer
    plan: Plan
    run: Run
    at: datetime
    policy: Policy

    @property
    def scopes(self) -> Scopes:
        """Where identifiers of this plan are unique."""
        partner = self.plan.partner_id
        return Scopes(partner, self.plan.routing_domain_id or partner)

    @property
    def source(self) -> Source:
        """How the plan looks at its targets."""
        return Source(self.plan.protocol.value)

    def keeps(self, table: Any) -> sa.ColumnElement[bool]:
        """Return the condition for rows of items of the partner that are not retired."""
        return sa.exists().where(
            ConfigurationItem.id == table.item_id,
            ConfigurationItem.partner_id == self.plan.partner_id,
            ConfigurationItem.lifecycle != Lifecycle.RETIRED,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person has to decide; becomes a finding unless it was asked before."""

    kind: FindingKind
    fingerprint: str
    attribute: str = ""
    declared: Any = None
    discovered: Any = None
    evidence: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True, eq=False)
class Case:
    """One device of the envelope on its way from a document to an item.

    Attributes:
        observed: by what it can be recognised, once it was looked into.
        item_id: which item it is; None while a person has to decide.
        is_created: the item did not exist before.
        changes: what changed of the item, as a revision tells it.
        settled: attributes on which discovery and declaration agree again.
    """

    sighting: Sighting
    item_id: UUID | None = None
    description: Description | None = None
    observed: frozenset[IdentifierKey] = frozenset()
    outcome: Identification | None = None
    is_created: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    questions: list[Question] = field(default_factory=list[Question])
    settled: set[str] = field(default_factory=set[str])

    @property
    def is_ambiguous(self) -> bool:
        """Whether a person has to say which item this is before anything is applied."""
        return isinstance(self.outcome, Ambiguous)

    @property
    def is_rebound(self) -> bool:
        """Whether the subject was another item before, or none."""
        return self.item_id != self.sighting.item_id

    @property
    def must_be_recognised(self) -> bool:
        """Whether what it is has to be decided, or decided again."""
        return self.sighting.item_id is None or self.sighting.has_changed(*IDENTIFYING)

    def claims(self, source: Source) -> list[Claim]:
        """Return what the look says of the item."""
        if self.item_id is None or self.description is None:
            return []
        subject = self.sighting.subject_id
        return [
            Claim(self.item_id, name, source, value, subject)
            for name, value in self.description.values.items()
        ]
