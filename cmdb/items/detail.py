"""One item as its page shows it: what it is, what it consists of and what it hangs on.

What sources say and what changed is asked of `history`, what was seen of `intake`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from cmdb.items.classes import read_definitions
from cmdb.items.models import (
    CiClass,
    Component,
    ConfigurationItem,
    Identifier,
    Interface,
    IpAddress,
    Relation,
)
from cmdb.items.rules import BETWEEN_PORTS, AttributeDefinition
from cmdb.items.visibility import inside_of, inspected_by, seen_by, shown_to
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation, Site
from schemas.vocabulary import Lifecycle, RelationType, Source

MAX_PARTS: Final = 1_000
_ITEM = ConfigurationItem


@dataclass(frozen=True, slots=True)
class PartnerName:
    """An organisation as it is named beside an item."""

    id: UUID
    slug: str
    name: str


class ShownItem(NamedTuple):
    """The values of an item as far as the viewer sees them."""

    id: UUID
    version: int
    class_name: str
    name: str
    lifecycle: Lifecycle
    partner_id: UUID
    user_partner_id: UUID | None
    operator_id: UUID | None
    site_id: UUID | None
    vendor: str
    model: str
    serial: str
    os_version: str
    address: str
    attributes: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemHead:
    """An item and the names of everything it refers to.

    Attributes:
        may_inspect: whether the viewer sees its inside: values, interfaces, parts and sources.
    """

    item: ShownItem
    ci_class: CiClass
    partner: PartnerName
    user_partner: PartnerName | None
    operator: PartnerName | None
    site_name: str
    may_inspect: bool


@dataclass(frozen=True, slots=True)
class ItemDetail(ItemHead):
    """What a page about an item shows at its head.

    Attributes:
        definitions: the attributes of its class by name, in the order to show them.
    """

    definitions: Mapping[str, AttributeDefinition]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation seen from one of its ends.

    Attributes:
        is_outgoing: whether the item at hand is the source.
        other_id: the item at the other end; None where it belongs to a partner whose inventory
            the viewer does not see, and then its name and class are not told either.
        protocol: what says most of a link that was discovered, empty for other relations.
        interface_index: the interface of the item at hand that a link is at, where that is known.
        port: what that interface is called, and `other_port` the one at the other end.
    """

    id: UUID
    type: RelationType
    is_outgoing: bool
    source: Source
    confidence: int
    detail: str
    seen_at: datetime
    other_id: UUID | None
    other_name: str
    other_class: str
    protocol: str
    interface_index: int | None
    port: str
    other_port: str


@dataclass(frozen=True, slots=True)
class PartCounts:
    """How much there is to show of an item, as far as the viewer sees its inside."""

    interfaces: int
    addresses: int
    components: int
    relations: int


