"""What devices tell of themselves beyond interfaces, addresses and parts, for their page."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy.orm import InstrumentedAttribute, Session

from cmdb.items.detail import MAX_PARTS
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from cmdb.items.visibility import inside_of
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer

MAX_VLANS = 4_096


def list_vlans(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Vlan]:
    """Return the VLANs of an item by number."""
    statement = inside_of(viewer, Vlan, item_id).order_by(Vlan.number)
    return session.scalars(statement.limit(MAX_VLANS)).all()


def list_neighbours(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Neighbour]:
    """Return the neighbours that an item tells of, by our own port."""
    order = (Neighbour.local_interface_index, Neighbour.local_port, Neighbour.place)
    return _rows(session, viewer, Neighbour, item_id, order)


def list_attached(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[AttachedDevice]:
    """Return the access points or virtual machines behind an item, by name."""
    order = (AttachedDevice.kind, AttachedDevice.name, AttachedDevice.index)
    return _rows(session, viewer, AttachedDevice, item_id, order)


def list_supplies(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Supply]:
    """Return what a printer uses up."""
    return _rows(session, viewer, Supply, item_id, (Supply.kind, Supply.name, Supply.index))


def list_gauges(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Gauge]:
    """Return the values of an item that move, such as the charge of its battery."""
    return _rows(session, viewer, Gauge, item_id, (Gauge.origin, Gauge.name))


def list_software(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Software]:
    """Return the packages installed on an item by name, at most a thousand."""
    return _rows(session, viewer, Software, item_id, (Software.name,))


def list_page(
    session: Session,
    viewer: Viewer,
    item_id: UUID,
    column: InstrumentedAttribute[Any],
    *,
    after: str | None = None,
    limit: int = MAX_LIMIT,
) -> Page[Any]:
    """Return a page of what an item tells in a table, sorted by a column that is never NULL."""
    limit = min(limit, MAX_LIMIT)
    table = column.class_
    key = SortKey(column, column.type.python_type)
    statement = keyset(inside_of(viewer, table, item_id), key, table.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=attrgetter(column.key), id_of=attrgetter("id"))


def _rows(
    session: Session, viewer: Viewer, table: Any, item_id: UUID, order: tuple[Any, ...]
) -> Sequence[Any]:
    statement = inside_of(viewer, table, item_id).order_by(*order).limit(MAX_PARTS)
    return session.scalars(statement).all()
