"""The door of the pages: who comes in, and where those are sent who do not.

Every page must carry a mark of `catalog.access.guards`; a page without one is refused.
"""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from catalog.access import authentication, tokens
from catalog.access.authentication import SessionLimits, SignedIn
from catalog.access.guards import guard_of, public
from catalog.extensions import csrf, db
from catalog.transactions import unit_of_work
from catalog.web.permissions import permission_words
from cmdb.kernel.errors import N_, ForbiddenError
from cmdb.kernel.viewer import Viewer
from config.settings import ServerSettings

API: Final = "/api/"
"""Below this path the REST interface has its own door."""

WITH_OLD_PASSWORD: Final = {"account.password", "account.change_password", "account.sign_out"}
"""What somebody may open who must set a password first."""

log = structlog.get_logger()


def install_guard(app: Flask) -> None:
    """Put the door before all pages of an app."""
    is_secure = _settings(app).is_secure
    app.config.update(
        # Forms are checked by the door: what lies behind the REST interface takes no cookies.
        WTF_CSRF_CHECK_DEFAULT=False,
        SESSION_COOKIE_NAME="__Host-haus-form" if is_secure else "haus_form",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if "static" in app.view_functions:
        public("style sheets, scripts and icons of the product")(app.view_functions["static"])
    app.before_request(_admit)


def current_viewer() -> Viewer:
    """Return who asks; only for pages that are not public."""
    return signed_in().viewer


def signed_in() -> SignedIn:
    """Return the person and the session of this request; only for pages that are not public."""
    found = find_signed_in()
    if found is None:
        abort(401)
    return found


def find_signed_in() -> SignedIn | None:
    """Return the person and the session of this request, None for strangers."""
    return g.get("signed_in")


def session_limits() -> SessionLimits:
    """Return how long sessions last according to the settings."""
    settings = _settings(current_app)
    return SessionLimits(
        idle=timedelta(hours=settings.session_idle_hours),
        absolute=timedelta(hours=settings.session_hours),
    )


def session_token() -> str:
    """Return the session token that the browser sent, empty if it sent none."""
    return request.cookies.get(tokens.cookie_name(is_secure=_settings(current_app).is_secure), "")


def set_session_cookie(answer: BaseResponse, token: str) -> None:
    """Give the browser its session token, unreadable for scripts and for other sites."""
    settings = _settings(current_app)
    answer.set_cookie(
        tokens.cookie_name(is_secure=settings.is_secure),
        token,
        max_age=settings.session_hours * 3600,
        secure=settings.is_secure,
        httponly=True,
        samesite="Lax",
    )


def delete_session_cookie(answer: BaseResponse) -> None:
    """Take the session token from the browser."""
    settings = _settings(current_app)
    answer.delete_cookie(
        tokens.cookie_name(is_secure=settings.is_secure),
        secure=settings.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _admit() -> BaseResponse | None:
    if request.path.startswith(API) or request.endpoint == "static":
        return None
    found = g.signed_in = _recognise()
    if request.endpoint is None:
        return None  # there is no such page, which is told to everybody alike
    guard = guard_of(current_app.view_functions[request.endpoint], request.method)
    if guard is None:
        log.error("page without guard", endpoint=request.endpoint)
        abort(403)
    _check_form_token()
    if guard.is_public:
        return None
    if found is None:
        return _to_sign_in()
    if found.person.must_change_password and request.endpoint not in WITH_OLD_PASSWORD:
        return redirect(url_for("account.password"), 303)
    if guard.permission and not found.viewer.may(guard.permission):
        raise ForbiddenError(
            "access.forbidden",
            N_("You may not do this here: it needs the permission «{permission}»."),
            permission=permission_words(guard.permission),
        )
    return None


def _check_form_token() -> None:
    try:
        csrf.protect()
    except CSRFError:
        abort(400, N_("This form is no longer valid; load the page again and repeat your change."))


def _recognise() -> SignedIn | None:
    found = authentication.resolve_session(db.session(), session_token())
    if found is not None and authentication.is_refresh_due(found.session.seen_at):
        with unit_of_work(db.session()):
            authentication.refresh_session(db.session(), found.session.id, session_limits())
    return found


def _to_sign_in() -> BaseResponse:
    if "HX-Request" in request.headers:
        # A part of a page cannot become a sign-in page: the browser is to leave the whole page.
        origin = urlsplit(request.headers.get("HX-Current-URL", ""))
        address = url_for("account.sign_in", next=origin.path or "/")
        return Response(status=204, headers={"HX-Redirect": address})
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("account.sign_in", next=target), 303)


def _settings(app: Any) -> ServerSettings:
    return app.config["HAUS"]
