"""Lists of items: pages, counts, exports and the classes; one item is shown by `detail`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.filters import ALL_ITEMS, FINDING, ItemFilter, conditions_of, has_open_finding
from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.items.visibility import INSIDE, READ, inspected_by, seen_by, served_by, shown_to
from cmdb.kernel.errors import N_, InvalidError, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Everywhere, Viewer, visible
from cmdb.partners.models import Organisation, Site
from schemas.vocabulary import FindingState, Lifecycle

EXACT_UP_TO: Final = 20_000
EXPORT_CHUNK: Final = 2_000
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


class ItemRow(NamedTuple):
    """One row of a list of items."""

    id: UUID
    name: str
    class_name: str
    lifecycle: Lifecycle
    partner_id: UUID
    partner_name: str
    site_id: UUID | None
    site_name: str
    vendor: str
    model: str
    serial: str
    os_version: str
    address: str
    seen_at: datetime | None
    updated_at: datetime
    version: int
    has_finding: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; beyond a limit only that there are more."""

    value: int
    is_exact: bool


_ITEM = ConfigurationItem
_SITE_NAME: Any = sa.func.coalesce(Site.name, "")
_SEEN_AT = sa.func.coalesce(_ITEM.seen_at, _LONG_AGO, type_=_ITEM.__table__.c.seen_at.type)
_SORTS: Final[dict[str, SortKey]] = {
    "name": SortKey(_ITEM.name),
    "class": SortKey(_ITEM.class_name),
    "partner": SortKey(Organisation.sort_name),
    "site": SortKey(_SITE_NAME),
    "vendor": SortKey(_ITEM.vendor),
    "model": SortKey(_ITEM.model),
    "address": SortKey(_ITEM.address),
    "seen_at": SortKey(_SEEN_AT, datetime),
    "updated_at": SortKey(_ITEM.updated_at, datetime),
}
SORTS: Final = tuple(_SORTS)
"""By what a list can be sorted; a minus before it turns the order round."""


def list_items(
    session: Session,
    viewer: Viewer,
    wanted: ItemFilter = ALL_ITEMS,
    *,
    sort: str = "name",
    after: str | None = None,
    limit: int = 50,
) -> Page[ItemRow]:
    """Return a page of items.

    Raises:
        InvalidError: the filter, the sort or the cursor is none.
    """
    limit = min(limit, MAX_LIMIT)
    return _read_page(session, viewer, wanted, sort, after=after, limit=limit)


def count_items(session: Session, viewer: Viewer, wanted: ItemFilter = ALL_ITEMS) -> Count:
    """Return how many items there are, exact up to 20,000."""
    some = (
        sa.select(sa.literal(1))
        .select_from(_ITEM)
        .where(seen_by(viewer), *conditions_of(session, viewer, wanted))
        .limit(EXACT_UP_TO + 1)
        .subquery()
    )
    count = session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return Count(min(count, EXACT_UP_TO), is_exact=count <= EXACT_UP_TO)


def export_items(
    session: Session, viewer: Viewer, wanted: ItemFilter = ALL_ITEMS, *, sort: str = "name"
) -> Iterator[ItemRow]:
    """Yield all items, read in chunks: the first comes at once, and memory stays small."""
    after: str | None = None
    while True:
        page = _read_page(session, viewer, wanted, sort, after=after, limit=EXPORT_CHUNK)
        yield from page.rows
        after = page.next_cursor
        if after is None:
            return


def count_items_by_partner(session: Session, viewer: Viewer) -> dict[UUID, int]:
    """Return how many items in use each partner owns, in one statement."""
    statement = (
        sa.select(_ITEM.partner_id, sa.func.count())
        .where(seen_by(viewer), _ITEM.lifecycle != Lifecycle.RETIRED)
        .group_by(_ITEM.partner_id)
    )
    return dict(session.execute(statement).all())


def count_findings_by_partner(session: Session, viewer: Viewer) -> dict[UUID, int]:
    """Return how many open findings each partner has, in one statement."""
    partner_id: Any = FINDING.c.partner_id
    statement = (
        sa.select(FINDING.c.partner_id, sa.func.count())
        .where(
            visible(viewer, "finding.read", partner_id), FINDING.c.state == FindingState.OPEN.value
        )
        .group_by(FINDING.c.partner_id)
    )
    return dict(session.execute(statement).all())


