"""Walked rows as a table, and what a section reader hands back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from discovery.errors import DiscoveryError, TooMuchError
from discovery.protocols.snmp.client import Walk
from discovery.protocols.snmp.wire import Value
from schemas.observation import MAX_SECTION_ROWS
from schemas.sentences.snmp import SnmpSentence

Column = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of one section and why it may lack something.

    Attributes:
        content: plain JSON in the form of `schemas.sections`.
        failure: what cut the reading short; None when it is complete.
    """

    content: Any
    failure: DiscoveryError | None = None


def by_column(walk: Walk, entry: str) -> dict[int, Column]:
    """Return column number → index → value of the rows of one table entry."""
    columns: dict[int, Column] = {}
    length = len(entry) + 1
    for oid, value in walk.rows.items():
        number, _, index = oid[length:].partition(".")
        if not index:
            continue
        column = columns.get(int(number))
        if column is None:
            column = columns[int(number)] = {}
        column[index] = value
    return columns


def indexes(columns: Iterable[Column]) -> list[str]:
    """Return every index that some column has, in numeric order."""
    return sorted({index for column in columns for index in column}, key=order)


def order(index: str) -> list[int]:
    """Return the sort key of an index or OID."""
    return [int(number) for number in index.split(".") if number]


def compact(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without the fields the device said nothing about."""
    return {name: value for name, value in row.items() if value is not None}


def rows_of(rows: list[dict[str, Any]], *walks: Walk) -> Reading:
    """Return the reading of a table section: bounded rows, and the first failure of its walks."""
    failure = next((walk.failure for walk in walks if walk.failure is not None), None)
    if len(rows) > MAX_SECTION_ROWS:
        failure = TooMuchError(SnmpSentence.TOO_MANY_ROWS, limit=MAX_SECTION_ROWS)
    return Reading(rows[:MAX_SECTION_ROWS], failure)
