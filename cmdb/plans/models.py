"""Plans, runs, assignments with leases, and targets.

Where something is told, `messages` holds it as codes with parameters (`schemas.messages`) and
`message` in English, for rows and collectors from before there were codes.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonList, JsonMap, Key
from cmdb.partners.models import Organisation, RoutingDomain, Site
from schemas.vocabulary import AssignmentState, Protocol, RunState, Step

POSITION = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
"""Text that sorts by its characters alone, whatever language the database was made for."""


class Plan(Base):
    """What discovery may look at for one partner, how, how often and how gently.

    `targets` are addresses, host names or CIDR ranges (SNMP), base DNs (LDAP) or files (LDIF).
    `credentials` are names of secrets, tried in order; their values are never stored here.
    `interval_minutes` is None for plans that only run when asked.
    """

    __tablename__ = "plan"
    __table_args__ = (sa.UniqueConstraint("partner_id", "name"),)

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    protocol: Mapped[Protocol]
    targets: Mapped[JsonList]
    exclusions: Mapped[JsonList] = mapped_column(default=list)
    credentials: Mapped[JsonList] = mapped_column(default=list)
    options: Mapped[JsonMap] = mapped_column(default=dict)
    routing_domain_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("routing_domain.id"))
    site_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("site.id"))
    interval_minutes: Mapped[int | None]
    rate: Mapped[float | None]
    is_dry_run: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Organisation] = relationship()
    routing_domain: Mapped[RoutingDomain | None] = relationship()
    site: Mapped[Site | None] = relationship()


class Run(Base):
    """One execution of a plan; only a succeeded run may say that something is gone.

    With `only_targets` it looks at these addresses alone and says nothing about the others.
    """

    __tablename__ = "run"
    __table_args__ = (sa.Index("ix_run_plan_id_requested_at", "plan_id", "requested_at"),)

    id: Mapped[Key]
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"))
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED, index=True)
    is_dry_run: Mapped[bool] = mapped_column(default=False)
    only_targets: Mapped[JsonList] = mapped_column(default=list)
    requested_by: Mapped[str] = mapped_column(sa.String(120))
    requested_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    targets_total: Mapped[int] = mapped_column(default=0)
    targets_done: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    findings: Mapped[int] = mapped_column(default=0)
    problems: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(sa.String(1000), default="")
    messages: Mapped[JsonList] = mapped_column(default=list)

    plan: Mapped[Plan] = relationship()


class Assignment(Base):
    """One leased piece of a run; a lease that expires is taken over by somebody else.

    `targets_done` and `is_partial` speak of the present attempt and begin anew with the next one.
    """

    __tablename__ = "assignment"
    __table_args__ = (sa.Index("ix_assignment_state_due_at", "state", "due_at"),)

    id: Mapped[Key]
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("run.id"), index=True)
    number: Mapped[int]
    targets: Mapped[JsonList]
    target_count: Mapped[int] = mapped_column(default=0)
    targets_done: Mapped[int] = mapped_column(default=0)
    is_partial: Mapped[bool] = mapped_column(default=False)
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.DUE)
    due_at: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(sa.String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(sa.String(1000), default="")
    messages: Mapped[JsonList] = mapped_column(default=list)

    run: Mapped[Run] = relationship()


class RunTarget(Base):
    """How far one target of a run came and why no further.

    Silent addresses of ranges are counted in the run, not listed here. `position` is what the
    targets are sorted by: addresses by their number.
    """

    __tablename__ = "run_target"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "target", "key"),
        sa.Index("ix_run_target_run_id_position", "run_id", "position", "id"),
    )

    id: Mapped[Key]
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("run.id"))
    target: Mapped[str] = mapped_column(sa.String(1024))
    key: Mapped[str] = mapped_column(sa.String(255), default="")
    step: Mapped[Step]
    decision: Mapped[str] = mapped_column(sa.String(32), default="")
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("configuration_item.id"))
    code: Mapped[str] = mapped_column(sa.String(32), default="")
    message: Mapped[str] = mapped_column(sa.String(1000), default="")
    messages: Mapped[JsonList] = mapped_column(default=list)
    position: Mapped[str] = mapped_column(POSITION, default="")
    explanation: Mapped[JsonMap] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