def get_item(session: Session, viewer: Viewer, item_id: UUID) -> ItemDetail:
    """Return an item with the names of everything it refers to and what its class may carry.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    head = get_head(session, viewer, item_id)
    name = head.ci_class.name
    values = {one.name: getattr(head, one.name) for one in fields(ItemHead)}
    return ItemDetail(**values, definitions=read_definitions(session, {name})[name])


def get_head(session: Session, viewer: Viewer, item_id: UUID) -> ItemHead:
    """Return an item with the names of everything it refers to, in one statement.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    owner, user, operator = (_as(Organisation, one) for one in ("owner", "served", "operator"))
    statement = (
        sa.select(
            *(shown_to(viewer, name) for name in ShownItem._fields),
            CiClass,
            inspected_by(viewer).label("may_inspect"),
            sa.func.coalesce(Site.name, "").label("site_name"),
            *(column for one in (owner, user, operator) for column in (one.id, one.slug, one.name)),
        )
        .join(CiClass, CiClass.name == _ITEM.class_name)
        .join(owner, owner.id == _ITEM.partner_id)
        .outerjoin(user, user.id == _ITEM.user_partner_id)
        .outerjoin(operator, operator.id == _ITEM.operator_id)
        .outerjoin(Site, Site.id == shown_to(viewer, "site_id"))
        .where(_ITEM.id == item_id, seen_by(viewer))
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError("item.not-found", N_("There is no such item."))
    count = len(ShownItem._fields)
    ci_class, may_inspect, site_name, *names = row[count:]
    partners = [_partner(names[start : start + 3]) for start in range(0, 9, 3)]
    return ItemHead(
        ShownItem(*row[:count]),
        ci_class,
        PartnerName(*names[:3]),
        partners[1],
        partners[2],
        site_name,
        may_inspect=bool(may_inspect),
    )


def count_parts(session: Session, viewer: Viewer, item_id: UUID) -> PartCounts:
    """Return how many parts and relations an item has, in one statement."""
    counts = (
        *(
            inside_of(viewer, table, item_id).with_only_columns(sa.func.count(table.id))
            for table in (Interface, IpAddress, Component)
        ),
        _relations(viewer, item_id).with_only_columns(sa.func.count(Relation.id)),
    )
    row = session.execute(sa.select(*(one.scalar_subquery() for one in counts))).one()
    return PartCounts(*row)


def list_interfaces(
    session: Session, viewer: Viewer, item_id: UUID, *, after: str | None = None, limit: int = 200
) -> Page[Interface]:
    """Return a page of an item's interfaces by their index."""
    limit = min(limit, MAX_LIMIT)
    statement = inside_of(viewer, Interface, item_id)
    key = SortKey(Interface.index, int)
    statement = keyset(statement, key, Interface.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda row: row.index, id_of=lambda row: row.id)


def list_addresses(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[IpAddress]:
    """Return the IP addresses of an item by number, at most a thousand."""
    statement = inside_of(viewer, IpAddress, item_id).order_by(IpAddress.address)
    return session.scalars(statement.limit(MAX_PARTS)).all()


def list_components(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Component]:
    """Return the parts of an item, those of one kind together, at most a thousand."""
    statement = inside_of(viewer, Component, item_id).order_by(
        Component.kind, Component.name, Component.index, Component.id
    )
    return session.scalars(statement.limit(MAX_PARTS)).all()


def list_identifiers(session: Session, viewer: Viewer, item_id: UUID) -> Sequence[Identifier]:
    """Return by what an item is recognised."""
    statement = inside_of(viewer, Identifier, item_id).order_by(Identifier.scheme, Identifier.value)
    return session.scalars(statement.limit(MAX_PARTS)).all()


def list_relations(
    session: Session, viewer: Viewer, item_id: UUID, *, limit: int = MAX_LIMIT
) -> Sequence[RelationRow]:
    """Return the relations of an item in both directions; a foreign other end stays unnamed.

    Of an item that merely serves the viewer, those are shown that lead to an item of the viewer.
    """
    other = _as(_ITEM, "other")
    statement = (
        _relations(viewer, item_id)
        .add_columns(other.id, other.name, other.class_name, seen_by(viewer, other))
        .order_by(Relation.type, other.name, Relation.id)
        .limit(limit)
    )
    return [_relation(item_id, row) for row in session.execute(statement)]


@cache
def _as(table: Any, role: str) -> Any:
    """Return a table in a role; made once, for an alias works out its columns anew."""
    return aliased(table, name=role)


def _relations(viewer: Viewer, item_id: UUID) -> sa.Select[Any]:
    here, other = _as(_ITEM, "here"), _as(_ITEM, "other")
    is_outgoing = Relation.source_item_id == item_id
    end = sa.case((is_outgoing, Relation.target_item_id), else_=Relation.source_item_id)
    return (
        sa.select(Relation)
        .join(other, other.id == end)
        .join(here, here.id == item_id)
        .where(
            is_outgoing | (Relation.target_item_id == item_id),
            seen_by(viewer, here),
            inspected_by(viewer, here) | inspected_by(viewer, other),
        )
    )


def _partner(columns: Sequence[Any]) -> PartnerName | None:
    return PartnerName(*columns) if columns[0] is not None else None


def _relation(item_id: UUID, row: Any) -> RelationRow:
    relation, other_id, name, class_name, is_seen = row
    is_outgoing = relation.source_item_id == item_id
    first, _, second = relation.detail.partition(BETWEEN_PORTS) if relation.protocol else ("",) * 3
    port, other_port = (first, second) if is_outgoing else (second, first)
    indexes = relation.source_interface_index, relation.target_interface_index
    return RelationRow(
        relation.id,
        relation.type,
        is_outgoing,
        relation.source,
        relation.confidence,
        relation.detail if is_seen else "",
        relation.seen_at,
        other_id if is_seen else None,
        name if is_seen else "",
        class_name if is_seen else "",
        relation.protocol,
        indexes[not is_outgoing],
        port,
        other_port if is_seen else "",
    )
