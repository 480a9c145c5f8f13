"""Two partners for the leak test: one whose people look, and a foreign one full of marked texts.

The foreign partner gets one row in every table of the house, made from the tables themselves, so
that a new table is in the test from its first day. Rows that belong to nobody (`SHARED`) are made
without the mark, because everybody may read them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

import catalog.models  # noqa: F401 — all tables make themselves known
from cmdb.kernel.clock import now
from cmdb.kernel.db import Base
from cmdb.kernel.ids import new_key
from cmdb.kernel.types import AddressText, UtcDateTime
from tests.builders import make_item, make_partner, make_plan, make_site

MARK = "Zwetschgenmus7f3"
"""Stands in every text of the foreign partner's rows."""

ADDRESS = "203.0.113.77"
"""Stands where only an address fits; as telling as the mark."""

PART_OF_MARK = "wetschgenmus"
"""To search for; it does not contain the mark, so a page may repeat it."""

INSIDE_MARK = "Holunderblust4c2"
"""Stands in everything that is the inside of the foreign device which serves the own partner."""

PART_OF_INSIDE = "olunderblust"
INSIDE_ADDRESS = "198.51.100.41"

SHARED = {
    "ci_class",
    "order_sequence",
    "organisation",
    "organisation_group",
    "organisation_role",
    "service_family",
    "service",
    "price",
    "price_component",
    "service_audience",
    "service_dependency",
}
"""What may be read across partners: names of organisations, classes, and the service catalogue.

A table belongs here only if everybody with a role may read all of it.
"""

FIXED: dict[str, Any] = {
    "organisation.bfs_number": None,
    "relation.confidence": 50,
    "plan.protocol": "snmp",
    "role_assignment.role": "operator",
    "service_dependency.depends_on_id": None,
}
"""Values that the tables cannot tell: column → value."""


_TOTAL = dict.fromkeys(("one_off", "per_month", "per_year", "rest_of_year", "next_year"), "1.00")

SHAPES: dict[str, Callable[[str], Any]] = {
    "changes": lambda mark: {mark: [mark, mark]},
    "messages": lambda mark: [{"code": mark, "parameters": {mark: mark}}],
    "price_snapshot": lambda mark: {
        "price_id": mark,
        "valid_from": "2027-01-01",
        "components": [],
        "total": {**_TOTAL, "usage": "1.00", "year": 2027},
    },
}
"""JSON that pages read: column → what stands in it."""


@dataclass(frozen=True, slots=True)
class World:
    """The two partners and, by table, the foreign row."""

    own_id: UUID
    own_slug: str
    foreign_id: UUID
    foreign_slug: str
    rows: dict[str, dict[str, Any]]

    def value(self, column: str) -> Any:
        """Return a value of a foreign row by `table.column`."""
        table, _, name = column.partition(".")
        return self.rows[table][name]


@dataclass(frozen=True, slots=True)
class Served:
    """A device of the foreign partner that serves the own one, and what hangs on it."""

    item_id: UUID
    name: str
    subscription_id: UUID
    site_id: UUID


def make_served(session: Session, world: World) -> Served:
    """Make a foreign device that serves the own partner, its inside full of marked texts.

    Every table that refers to a device gets a row of it, so that a new table is in the test too.
    """
    tables = Base.metadata.tables
    site = _row(tables["site"], world.rows, INSIDE_MARK)
    session.execute(tables["site"].insert().values(site))
    shown = {"id": new_key(), "name": "fw-served", "class_name": "network.switch"}
    owned = {"site_id": site["id"], "user_partner_id": world.own_id, "operator_id": None}
    item = _row(tables["configuration_item"], world.rows, INSIDE_MARK) | shown | owned
    session.execute(tables["configuration_item"].insert().values(item))
    rows = world.rows | {"configuration_item": item}
    for name in ("service_order", "subscription"):
        rows[name] = _row(tables[name], rows, "own") | {"partner_id": world.own_id}
        session.execute(tables[name].insert().values(rows[name]))
    for table in Base.metadata.sorted_tables:
        keys = {one.parent.name: one.column.table.name for one in table.foreign_keys}
        if table.name in {"subject", "observation"} or "configuration_item" in keys.values():
            row = _row(table, rows, INSIDE_MARK)
            if "target_item_id" in row:
                row["target_item_id"] = world.value("configuration_item.id")
            session.execute(table.insert().values(row))
            rows[table.name] = row
    return Served(item["id"], item["name"], rows["subscription"]["id"], site["id"])


