"""Items as other rooms name them beside what they keep about them."""

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by, shown_to
from cmdb.kernel.viewer import Viewer


class Mention(NamedTuple):
    """An item as it is named; the address is empty where the viewer does not see the inside."""

    id: UUID
    name: str
    class_name: str
    address: str


def select_mentions(viewer: Viewer) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for the items that the viewer sees, by name, in the form of a mention.

    Join to it whatever says which items are meant.
    """
    return (
        sa.select(*(shown_to(viewer, name) for name in Mention._fields))
        .where(seen_by(viewer))
        .order_by(ConfigurationItem.name, ConfigurationItem.id)
    )
