"""Writing down organisations themselves: what they are called, what they are to us, since when."""

from dataclasses import fields, replace
from typing import Any, Final
from uuid import UUID

from flask import Blueprint

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.web.components import word
from catalog.web.forms import options
from catalog.web.guard import current_viewer
from catalog.web.partners.forms import OrganisationFields
from catalog.web.partners.saving import Change, Page, save
from catalog.web.partners.versions import version_of
from cmdb.kernel.errors import N_
from cmdb.kernel.viewer import Everywhere, permit
from cmdb.partners import commands, groups, queries
from cmdb.partners.commands import WRITE
from cmdb.partners.forms import OrganisationForm, form_of
from cmdb.partners.models import Organisation
from schemas.vocabulary import OrganisationRole

NEW: Final = N_("New organisation")
CHANGE: Final = N_("Change the organisation")
JOINT: Final = ("roles", "valid_from", "valid_until", "groups")
"""What is not for one partner alone to say; only who may write everywhere is asked for it."""


def register(blueprint: Blueprint) -> None:
    """Add the forms to the pages of partners."""
    for path, view in (("/partners/new", new_partner), ("/partners/<partner_slug>/edit", edit)):
        blueprint.add_url_rule(path, view_func=view, methods=["GET", "POST"])


def may_write_everywhere() -> bool:
    """Tell whether the viewer may say what organisations are to the joint organisation."""
    return isinstance(current_viewer().reach(WRITE), Everywhere)


@guarded(WRITE)
def new_partner() -> Page:
    """Add an organisation."""
    permit(current_viewer(), WRITE, None)
    form = _form({"roles": [OrganisationRole.PARTNER.value]})
    return save(form, None, NEW, lambda: _write(form, None))


@guarded(WRITE)
def edit(partner_slug: str) -> Page:
    """Change what is written about an organisation."""
    partner = queries.get_partner(db.session(), current_viewer(), partner_slug)
    permit(current_viewer(), WRITE, partner.id)
    form = _form(_written(partner), partner)
    change = Change(form, partner, lambda: _written(partner))
    return save(form, partner, CHANGE, lambda: _write(form, partner), change)


def _written(partner: Organisation) -> dict[str, Any]:
    found = groups.list_groups_of(db.session(), current_viewer(), partner.id)
    written = form_of(partner)
    data = {one.name: getattr(written, one.name) for one in fields(written)}
    data["roles"] = [one.value for one in written.roles]
    return data | {"groups": [str(one.id) for one in found]}


def _form(data: dict[str, Any], partner: Organisation | None = None) -> OrganisationFields:
    form = OrganisationFields(data=data | ({"version": version_of(data)} if partner else {}))
    form.roles.choices = options((one.value, word(one)) for one in OrganisationRole)
    known = groups.list_groups(db.session(), current_viewer())
    form.groups.choices = options((str(one.id), one.name) for one, _ in known)
    if not may_write_everywhere():
        for name in JOINT:
            delattr(form, name)
    return form


def _write(form: OrganisationFields, partner: Organisation | None) -> Organisation:
    session, viewer = db.session(), current_viewer()
    before = form_of(partner) if partner else OrganisationForm(name="")
    names = {one.name for one in fields(before)}
    given = {one.name: one.data for one in form if one.name in names}
    if "roles" in given:
        given["roles"] = tuple(OrganisationRole(one) for one in given["roles"])
    written = replace(before, **given)
    if partner is None:
        saved = commands.create_organisation(session, viewer, written)
    else:
        saved = commands.update_organisation(session, viewer, partner.id, written)
    if may_write_everywhere():
        chosen = {UUID(one) for one in form.groups.data or ()}
        groups.set_groups_of(session, viewer, saved.id, chosen)
    return saved