def make_world(session: Session) -> World:
    """Fill a database with the two partners."""
    own = make_partner(session, "Gemeinde Aarfeld", slug="aarfeld")
    make_site(session, own)
    make_item(session, own, name="sw-aarfeld-1")
    make_plan(session, own)
    foreign = make_partner(session, "Gemeinde Birkental", slug="birkental")
    session.flush()
    rows: dict[str, dict[str, Any]] = {
        "organisation": {"id": foreign.id, "slug": foreign.slug, "name": foreign.name}
    }
    for table in Base.metadata.sorted_tables:
        if table.name in {"organisation", "organisation_role"}:
            continue
        if table.name == "ci_class":
            rows["ci_class"] = {"name": "network.switch"}
            continue
        row = _row(table, rows, MARK)
        session.execute(table.insert().values(row))
        rows[table.name] = row
    return World(own.id, own.slug, foreign.id, foreign.slug, rows)


def state_of(session: Session, world: World) -> dict[str, Any]:
    """Return all foreign rows as they are in the database, to see whether one was changed."""
    session.rollback()
    found = {}
    for name, row in world.rows.items():
        table = Base.metadata.tables[name]
        keys = [column == row[column.name] for column in table.primary_key if column.name in row]
        found[name] = session.execute(sa.select(table).where(*keys)).all()
    return found


def _row(table: sa.Table, rows: dict[str, dict[str, Any]], mark: str) -> dict[str, Any]:
    return {one.name: _value(one, rows, mark) for one in table.columns if one.computed is None}


def _value(column: sa.Column[Any], rows: dict[str, dict[str, Any]], mark: str) -> Any:
    name = f"{column.table.name}.{column.name}"
    if name in FIXED:
        return FIXED[name]
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        if target.table is column.table:
            return None
        return rows[target.table.name][target.name]
    return _content(column, mark)


def _content(column: sa.Column[Any], mark: str) -> Any:
    if isinstance(column.type, sa.JSON):
        return _json(column, mark)
    if isinstance(column.type, AddressText):
        return ADDRESS if mark == MARK else INSIDE_ADDRESS
    if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum):
        return _text(column, mark)
    if column.nullable:
        return None
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    return _plain(column.type)


def _text(column: sa.Column[Any], mark: str) -> str:
    if column.table.name in SHARED:
        return column.name[: column.type.length]
    # A text too short for the mark is too short to tell anything.
    return mark[: column.type.length]


def _json(column: sa.Column[Any], mark: str) -> Any:
    mark = column.name if column.table.name in SHARED else mark
    if column.name in SHAPES:
        return SHAPES[column.name](mark)
    is_list = column.default is not None and isinstance(column.default.arg(None), list)
    return [mark] if is_list or column.name in {"scopes", "targets"} else {"de": mark, "en": mark}


def _plain(kind: Any) -> Any:
    if isinstance(kind, sa.Enum):
        return kind.enums[0] if kind.enum_class is None else next(iter(kind.enum_class))
    for type_, value in (
        (sa.Uuid, new_key),
        (UtcDateTime, now),
        (sa.Boolean, lambda: True),
        (sa.Date, date.today),
        (sa.LargeBinary, MARK.encode),
        (sa.Float, lambda: 1.0),
        (sa.Integer, lambda: 1),
    ):
        if isinstance(kind, type_):
            return value()
    return Decimal(1)
