"""The facets of a list: which values occur how often, given all the other choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.filters import ALL_ITEMS, ItemFilter, chosen_in, conditions_of
from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.items.visibility import READ, seen_by, shown_to
from cmdb.kernel.viewer import Everywhere, Viewer
from cmdb.partners.models import Organisation, Site

SHOWN: Final = 8
SHOWN_EXPANDED: Final = 200
_ITEM = ConfigurationItem
_ALL: Final = _ITEM.__table__.c


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
    column: str
    key: Any = None
    labels: tuple[Any, Any] | None = None


# Many a partner calls a site «Gemeindehaus»: only with its partner the name tells which.
_SITE_LABEL: Final = (
    sa.select(Site.name + ", " + Organisation.name)
    .where(Organisation.id == Site.partner_id)
    .correlate(Site)
    .scalar_subquery()
)

_FIELDS: Final = (
    _Field("partners", "partner_id", Organisation.id, (Organisation.name, Organisation.name)),
    _Field("classes", "class_name", CiClass.name, (CiClass.label_de, CiClass.label_en)),
    _Field("sites", "site_id", Site.id, (_SITE_LABEL, _SITE_LABEL)),
    _Field("lifecycles", "lifecycle"),
    _Field("vendors", "vendor"),
)


def facet_counts(
    session: Session, viewer: Viewer, wanted: ItemFilter = ALL_ITEMS, *, expanded: str = ""
) -> dict[str, Facet]:
    """Return the facets by the name of their field in `ItemFilter`, all in one statement.

    Each is counted with the choices in all other fields, so that it shows what choosing would give.
    The field named `expanded` lists up to 200 values instead of the most frequent ones.
    """
    chosen = {field.name: getattr(wanted, field.name) for field in _FIELDS}
    columns = _columns(viewer, conditions_of(session, viewer, wanted, without=chosen))
    if columns is _ALL and not any(chosen.values()):
        statement = _of_everything(expanded)
    else:
        statement = _statement(columns, chosen, expanded)
    rows = session.execute(statement).all()
    return {field.name: _facet(field.name, rows) for field in _FIELDS}


# Most look at everything; of that statement only the answer changes.
@cache
def _of_everything(expanded: str) -> sa.CompoundSelect[Any]:
    return _statement(_ALL, {field.name: () for field in _FIELDS}, expanded)


def _statement(
    columns: Any, chosen: Mapping[str, tuple[Any, ...]], expanded: str
) -> sa.CompoundSelect[Any]:
    parts: list[sa.Select[*tuple[Any, ...]]] = []
    for field in _FIELDS:
        others = [
            chosen_in(other.name, columns[other.column], chosen[other.name])
            for other in _FIELDS
            if other is not field and chosen[other.name]
        ]
        shown = SHOWN_EXPANDED if field.name == expanded else SHOWN
        grouped = _grouped(columns[field.column], chosen[field.name], others, shown)
        parts.append(_labelled(field, grouped))
    return sa.union_all(*parts)


def _columns(viewer: Viewer, narrowing: Sequence[sa.ColumnElement[bool]]) -> Any:
    """Return the columns to count: of the table and its indexes, or of what is found once for all.

    Without anything to narrow it down, each facet is counted from an index of its own.
    """
    if not narrowing and isinstance(viewer.reach(READ), Everywhere):
        return _ALL
    columns = (shown_to(viewer, field.column) for field in _FIELDS)
    return sa.select(*columns).where(seen_by(viewer), *narrowing).cte("found").c


def _grouped(
    column: Any, chosen: Sequence[Any], others: Sequence[sa.ColumnElement[bool]], shown: int
) -> sa.Subquery:
    count = sa.func.count()
    is_chosen: Any = sa.literal(0)
    order = [count.desc(), column]
    if chosen:
        is_chosen = sa.func.max(sa.case((column.in_(chosen), 1), else_=0))
        order.insert(0, is_chosen.desc())
    return (
        sa.select(
            column.label("key"),
            count.label("count"),
            sa.func.sum(count).over().label("total"),
            sa.func.count().over().label("groups"),
            is_chosen.label("is_chosen"),
        )
        .where(*others)
        .group_by(column)
        # Asked of the values, of which there are few, not of every item.
        .having(column.is_not(None), sa.cast(column, sa.String()) != "")
        .order_by(*order)
        .limit(max(shown, len(chosen)))
        .subquery()
    )


def _labelled(field: _Field, grouped: sa.Subquery) -> sa.Select[*tuple[Any, ...]]:
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
    statement = statement.select_from(grouped)
    if field.key is None:
        return statement
    return statement.join(field.key.class_, field.key == grouped.c.key)


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
