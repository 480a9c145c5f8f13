"""Subjects, the raw observations of them, and the receipts of envelopes."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonMap, Key
from schemas.vocabulary import Source, SubjectKind


class Subject(Base):
    """What one plan sees under one key, and what it was last decided to be.

    `target` is the target of the plan that led here, `section_hashes` maps the name of a section to
    the hash of what it last held.
    """

    __tablename__ = "subject"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "kind", "key"),
        sa.Index("ix_subject_plan_id_target", "plan_id", "target"),
    )

    id: Mapped[Key]
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"))
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[SubjectKind]
    key: Mapped[str] = mapped_column(sa.String(255))
    target: Mapped[str] = mapped_column(sa.String(1024), default="")
    source: Mapped[Source]
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("configuration_item.id"), index=True)
    section_hashes: Mapped[JsonMap] = mapped_column(default=dict)
    credential: Mapped[str] = mapped_column(sa.String(64), default="")
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    seen_run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("run.id"))
    missed_runs: Mapped[int] = mapped_column(default=0)


class Observation(Base):
    """The raw document of a subject as it was received, kept for a limited time.

    `body` is the JSON of the document, compressed with zlib.
    """

    __tablename__ = "observation"
    __table_args__ = (
        sa.Index("ix_observation_subject_id_received_at", "subject_id", "received_at"),
    )

    id: Mapped[Key]
    subject_id: Mapped[UUID] = mapped_column(sa.ForeignKey("subject.id", ondelete="CASCADE"))
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("run.id"))
    received_at: Mapped[datetime] = mapped_column(default=now)
    body: Mapped[bytes]


class EnvelopeReceipt(Base):
    """That an envelope was taken in; a second one of the same numbers is not applied again."""

    __tablename__ = "envelope_receipt"

    assignment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("assignment.id"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(default=now)
    digest: Mapped[str] = mapped_column(sa.String(64))
