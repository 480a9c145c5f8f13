"""Orders, their approval steps and every transition."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.offers.models import Service
from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import JsonMap, Key, word
from cmdb.partners.models import Organisation, Site
from schemas.vocabulary import OrderAction, OrderParty, OrderState

_CASCADE = "all, delete-orphan"


class Order(Base):
    """What a partner asks of a provider: a quantity of a service, on a day, for a site.

    `price_snapshot` keeps the price and the totals as they were shown when the order was submitted.
    `request_key` is chosen by the client, so that a repeated request does not order twice.
    `version` counts changes, for concurrent writers.
    """

    __tablename__ = "service_order"
    __table_args__ = (
        sa.UniqueConstraint("partner_id", "request_key"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.Index("ix_service_order_partner_id_created_at", "partner_id", "created_at", "id"),
        sa.Index("ix_service_order_provider_id_created_at", "provider_id", "created_at", "id"),
        sa.Index("ix_service_order_state_wanted_on", "state", "wanted_on", "id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sa.String(16), unique=True)
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    service_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service.id"), index=True)
    site_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("site.id"))
    quantity: Mapped[int]
    wanted_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(2000), default="")
    request_key: Mapped[str | None] = mapped_column(sa.String(64))
    state: Mapped[OrderState] = mapped_column(default=OrderState.DRAFT)
    price_id: Mapped[UUID] = mapped_column(sa.ForeignKey("price.id"))
    price_snapshot: Mapped[JsonMap]
    one_off_total: Mapped[Decimal]
    yearly_total: Mapped[Decimal]
    asked_by_id: Mapped[UUID | None]
    asked_by_name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id], lazy="joined")
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], lazy="joined")
    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
    transitions: Mapped[list["OrderTransition"]] = relationship(
        cascade=_CASCADE, order_by="OrderTransition.position"
    )
    approval_steps: Mapped[list["ApprovalStep"]] = relationship(
        cascade=_CASCADE, order_by="ApprovalStep.position"
    )


class OrderTransition(Base):
    """One act on an order: who did it in which role, when, from where to where, and why."""

    __tablename__ = "order_transition"
    __table_args__ = (sa.UniqueConstraint("order_id", "position"),)

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_order.id", ondelete="CASCADE"))
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    action: Mapped[OrderAction]
    from_state: Mapped[OrderState]
    to_state: Mapped[OrderState] = mapped_column(word(OrderState, "to_state"))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[OrderParty]
    text: Mapped[str] = mapped_column(sa.String(1000), default="")


class ApprovalStep(Base):
    """One approval an order needs, in its place in the row; undecided while `decided_at` is None.

    Today every order needs one; signing limits will add a second signature.
    """

    __tablename__ = "approval_step"
    __table_args__ = (sa.UniqueConstraint("order_id", "position"),)

    id: Mapped[Key]
    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_order.id", ondelete="CASCADE"))
    position: Mapped[int]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(sa.String(120), default="")
    is_approved: Mapped[bool | None]


class OrderSequence(Base):
    """The last number that was given to an order of a year."""

    __tablename__ = "order_sequence"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
