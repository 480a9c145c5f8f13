"""Numbers about items: how well they are known, and where they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.items.visibility import inspected_by, seen_by
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation
from schemas.vocabulary import Lifecycle

_ITEM = ConfigurationItem


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the items of a partner are known.

    Attributes:
        known: seen since the moment asked for.
        stale: seen before, but not since.
        unseen: only declared, never seen.
    """

    partner_id: UUID
    partner_name: str
    known: int
    stale: int
    unseen: int

    @property
    def total(self) -> int:
        """All items in use."""
        return self.known + self.stale + self.unseen

    @property
    def gap(self) -> int:
        """How many are not known as they are today."""
        return self.stale + self.unseen


def list_coverage(session: Session, viewer: Viewer, *, since: datetime) -> list[Coverage]:
    """Return how well each partner's items in use are known, the largest gap first."""
    known = _sum(_ITEM.seen_at >= since)
    stale = _sum(_ITEM.seen_at < since)
    unseen = _sum(_ITEM.seen_at.is_(None))
    in_use = _ITEM.lifecycle.in_((Lifecycle.IN_OPERATION, Lifecycle.MISSING))
    statement = (
        sa.select(Organisation.id, Organisation.name, known, stale, unseen)
        .join(_ITEM, _ITEM.partner_id == Organisation.id)
        .where(seen_by(viewer), in_use)
        .group_by(Organisation.id, Organisation.name, Organisation.sort_name)
        .order_by((stale + unseen).desc(), Organisation.sort_name)
    )
    return [Coverage(*row) for row in session.execute(statement)]


def count_items_by_site(
    session: Session, viewer: Viewer, site_ids: Collection[UUID]
) -> dict[UUID, int]:
    """Return how many items in use stand at each of these sites, in one statement."""
    statement = (
        sa.select(_ITEM.site_id, sa.func.count())
        .where(
            inspected_by(viewer),
            _ITEM.site_id.in_(site_ids),
            _ITEM.lifecycle != Lifecycle.RETIRED,
        )
        .group_by(_ITEM.site_id)
    )
    return {key: count for key, count in session.execute(statement) if key is not None}


def list_classes_in_use(
    session: Session, viewer: Viewer, *, partner_id: UUID | None = None, site_id: UUID | None = None
) -> list[tuple[CiClass, int]]:
    """Return the classes of the items in use with their number, the most frequent first."""
    count = sa.func.count()
    statement = (
        sa.select(CiClass, count)
        .join(_ITEM, _ITEM.class_name == CiClass.name)
        .where(seen_by(viewer), _ITEM.lifecycle != Lifecycle.RETIRED)
        .group_by(CiClass.name)
        .order_by(count.desc(), CiClass.name)
    )
    if partner_id is not None:
        statement = statement.where(_ITEM.partner_id == partner_id)
    if site_id is not None:
        statement = statement.where(_ITEM.site_id == site_id, inspected_by(viewer))
    return [(one, number) for one, number in session.execute(statement)]


def _sum(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
