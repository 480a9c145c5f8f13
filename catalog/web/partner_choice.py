"""For which partners a person may do something, as the choices of a form."""

from typing import Final

from catalog.extensions import db
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation
from cmdb.partners.queries import PartnerFilter, list_partners
from schemas.vocabulary import OrganisationRole

MAX_CHOICES: Final = 200


def partners_for(viewer: Viewer, permission: str) -> list[Organisation]:
    """Return the partners of today for which a permission holds, by name."""
    wanted = PartnerFilter(role=OrganisationRole.PARTNER, is_active=True)
    page = list_partners(db.session(), viewer, wanted, limit=MAX_CHOICES)
    return [one for one in page.rows if viewer.may(permission, one.id)]
