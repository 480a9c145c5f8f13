"""Signing in and out, and the pages of one's own account."""

from operator import itemgetter
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access import authentication, queries, self_service
from catalog.access.guards import personal, public
from catalog.access.models import Density, Language, Person, Theme
from catalog.access.rules import GIVE
from catalog.extensions import db, limiter
from catalog.transactions import unit_of_work
from catalog.web.account.forms import PasswordForm, PreferencesForm, SignInForm, TokenForm
from catalog.web.forms import options, show_complaints
from catalog.web.guard import (
    current_viewer,
    delete_session_cookie,
    find_signed_in,
    session_limits,
    session_token,
    set_session_cookie,
    signed_in,
)
from catalog.web.permissions import PERMISSIONS, permission_words
from catalog.web.preferences import own_path, remember
from cmdb.kernel.errors import InvalidError

blueprint = Blueprint("account", __name__)
blueprint.add_app_template_filter(permission_words, "permission")

OWN_ACCOUNT: Final = "everybody has an account of his or her own"
SIGN_IN_LIMIT: Final = "20 per minute; 200 per hour"
"""Per address; per name the account locks after five wrong passwords."""

Page = str | tuple[str, int] | Response


@blueprint.get("/sign-in")
@public("who signs in is not known yet")
def sign_in() -> Page:
    """Show the form, or go on for who is signed in already."""
    target = own_path(request.args.get("next", "/"))
    if find_signed_in() is not None:
        return redirect(target, 303)
    return render_template("account/sign_in.html", form=SignInForm(next=target), is_refused=False)


@blueprint.post("/sign-in")
@public("who signs in is not known yet")
@limiter.limit(SIGN_IN_LIMIT)
def open_session() -> Page:
    """Begin a session, or say in one sentence for all reasons that it was not possible."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form, is_refused=False), 422
    with unit_of_work(db.session()):
        begun = authentication.sign_in(
            db.session(),
            form.name.data or "",
            form.password.data or "",
            limits=session_limits(),
            previous_token=session_token(),
        )
    if begun is None:
        return render_template("account/sign_in.html", form=form, is_refused=True), 401
    session.clear()  # the form token of before signing in does not hold afterwards
    answer = redirect(own_path(form.next.data or "/"), 303)
    set_session_cookie(answer, begun.token)
    _remember_look(answer, begun.person)
    return answer


@blueprint.post("/sign-out")
@personal(OWN_ACCOUNT)
def sign_out() -> Page:
    """End the session."""
    with unit_of_work(db.session()):
        authentication.sign_out(db.session(), session_token())
    session.clear()
    answer = redirect(url_for("account.sign_in"), 303)
    delete_session_cookie(answer)
    return answer


@blueprint.get("/account")
@personal(OWN_ACCOUNT)
def profile() -> Page:
    """Show name, roles and look."""
    person = signed_in().person
    form = PreferencesForm(language=person.language, theme=person.theme, density=person.density)
    return _profile(form)


@blueprint.post("/account")
@personal(OWN_ACCOUNT)
def save_preferences() -> Page:
    """Keep language and look, for this browser and for the next sign-in elsewhere."""
    form = PreferencesForm()
    if not form.validate_on_submit():
        return _profile(form), 422
    with unit_of_work(db.session()):
        person = self_service.change_preferences(
            db.session(),
            current_viewer(),
            language=Language(form.language.data),
            theme=Theme(form.theme.data),
            density=Density(form.density.data),
        )
    flash(gettext("Saved."), "success")
    answer = redirect(url_for("account.profile"), 303)
    _remember_look(answer, person)
    return answer


@blueprint.get("/account/password")
@personal(OWN_ACCOUNT)
def password() -> Page:
    """Show the form for another password."""
    return _password(PasswordForm())


@blueprint.post("/account/password")
@personal(OWN_ACCOUNT)
@limiter.limit(SIGN_IN_LIMIT)
def change_password() -> Page:
    """Set another password; all other sessions end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password(form), 422
    try:
        with unit_of_work(db.session()):
            self_service.change_password(
                db.session(),
                current_viewer(),
                current=form.current.data or "",
                new=form.new.data or "",
                kept_session_id=signed_in().session.id,
            )
    except InvalidError as error:
        show_complaints(form, error)
        return _password(form), 422
    flash(gettext("The password is changed; you are signed out everywhere else."), "success")
    return redirect(url_for("account.profile"), 303)


@blueprint.get("/account/tokens")
@personal(OWN_ACCOUNT)
def tokens() -> Page:
    """Show one's own API tokens and the form for a new one."""
    return _tokens(_token_form())


@blueprint.post("/account/tokens")
@personal(OWN_ACCOUNT)
def create_token() -> Page:
    """Make a token and show it, this once."""
    form = _token_form()
    if not form.validate_on_submit():
        return _tokens(form), 422
    chosen = form.organisation_id.data
    try:
        with unit_of_work(db.session()):
            made = self_service.create_token(
                db.session(),
                current_viewer(),
                name=form.name.data or "",
                scopes=form.scopes.data or [],
                organisation_id=UUID(chosen) if chosen else None,
                days=form.days.data or 0,
            )
    except InvalidError as error:
        show_complaints(form, error)
        return _tokens(form), 422
    # No redirect: the text is shown in this answer and kept nowhere.
    return _tokens(_token_form(is_empty=True), made.text), 201


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@personal(OWN_ACCOUNT)
def revoke_token(token_id: UUID) -> Page:
    """Make a token useless."""
    with unit_of_work(db.session()):
        token = self_service.revoke_token(db.session(), current_viewer(), token_id)
    flash(gettext("The token «%(name)s» is revoked.", name=token.name), "success")
    return redirect(url_for("account.tokens"), 303)


def _profile(form: PreferencesForm) -> str:
    found = signed_in()
    roles = queries.list_assignments(db.session(), found.viewer, found.person)
    return render_template("account/profile.html", person=found.person, roles=roles, form=form)


def _password(form: PasswordForm) -> str:
    person = signed_in().person
    return render_template(
        "account/password.html",
        form=form,
        is_forced=person.must_change_password,
        sign_in_name=person.sign_in_name,
    )


def _tokens(form: TokenForm, text: str = "") -> str:
    rows = queries.list_tokens(db.session(), current_viewer())
    now = authentication.now()
    return render_template("account/tokens.html", form=form, tokens=rows, text=text, now=now)


def _token_form(*, is_empty: bool = False) -> TokenForm:
    found = signed_in()
    form = TokenForm(formdata=None) if is_empty else TokenForm()
    given = {name for name in found.viewer.grants if not name.startswith(GIVE)}
    usable = sorted(given, key=[*PERMISSIONS, *sorted(given - set(PERMISSIONS))].index)
    form.scopes.choices = options((name, permission_words(name)) for name in usable)
    own = {one.organisation for one in found.person.assignments if one.organisation is not None}
    chosen = sorted(((str(one.id), one.name) for one in own), key=itemgetter(1))
    form.organisation_id.choices = options([("", gettext("all that I act for")), *chosen])
    return form


def _remember_look(answer: Response, person: Person) -> None:
    remember(answer, {"lang": person.language, "theme": person.theme, "density": person.density})
