"""Pages of people and roles."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access import commands, queries, rules
from catalog.access.guards import guarded
from catalog.access.models import Person
from catalog.access.queries import ADMINISTER
from catalog.access.roles import load_roles
from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.admin.forms import EVERYWHERE, PersonForm, RoleForm
from catalog.web.forms import options, show_complaints
from catalog.web.guard import current_viewer
from catalog.web.navigation import role_label
from cmdb.kernel.errors import ConflictError, ForbiddenError, InvalidError
from cmdb.kernel.viewer import Everywhere

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

MAX_SEARCH: Final = 200

Page = str | tuple[str, int] | Response


@blueprint.get("/people")
@guarded(ADMINISTER)
def people() -> Page:
    """List the people whom the viewer administers."""
    search = request.args.get("q", "")[:MAX_SEARCH]
    viewer, session = current_viewer(), db.session()
    page = queries.list_people(session, viewer, search=search, after=request.args.get("after"))
    roles = {one.id: queries.list_assignments(session, viewer, one) for one in page.rows}
    return render_template(
        "admin/people.html",
        page=page,
        total=queries.count_people(session, viewer, search=search),
        roles=roles,
        search=search,
    )


@blueprint.get("/people/new")
@guarded(ADMINISTER)
def new_person() -> Page:
    """Show the form for a new person."""
    return render_template("admin/new_person.html", form=_person_form())


@blueprint.post("/people/new")
@guarded(ADMINISTER)
def create_person() -> Page:
    """Make a person and show the generated password, this once."""
    form = _person_form()
    if not form.validate_on_submit():
        return render_template("admin/new_person.html", form=form), 422
    try:
        with unit_of_work(db.session()):
            made = commands.create_person(
                db.session(),
                current_viewer(),
                sign_in_name=form.sign_in_name.data or "",
                name=form.name.data or "",
                organisation_id=_organisation_id(form),
            )
    except (InvalidError, ConflictError) as error:
        show_complaints(form, error)
        return render_template("admin/new_person.html", form=form), int(error.status)
    return _person(made.person, password=made.password), 201


@blueprint.get("/people/<uuid:person_id>")
@guarded(ADMINISTER)
def person(person_id: UUID) -> Page:
    """Show a person with the roles that the viewer administers."""
    return _person(queries.get_person(db.session(), current_viewer(), person_id))


@blueprint.post("/people/<uuid:person_id>/roles")
@guarded(ADMINISTER)
def assign_role(person_id: UUID) -> Page:
    """Give the person a role for a partner."""
    found = queries.get_person(db.session(), current_viewer(), person_id)
    form = _role_form()
    if not form.validate_on_submit():
        return _person(found, form=form), 422
    given = rules.Assignment(
        form.role.data or "",
        _organisation_id(form),
        form.valid_from.data,
        form.valid_until.data,
    )
    try:
        with unit_of_work(db.session()):
            commands.assign_role(db.session(), current_viewer(), person_id, given)
    except (InvalidError, ConflictError, ForbiddenError) as error:
        show_complaints(form, error)
        return _person(found, form=form), int(error.status)
    flash(gettext("The role is assigned."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/roles/<uuid:assignment_id>/revoke")
@guarded(ADMINISTER)
def revoke_role(assignment_id: UUID) -> Page:
    """Take a role from a person."""
    with unit_of_work(db.session()):
        revoked = commands.revoke_role(db.session(), current_viewer(), assignment_id)
    flash(gettext("The role is revoked."), "success")
    return redirect(url_for("admin.person", person_id=revoked.person_id), 303)


@blueprint.post("/people/<uuid:person_id>/password")
@guarded(ADMINISTER)
def reset_password(person_id: UUID) -> Page:
    """Give the person a generated password and show it, this once."""
    with unit_of_work(db.session()):
        made = commands.reset_password(db.session(), current_viewer(), person_id)
    return _person(made.person, password=made.password)


@blueprint.post("/people/<uuid:person_id>/deactivate")
@guarded(ADMINISTER)
def deactivate(person_id: UUID) -> Page:
    """Stop the person from signing in."""
    with unit_of_work(db.session()):
        commands.deactivate_person(db.session(), current_viewer(), person_id)
    flash(gettext("The person can no longer sign in."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/people/<uuid:person_id>/reactivate")
@guarded(ADMINISTER)
def reactivate(person_id: UUID) -> Page:
    """Let the person sign in again."""
    with unit_of_work(db.session()):
        commands.reactivate_person(db.session(), current_viewer(), person_id)
    flash(gettext("The person can sign in again."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _person(found: Person, *, form: RoleForm | None = None, password: str = "") -> str:
    viewer = current_viewer()
    return render_template(
        "admin/person.html",
        person=found,
        roles=queries.list_assignments(db.session(), viewer, found),
        form=form or _role_form(is_empty=True),
        password=password,
        is_oneself=found.id == viewer.id,
    )


def _person_form() -> PersonForm:
    form = PersonForm()
    form.organisation_id.choices = _organisations(gettext("The joint organisation"))
    return form


def _role_form(*, is_empty: bool = False) -> RoleForm:
    form = RoleForm(formdata=None) if is_empty else RoleForm()
    roles = [(name, role_label(name)) for name in load_roles().roles]
    form.role.choices = options([("", gettext("Please choose")), *roles])
    form.organisation_id.choices = _organisations(gettext("All partners"))
    return form


def _organisations(everywhere: str) -> Any:
    """Return the partners that the viewer administers, and all of them where that is so."""
    viewer = current_viewer()
    found = queries.list_organisations(db.session(), viewer)
    choices = [("", gettext("Please choose")), *((str(one.id), one.name) for one in found)]
    if isinstance(viewer.reach(ADMINISTER), Everywhere):
        choices.insert(1, (EVERYWHERE, everywhere))
    return options(choices)


def _organisation_id(form: PersonForm | RoleForm) -> UUID | None:
    chosen = form.organisation_id.data
    return None if chosen == EVERYWHERE else UUID(chosen)
