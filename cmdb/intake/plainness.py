"""A quick look that spares the full validation of rows which are plainly in order.

Most sections of a network are long tables of texts and numbers. marshmallow needs 4 ms for the
50 interfaces of one switch; this needs a fiftieth. It is made from the schemas themselves, says yes
only where they would return the rows as they are, and leaves every doubt to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.sections import (
    ArpRow,
    AttachedRow,
    ComponentRow,
    ForwardingRow,
    InterfaceRow,
    NeighbourRow,
    SoftwareRow,
    SpanningTreeRow,
    VlanRow,
)
from schemas.vocabulary import Section

_KINDS: dict[type[Any], type[Any]] = {fields.Str: str, fields.Int: int, fields.Bool: bool}


@dataclass(frozen=True, slots=True)
class PlainField:
    """What a value must be: of exactly this type, its length or size within the limits."""

    kind: type[Any]
    least: float
    most: float
    may_be_none: bool

    def accepts(self, value: Any) -> bool:
        """Tell whether a value is plainly in order."""
        if value is None:
            return self.may_be_none
        if type(value) is not self.kind:
            return False
        if self.kind is bool:
            return True
        return self.least <= (len(value) if self.kind is str else value) <= self.most


@dataclass(frozen=True, slots=True)
class PlainRows:
    """What every row of a table must be."""

    fields: Mapping[str, PlainField]
    required: frozenset[str]

    def accept(self, rows: Any) -> bool:
        """Tell whether all rows are plainly in order."""
        return type(rows) is list and all(map(self._accepts, rows))

    def _accepts(self, row: Any) -> bool:
        if type(row) is not dict or not row.keys() >= self.required:
            return False
        known = self.fields
        return all(name in known and known[name].accepts(value) for name, value in row.items())


def plain_rows(schema: Schema) -> PlainRows:
    """Read the quick look out of a schema of texts, numbers and booleans.

    Raises:
        TypeError: the schema has a field or a limit that cannot be judged so simply.
    """
    found = {name: _plain_field(name, field) for name, field in schema.fields.items()}
    required = frozenset(name for name, field in schema.fields.items() if field.required)
    return PlainRows(found, required)


def _plain_field(name: str, field: fields.Field[Any]) -> PlainField:
    kind = _KINDS.get(type(field))
    if kind is None or len(field.validators) > 1 or (kind is int and not getattr(field, "strict")):  # noqa: B009 — only numbers have it
        raise TypeError(f"the field {name} is not plain")
    least, most = float("-inf"), float("inf")
    for limit in field.validators:
        if not isinstance(limit, validate.Length | validate.Range) or not _is_inclusive(limit):
            raise TypeError(f"the field {name} has a limit that is not plain")
        least = least if limit.min is None else limit.min
        most = most if limit.max is None else limit.max
    return PlainField(kind, least, most, bool(field.allow_none))


def _is_inclusive(limit: Any) -> bool:
    if isinstance(limit, validate.Length):
        return limit.equal is None
    return bool(limit.min_inclusive and limit.max_inclusive)


PLAIN: Mapping[Section, PlainRows] = {
    Section.INTERFACES: plain_rows(InterfaceRow()),
    Section.COMPONENTS: plain_rows(ComponentRow()),
    Section.NEIGHBOURS: plain_rows(NeighbourRow()),
    Section.FORWARDING: plain_rows(ForwardingRow()),
    Section.SPANNING_TREE: plain_rows(SpanningTreeRow()),
    Section.ARP: plain_rows(ArpRow()),
    Section.VLANS: plain_rows(VlanRow()),
    Section.ATTACHED: plain_rows(AttachedRow()),
    Section.SOFTWARE: plain_rows(SoftwareRow()),
}
