"""What an order will cost, checked and computed before it is sent, and kept with it afterwards."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from catalog.offers import queries as offers
from catalog.offers.models import Service
from catalog.offers.pricing import PriceTerms, Total, compute_total, find_terms
from catalog.ordering import rules
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.viewer import Viewer
from cmdb.partners.models import Organisation, Site
from schemas.vocabulary import OrganisationRole, ServiceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a partner wants; `request_key` is the client's own and makes a repetition harmless."""

    partner_id: UUID
    service_id: UUID
    quantity: int
    wanted_on: date
    site_id: UUID | None = None
    reason: str = ""
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a wish costs at the price that is valid on the wanted day."""

    service: Service
    terms: PriceTerms
    total: Total


def get_quote(session: Session, viewer: Viewer, wish: Wish) -> Quote:
    """Check a wish and compute what it costs, without keeping anything.

    Raises:
        InvalidError: the wish cannot be fulfilled; the sentence says why.
        NotFoundError: there is no such service for this viewer.
    """
    service = offers.get_offer(session, viewer, wish.service_id)
    _check_partner(session, wish)
    _check_service(session, viewer, service, wish)
    rules.check_quantity(wish.quantity, service.max_quantity)
    rules.check_wanted_on(wish.wanted_on, today())
    rules.check_length("reason", wish.reason, rules.MAX_REASON)
    rules.check_length("request_key", wish.request_key or "", rules.MAX_REQUEST_KEY)
    prices = offers.price_terms(service)
    terms = find_terms(prices, wish.wanted_on)
    total = compute_total(prices, wish.quantity, wish.wanted_on)
    if terms is None or total is None:
        raise InvalidError.at(
            "wanted_on",
            "order.not-priced",
            N_("The service {service} has no price on {day}; choose another day."),
            service=service.code,
            day=wish.wanted_on.isoformat(),
        )
    rules.check_total(total)
    return Quote(service, terms, total)


def snapshot_of(quote: Quote) -> dict[str, Any]:
    """Return a quote as plain JSON; amounts are text with two decimals, so they stay exact."""
    total = quote.total
    return {
        "valid_from": quote.terms.valid_from.isoformat(),
        "components": [
            {
                "kind": one.kind.value,
                "period": one.period.value,
                "basis": one.basis.value,
                "amount": f"{one.amount:.2f}",
            }
            for one in quote.terms.components
        ],
        "total": {
            "one_off": f"{total.one_off:.2f}",
            "per_month": f"{total.per_month:.2f}",
            "per_year": f"{total.per_year:.2f}",
            "rest_of_year": _text_of(total.rest_of_year),
            "next_year": _text_of(total.next_year),
            "usage": f"{total.usage:.2f}",
            "year": total.year,
        },
    }


def _text_of(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _check_partner(session: Session, wish: Wish) -> None:
    partner = session.get(Organisation, wish.partner_id, options=(joinedload(Organisation.roles),))
    day = today()
    if (
        partner is None
        or not partner.has_role(OrganisationRole.PARTNER)
        or (partner.valid_from is not None and partner.valid_from > day)
        or (partner.valid_until is not None and partner.valid_until < min(day, wish.wanted_on))
    ):
        raise InvalidError.at(
            "partner_id",
            "order.partner",
            N_("This organisation is not a partner today; nothing can be ordered for it."),
        )
    if wish.site_id is None:
        return
    owner = session.scalar(sa.select(Site.partner_id).where(Site.id == wish.site_id))
    if owner != wish.partner_id:
        raise InvalidError.at(
            "site_id",
            "order.site",
            N_("The site does not belong to this partner; choose one of its own sites."),
        )


def _check_service(session: Session, viewer: Viewer, service: Service, wish: Wish) -> None:
    if service.state is not ServiceState.ACTIVE:
        raise InvalidError.at(
            "service_id",
            "order.service-state",
            N_("The service {service} can no longer be ordered."),
            service=service.code,
        )
    if not offers.is_offered_to(session, viewer, service.id, wish.partner_id):
        raise InvalidError.at(
            "service_id",
            "order.service-audience",
            N_("The service {service} is not offered to this partner."),
            service=service.code,
        )
