"""Configuration items with their class, identifiers, interfaces, addresses, parts and relations."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.search import SearchIndex
from cmdb.kernel.types import AddressText, JsonList, JsonMap, Key
from cmdb.partners.models import Organisation, Site
from schemas.vocabulary import IdentifierScheme, Lifecycle, RelationType, Source

ITEM_SEARCH = SearchIndex(
    "configuration_item", ("name", "serial", "model", "vendor", "os_version", "address")
)


# Two rounds take the leading zeros off an address, which nobody types: .010. becomes .10..
SEARCHED = (
    "lower(name || ' ' || serial || ' ' || model || ' ' || vendor || ' ' || os_version"
    " || ' ' || replace(replace('.' || address, '.0', '.'), '.0', '.'))"
)


class CiClass(Base):
    """A class of configuration items; classes that ship can be joined by others at run time.

    `name` is dotted, general to special: `network.switch`. `attributes` lists what an item of the
    class may carry beyond the common columns: name, type, unit, required, labels.
    """

    __tablename__ = "ci_class"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    label_de: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(80))
    icon: Mapped[str] = mapped_column(sa.String(40), default="server")
    attributes: Mapped[JsonList] = mapped_column(default=list)
    is_shipped: Mapped[bool] = mapped_column(default=False)


class ConfigurationItem(Base):
    """One thing that is managed, with the values that are believed of it.

    Whose property it is (`partner_id`), whom it serves (`user_partner_id`) and who runs it
    (`operator_id`) are three different questions. `address` is the management address.
    `version` counts changes, for concurrent writers.
    """

    __tablename__ = "configuration_item"
    __table_args__ = (
        sa.Index("ix_configuration_item_partner_id_name", "partner_id", "name", "id"),
        sa.Index("ix_configuration_item_name_id", "name", "id"),
        sa.Index("ix_configuration_item_class_name_id", "class_name", "id"),
        sa.Index("ix_configuration_item_vendor_id", "vendor", "id"),
        sa.Index("ix_configuration_item_model_id", "model", "id"),
        sa.Index("ix_configuration_item_address_id", "address", "id"),
        sa.Index("ix_configuration_item_seen_at_id", "seen_at", "id"),
        sa.Index("ix_configuration_item_updated_at_id", "updated_at", "id"),
    )
    # The text to search is worked out by the database; nobody waits for it to come back.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 — SQLAlchemy's own name and form

    id: Mapped[Key]
    class_name: Mapped[str] = mapped_column(sa.ForeignKey("ci_class.name"))
    name: Mapped[str] = mapped_column(sa.String(255))
    lifecycle: Mapped[Lifecycle] = mapped_column(default=Lifecycle.IN_OPERATION, index=True)
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    user_partner_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    operator_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    vendor: Mapped[str] = mapped_column(sa.String(120), default="")
    model: Mapped[str] = mapped_column(sa.String(255), default="")
    serial: Mapped[str] = mapped_column(sa.String(255), default="")
    os_version: Mapped[str] = mapped_column(sa.String(255), default="")
    address: Mapped[str] = mapped_column(AddressText(), default="")
    attributes: Mapped[JsonMap] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    search_text: Mapped[str] = mapped_column(
        sa.Text(), sa.Computed(SEARCHED, persisted=True), deferred=True
    )

    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id])
    site: Mapped[Site | None] = relationship()
    ci_class: Mapped[CiClass] = relationship()


class Identifier(Base):
    """One thing by which an item is recognised.

    `scope` says where the value is unique: a partner, or a routing domain for addresses.
    """

    __tablename__ = "identifier"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "scheme", "value", "scope"),
        sa.Index("ix_identifier_scope_scheme_value", "scope", "scheme", "value"),
    )

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE")
    )
    scheme: Mapped[IdentifierScheme]
    value: Mapped[str] = mapped_column(sa.String(255))
    scope: Mapped[UUID]


class Interface(Base):
    """A network interface of an item (IF-MIB); speed in bit/s.

    `tagged_vlans` are ranges such as `1,10-19`; `aggregate_index` is the bundle a port belongs to.
    """

    __tablename__ = "interface"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "index"),
        sa.Index("ix_interface_mac", "mac"),
    )

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE")
    )
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"))
    index: Mapped[int] = mapped_column(sa.BigInteger())
    name: Mapped[str] = mapped_column(sa.String(255))
    description: Mapped[str] = mapped_column(sa.String(1024), default="")
    alias: Mapped[str] = mapped_column(sa.String(1024), default="")
    type: Mapped[str] = mapped_column(sa.String(64), default="")
    mac: Mapped[str] = mapped_column(sa.String(32), default="")
    speed: Mapped[int | None] = mapped_column(sa.BigInteger())
    mtu: Mapped[int | None] = mapped_column(sa.BigInteger())
    admin_status: Mapped[str] = mapped_column(sa.String(32), default="")
    oper_status: Mapped[str] = mapped_column(sa.String(32), default="")
    duplex: Mapped[str] = mapped_column(sa.String(16), default="")
    untagged_vlan: Mapped[int | None] = mapped_column(sa.BigInteger())
    tagged_vlans: Mapped[str] = mapped_column(sa.Text(), default="", server_default="")
    aggregate_index: Mapped[int | None] = mapped_column(sa.BigInteger())
    poe_status: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    poe_class: Mapped[int | None]


class IpAddress(Base):
    """An IPv4 or IPv6 address of an item, within its routing domain."""

    __tablename__ = "ip_address"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "address"),
        sa.Index("ix_ip_address_address", "address"),
    )

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE")
    )
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"))
    routing_domain_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("routing_domain.id"))
    address: Mapped[str] = mapped_column(AddressText())
    prefix_length: Mapped[int | None]
    interface_index: Mapped[int | None] = mapped_column(sa.BigInteger())


class Component(Base):
    """A physical or logical part: module, power supply, fan, disk, memory (ENTITY-MIB and others).

    `origin` is the section that showed it: `components` or `host`.
    """

    __tablename__ = "component"
    __table_args__ = (sa.UniqueConstraint("item_id", "origin", "index"),)

    id: Mapped[Key]
    item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE")
    )
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"))
    origin: Mapped[str] = mapped_column(sa.String(32))
    index: Mapped[str] = mapped_column(sa.String(64))
    parent: Mapped[str] = mapped_column(sa.String(64), default="")
    kind: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(1024), default="")
    vendor: Mapped[str] = mapped_column(sa.String(255), default="")
    model: Mapped[str] = mapped_column(sa.String(255), default="")
    serial: Mapped[str] = mapped_column(sa.String(255), default="")
    revision: Mapped[str] = mapped_column(sa.String(255), default="")
    size_bytes: Mapped[int | None] = mapped_column(sa.BigInteger())


class Relation(Base):
    """How one item stands to another, who says so and how sure that is, in percent.

    `detail` tells parallel links apart, such as the two port names of a cable. Of a cable that was
    discovered `protocol` is what says most of it, and the indexes are those of its interfaces.
    """

    __tablename__ = "relation"
    __table_args__ = (
        sa.UniqueConstraint("source_item_id", "target_item_id", "type", "detail"),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name="confidence"),
    )

    id: Mapped[Key]
    source_item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE")
    )
    target_item_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("configuration_item.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[RelationType]
    source: Mapped[Source]
    confidence: Mapped[int] = mapped_column(default=100)
    detail: Mapped[str] = mapped_column(sa.String(255), default="")
    subject_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("subject.id"))
    seen_at: Mapped[datetime] = mapped_column(default=now)
    protocol: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    source_interface_index: Mapped[int | None] = mapped_column(sa.BigInteger())
    target_interface_index: Mapped[int | None] = mapped_column(sa.BigInteger())


@event.listens_for(ConfigurationItem.__table__, "after_create")
def _install_search(_table: Any, connection: sa.Connection, **_: Any) -> None:
    ITEM_SEARCH.install(connection)


del _install_search
