"""How what is written about partners is saved: at once, and never over what nobody has seen."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.forms import show_complaints
from catalog.web.partners.versions import Conflict, VersionedForm, conflicts_of, refuse_stale
from cmdb.kernel.errors import HausError, StaleError
from cmdb.partners.models import Contact, Organisation, Site

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Change:
    """A row that a form changes.

    Attributes:
        written: returns what is written about the row now, by the names of the form's fields.
    """

    form: VersionedForm
    row: Organisation | Site | Contact
    written: Callable[[], dict[str, Any]]


def save(
    form: FlaskForm,
    partner: Organisation | None,
    title: str,
    act: Callable[[], Organisation],
    change: Change | None = None,
) -> Page:
    """Carry out what a valid form says and show the partner that `act` returns, else the form.

    Where the form changes a row, whoever was overtaken by somebody else sees both values.
    """
    status, conflicts = 200, list[Conflict]()
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                with unit_of_work(db.session()):
                    if change:
                        db.session().refresh(change.row, with_for_update=True)
                        refuse_stale(change.form, change.written())
                    saved = act()
                flash(gettext("Saved."), "success")
                return redirect(url_for("partners.detail", partner_slug=saved.slug), 303)
            except StaleError:
                if change is None:
                    raise
                status = HTTPStatus.CONFLICT
                conflicts = conflicts_of(change.form, change.written())
            except HausError as error:
                show_complaints(form, error)
    page = render_template(
        "partners/form.html", form=form, partner=partner, title=gettext(title), conflicts=conflicts
    )
    return page, status
