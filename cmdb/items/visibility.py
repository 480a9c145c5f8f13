"""Which items a viewer sees, and of which he or she sees the inside.

A partner that is merely served by a device sees that it is there and how it stands: its name, its
class, its state, and what of one's own hangs on it. Everything else tells about somebody else's
network and is shown to those only who own the device or run it. What is not shown is not found,
counted or sorted by either.
"""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem
from cmdb.kernel.viewer import Everywhere, Viewer, visible

READ = "item.read"
WRITE = "item.write"

INSIDE: Final[dict[str, Any]] = {
    "vendor": "",
    "model": "",
    "serial": "",
    "os_version": "",
    "address": "",
    "site_id": None,
    "attributes": {},
}
"""The columns that are the inside of an item, with what those see who are merely served by it."""


def seen_by(viewer: Viewer, item: Any = ConfigurationItem) -> sa.ColumnElement[bool]:
    """Return the condition for items that a partner of the viewer owns, uses or operates."""
    return visible(viewer, READ, item.partner_id, item.user_partner_id, item.operator_id)


def inspected_by(viewer: Viewer, item: Any = ConfigurationItem) -> sa.ColumnElement[bool]:
    """Return the condition for items whose inside the viewer sees: those owned or operated."""
    return visible(viewer, READ, item.partner_id, item.operator_id)


def served_by(viewer: Viewer, item: Any = ConfigurationItem) -> sa.ColumnElement[bool]:
    """Return the condition for items that merely serve the viewer, whose inside stays hidden."""
    may_inspect = sa.func.coalesce(inspected_by(viewer, item), sa.false())
    return visible(viewer, READ, item.user_partner_id) & ~may_inspect


def inside_of(viewer: Viewer, table: Any, item_id: UUID) -> sa.Select[Any]:
    """Select the rows of a table that belong to an item whose inside the viewer sees."""
    return (
        sa.select(table)
        .join(ConfigurationItem, ConfigurationItem.id == table.item_id)
        .where(table.item_id == item_id, inspected_by(viewer))
    )


def shown_to(viewer: Viewer, name: str, may_inspect: Any = None) -> Any:
    """Return a column of an item as far as the viewer sees it; select this, never the column.

    `may_inspect` is `inspected_by` where the statement knows it by a column already.
    """
    column = getattr(ConfigurationItem, name)
    if name not in INSIDE or isinstance(viewer.reach(READ), Everywhere):
        return column
    instead = sa.literal(INSIDE[name], column.type)
    if may_inspect is None:
        may_inspect = inspected_by(viewer)
    return sa.case((may_inspect, column), else_=instead).label(name)
