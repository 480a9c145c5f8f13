"""Builders for the journey of asking: providers, services with a price, people who act."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

import catalog.ordering.models  # noqa: F401 — a subscription names its order's table
from catalog.offers import commands
from catalog.offers.commands import PricePart, ServiceText
from catalog.offers.models import Service, ServiceFamily
from catalog.offers.pricing import Component
from catalog.ordering.quoting import Wish
from cmdb.kernel.clock import today
from cmdb.kernel.viewer import Viewer, job
from cmdb.partners.models import Organisation, RoleOfOrganisation
from schemas.vocabulary import (
    OrganisationRole,
    PriceBasis,
    PriceKind,
    PricePeriod,
    ServiceState,
)
from tests.builders import make_partner, make_viewer

OWNER = job("Tests", "service.read", "service.write")
LAST_YEAR = date(2020, 1, 1)
MONTHLY = (
    Component(PriceKind.RECURRING, PricePeriod.MONTH, PriceBasis.QUANTITY, Decimal("128.00")),
)
ONE_OFF = (Component(PriceKind.ONE_OFF, PricePeriod.NONE, PriceBasis.QUANTITY, Decimal("290.00")),)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Town:
    """A partner, its provider and the people who take part in an order."""

    partner: Organisation
    provider: Organisation
    requester: Viewer
    approver: Viewer
    fulfiller: Viewer


def make_provider(session: Session) -> Organisation:
    provider = Organisation(slug=f"provider-{next(_numbers)}", name="Informatik")
    provider.roles = [RoleOfOrganisation(role=OrganisationRole.PROVIDER)]
    session.add(provider)
    session.flush()
    return provider


def make_town(session: Session, provider: Organisation | None = None) -> Town:
    partner = make_partner(session)
    provider = provider or make_provider(session)
    read = ("service.read", "order.read", "subscription.read")
    return Town(
        partner=partner,
        provider=provider,
        requester=make_viewer(*read, "order.create", partners={partner.id}, name="Rita"),
        approver=make_viewer(*read, "order.approve", partners={partner.id}, name="Anton"),
        fulfiller=make_viewer(
            *("order.fulfil", "subscription.read", "subscription.write", "service.write"),
            "item.read",
            partners={provider.id, partner.id},
            name="Flavia",
        ),
    )


def make_service(
    session: Session,
    provider: Organisation,
    *,
    code: str = "",
    components: tuple[Component, ...] = MONTHLY,
    valid_from: date = LAST_YEAR,
    state: ServiceState = ServiceState.ACTIVE,
    **text: Any,
) -> Service:
    if session.query(ServiceFamily).filter_by(slug="family").first() is None:
        session.add(ServiceFamily(slug="family", names={"de": "Familie", "en": "Family"}))
    wanted: dict[str, Any] = {
        "names": {"de": "Arbeitsplatz", "en": "Workplace"},
        "descriptions": {"de": "Ein Platz zum Arbeiten.", "en": "A place to work."},
        "units": {"de": "Arbeitsplatz", "en": "workplace"},
    }
    service = commands.create_service(
        session,
        OWNER,
        code or f"T-{next(_numbers)}",
        ServiceText(**(wanted | text)),
        family="family",
        provider_id=provider.id,
    )
    if components:
        commands.release_price(session, OWNER, service.id, parts(components), valid_from=valid_from)
    if state is not ServiceState.DRAFT:
        commands.move_service(session, OWNER, service.id, ServiceState.ACTIVE)
    if state not in {ServiceState.DRAFT, ServiceState.ACTIVE}:
        commands.move_service(session, OWNER, service.id, ServiceState.RETIRING)
    if state is ServiceState.RETIRED:
        commands.move_service(session, OWNER, service.id, ServiceState.RETIRED)
    session.flush()
    return service


def parts(components: tuple[Component, ...]) -> list[PricePart]:
    return [PricePart(component=one) for one in components]


def make_wish(town: Town, service: Service, **values: Any) -> Wish:
    wanted: dict[str, Any] = {
        "partner_id": town.partner.id,
        "service_id": service.id,
        "quantity": 12,
        "wanted_on": today() + timedelta(days=30),
    }
    return Wish(**(wanted | values))
