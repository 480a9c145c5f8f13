"""Writing down sites, contacts and address spaces of partners."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.guard import current_viewer
from catalog.web.partners.forms import ContactFields, DomainFields, SiteFields
from catalog.web.partners.saving import Change, Page, save
from catalog.web.partners.versions import version_of
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.viewer import permit
from cmdb.partners import commands, queries
from cmdb.partners.commands import WRITE
from cmdb.partners.forms import ContactForm, SiteForm
from cmdb.partners.models import Contact, Organisation, Site

HIDDEN: Final = ("csrf_token", "version")

ADD_SITE = N_("Add a site")
CHANGE_SITE = N_("Change the site")
ADD_CONTACT = N_("Add a contact")
CHANGE_CONTACT = N_("Change the contact")
ADD_DOMAIN = N_("Add an address space")


def register(blueprint: Blueprint) -> None:
    """Add the forms to the pages of partners."""
    for path, view in (
        ("/partners/<partner_slug>/sites/new", new_site),
        ("/sites/<uuid:site_id>/edit", edit_site),
        ("/partners/<partner_slug>/contacts/new", new_contact),
        ("/partners/<partner_slug>/contacts/<uuid:contact_id>", edit_contact),
        ("/partners/<partner_slug>/routing-domains/new", new_domain),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=["GET", "POST"])
    blueprint.add_url_rule(
        "/partners/<partner_slug>/contacts/<uuid:contact_id>/remove",
        view_func=remove_contact,
        methods=["POST"],
    )


@guarded(WRITE)
def new_site(partner_slug: str) -> Page:
    """Add a site."""
    partner, form = _writable(partner_slug), SiteFields()
    return save(form, partner, ADD_SITE, lambda: _save_site(partner, form, None))


@guarded(WRITE)
def edit_site(site_id: UUID) -> Page:
    """Change a site."""
    site = queries.get_site(db.session(), current_viewer(), site_id)
    permit(current_viewer(), WRITE, site.partner_id)
    form = _filled(SiteFields, site)
    change = Change(form, site, lambda: _written(form, site))
    return save(
        form, site.partner, CHANGE_SITE, lambda: _save_site(site.partner, form, site_id), change
    )


@guarded(WRITE)
def new_contact(partner_slug: str) -> Page:
    """Add somebody to call."""
    partner, form = _writable(partner_slug), ContactFields()
    return save(form, partner, ADD_CONTACT, lambda: _save_contact(partner, form, None))


@guarded(WRITE)
def edit_contact(partner_slug: str, contact_id: UUID) -> Page:
    """Change somebody to call."""
    partner = _writable(partner_slug)
    contact = _contact(partner, contact_id)
    form = _filled(ContactFields, contact)
    change = Change(form, contact, lambda: _written(form, contact))
    return save(
        form, partner, CHANGE_CONTACT, lambda: _save_contact(partner, form, contact_id), change
    )


@guarded(WRITE)
def remove_contact(partner_slug: str, contact_id: UUID) -> Response:
    """Remove somebody to call."""
    partner = _writable(partner_slug)
    _contact(partner, contact_id)
    with unit_of_work(db.session()):
        commands.remove_contact(db.session(), current_viewer(), contact_id)
    flash(gettext("The contact is removed."), "success")
    return redirect(url_for("partners.detail", partner_slug=partner.slug), 303)


@guarded(WRITE)
def new_domain(partner_slug: str) -> Page:
    """Add an address space."""
    partner, form = _writable(partner_slug), DomainFields()

    def add() -> Organisation:
        commands.create_routing_domain(
            db.session(), current_viewer(), partner.id, form.name.data or ""
        )
        return partner

    return save(form, partner, ADD_DOMAIN, add)


def _save_site(partner: Organisation, form: SiteFields, site_id: UUID | None) -> Organisation:
    written = SiteForm(**_texts(form))
    commands.save_site(db.session(), current_viewer(), partner.id, written, site_id=site_id)
    return partner


def _save_contact(
    partner: Organisation, form: ContactFields, contact_id: UUID | None
) -> Organisation:
    written = ContactForm(**_texts(form))
    commands.save_contact(
        db.session(), current_viewer(), partner.id, written, contact_id=contact_id
    )
    return partner


def _filled(kind: type[SiteFields] | type[ContactFields], row: Site | Contact) -> Any:
    return kind(obj=row, data={"version": version_of(_written(kind(formdata=None), row))})


def _written(form: FlaskForm, row: Site | Contact) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in form if one.name not in HIDDEN}


def _texts(form: FlaskForm) -> dict[str, Any]:
    return {one.name: (one.data or "").strip() for one in form if one.name not in HIDDEN}


def _writable(partner_slug: str) -> Organisation:
    partner = queries.get_partner(db.session(), current_viewer(), partner_slug)
    permit(current_viewer(), WRITE, partner.id)
    return partner


def _contact(partner: Organisation, contact_id: UUID) -> Contact:
    for one in queries.list_contacts(db.session(), current_viewer(), partner.id):
        if one.id == contact_id:
            return one
    raise NotFoundError("contact.not-found", N_("There is no such contact."))
