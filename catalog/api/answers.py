"""Answers: JSON written by orjson, keyset pages with a link to the next, entity tags.

Lists are written from plain rows; the schemas document them, and a test holds the two together.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response, request
from marshmallow import validate

from cmdb.kernel.errors import N_, InvalidError, StaleError
from cmdb.kernel.paging import MAX_LIMIT, Page
from schemas.base import WireSchema

Row = TypeVar("Row")

JSON: Final = "application/json"
_TAG: Final = re.compile(r'"([0-9a-f]{32})\.(\d+)\.[0-9a-f]+"')


class PreconditionRequiredError(InvalidError):
    """The write does not say which version it is based on (RFC 6585, §3)."""

    status = HTTPStatus.PRECONDITION_REQUIRED


class PageQuery(WireSchema):
    """The two parameters that every list takes; a misspelt one must not return everything."""

    after = ma.fields.Str(
        load_default=None,
        validate=validate.Length(max=2048),
        metadata={"description": "The `next` of the page before."},
    )
    limit = ma.fields.Int(load_default=50, validate=validate.Range(1, MAX_LIMIT))


class NoQuery(WireSchema):
    """A resource without parameters."""


@dataclass(frozen=True, slots=True)
class Version:
    """Which state of which thing an answer shows."""

    key: UUID
    number: int = 0


def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """Return the schema of a page of these items."""
    name = item.__name__.removesuffix("Schema")
    return WireSchema.from_dict(
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next": ma.fields.Str(allow_none=True, required=True),
        },
        name=f"{name}PageSchema",
    )


def answer(
    body: Any, status: int = HTTPStatus.OK, *, location: str = "", version: Version | None = None
) -> Response:
    """Return a body as JSON; with a version it carries an entity tag and may be 304."""
    content = orjson.dumps(body)
    response = Response(content, status, content_type=JSON)
    # What one viewer sees is not what another one sees: nobody in between may keep it.
    response.headers["Cache-Control"] = "private, no-cache"
    if location:
        response.headers["Location"] = location
    if version is None:
        return response
    tag = entity_tag(version, content)
    response.headers["ETag"] = tag
    known = request.headers.get("If-None-Match", "")
    if request.method in {"GET", "HEAD"} and _names(known, tag):
        response.status_code = HTTPStatus.NOT_MODIFIED
        response.set_data(b"")
        del response.headers["Content-Type"]
    return response


def nothing() -> Response:
    """Return the empty answer of something that is done."""
    return Response(status=HTTPStatus.NO_CONTENT)


def page_answer(page: Page[Row], form: Callable[[Row], Any]) -> Response:
    """Return a page of rows, each in its form on the wire."""
    response = answer({"items": [form(row) for row in page.rows], "next": page.next_cursor})
    if page.next_cursor is not None:
        query = [(name, one) for name, one in request.args.items(multi=True) if name != "after"]
        target = f"{request.path}?{urlencode([*query, ('after', page.next_cursor)])}"
        response.headers["Link"] = f'<{target}>; rel="next"'
    return response


def list_answer(rows: Iterable[Row], form: Callable[[Row], Any]) -> Response:
    """Return all rows at once, in the form of a page that is the last."""
    return answer({"items": [form(row) for row in rows], "next": None})


def dumped(schema: ma.Schema) -> Callable[[Any], Any]:
    """Return the form of a row as a schema writes it, for lists that are never long."""
    return schema.dump


def entity_tag(version: Version, content: bytes) -> str:
    """Return the strong entity tag of an answer (RFC 9110, §8.8.3).

    The number is what writes are compared with; the rest changes with every byte that is shown.
    """
    digest = blake2b(content, digest_size=8).hexdigest()
    return f'"{version.key.hex}.{version.number}.{digest}"'


def expected_version(key: UUID) -> int | None:
    """Return the version that a write is based on, from its `If-Match`; None for any.

    Raises:
        PreconditionRequiredError: the request does not say.
        StaleError: it names no version of this thing.
    """
    given = _given()
    if given == "*":
        return None
    versions = [int(number) for owner, number in _TAG.findall(given) if owner == key.hex]
    if not versions:
        raise stale()
    return max(versions)


def check_content(version: Version, body: Any) -> None:
    """Refuse a write that is based on another content than this.

    For things without a counter of their own; called inside the transaction of the write.

    Raises:
        PreconditionRequiredError: the request does not say what it is based on.
        StaleError: it is based on something else.
    """
    given = _given()
    if given != "*" and not _names(given, entity_tag(version, orjson.dumps(body))):
        raise stale()


def stale() -> StaleError:
    """Return the error for a write that is based on an older version."""
    return StaleError("api.stale", N_("Somebody changed this since you read it; read it again."))


def _given() -> str:
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequiredError(
            "api.if-match-missing", N_("Send the ETag you read in If-Match.")
        )
    return given


def _names(header: str, tag: str) -> bool:
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or tag in named
