"""What organisations and sites are called, for pages that know only their keys."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation, Site
from cmdb.partners.queries import READ


def list_names(session: Session, viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of the organisations and sites with these keys, in one statement.

    Whatever the viewer may not see is left out.
    """
    if not keys:
        return {}
    organisations = sa.select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(keys), visible(viewer, READ, Organisation.id)
    )
    sites = sa.select(Site.id, Site.name).where(
        Site.id.in_(keys), visible(viewer, READ, Site.partner_id)
    )
    rows = session.execute(sa.union_all(organisations, sites))
    return {key: name for key, name in rows}  # noqa: C416 — rows are not pairs to pyright
