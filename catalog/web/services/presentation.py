"""How services and prices are told in words."""

from decimal import Decimal
from typing import Final

from flask_babel import gettext

from catalog.offers.levels import service_levels
from catalog.offers.models import Price, PriceComponent, Service
from catalog.web.formatting import format_chf
from catalog.web.texts import in_language
from cmdb.kernel.clock import today
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, SlaClass

ZERO: Final = Decimal(0)
FAMILY_ICONS: Final = {
    "workplace": "device-laptop",
    "communication": "mail",
    "network": "network",
    "security": "shield-lock",
    "platform": "server-2",
    "identity": "fingerprint",
    "application": "apps",
    "e-government": "building-bank",
    "support": "headset",
}


def family_icon(slug: str) -> str:
    """Return the symbol of a service family."""
    return FAMILY_ICONS.get(slug, "package")


def price_on(service: Service) -> Price | None:
    """Return the price that is valid today, or else the first one to come."""
    day = today()
    for price in service.prices:
        if price.valid_until is None or price.valid_until >= day:
            return price
    return None


def price_words(price: Price, service: Service) -> list[str]:
    """Say each part of a price in words: how much, for what, how often."""
    return [_component_words(part, service) for part in price.components]


def cost_words(yearly: Decimal, one_off: Decimal, usage: Decimal = ZERO) -> list[str]:
    """Say what something costs: by the year, once and by usage, as far as it costs that."""
    words = (
        gettext("%(amount)s per year", amount=format_chf(yearly)) if yearly else "",
        gettext("%(amount)s once", amount=format_chf(one_off)) if one_off else "",
        gettext("about %(amount)s by usage", amount=format_chf(usage)) if usage else "",
    )
    return [one for one in words if one] or [gettext("free of charge")]


def _component_words(part: PriceComponent, service: Service) -> str:
    often = {
        PricePeriod.MONTH: gettext("per month"),
        PricePeriod.YEAR: gettext("per year"),
        PricePeriod.NONE: "",
    }[part.period]
    unit = in_language(part.units) or in_language(service.units)
    if part.basis is not PriceBasis.FLAT:
        unit = gettext("per %(unit)s", unit=unit)
    once = gettext("once") if part.kind is PriceKind.ONE_OFF else ""
    words = (f"{format_chf(part.amount)} {unit}", often, once, in_language(part.notes))
    return " · ".join(one for one in words if one)


def sla_words(level: SlaClass) -> list[tuple[str, str]]:
    """Tell what a service level promises, as pairs for a definition list."""
    found = service_levels()[level]
    return [
        (gettext("Service hours"), in_language(found.service_hours)),
        (gettext("Support hours"), in_language(found.support_hours)),
        (gettext("Availability per month"), f"{found.availability_percent} %"),
        (gettext("Restored after"), in_language(found.restore)),
        (gettext("At most lost"), gettext("%(hours)s hours", hours=found.recovery_point_hours)),
    ]
