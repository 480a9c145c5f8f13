"""The REST edge: problems as errors, versions as entity tags, keyset pages."""

import http
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, request
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import validate
from werkzeug.exceptions import HTTPException

from catalog.errors import PROBLEM, problem
from cmdb.kernel.errors import N_, InvalidError, StaleError
from cmdb.kernel.paging import MAX_LIMIT


class PreconditionRequiredError(InvalidError):
    """The write does not say which version it is based on (RFC 6585, §3)."""

    status = http.HTTPStatus.PRECONDITION_REQUIRED


class ProblemSchema(ma.Schema):
    """Problem details (RFC 9457)."""

    type = ma.fields.Str(required=True)
    title = ma.fields.Str(required=True)
    status = ma.fields.Int(required=True)
    detail = ma.fields.Str()
    request_id = ma.fields.Str()
    errors = ma.fields.Dict()


class ProblemApi(Api):
    """A flask-smorest API whose errors are problems and keep the headers of their status."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Document every error with the media type that is really sent."""
        named = [(status.name, status.phrase, int(status)) for status in http.HTTPStatus]
        for name, phrase, status in [*named, ("DEFAULT_ERROR", "Problem", 500)]:
            response: dict[str, Any] = {"description": phrase}
            if status >= http.HTTPStatus.BAD_REQUEST:
                response["schema"] = self.ERROR_SCHEMA
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)

    def handle_http_exception(  # pyright: ignore[reportIncompatibleMethodOverride] — Flask takes any answer
        self, error: HTTPException
    ) -> Response:
        """Answer an HTTP error as a problem, with the complaints per field where there are any."""
        data: dict[str, Any] = getattr(error, "data", None) or {}
        status = error.code or 500
        answer = problem(
            status,
            "about:blank",
            error.name,
            data.get("message") or error.description or error.name,
            data.get("errors") or data.get("messages"),
        )
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:
                answer.headers[name] = value
        answer.headers.update(data.get("headers") or {})
        return answer


class PageQuery(ma.Schema):
    """The two parameters that every list takes."""

    class Meta:
        """A misspelt filter must not silently return everything."""

        unknown = ma.RAISE

    after = ma.fields.Str(
        validate=validate.Length(max=1024),
        metadata={"description": "The `next` of the page before."},
    )
    limit = ma.fields.Int(load_default=50, validate=validate.Range(1, MAX_LIMIT))


def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """Return the schema of a page of these items."""
    name = item.__name__.removesuffix("Schema")
    return ma.Schema.from_dict(
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next": ma.fields.Str(allow_none=True, required=True),
        },
        name=f"{name}Page",
    )


def entity_tag(key: UUID, version: int) -> str:
    """Return the strong entity tag of one version of one thing (RFC 9110, §8.8.3)."""
    return f'"{key.hex}-{version}"'


def expected_version(key: UUID, current: int) -> int:
    """Return the version that the request is based on, from its `If-Match`.

    Raises:
        PreconditionRequiredError: the request does not say.
        StaleError: it is based on an older version.
    """
    given = request.headers.get("If-Match")
    if not given:
        raise PreconditionRequiredError(
            "api.if-match-missing", N_("Send the ETag you read in If-Match.")
        )
    tags = {tag.strip() for tag in given.split(",")}
    if "*" not in tags and entity_tag(key, current) not in tags:
        raise StaleError(
            "api.stale", N_("Somebody changed this since you read it; read it again first.")
        )
    return current
