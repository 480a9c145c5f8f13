"""What the first page shows as pictures: the inventory of the house, the cost of a partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from flask import url_for
from flask_babel import gettext

from catalog.subscriptions.models import Subscription
from catalog.web.devices.words import is_german
from catalog.web.subscriptions.views import yearly_cost
from catalog.web.texts import in_language
from cmdb.items.ages import ClassAges
from cmdb.kernel.errors import N_

AGES: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
SHOWN_BARS: Final = 8

_SPANS: Final = (
    (N_("within a day"), "info"),
    (N_("within 7 days"), "teal"),
    (N_("within 30 days"), "plan"),
    (N_("longer ago"), "warn"),
    (N_("never, only declared"), "neutral"),
)

Bar = tuple[str, int | Decimal, str]
"""A name, its number and the page that lists what was counted (empty for none)."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The devices in use as bars by class, and as parts by when they were last seen."""

    total: int
    classes: Sequence[Bar]
    ages: Sequence[tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a partner pays this year.

    Attributes:
        services: one bar for each service, the dearest first.
        is_complete: False where a price of the year is not released yet.
    """

    total: Decimal
    services: Sequence[Bar]
    is_complete: bool


def inventory_of(found: Sequence[ClassAges]) -> Inventory:
    """Return the pictures of the inventory."""
    bars = [_bar(one) for one in found]
    parts = [
        (gettext(label), sum(one.counts[index] for one in found), tone)
        for index, (label, tone) in enumerate(_SPANS)
    ]
    return Inventory(sum(one.total for one in found), _shortened(bars), parts)


def cost_of(subscriptions: Sequence[Subscription]) -> Cost:
    """Return what these subscriptions cost in this year, by service."""
    amounts: dict[str, Decimal] = {}
    is_complete = True
    for one in subscriptions:
        amount = yearly_cost(one)
        if amount is None:
            is_complete = False
        elif amount:
            name = in_language(one.service.names)
            amounts[name] = amounts.get(name, Decimal(0)) + amount
    bars: list[Bar] = [
        (name, amount, "") for name, amount in sorted(amounts.items(), key=lambda one: -one[1])
    ]
    return Cost(sum(amounts.values(), Decimal(0)), _shortened(bars), is_complete)


def _bar(one: ClassAges) -> Bar:
    query: dict[str, Any] = {"class": one.name}
    label = one.label_de if is_german() else one.label_en
    return label, one.total, url_for("devices.index", **query)


def _shortened(bars: Sequence[Bar]) -> list[Bar]:
    """Return the longest bars, and the others as one where there are more than fit."""
    if len(bars) <= SHOWN_BARS:
        return list(bars)
    shown, rest = bars[: SHOWN_BARS - 1], bars[SHOWN_BARS - 1 :]
    return [*shown, (gettext("all others"), sum(one[1] for one in rest), "")]
