"""Tables of makers' own MIBs, written down as data in `vendors/*.toml`, and how they are read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from marshmallow import fields, post_load, validate

from discovery.collectors.snmp.tables import Column, by_column, indexes
from discovery.protocols.snmp.client import SnmpClient, Walk
from discovery.protocols.snmp.wire import Value
from schemas.base import WireSchema

_OID = validate.Regexp(r"1(\.[0-9]+)+\Z")
_ENTERPRISE_ARCS = 7


@dataclass(frozen=True, slots=True)
class VendorTable:
    """Where a maker keeps something that no standard table of the device tells.

    Attributes:
        name: the table and its MIB, for people.
        entry: the OID of the table's entry.
        columns: what is read → its column.
        index: what is read → its place among the numbers of the index, from 0 or, negative, the
            end; two places stand for all numbers from the one to before the other.
        constant: what is true of every row.
        values: what is read → the words for its numbers; another number says nothing.
        under: sysObjectIDs below which devices are asked for it beside those of the own maker;
            `*` stands for every device.
    """

    name: str
    entry: str
    columns: Mapping[str, int]
    index: Mapping[str, int | list[int]] = field(default_factory=dict[str, "int | list[int]"])
    constant: Mapping[str, Any] = field(default_factory=dict[str, Any])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    under: tuple[str, ...] = ()

    def concerns(self, sys_object_id: str) -> bool:
        """Tell whether a device of this kind may have the table."""
        maker = ".".join(self.entry.split(".")[:_ENTERPRISE_ARCS])
        asked = f"{sys_object_id}."
        return "*" in self.under or any(asked.startswith(f"{one}.") for one in (maker, *self.under))


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One row: its index and what was read of it."""

    index: str
    cells: Mapping[str, Value]

    def get(self, name: str) -> Value:
        """Return what was read under a name, None where the row lacks it."""
        return self.cells.get(name)


class _TableSchema(WireSchema):
    name = fields.Str(required=True, validate=validate.Length(1, 120))
    entry = fields.Str(required=True, validate=_OID)
    columns = fields.Dict(
        keys=fields.Str(),
        values=fields.Int(strict=True),
        required=True,
        validate=validate.Length(1),
    )
    index = fields.Dict(keys=fields.Str(), values=fields.Raw())
    constant = fields.Dict(keys=fields.Str(), values=fields.Raw())
    values = fields.Dict(keys=fields.Str(), values=fields.Dict(keys=fields.Str()))
    under = fields.List(fields.Str())

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> VendorTable:
        data["under"] = tuple(data.get("under", ()))
        return VendorTable(**data)


@cache
def load_tables(kind: str) -> tuple[VendorTable, ...]:
    """Return the tables of one kind, such as `vlans`, of one file or of several.

    Raises:
        marshmallow.ValidationError: the file that ships is malformed.
    """
    folder = resources.files("discovery.collectors.snmp").joinpath("vendors")
    files = [one for one in folder.iterdir() if re.fullmatch(rf"{kind}(_\w+)?\.toml", one.name)]
    tables: list[VendorTable] = []
    for file in sorted(files, key=lambda one: one.name):
        loaded: Any = _TableSchema(many=True).load(tomllib.loads(file.read_text("utf-8"))["table"])
        tables += loaded
    return tuple(tables)


async def read_vendor_table(client: SnmpClient, table: VendorTable) -> tuple[list[VendorRow], Walk]:
    """Return the rows of a table and the walk that brought them, by whose failure it may lack."""
    numbers = tuple(sorted(set(table.columns.values())))
    walk = await client.walk(table.entry, numbers)
    cells = by_column(walk, table.entry)
    found = [_row(index, table, cells) for index in indexes(cells.values())]
    return [row for row in found if row is not None], walk


def _row(index: str, table: VendorTable, cells: Mapping[int, Column]) -> VendorRow | None:
    row: dict[str, Value] = dict(table.constant)
    empty: Column = {}
    for name, column in table.columns.items():
        if (value := cells.get(column, empty).get(index)) is not None:
            row[name] = value
    arcs = index.split(".")
    try:
        for name, place in table.index.items():
            row[name] = (
                int(arcs[place]) if isinstance(place, int) else ".".join(arcs[slice(*place)])
            )
    except IndexError:
        return None
    for name, words in table.values.items():
        row[name] = words.get(str(row.get(name)))
    return VendorRow(index, row)
