"""Events: what happened, in the same transaction as the change; audit trail and outbox in one."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonMap, Key
from cmdb.kernel.viewer import Viewer


class EventRecord(Base):
    """One thing that happened; rows are only ever added."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_subject_id_at", "subject_id", "at"),
        sa.Index("ix_event_kind_at", "kind", "at"),
    )

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str] = mapped_column(sa.String(64))
    subject_id: Mapped[UUID | None]
    partner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[JsonMap] = mapped_column(default=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all events; a subclass is named in the past tense and adds what matters.

    Attributes:
        subject_id: what it happened to.
        partner_id: whose it is; None where it concerns the joint organisation.
    """

    subject_id: UUID | None
    partner_id: UUID | None


def kind_of(event: type[Event]) -> str:
    """Return the stored name of an event class: `OrderApproved` is `order_approved`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def record(session: Session, actor: Viewer, event: Event) -> None:
    """Write an event into the transaction of the change it tells of."""
    body = {
        one.name: getattr(event, one.name)
        for one in fields(event)
        if one.name not in {"subject_id", "partner_id"}
    }
    session.add(
        EventRecord(
            kind=kind_of(type(event)),
            subject_id=event.subject_id,
            partner_id=event.partner_id,
            actor_id=actor.id,
            actor_name=actor.name,
            body=body,
        )
    )
