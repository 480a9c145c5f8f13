"""The facets of a list: which values occur how often, given all the other choices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.filters import ALL_ITEMS, ItemFilter, conditions_of
from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation, Site

SHOWN: Final = 8
SHOWN_EXPANDED: Final = 200
_ITEM = ConfigurationItem


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many items have it; the label depends on the language."""

    key: str
    label_de: str
    label_en: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field, what is chosen always among them.

    Attributes:
        rest_values: how many more values there are.
        rest_count: how many items have one of those.
    """

    values: Sequence[FacetValue]
    rest_values: int = 0
    rest_count: int = 0


@dataclass(frozen=True, slots=True)
class _Field:
    """Where a facet's values come from: the filter's field, the column and the labels."""

    name: str
    column: Any
    key: Any
    labels: tuple[Any, Any] | None = None


_FIELDS: Final = (
    _Field("partners", _ITEM.partner_id, Organisation.id, (Organisation.name, Organisation.name)),
    _Field("classes", _ITEM.class_name, CiClass.name, (CiClass.label_de, CiClass.label_en)),
    _Field("sites", _ITEM.site_id, Site.id, (Site.name, Site.name)),
    _Field("lifecycles", _ITEM.lifecycle, None),
    _Field("vendors", _ITEM.vendor, None),
)


def facet_counts(
    session: Session, viewer: Viewer, wanted: ItemFilter = ALL_ITEMS, *, expanded: str = ""
) -> dict[str, Facet]:
    """Return the facets by the name of their field in `ItemFilter`, all in one statement.

    Each is counted with the choices in all other fields, so that it shows what choosing would give.
    The field named `expanded` lists up to 200 values instead of the most frequent ones.
    """
    scope = seen_by(viewer)
    if wanted.text:
        # Found once for all facets: the search costs more than the counting.
        found = sa.select(_ITEM.id).where(scope, *conditions_of(session, ItemFilter(wanted.text)))
        scope = _ITEM.id.in_(sa.select(found.cte("found").c.id))
    rest = replace(wanted, text="")
    parts = [
        _part(
            field,
            getattr(wanted, field.name),
            [scope, *conditions_of(session, rest, without=field.name)],
            SHOWN_EXPANDED if field.name == expanded else SHOWN,
        )
        for field in _FIELDS
    ]
    rows = session.execute(sa.union_all(*parts)).all()
    return {field.name: _facet(field.name, rows) for field in _FIELDS}


def _part(
    field: _Field, chosen: Sequence[Any], conditions: list[sa.ColumnElement[bool]], shown: int
) -> sa.Select[*tuple[Any, ...]]:
    # A number, because PostgreSQL does not sort by a constant.
    is_chosen: Any = sa.func.max(sa.case((field.column.in_(chosen), 1), else_=0))
    count = sa.func.count()
    if field.name == "vendors":
        conditions.append(_ITEM.vendor != "")
    if field.name == "sites":
        conditions.append(_ITEM.site_id.is_not(None))
    grouped = (
        sa.select(
            field.column.label("key"),
            count.label("count"),
            sa.func.sum(count).over().label("total"),
            sa.func.count().over().label("groups"),
            is_chosen.label("is_chosen"),
        )
        .where(*conditions)
        .group_by(field.column)
        .order_by(is_chosen.desc(), count.desc(), field.column)
        .limit(max(shown, len(chosen)))
        .subquery()
    )
    text = sa.cast(grouped.c.key, sa.String())
    labels = field.labels or (text, text)
    statement = sa.select(
        sa.literal(field.name).label("field"),
        text.label("key"),
        labels[0].label("label_de"),
        labels[1].label("label_en"),
        grouped.c.count,
        grouped.c.total,
        grouped.c.groups,
        grouped.c.is_chosen,
    )
    return (
        statement.select_from(grouped)
        if field.key is None
        else statement.join(grouped, field.key == grouped.c.key)
    )


def _facet(name: str, rows: Sequence[Any]) -> Facet:
    mine = [row for row in rows if row.field == name]
    if not mine:
        return Facet(())
    is_key = name in {"partners", "sites"}
    values = [
        FacetValue(
            str(UUID(row.key)) if is_key else row.key,
            row.label_de,
            row.label_en,
            row.count,
            is_chosen=bool(row.is_chosen),
        )
        for row in sorted(mine, key=lambda row: (not row.is_chosen, -row.count, row.label_de))
    ]
    shown = sum(one.count for one in values)
    return Facet(values, mine[0].groups - len(mine), int(mine[0].total) - shown)
