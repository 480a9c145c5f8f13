"""The door of the REST interface: bearer tokens only.

A browser's session is taken where a mark allows it, for reading the documentation.
"""

from typing import Final

import structlog
from flask import Flask, Response, abort, current_app, g, request
from flask_babel import gettext

from catalog.access import authentication, tokens
from catalog.access.guards import Guard, guard_of
from catalog.api.rates import count_request, install_rates
from catalog.errors import problem
from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.kernel.errors import N_, ForbiddenError
from cmdb.kernel.viewer import Viewer

API: Final = "/api/"
SCHEME: Final = "bearer "

log = structlog.get_logger()


def install_guard(app: Flask) -> None:
    """Put the door before all resources of an app."""
    app.before_request(_admit)
    install_rates(app)


def current_viewer() -> Viewer:
    """Return for whom the program asks; only for resources that are not public."""
    viewer: Viewer | None = g.get("api_viewer")
    if viewer is None:
        abort(401)
    return viewer


def _admit() -> Response | None:
    if not request.path.startswith(API) or request.endpoint is None:
        return None
    if "\0" in request.path or b"%00" in request.query_string:
        # PostgreSQL cannot compare with it.
        abort(400, N_("No address may hold the character NUL."))
    guard = guard_of(current_app.view_functions[request.endpoint], request.method)
    if guard is None:
        log.error("resource without guard", endpoint=request.endpoint, method=request.method)
        abort(403)
    if guard.is_public:
        return None
    viewer = _recognise(guard)
    # Whoever has no token is counted by address, so that nobody tries tokens without end.
    refusal = count_request(g.get("api_caller") or f"address:{request.remote_addr}")
    if refusal is not None:
        return refusal
    if viewer is None:
        return _unauthorised()
    if guard.permission and not viewer.may(guard.permission):
        raise ForbiddenError(
            "access.forbidden",
            N_("You may not do this here: it needs the permission «{permission}»."),
            permission=guard.permission,
        )
    g.api_viewer = viewer
    return None


def _recognise(guard: Guard) -> Viewer | None:
    header = request.headers.get("Authorization", "")
    if header[: len(SCHEME)].lower() == SCHEME:
        return _by_token(header[len(SCHEME) :].strip())
    if guard.allows_session and request.method in {"GET", "HEAD"}:
        name = tokens.cookie_name(is_secure=current_app.config["HAUS"].is_secure)
        found = authentication.resolve_session(db.session(), request.cookies.get(name, ""))
        if found is not None and not found.person.must_change_password:
            g.signed_in = found  # the frame of the description shows who reads it
            return found.viewer
    return None


def _by_token(text: str) -> Viewer | None:
    found = authentication.resolve_token(db.session(), text)
    if found is None:
        return None
    viewer, token = found
    g.api_caller = f"token:{token.id}"
    if authentication.is_refresh_due(token.last_used_at):
        with unit_of_work(db.session()):
            authentication.refresh_token(db.session(), token.id)
    return viewer


def _unauthorised() -> Response:
    answer = problem(
        401,
        "access.unauthorised",
        "Unauthorized",
        gettext("Send a valid API token: Authorization: Bearer haus_…"),
    )
    # RFC 6750, §3.1: a token that was sent and refused is told apart from none at all.
    is_refused = "Authorization" in request.headers
    answer.headers["WWW-Authenticate"] = (
        'Bearer realm="haus", error="invalid_token"' if is_refused else 'Bearer realm="haus"'
    )
    return answer
