"""Facts with their source, and revisions with before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from cmdb.kernel.db import Base
from cmdb.kernel.types import JSON, JsonMap, Key
from schemas.vocabulary import Source


class CiFact(Base):
    """One source's word on one attribute of one item.

    A fact holds from `since_at` until `until_at`; an open fact is confirmed each time its subject
    is seen (`subject.seen_at`), a declared one by the person who declared it.
    """

    __tablename__ = "ci_fact"
    __table_args__ = (
        sa.Index("ix_ci_fact_item_id_attribute", "item_id", "attribute"),
        sa.Index(
            "uq_ci_fact_open",
            "item_id",
            "attribute",
            "source",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("configuration_item.id"))
    attribute: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[Source]
    value: Mapped[Any] = mapped_column(JSON)
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"))
    actor_name: Mapped[str] = mapped_column(sa.String(120), default="")
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class CiRevision(Base):
    """One change of an item as it is believed: attribute → [before, after]."""

    __tablename__ = "ci_revision"
    __table_args__ = (sa.Index("ix_ci_revision_item_id_at", "item_id", "at"),)

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("configuration_item.id"))
    at: Mapped[datetime]
    source: Mapped[Source]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    run_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    changes: Mapped[JsonMap]
