"""For which partners a person may do something, and where, as the choices of a form."""

from typing import Final
from uuid import UUID

from catalog.extensions import db
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation, Site
from cmdb.partners.queries import PartnerFilter, list_partners, list_sites
from schemas.vocabulary import OrganisationRole

MAX_CHOICES: Final = 200
NONE_CHOSEN: Final = ("", "–")
"""The first choice of a select that may stay empty."""


def partners_for(viewer: Viewer, permission: str) -> list[Organisation]:
    """Return the partners of today for which a permission holds, by name."""
    wanted = PartnerFilter(role=OrganisationRole.PARTNER, is_active=True)
    page = list_partners(db.session(), viewer, wanted, limit=MAX_CHOICES)
    return [one for one in page.rows if viewer.may(permission, one.id)]


def organisations(viewer: Viewer) -> list[Organisation]:
    """Return all organisations of today that a viewer may name, whatever they are to us."""
    page = list_partners(db.session(), viewer, PartnerFilter(is_active=True), limit=MAX_CHOICES)
    return list(page.rows)


def sites_of(viewer: Viewer, partner_id: UUID | None) -> list[Site]:
    """Return the sites of a partner by name, none where no partner is chosen."""
    if partner_id is None:
        return []
    return list(list_sites(db.session(), viewer, partner_id=partner_id, limit=MAX_CHOICES).rows)
