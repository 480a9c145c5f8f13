"""What went wrong, told at the edge: a page for people, a problem (RFC 9457) for programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import structlog
from flask import Flask, Response, g, json, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from cmdb.kernel.errors import N_, HausError
from schemas.messages import grouped

PROBLEM = "application/problem+json"

HTTP_SENTENCES: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: N_("The request cannot be understood."),
    HTTPStatus.UNAUTHORIZED: N_("Please sign in first."),
    HTTPStatus.FORBIDDEN: N_("You may not do this."),
    HTTPStatus.NOT_FOUND: N_("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: N_("This cannot be done in this way at this address."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: N_("That is more than is accepted at once."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: N_("This form of content is not accepted here."),
    HTTPStatus.UNPROCESSABLE_ENTITY: N_("Some values are not in order."),
    HTTPStatus.TOO_MANY_REQUESTS: N_("That were too many requests; please wait a minute."),
    HTTPStatus.INTERNAL_SERVER_ERROR: N_("Something unexpected happened."),
}
"""What the statuses of HTTP mean where nothing more exact is known."""

log = structlog.get_logger()


def message_of(error: HausError) -> str:
    """Return the sentence of an error in the language of the request."""
    return gettext(error.message).format(**_written(error.details))


def complaint_of(error: HausError, sentence: str) -> str:
    """Return a complaint about one field in the language of the request."""
    translated = gettext(sentence)
    return translated.format(**_written(error.details)) if error.details else translated


def _written(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of a sentence with their whole numbers as people read them."""
    return {
        name: grouped(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in details.items()
    }


def problem(
    status: int, code: str, title: str, detail: str, errors: dict[str, Any] | None = None
) -> Response:
    """Return a problem document (RFC 9457)."""
    body: dict[str, Any] = {
        "type": "about:blank" if code == "about:blank" else f"urn:haus:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id(),
    }
    if errors:
        body["errors"] = errors
    return Response(json.dumps(body), status, content_type=PROBLEM)


def request_id() -> str:
    """Return the id under which this request is found in the log."""
    if "request_id" not in g:
        g.request_id = uuid4().hex[:12]
    return g.request_id


def wants_problem() -> bool:
    """Tell whether the client is a program of the REST interface."""
    return request.path.startswith("/api/")


def register_errors(app: Flask) -> None:
    """Answer every error of the house and of HTTP in the form the client understands."""
    app.register_error_handler(HausError, _haus_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _unknown_error)


def _haus_error(error: HausError) -> Any:
    return _answer(int(error.status), error.code, message_of(error), error.errors)


def http_sentence(error: HTTPException) -> str:
    """Return the sentence of an HTTP error in the language of the request.

    What we say ourselves is translated as it is; the library's English is said in our words.
    """
    if error.description and error.description != type(error).description:
        return gettext(error.description)
    sentence = HTTP_SENTENCES.get(error.code or 0)
    return gettext(sentence) if sentence else error.name


def _http_error(error: HTTPException) -> Any:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    answer = _answer(int(status), "about:blank", http_sentence(error))
    # Allow, WWW-Authenticate and Retry-After belong to the status and must not be lost.
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _database_error(error: OperationalError) -> Any:
    log.error("database", error=str(error.orig), request_id=request_id())
    sentence = gettext("The database does not answer at the moment. Please try again shortly.")
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "database.unavailable", sentence)


def _unknown_error(error: Exception) -> Any:
    log.error("unexpected", exc_info=error, request_id=request_id(), path=request.path)
    sentence = gettext("Something unexpected happened. It has been logged under the number below.")
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", sentence)


def _answer(status: int, code: str, text: str, errors: dict[str, Any] | None = None) -> Response:
    title = HTTPStatus(status).phrase
    if wants_problem():
        return problem(status, code, title, text, errors)
    page = render_template(
        "errors/error.html", status=status, code=code, message=text, request_id=request_id()
    )
    return Response(page, status, content_type="text/html; charset=utf-8")