def list_classes(session: Session, viewer: Viewer) -> Sequence[CiClass]:
    """Return all classes by name; they belong to nobody, so everybody may know them."""
    del viewer
    return session.scalars(sa.select(CiClass).order_by(CiClass.name)).all()


def get_class(session: Session, viewer: Viewer, name: str) -> CiClass:
    """Return a class by its name.

    Raises:
        NotFoundError: there is none.
    """
    del viewer
    found = session.get(CiClass, name)
    if found is None:
        raise NotFoundError("class.not-found", N_("There is no class «{name}»."), name=name)
    return found


def _read_page(
    session: Session,
    viewer: Viewer,
    wanted: ItemFilter,
    sort: str,
    *,
    after: str | None,
    limit: int,
) -> Page[ItemRow]:
    conditions = conditions_of(session, viewer, wanted)
    # The keys of the page are found first, so that only its rows are read and joined in full.
    found = _find_page(viewer, conditions, sort, after=after, limit=limit)
    statement = _rows(viewer, found, is_descending=sort.startswith("-")).limit(limit + 1)
    rows = session.execute(statement).all()
    page = page_of(rows, limit, value_of=lambda row: row[-1], id_of=lambda row: row[0])
    return Page([ItemRow._make(row[:-1]) for row in page.rows], page.next_cursor)


def _find_page(
    viewer: Viewer,
    conditions: Sequence[sa.ColumnElement[bool]],
    sort: str,
    *,
    after: str | None,
    limit: int,
) -> sa.Subquery:
    """Return the keys of a page and the values by which they are sorted."""
    name, key = sort.removeprefix("-"), _sort_of(sort)
    ways = [(key, seen_by(viewer))]
    if name in INSIDE and not isinstance(viewer.reach(READ), Everywhere):
        # Whose value is hidden stands where the empty ones do; the others are found by their index.
        kind = key.column.type
        blank = SortKey(sa.cast(sa.literal("", kind), kind), is_descending=key.is_descending)
        ways = [(key, inspected_by(viewer)), (blank, served_by(viewer))]
    parts = [
        keyset(
            _keys(viewer, name, by).where(is_shown, *conditions),
            by,
            _ITEM.id,
            after=after,
            limit=limit,
        ).subquery()
        for by, is_shown in ways
    ]
    return parts[0] if len(parts) == 1 else sa.union_all(*map(sa.select, parts)).subquery()


def _keys(viewer: Viewer, name: str, key: SortKey) -> sa.Select[*tuple[Any, ...]]:
    statement = sa.select(
        _ITEM.id,
        inspected_by(viewer).label("may_inspect"),
        sa.type_coerce(key.column, key.column.type).label("value"),
    )
    if name == "partner":
        return statement.join(Organisation, Organisation.id == _ITEM.partner_id)
    if name == "site":
        return statement.outerjoin(Site, Site.id == shown_to(viewer, "site_id"))
    return statement


def _rows(
    viewer: Viewer, found: sa.Subquery, *, is_descending: bool
) -> sa.Select[*tuple[Any, ...]]:
    order = (found.c.value, found.c.id)
    hidden = {name: shown_to(viewer, name, found.c.may_inspect) for name in INSIDE}
    return (
        sa.select(
            _ITEM.id,
            _ITEM.name,
            _ITEM.class_name,
            _ITEM.lifecycle,
            _ITEM.partner_id,
            Organisation.name,
            hidden["site_id"],
            _SITE_NAME,
            *(hidden[name] for name in ("vendor", "model", "serial", "os_version", "address")),
            _ITEM.seen_at,
            _ITEM.updated_at,
            _ITEM.version,
            has_open_finding(viewer).label("has_finding"),
            found.c.value,
        )
        .join(found, found.c.id == _ITEM.id)
        .join(Organisation, Organisation.id == _ITEM.partner_id)
        .outerjoin(Site, Site.id == hidden["site_id"])
        .order_by(*(one.desc() if is_descending else one for one in order))
    )


def _sort_of(sort: str) -> SortKey:
    key = _SORTS.get(sort.removeprefix("-"))
    if key is None:
        raise InvalidError(
            "item.sort", N_("Items cannot be sorted by «{sort}»."), sort=sort.removeprefix("-")
        )
    return SortKey(key.column, key.kind, sort.startswith("-"))
