"""Organisations with roles, groups, sites, routing domains and contacts."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cmdb.kernel.db import Base
from cmdb.kernel.types import Key
from cmdb.partners.rules import sort_key
from schemas.vocabulary import OrganisationRole


def _sort_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


class Organisation(Base):
    """A legal body such as canton, city, municipality or association; roles say what it is to us.

    `bfs_number` is the number of the Federal Statistical Office for municipalities (eCH-0007).
    `sort_name` is the name as a German directory sorts it, and as it is searched.
    """

    __tablename__ = "organisation"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    sort_name: Mapped[str] = mapped_column(sa.String(160), default=_sort_name, index=True)
    legal_form: Mapped[str] = mapped_column(sa.String(64), default="")
    district: Mapped[str] = mapped_column(sa.String(64), default="")
    bfs_number: Mapped[int | None] = mapped_column(unique=True)
    population: Mapped[int | None]
    population_on: Mapped[date | None]
    is_fictional: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    roles: Mapped[list["RoleOfOrganisation"]] = relationship(
        cascade="all, delete-orphan", order_by="RoleOfOrganisation.role"
    )
    sites: Mapped[list["Site"]] = relationship(back_populates="partner", order_by="Site.name")
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.name")

    def has_role(self, role: OrganisationRole) -> bool:
        """Tell whether the organisation has this role."""
        return any(one.role == role for one in self.roles)


class RoleOfOrganisation(Base):
    """One role of one organisation."""

    __tablename__ = "organisation_role"

    organisation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[OrganisationRole] = mapped_column(primary_key=True)


class OrganisationGroup(Base):
    """Organisations that belong together, such as the members of an association."""

    __tablename__ = "organisation_group"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    members: Mapped[list["GroupMembership"]] = relationship(cascade="all, delete-orphan")


class GroupMembership(Base):
    """The membership of an organisation in a group, with its validity."""

    __tablename__ = "group_membership"
    __table_args__ = (sa.UniqueConstraint("group_id", "organisation_id", "valid_from"),)

    id: Mapped[Key]
    group_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organisation_group.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    @classmethod
    def lasts_on(cls, day: date) -> sa.ColumnElement[bool]:
        """Return the condition that keeps the memberships of a day."""
        return sa.and_(
            sa.func.coalesce(cls.valid_from, day) <= day,
            sa.func.coalesce(cls.valid_until, day) >= day,
        )


class Site(Base):
    """A place of a partner with a postal address."""

    __tablename__ = "site"
    __table_args__ = (sa.UniqueConstraint("partner_id", "name"),)

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    street: Mapped[str] = mapped_column(sa.String(120), default="")
    postal_code: Mapped[str] = mapped_column(sa.String(16), default="")
    town: Mapped[str] = mapped_column(sa.String(120), default="")
    partner: Mapped[Organisation] = relationship(back_populates="sites")


class RoutingDomain(Base):
    """An address space: two partners may use the same private range in two routing domains."""

    __tablename__ = "routing_domain"
    __table_args__ = (sa.UniqueConstraint("partner_id", "name"),)

    id: Mapped[Key]
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(64))


class Contact(Base):
    """Whom to call at an organisation, in which function."""

    __tablename__ = "contact"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    function: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(32), default="")
