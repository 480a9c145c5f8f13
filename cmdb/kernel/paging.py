"""Keyset pages: page 100 costs what page 1 costs, and no row is shown twice."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from cmdb.kernel.errors import N_, InvalidError

Row = TypeVar("Row")

MAX_LIMIT = 200
MAX_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of rows and the cursor that leads to the next one, None on the last page."""

    rows: Sequence[Row]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by; `kind` says how its value is read back from a cursor."""

    column: sa.ColumnElement[Any] | InstrumentedAttribute[Any]
    kind: type = str
    is_descending: bool = False


def keyset(
    statement: sa.Select[*tuple[Any, ...]],
    sort: SortKey,
    id_column: Any,
    *,
    after: str | None,
    limit: int,
) -> sa.Select[Any]:
    """Return the statement for one page plus one row, sorted by the key and then by id.

    The sort column must not be NULL: wrap it with `coalesce` where it may be.

    Raises:
        InvalidError: the cursor was not made by `page_of`.
    """
    if after:
        value, key = _read_cursor(after, sort.kind)
        position = sa.tuple_(sort.column, id_column)
        mark = sa.tuple_(sa.literal(value, sort.column.type), sa.literal(key, sa.Uuid()))
        statement = statement.where(position < mark if sort.is_descending else position > mark)
    order = (
        (sort.column.desc(), id_column.desc()) if sort.is_descending else (sort.column, id_column)
    )
    return statement.order_by(*order).limit(limit + 1)


def page_of(rows: Sequence[Row], limit: int, *, value_of: Any, id_of: Any) -> Page[Row]:
    """Cut the additional row off and turn it into the cursor of the next page."""
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    cursor = orjson.dumps([value_of(last), id_of(last)])
    return Page(rows[:limit], base64.urlsafe_b64encode(cursor).decode().rstrip("="))


def _read_cursor(text: str, kind: type) -> tuple[Any, UUID]:
    try:
        padded = text + "=" * (-len(text) % 4)
        value, key = orjson.loads(base64.urlsafe_b64decode(padded.encode()))
        return _as_kind(value, kind), UUID(key)
    except (ValueError, TypeError, OverflowError, binascii.Error, AttributeError) as error:
        raise InvalidError(
            "paging.bad-cursor", N_("This page address is not valid; start at the first page.")
        ) from error


def _as_kind(value: Any, kind: type) -> Any:
    """Return the value of a cursor as a database can compare it; whoever made it up fails here."""
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    is_too_large = isinstance(value, int) and abs(value) > MAX_INTEGER
    if not isinstance(value, kind) or is_too_large or (isinstance(value, str) and "\0" in value):
        raise TypeError("not a value of this column")
    return value
