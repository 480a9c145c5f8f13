"""Subscriptions and the configuration items they are linked to."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.offers.models import Price, Service
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.types import Key
from cmdb.partners.models import Organisation, Site


class Subscription(Base):
    """The use of a quantity of a service by a partner, from a day on, until it is ended.

    Both days are included. `price_id` is the price that was valid on the first day; later prices
    follow the price list. An order opens one subscription at most, which the unique key makes sure.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
    )

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    service_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_order.id"), unique=True)
    price_id: Mapped[UUID] = mapped_column(sa.ForeignKey("price.id"))
    site_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("site.id"))
    quantity: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)

    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id], lazy="joined")
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], lazy="joined")
    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)
    site: Mapped[Site | None] = relationship(lazy="joined")
    price: Mapped[Price] = relationship()


class SubscriptionItem(Base):
    """A configuration item through which a partner uses a subscription."""

    __tablename__ = "subscription_item"

    subscription_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    linked_at: Mapped[datetime] = mapped_column(default=now)
    linked_by: Mapped[str] = mapped_column(sa.String(120))

    item: Mapped[ConfigurationItem] = relationship()
