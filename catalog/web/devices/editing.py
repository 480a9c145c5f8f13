"""Declaring and changing devices by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.devices.forms import DeviceForm, device_form
from catalog.web.devices.page import words_of
from catalog.web.devices.words import Words
from catalog.web.guard import current_viewer
from catalog.web.partner_choice import partners_for
from cmdb.items import commands, detail, queries
from cmdb.items.changes import Present
from cmdb.items.classes import read_definitions
from cmdb.items.commands import NewItem
from cmdb.items.detail import ItemDetail
from cmdb.items.models import CiClass
from cmdb.items.visibility import WRITE
from cmdb.kernel.errors import HausError, NotFoundError, StaleError
from cmdb.kernel.viewer import permit
from cmdb.reconcile.declarations import update_item
from schemas.vocabulary import Lifecycle

Page = str | tuple[str, int] | Response

_BASE: Final = ("class_name", "name", "partner_id", "lifecycle")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that somebody else changed while this form was open."""

    label: str
    mine: str
    theirs: str


def register(blueprint: Blueprint) -> None:
    """Add the forms to the pages of devices."""
    blueprint.add_url_rule("/devices/new", "new", new, methods=["GET"])
    blueprint.add_url_rule("/devices/new", "create", create, methods=["POST"])
    blueprint.add_url_rule("/devices/<uuid:item_id>/edit", "edit", edit, methods=["GET"])
    blueprint.add_url_rule("/devices/<uuid:item_id>/edit", "update", update, methods=["POST"])


@guarded(WRITE)
def new() -> str:
    """Ask for class and owner, then show the form that fits."""
    classes = queries.list_classes(db.session(), current_viewer())
    chosen = next((one for one in classes if one.name == request.args.get("class")), None)
    partners = partners_for(current_viewer(), WRITE)
    if chosen is None or not request.args.get("partner"):
        return render_template("devices/new.html", classes=classes, partners=partners)
    defaults = {
        "class_name": chosen.name,
        "partner_id": request.args["partner"],
        "lifecycle": str(Lifecycle.PLANNED),
    }
    return _new_page(_form_of(chosen.name, defaults=defaults))


@guarded(WRITE)
def create() -> Page:
    """Declare a device."""
    form = _form_of(request.form.get("class_name", ""))
    if form.validate_on_submit():
        given = form.given()
        base = {name: given.pop(name) for name in _BASE}
        wanted = NewItem(
            class_name=base["class_name"],
            name=base["name"],
            partner_id=UUID(base["partner_id"]),
            lifecycle=Lifecycle(base["lifecycle"]),
            values={name: value for name, value in given.items() if value is not None},
        )
        try:
            with unit_of_work(db.session()):
                item_id = commands.create_item(
                    db.session(), current_viewer(), wanted, reason=form.reason.data or ""
                )
            flash(gettext("The device is declared."), "success")
            return redirect(url_for("devices.detail", item_id=item_id), 303)
        except HausError as error:
            form.refuse(error)
    return _new_page(form), 422


@guarded(WRITE)
def edit(item_id: UUID) -> str:
    """Show the form of a device."""
    found = _writable(item_id)
    return _edit_page(found, _form_of(found.item.class_name, found))


@guarded(WRITE)
def update(item_id: UUID) -> Page:
    """Change a device; who was overtaken by somebody else sees both values."""
    found = _writable(item_id)
    form = _form_of(found.item.class_name, found)
    if not form.validate_on_submit():
        return _edit_page(found, form), 422
    conflicts: list[Conflict] = []
    try:
        with unit_of_work(db.session()):
            update_item(
                db.session(),
                current_viewer(),
                item_id,
                _changes(found, form),
                expected_version=request.form.get("version", 0, int),
                reason=form.reason.data or "",
            )
        flash(gettext("The change is kept."), "success")
        return redirect(url_for("devices.detail", item_id=item_id), 303)
    except StaleError:
        found = _writable(item_id)
        conflicts = _conflicts(found, form)
        form.version.data = str(found.item.version)
    except HausError as error:
        form.refuse(error)
    return _edit_page(found, form, conflicts), 409 if conflicts else 422


def _writable(item_id: UUID) -> ItemDetail:
    found = detail.get_item(db.session(), current_viewer(), item_id)
    permit(current_viewer(), WRITE, found.item.partner_id)
    return found


def _classes() -> list[CiClass]:
    return list(queries.list_classes(db.session(), current_viewer()))


def _form_of(
    class_name: str, found: ItemDetail | None = None, defaults: Mapping[str, Any] | None = None
) -> DeviceForm:
    definitions = read_definitions(db.session(), {class_name})
    if class_name not in definitions:
        raise NotFoundError("class.not-found", "There is no class «{name}».", name=class_name)
    item = _present(found) if found else None
    return device_form(_classes(), definitions[class_name], item=item, defaults=defaults)


def _present(found: ItemDetail) -> Present:
    return Present(*(getattr(found.item, name) for name in Present._fields))


def _changes(found: ItemDetail, form: DeviceForm) -> dict[str, Any]:
    """Return what the form says, without what the new class or the new owner cannot have."""
    given = form.given()
    if given["class_name"] != found.item.class_name:
        allowed = read_definitions(db.session(), {given["class_name"]})
        definitions = allowed.get(given["class_name"], {})
        given = {
            name: value
            for name, value in given.items()
            if name not in found.definitions or name in definitions
        }
    if given["partner_id"] != str(found.item.partner_id):
        del given["site_id"]
    return given


def _conflicts(found: ItemDetail, form: DeviceForm) -> list[Conflict]:
    words, item = _words(found, form), _present(found)
    return [
        Conflict(words.label(name), words.text(name, mine) or "–", words.text(name, theirs) or "–")
        for name, mine in form.given().items()
        if (theirs := item.value_of(name)) != mine
    ]


def _words(found: ItemDetail, form: DeviceForm) -> Words:
    words = words_of(found, _classes())
    fields = (form.partner_id, form.user_partner_id, form.operator_id, form.site_id)
    choices: list[Any] = [one for field in fields for one in field.choices or ()]
    chosen = {one.value: str(one.label) for one in choices}
    return Words(words.classes, words.definitions, {**chosen, **words.names})


def _edit_page(found: ItemDetail, form: DeviceForm, conflicts: list[Conflict] | None = None) -> str:
    return render_template(
        "devices/edit.html", form=form, found=found, item=found.item, conflicts=conflicts or []
    )


def _new_page(form: DeviceForm) -> str:
    return render_template("devices/edit.html", form=form, found=None, item=None, conflicts=[])
