"""Which items a viewer sees, and of which he or she sees the inside."""

from typing import Any

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem
from cmdb.kernel.viewer import Viewer, visible

READ = "item.read"
WRITE = "item.write"


def seen_by(viewer: Viewer, item: Any = ConfigurationItem) -> sa.ColumnElement[bool]:
    """Return the condition for items that a partner of the viewer owns, uses or operates."""
    return visible(viewer, READ, item.partner_id, item.user_partner_id, item.operator_id)


def inspected_by(viewer: Viewer, item: Any = ConfigurationItem) -> sa.ColumnElement[bool]:
    """Return the condition for items whose inside the viewer sees: those owned or operated.

    A partner that is merely served by a shared device sees that it is there and how it stands, but
    not its interfaces, addresses and raw observations: those tell about everybody's network.
    """
    return visible(viewer, READ, item.partner_id, item.operator_id)
