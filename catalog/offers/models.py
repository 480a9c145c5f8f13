"""Service families, services, prices, dependencies, audiences and links to items."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.errors import N_, ConflictError
from cmdb.kernel.types import JsonMap, Key
from cmdb.partners.models import Organisation, OrganisationGroup
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, ServiceState, SlaClass

_CASCADE = "all, delete-orphan"


class ServiceFamily(Base):
    """A category of the catalogue; `names` holds the label by language."""

    __tablename__ = "service_family"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    names: Mapped[JsonMap]
    position: Mapped[int] = mapped_column(default=0)


class Service(Base):
    """An IT service that partners may order.

    `names`, `descriptions` and `units` hold the text by language, `de` and `en`; of a unit also
    what several are called, `de_plural` and `en_plural`, where that is known. The provider is
    the body that answers for the service; `provider_unit` names the office inside it. A lasting
    service is used until it is ended: its delivery opens a subscription. `search_text` is what the
    search looks through. `version` counts changes, for concurrent writers.
    """

    __tablename__ = "service"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    family_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service_family.id"), index=True)
    names: Mapped[JsonMap]
    descriptions: Mapped[JsonMap]
    units: Mapped[JsonMap]
    provider_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    provider_unit: Mapped[str] = mapped_column(sa.String(80), default="")
    owner_role: Mapped[str] = mapped_column(sa.String(120), default="")
    sla_class: Mapped[SlaClass | None]
    allocation_key: Mapped[str] = mapped_column(sa.String(64), default="")
    state: Mapped[ServiceState] = mapped_column(default=ServiceState.DRAFT, index=True)
    is_lasting: Mapped[bool] = mapped_column(default=True)
    max_quantity: Mapped[int] = mapped_column(default=10_000)
    search_text: Mapped[str] = mapped_column(sa.Text(), default="")
    version: Mapped[int] = mapped_column(default=1)

    family: Mapped[ServiceFamily] = relationship(lazy="joined", innerjoin=True)
    provider: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    prices: Mapped[list["Price"]] = relationship(
        back_populates="service", order_by="Price.valid_from", lazy="selectin"
    )
    dependencies: Mapped[list["ServiceDependency"]] = relationship(
        foreign_keys="ServiceDependency.service_id",
        cascade=_CASCADE,
        order_by="ServiceDependency.position",
    )
    audience: Mapped[list[OrganisationGroup]] = relationship(secondary="service_audience")


class ServiceAudience(Base):
    """A group whose members may order a service; a service without any is offered to all."""

    __tablename__ = "service_audience"

    service_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation_group.id"), primary_key=True)


class Price(Base):
    """A released price of a service with its validity; both days are included.

    A released price is never edited, only superseded: the next one sets its last day.
    """

    __tablename__ = "price"
    __table_args__ = (
        sa.UniqueConstraint("service_id", "valid_from"),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
    )

    id: Mapped[Key]
    service_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(active_history=True)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    released_at: Mapped[datetime] = mapped_column(default=now)
    released_by: Mapped[str] = mapped_column(sa.String(120))

    service: Mapped[Service] = relationship(back_populates="prices")
    components: Mapped[list["PriceComponent"]] = relationship(
        order_by="PriceComponent.position", lazy="selectin"
    )


class PriceComponent(Base):
    """One part of a price, such as a base fee or an amount per unit, in Swiss francs.

    `units` names what a measured part counts, by language; empty where it is the service's unit.
    `notes` says what else is charged, by language.
    """

    __tablename__ = "price_component"
    __table_args__ = (
        sa.UniqueConstraint("price_id", "position"),
        sa.CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[Key]
    price_id: Mapped[UUID] = mapped_column(sa.ForeignKey("price.id"))
    position: Mapped[int]
    kind: Mapped[PriceKind]
    period: Mapped[PricePeriod]
    basis: Mapped[PriceBasis]
    amount: Mapped[Decimal]
    units: Mapped[JsonMap] = mapped_column(default=dict)
    notes: Mapped[JsonMap] = mapped_column(default=dict)


class ServiceDependency(Base):
    """What a service rests on: another service, or a named platform that is none."""

    __tablename__ = "service_dependency"
    __table_args__ = (
        sa.UniqueConstraint("service_id", "position"),
        sa.CheckConstraint("(depends_on_id IS NULL) <> (platform = '')", name="one_target"),
    )

    id: Mapped[Key]
    service_id: Mapped[UUID] = mapped_column(sa.ForeignKey("service.id", ondelete="CASCADE"))
    position: Mapped[int]
    depends_on_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("service.id"), index=True)
    platform: Mapped[str] = mapped_column(sa.String(64), default="")

    depends_on: Mapped[Service | None] = relationship(foreign_keys=[depends_on_id])


class ServiceItem(Base):
    """A configuration item that a service runs on."""

    __tablename__ = "service_item"

    service_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    item: Mapped[ConfigurationItem] = relationship()


def _refuse_edit(_mapper: Mapper[Any], _connection: sa.Connection, target: Any) -> None:
    changed = {
        one.key: one.history for one in sa.inspect(target).attrs if one.history.has_changes()
    }
    # Only the last day of a price may be set, once, by the price that follows.
    if set(changed) == {"valid_until"} and list(changed["valid_until"].deleted or ()) == [None]:
        return
    if changed:
        _refuse(_mapper, _connection, target)


def _refuse(_mapper: Mapper[Any], _connection: sa.Connection, _target: Any) -> None:
    raise ConflictError(
        "price.released", N_("A released price cannot be changed; release a new one instead.")
    )


for _table in (Price, PriceComponent):
    event.listen(_table, "before_update", _refuse_edit)
    event.listen(_table, "before_delete", _refuse)
