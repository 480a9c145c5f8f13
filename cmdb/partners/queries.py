"""Questions about partners, their groups, sites, address spaces and contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import (
    Contact,
    GroupMembership,
    Organisation,
    OrganisationGroup,
    RoleOfOrganisation,
    RoutingDomain,
    Site,
)
from cmdb.partners.rules import sort_key
from schemas.vocabulary import OrganisationRole

READ: Final = "partner.read"


@dataclass(frozen=True, slots=True)
class PartnerFilter:
    """Which organisations to list; what is not given does not matter.

    Attributes:
        name: a piece of the name, umlauts and case ignored.
        group: slug of a group to which they belong today.
        is_active: whether they exist today, before any merger.
    """

    name: str = ""
    role: OrganisationRole | None = None
    group: str = ""
    is_active: bool | None = None


ALL_PARTNERS: Final = PartnerFilter()


def list_partners(
    session: Session,
    viewer: Viewer,
    wanted: PartnerFilter = ALL_PARTNERS,
    *,
    after: str | None = None,
    limit: int = 100,
) -> Page[Organisation]:
    """Return a page of organisations as a German directory sorts them, with their roles."""
    limit = min(limit, MAX_LIMIT)
    statement = (
        sa.select(Organisation)
        .where(visible(viewer, READ, Organisation.id), *_conditions(wanted))
        .options(selectinload(Organisation.roles))
    )
    statement = keyset(
        statement, SortKey(Organisation.sort_name), Organisation.id, after=after, limit=limit
    )
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.sort_name, id_of=lambda one: one.id)


def count_partners(session: Session, viewer: Viewer, wanted: PartnerFilter = ALL_PARTNERS) -> int:
    """Return how many organisations there are."""
    statement = sa.select(sa.func.count(Organisation.id)).where(
        visible(viewer, READ, Organisation.id), *_conditions(wanted)
    )
    return session.scalar(statement) or 0


def find_partner(session: Session, viewer: Viewer, slug_or_id: str | UUID) -> Organisation | None:
    """Return an organisation by its short name or key, None where the viewer sees none."""
    key = slug_or_id if isinstance(slug_or_id, UUID) else _as_key(slug_or_id)
    named = Organisation.id == key if key is not None else Organisation.slug == slug_or_id
    statement = (
        sa.select(Organisation)
        .where(named, visible(viewer, READ, Organisation.id))
        .options(joinedload(Organisation.roles))
    )
    return session.scalars(statement).unique().one_or_none()


def get_partner(session: Session, viewer: Viewer, slug_or_id: str | UUID) -> Organisation:
    """Return an organisation by its short name or key.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    found = find_partner(session, viewer, slug_or_id)
    if found is None:
        raise NotFoundError("partner.not-found", N_("There is no such organisation."))
    return found


def list_sites(
    session: Session,
    viewer: Viewer,
    *,
    partner_id: UUID | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[Site]:
    """Return a page of sites by name, with their partners."""
    limit = min(limit, MAX_LIMIT)
    statement = (
        sa.select(Site)
        .where(visible(viewer, READ, Site.partner_id))
        .options(joinedload(Site.partner))
    )
    if partner_id is not None:
        statement = statement.where(Site.partner_id == partner_id)
    statement = keyset(statement, SortKey(Site.name), Site.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.name, id_of=lambda one: one.id)


def get_site(session: Session, viewer: Viewer, site_id: UUID) -> Site:
    """Return a site with its partner.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    statement = (
        sa.select(Site)
        .where(Site.id == site_id, visible(viewer, READ, Site.partner_id))
        .options(joinedload(Site.partner))
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFoundError("site.not-found", N_("There is no such site."))
    return found


def list_routing_domains(
    session: Session, viewer: Viewer, *, partner_id: UUID | None = None
) -> Sequence[RoutingDomain]:
    """Return the address spaces of one partner, or of all, by name."""
    statement = (
        sa.select(RoutingDomain)
        .where(visible(viewer, READ, RoutingDomain.partner_id))
        .order_by(RoutingDomain.name, RoutingDomain.id)
    )
    if partner_id is not None:
        statement = statement.where(RoutingDomain.partner_id == partner_id)
    return session.scalars(statement).all()


def get_routing_domain(session: Session, viewer: Viewer, domain_id: UUID) -> RoutingDomain:
    """Return an address space.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    found = session.scalar(
        sa.select(RoutingDomain).where(
            RoutingDomain.id == domain_id, visible(viewer, READ, RoutingDomain.partner_id)
        )
    )
    if found is None:
        raise NotFoundError("routing-domain.not-found", N_("There is no such address space."))
    return found


def get_contact(session: Session, viewer: Viewer, contact_id: UUID) -> Contact:
    """Return somebody to call.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    found = session.scalar(
        sa.select(Contact).where(
            Contact.id == contact_id, visible(viewer, READ, Contact.organisation_id)
        )
    )
    if found is None:
        raise NotFoundError("contact.not-found", N_("There is no such contact."))
    return found


def list_contacts(session: Session, viewer: Viewer, partner_id: UUID) -> Sequence[Contact]:
    """Return whom to call at an organisation."""
    statement = (
        sa.select(Contact)
        .where(
            Contact.organisation_id == partner_id, visible(viewer, READ, Contact.organisation_id)
        )
        .order_by(Contact.name, Contact.id)
    )
    return session.scalars(statement).all()


def count_sites_by_partner(session: Session, viewer: Viewer) -> dict[UUID, int]:
    """Return how many sites each partner has, in one statement."""
    statement = (
        sa.select(Site.partner_id, sa.func.count())
        .where(visible(viewer, READ, Site.partner_id))
        .group_by(Site.partner_id)
    )
    return dict(session.execute(statement).all())


def _conditions(wanted: PartnerFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [
        Organisation.sort_name.contains(word, autoescape=True)
        for word in sort_key(wanted.name).split()
    ]
    if wanted.role is not None:
        holders = sa.select(RoleOfOrganisation.organisation_id).where(
            RoleOfOrganisation.role == wanted.role
        )
        conditions.append(Organisation.id.in_(holders))
    if wanted.group:
        members = (
            sa.select(GroupMembership.organisation_id)
            .join(OrganisationGroup, OrganisationGroup.id == GroupMembership.group_id)
            .where(OrganisationGroup.slug == wanted.group, GroupMembership.lasts_on(today()))
        )
        conditions.append(Organisation.id.in_(members))
    if wanted.is_active is not None:
        day = today()
        exists_today = sa.and_(
            sa.func.coalesce(Organisation.valid_from, day) <= day,
            sa.func.coalesce(Organisation.valid_until, day) >= day,
        )
        conditions.append(exists_today if wanted.is_active else ~exists_today)
    return conditions


def _as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
