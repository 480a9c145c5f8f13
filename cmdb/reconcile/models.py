"""What discovery saw and a person has to decide: findings, and runs that were held."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JSON, JsonMap, Key
from schemas.vocabulary import FindingKind, FindingState, HoldState


class Finding(Base):
    """One question to a person: an ambiguous match, a contradicted declaration, a missing item.

    `fingerprint` says what the question is about, so that the same one is never asked twice and an
    answer is remembered.
    """

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("subject_id", "fingerprint"),
        sa.Index("ix_finding_partner_id_state", "partner_id", "state"),
    )

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    subject_id: Mapped[UUID] = mapped_column(sa.ForeignKey("subject.id"))
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("configuration_item.id"), index=True)
    run_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("run.id"))
    kind: Mapped[FindingKind]
    state: Mapped[FindingState] = mapped_column(default=FindingState.OPEN)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    attribute: Mapped[str] = mapped_column(sa.String(64), default="")
    declared: Mapped[Any] = mapped_column(JSON, nullable=True)
    discovered: Mapped[Any] = mapped_column(JSON, nullable=True)
    evidence: Mapped[JsonMap] = mapped_column(default=dict)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(sa.String(120), default="")
    ignored_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(500), default="")


class HeldRun(Base):
    """A complete run in which more had vanished at once than is believed without a person.

    `vanished` of `known` subjects of the plan did not show up for the first time.
    """

    __tablename__ = "held_run"
    __table_args__ = (sa.Index("ix_held_run_plan_id_held_at", "plan_id", "held_at"),)

    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("run.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"))
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    known: Mapped[int]
    vanished: Mapped[int]
    held_at: Mapped[datetime]
    state: Mapped[HoldState] = mapped_column(default=HoldState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
