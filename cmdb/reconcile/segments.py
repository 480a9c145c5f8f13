"""Links between bridges that tell the same segment of the spanning tree (IEEE 802.1D)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from cmdb.items.models import Interface
from cmdb.items.topology import SpanningTreePort
from cmdb.reconcile.batch import Batch
from cmdb.reconcile.rules import compute_link
from cmdb.reconcile.topology import SPANNING_TREE, Report


def report_segments(batch: Batch, items: Collection[UUID]) -> list[Report]:
    """Return the links of which one of these bridges is an end; the port that follows tells it."""
    if not items:
        return []
    follower, leader = aliased(SpanningTreePort), aliased(SpanningTreePort)
    statement = _segments(batch, follower, leader)
    found: set[Report] = set()
    # Asked from either end on its own, each way through an index.
    for end in (follower, leader):
        for row in batch.session.execute(statement.where(end.item_id.in_(items))):
            subject, item, index, name, other, other_index, other_name = row
            link = compute_link(item, name, other, other_name, index=index, other_index=other_index)
            found.add(Report(link, subject, SPANNING_TREE))
    return list(found)


def _segments(
    batch: Batch, follower: type[SpanningTreePort], leader: type[SpanningTreePort]
) -> sa.Select[*tuple[Any, ...]]:
    """Ask who follows whom: subject, item, ifIndex and name of the port, and so of the leader."""
    port, other_port = aliased(Interface), aliased(Interface)
    is_one_segment = sa.and_(
        leader.designated_bridge == follower.designated_bridge,
        leader.designated_port == follower.designated_port,
        leader.item_id != follower.item_id,
    )
    columns: tuple[Any, ...] = (
        follower.subject_id,
        follower.item_id,
        follower.interface_index,
        port.name,
        leader.item_id,
        leader.interface_index,
        other_port.name,
    )
    return (
        sa.select(*columns)
        .select_from(follower)
        .join(leader, is_one_segment)
        .join(port, _is_port(port, follower))
        .join(other_port, _is_port(other_port, leader))
        .where(
            ~follower.is_designated,
            leader.is_designated,
            follower.subject_id.is_not(None),
            *(batch.keeps(end) for end in (follower, leader)),
        )
    )


def _is_port(interface: type[Interface], port: type[SpanningTreePort]) -> sa.ColumnElement[bool]:
    return sa.and_(interface.item_id == port.item_id, interface.index == port.interface_index)
