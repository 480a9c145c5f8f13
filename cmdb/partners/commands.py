"""What is done to partners and what belongs to them."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.errors import N_, ConflictError, InvalidError, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners.events import (
    ContactRemoved,
    ContactSaved,
    OrganisationChanged,
    OrganisationCreated,
    RoutingDomainCreated,
    SiteSaved,
)
from cmdb.partners.forms import ContactForm, OrganisationForm, SiteForm, check_form, write_form
from cmdb.partners.models import (
    Contact,
    Organisation,
    RoleOfOrganisation,
    RoutingDomain,
    Site,
)
from cmdb.partners.rules import is_slug, slug_of, sort_key

WRITE: Final = "partner.write"


def create_organisation(session: Session, actor: Viewer, form: OrganisationForm) -> Organisation:
    """Add an organisation.

    Raises:
        InvalidError: something that is written is not in order.
        ConflictError: its short name or number is taken.
    """
    permit(actor, WRITE, None)
    slug = form.slug or slug_of(form.name)
    _check_taken(session, form, slug, None)
    created = Organisation(id=new_key(), slug=slug)
    _write(created, form)
    session.add(created)
    told = OrganisationCreated(
        subject_id=created.id, partner_id=created.id, name=form.name, roles=sorted(form.roles)
    )
    # The event names the organisation in a column of its own, so this has to be there before it.
    session.flush()
    record(session, actor, told)
    return created


def update_organisation(
    session: Session, actor: Viewer, organisation_id: UUID, form: OrganisationForm
) -> Organisation:
    """Change what is written about an organisation; its short name stays unless another is given.

    Raises:
        NotFoundError: there is none.
    """
    permit(actor, WRITE, organisation_id)
    changed = session.get(Organisation, organisation_id)
    if changed is None:
        raise NotFoundError("partner.not-found", N_("There is no such organisation."))
    if _is_joint_matter(changed, form):
        permit(actor, WRITE, None)
    slug = form.slug or changed.slug
    _check_taken(session, form, slug, organisation_id)
    before = _as_written(changed)
    changed.slug = slug
    _write(changed, form)
    names = sorted(name for name, value in _as_written(changed).items() if before[name] != value)
    if names:
        told = OrganisationChanged(
            subject_id=organisation_id, partner_id=organisation_id, fields=names
        )
        record(session, actor, told)
    return changed


def save_site(
    session: Session,
    actor: Viewer,
    partner_id: UUID,
    form: SiteForm,
    *,
    site_id: UUID | None = None,
) -> Site:
    """Add a site of a partner, or change it where its key is given.

    Raises:
        ConflictError: the partner has another site of this name.
    """
    permit(actor, WRITE, partner_id)
    check_form(form, Site)
    same = sa.select(Site.id).where(Site.partner_id == partner_id, Site.name == form.name)
    if session.scalar(same) not in (None, site_id):
        raise ConflictError("site.exists", N_("There is a site «{name}» already."), name=form.name)
    site = Site(id=new_key(), partner_id=partner_id)
    if site_id is not None:
        found = session.get(Site, site_id)
        if found is None or found.partner_id != partner_id:
            raise NotFoundError("site.not-found", N_("There is no such site."))
        site = found
    write_form(form, site)
    session.add(site)
    record(session, actor, SiteSaved(subject_id=site.id, partner_id=partner_id, name=form.name))
    return site


def create_routing_domain(
    session: Session, actor: Viewer, partner_id: UUID, name: str
) -> RoutingDomain:
    """Add an address space, so that the same private range can be used a second time.

    Raises:
        ConflictError: the partner has one of this name.
    """
    permit(actor, WRITE, partner_id)
    if not is_slug(name):
        raise InvalidError(
            "routing-domain.name", N_("Use small letters, digits and hyphens for this name.")
        )
    same = sa.select(RoutingDomain.id).where(
        RoutingDomain.partner_id == partner_id, RoutingDomain.name == name
    )
    if session.scalar(same) is not None:
        raise ConflictError(
            "routing-domain.exists", N_("There is an address space «{name}» already."), name=name
        )
    created = RoutingDomain(id=new_key(), partner_id=partner_id, name=name)
    session.add(created)
    told = RoutingDomainCreated(subject_id=created.id, partner_id=partner_id, name=name)
    record(session, actor, told)
    return created


def save_contact(
    session: Session,
    actor: Viewer,
    organisation_id: UUID,
    form: ContactForm,
    *,
    contact_id: UUID | None = None,
) -> Contact:
    """Add somebody to call at an organisation, or change it where its key is given."""
    permit(actor, WRITE, organisation_id)
    check_form(form, Contact)
    contact = Contact(id=new_key(), organisation_id=organisation_id)
    if contact_id is not None:
        contact = _get_contact(session, contact_id)
        if contact.organisation_id != organisation_id:
            raise NotFoundError("contact.not-found", N_("There is no such contact."))
    write_form(form, contact)
    session.add(contact)
    told = ContactSaved(subject_id=contact.id, partner_id=organisation_id, function=form.function)
    record(session, actor, told)
    return contact


def remove_contact(session: Session, actor: Viewer, contact_id: UUID) -> None:
    """Remove a contact; nothing of the person is kept, not even in the event."""
    contact = _get_contact(session, contact_id)
    permit(actor, WRITE, contact.organisation_id)
    told = ContactRemoved(
        subject_id=contact.id, partner_id=contact.organisation_id, function=contact.function
    )
    session.delete(contact)
    record(session, actor, told)


def _is_joint_matter(organisation: Organisation, form: OrganisationForm) -> bool:
    """Tell whether a change is not for one partner alone: what it is to us, and since when."""
    period = (organisation.valid_from, organisation.valid_until)
    roles = {one.role for one in organisation.roles}
    return set(form.roles) != roles or (form.valid_from, form.valid_until) != period


def _check_taken(
    session: Session, form: OrganisationForm, slug: str, organisation_id: UUID | None
) -> None:
    check_form(form, Organisation)
    if form.valid_from and form.valid_until and form.valid_until < form.valid_from:
        raise InvalidError(
            "partner.period",
            N_("Some values are not in order."),
            errors={"valid_until": N_("The end lies before the beginning.")},
        )
    if not is_slug(slug):
        raise InvalidError(
            "partner.slug",
            N_("Some values are not in order."),
            errors={"slug": N_("Use small letters, digits and hyphens for this name.")},
        )
    same = [Organisation.slug == slug]
    if form.bfs_number is not None:
        same.append(Organisation.bfs_number == form.bfs_number)
    statement = sa.select(Organisation.id).where(sa.or_(*same))
    if set(session.scalars(statement)) - {organisation_id}:
        raise ConflictError(
            "partner.exists",
            N_("There is an organisation «{slug}» or of this number already."),
            slug=slug,
        )


def _write(organisation: Organisation, form: OrganisationForm) -> None:
    write_form(form, organisation, without=("slug", "roles"))
    organisation.sort_name = sort_key(form.name)
    kept = [one for one in organisation.roles if one.role in form.roles]
    known = {one.role for one in kept}
    added = [RoleOfOrganisation(role=one) for one in sorted(set(form.roles) - known)]
    organisation.roles = kept + added


def _as_written(organisation: Organisation) -> dict[str, Any]:
    columns = {
        name: getattr(organisation, name) for name in OrganisationForm.__slots__ if name != "roles"
    }
    return {**columns, "roles": sorted(one.role for one in organisation.roles)}


def _get_contact(session: Session, contact_id: UUID) -> Contact:
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise NotFoundError("contact.not-found", N_("There is no such contact."))
    return contact
