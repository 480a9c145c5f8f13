"""An estate for the pages of the inventory, seen by discovery as it really is."""

from sqlalchemy.orm import Session

from catalog.transactions import unit_of_work
from cmdb.items.classes import seed_classes
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation
from tests.builders import make_plan, make_site
from tests.observing import make_document, observe


def see_switches(
    session: Session, house: Viewer, partner: Organisation, count: int, *, first: int = 1, **values
) -> list[ConfigurationItem]:
    """Let a plan of the partner see up to 254 switches at a site; returns them by name."""
    with unit_of_work(session):
        seed_classes(session, house)
        site = make_site(session, partner, f"Werkhof {partner.name}")
        plan = make_plan(session, partner, targets=[f"10.0.{first >> 8}.0/24"], site_id=site.id)
        documents = [make_document(number, **values) for number in range(first, first + count)]
        observe(session, plan, documents)
    found = session.query(ConfigurationItem).filter_by(partner_id=partner.id)
    return found.order_by(ConfigurationItem.name).all()
