"""How long ago the items of each class were last seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.viewer import Viewer
from schemas.vocabulary import Lifecycle

_ITEM = ConfigurationItem
_IN_USE = (Lifecycle.IN_OPERATION, Lifecycle.MISSING)


@dataclass(frozen=True, slots=True)
class ClassAges:
    """The items of one class that are in use, by when they were last seen.

    Attributes:
        counts: how many were seen within each limit but not within the one before, then how many
            were seen before all limits, then how many were never seen.
    """

    name: str
    label_de: str
    label_en: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All items of the class that are in use."""
        return sum(self.counts)


def list_class_ages(
    session: Session, viewer: Viewer, *, at: datetime, within: Sequence[timedelta]
) -> list[ClassAges]:
    """Return the classes in use, the most frequent first; `within` are limits that grow."""
    seen = _ITEM.seen_at
    spans = [(seen >= at - limit, index) for index, limit in enumerate(within)]
    span = sa.case((seen.is_(None), len(within) + 1), *spans, else_=len(within))
    statement = (
        sa.select(CiClass.name, CiClass.label_de, CiClass.label_en, span, sa.func.count())
        .join(_ITEM, _ITEM.class_name == CiClass.name)
        .where(seen_by(viewer), _ITEM.lifecycle.in_(_IN_USE))
        .group_by(CiClass.name, CiClass.label_de, CiClass.label_en, span)
    )
    labels: dict[str, tuple[str, str]] = {}
    counts: dict[str, list[int]] = {}
    for name, label_de, label_en, index, count in session.execute(statement):
        labels[name] = (label_de, label_en)
        counts.setdefault(name, [0] * (len(within) + 2))[index] = count
    found = [ClassAges(name, *labels[name], tuple(counts[name])) for name in counts]
    return sorted(found, key=lambda one: (-one.total, one.name))
