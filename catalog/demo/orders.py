"""Orders of the demonstration, taken as far as their entry says by those who would do it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.access.authentication import viewer_of
from catalog.access.models import Person
from catalog.demo.content import content, devices_used_through
from catalog.offers.models import Service
from catalog.ordering import commands
from catalog.ordering.models import Order
from catalog.ordering.quoting import Wish
from catalog.subscriptions.commands import link_item
from catalog.subscriptions.queries import find_subscription_of_order
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import today
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Site

PARTNER = "musterwil"
REQUESTER, APPROVER, FULFILLER = "musterwil1", "musterwil2", "betrieb"


def seed_orders(session: Session, partner_id: UUID) -> None:
    """Place the orders and carry each as far as it is to come."""
    requester, approver, fulfiller = (
        _viewer(session, name) for name in (REQUESTER, APPROVER, FULFILLER)
    )
    for entry in content()["orders"]:
        order = commands.place_order(session, requester, _wish(session, partner_id, entry))
        reach = entry["reach"]
        if reach == "rejected":
            text = "Nicht budgetiert; bitte im Voranschlag anmelden."
            commands.reject_order(session, approver, order.id, text=text)
            continue
        if reach == "submitted":
            continue
        commands.approve_order(session, approver, order.id)
        commands.start_fulfilment(session, fulfiller, order.id)
        if reach == "delivered":
            commands.deliver_order(session, fulfiller, order.id)
            _link_devices(session, fulfiller, order, devices_used_through(entry))


def _link_devices(session: Session, actor: Viewer, order: Order, names: list[str]) -> None:
    """Link the devices of the partner that are there under these names to what was delivered."""
    subscription = find_subscription_of_order(session, actor, order.id)
    if subscription is None:
        return
    there = sa.select(ConfigurationItem.id).where(
        ConfigurationItem.partner_id == order.partner_id, ConfigurationItem.name.in_(names)
    )
    for item_id in session.scalars(there):
        link_item(session, actor, subscription.id, item_id)


def _viewer(session: Session, sign_in_name: str) -> Viewer:
    person = session.scalars(sa.select(Person).where(Person.sign_in_name == sign_in_name)).one()
    return viewer_of(person)


def _wish(session: Session, partner_id: UUID, entry: dict[str, Any]) -> Wish:
    service_id = session.scalars(
        sa.select(Service.id).where(Service.code == entry["service"])
    ).one()
    site_id = session.scalar(
        sa.select(Site.id).where(Site.partner_id == partner_id, Site.name == entry["site"])
    )
    return Wish(
        partner_id=partner_id,
        service_id=service_id,
        quantity=entry["quantity"],
        wanted_on=today() + timedelta(days=entry["notice_days"]),
        site_id=site_id,
        reason=entry["reason"],
    )
