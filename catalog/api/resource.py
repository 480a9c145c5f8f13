"""A resource of the REST interface: a blueprint that documents itself completely."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar

import orjson
from flask import Request, abort
from flask_smorest import Blueprint
from flask_smorest.arguments import FlaskParser
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from catalog.access.repetition import MAX_KEY
from catalog.api.problem import domain_problem, http_problem
from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.kernel.errors import N_, HausError, InvalidError

View = TypeVar("View", bound=Callable[..., Any])

BASE: Final = "/api/v1"
IF_MATCH: Final = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version that was read, or `*` for whatever is there.",
}
IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
    "description": "Chosen by the client: the same request sent again is not carried out again.",
}
_EVERYWHERE: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
)


SEND_JSON: Final = N_("Send JSON: Content-Type: application/json.")


class MalformedError(InvalidError):
    """The body cannot even be read."""

    status = HTTPStatus.BAD_REQUEST


class StrictParser(FlaskParser):
    """Reads what a client sends: nothing unknown, no other media type, valid Unicode only."""

    # None leaves the decision to the schema, and those of the house refuse what they do not know.
    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("json", "query"))

    def load_json(self, req: Request, schema: Any) -> Any:
        """Return the JSON body; `{}` where there is none."""
        del schema
        raw = req.get_data(cache=True)
        if not raw:
            return {}
        if not req.is_json:
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, SEND_JSON)
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise MalformedError(
                "api.malformed-json",
                N_("The body is not valid JSON: line {line}, column {column}."),
                line=error.lineno,
                column=error.colno,
            ) from error
        if holds_nul(body):
            abort(HTTPStatus.UNPROCESSABLE_ENTITY, N_("No text may hold the character NUL."))
        return body


class Resource(Blueprint):
    """The views of one kind of thing, below `/api/v1/<name>`."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str, *, prefix: str | None = None) -> None:
        path = f"{BASE}/{name}" if prefix is None else prefix
        super().__init__(f"api_{name}", __name__, url_prefix=path, description=description)
        self.tag = name
        self.register_error_handler(HTTPException, http_problem)
        self.register_error_handler(HausError, domain_problem)

    def add_url_rule(  # pyright: ignore[reportIncompatibleMethodOverride] — flask-smorest's own
        self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any
    ) -> None:
        """Add a view under its own name, with what every view may answer."""
        described = self.problems(*_EVERYWHERE)(view_func)
        described = self.doc(operationId=view_func.__name__)(described)
        super().add_url_rule(rule, endpoint, described, **(options | {"tags": [self.tag]}))

    def problems(self, *statuses: int) -> Callable[[View], View]:
        """Document the problems a view may answer with."""

        def decorate(view: View) -> View:
            for status in statuses:
                view = _kept(self.alt_response(status, response=HTTPStatus(status).name), view)
            return view

        return decorate

    def tagged(self, view: View) -> View:
        """Document an answer with an entity tag, which need not be sent again while it is known."""
        return _kept(self.alt_response(HTTPStatus.NOT_MODIFIED, response="NOT_MODIFIED"), view)

    def repeatable(self, made: type[Schema] | None = None) -> Callable[[View], View]:
        """Document a write that may be sent again, and what is answered where it had made this."""

        def decorate(view: View) -> View:
            described = _kept(self.doc(parameters=[IDEMPOTENCY_KEY]), view)
            if made is None:
                return described
            text = "The same request was sent before; this is what it made."
            return _kept(self.alt_response(200, schema=made, description=text), described)

        return decorate

    def versioned(self, view: View) -> View:
        """Document a write that says in `If-Match` on which version it is based."""
        described = _kept(self.doc(parameters=[IF_MATCH]), view)
        return self.problems(
            HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED
        )(described)


def _kept(decorator: Any, view: View) -> View:
    """Apply a decorator that keeps the form of a view, which its own type does not tell."""
    return decorator(view)


def session() -> Session:
    """Return the database session of this request."""
    return db.session()


@contextmanager
def writing() -> Generator[Session]:
    """Give the session for a change that is made as a whole or not at all."""
    held = db.session()
    with unit_of_work(held):
        yield held


def holds_nul(value: Any) -> bool:
    """Tell whether a JSON value holds a NUL, which PostgreSQL cannot store in a text."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(holds_nul(part) for part in value)
