"""What a quantity of a service costs: pure arithmetic, exact to the Rappen.

Recurring prices count by calendar months: a started month counts as a whole one, at the price that
is valid on its first day of use. A year's price counts one twelfth per month. Amounts are summed
exactly and rounded once, half up, at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod

RAPPEN = Decimal("0.01")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a price in Swiss francs."""

    kind: PriceKind
    period: PricePeriod
    basis: PriceBasis
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """A price with its validity; both days are included and None leaves the end open."""

    id: UUID
    valid_from: date
    valid_until: date | None
    components: tuple[Component, ...]

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the price is valid on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Total:
    """What an order costs, in Swiss francs.

    Attributes:
        one_off: paid once.
        per_month: recurring cost of one month at the price of the first day.
        per_year: recurring cost of twelve months at the price of the first day.
        rest_of_year: recurring cost from the first day to the end of its year; None where the
            price of a month is not released yet.
        next_year: recurring cost of the whole following year; None likewise.
        usage: expected cost of the ordered quantity where usage is charged.
        year: the year of the first day.
    """

    one_off: Decimal
    per_month: Decimal
    per_year: Decimal
    rest_of_year: Decimal | None
    next_year: Decimal | None
    usage: Decimal
    year: int


def round_to_rappen(amount: Decimal) -> Decimal:
    """Round half up to the Rappen."""
    return amount.quantize(RAPPEN, ROUND_HALF_UP)


def find_terms(prices: Iterable[PriceTerms], day: date) -> PriceTerms | None:
    """Return the price that is valid on this day."""
    return next((one for one in prices if one.is_valid_on(day)), None)


def compute_total(prices: Sequence[PriceTerms], quantity: int, from_on: date) -> Total | None:
    """Compute what a quantity costs from a day on; None where no price is valid on that day."""
    terms = find_terms(prices, from_on)
    if terms is None:
        return None
    twelve_months = _twelvefold_month(terms, quantity)
    return Total(
        one_off=_sum_of(terms, PriceKind.ONE_OFF, quantity),
        per_month=round_to_rappen(twelve_months / MONTHS),
        per_year=round_to_rappen(twelve_months),
        rest_of_year=compute_year(prices, quantity, from_on.year, from_on=from_on),
        next_year=compute_year(prices, quantity, from_on.year + 1, from_on=from_on),
        usage=_sum_of(terms, PriceKind.USAGE, quantity),
        year=from_on.year,
    )


def compute_year(
    prices: Sequence[PriceTerms],
    quantity: int,
    year: int,
    *,
    from_on: date,
    until_on: date | None = None,
) -> Decimal | None:
    """Compute the recurring cost of a quantity in one year of its use, both days included.

    None means that the price of a month is not released.
    """
    twelvefold = Decimal(0)
    for day in _first_days(year, from_on, until_on):
        terms = find_terms(prices, day)
        if terms is None:
            return None
        twelvefold += _twelvefold_month(terms, quantity)
    return round_to_rappen(twelvefold / MONTHS)


def _first_days(year: int, from_on: date, until_on: date | None) -> Iterator[date]:
    """Yield the first day of use in every month of the year that is used."""
    for month in range(1, MONTHS + 1):
        first = date(year, month, 1)
        next_month = (first + timedelta(days=31)).replace(day=1)
        if from_on < next_month and (until_on is None or until_on >= max(first, from_on)):
            yield max(first, from_on)


def _twelvefold_month(terms: PriceTerms, quantity: int) -> Decimal:
    """Return twelve times the cost of one month, so that a twelfth never has to be rounded."""
    return sum(
        (
            _amount_of(one, quantity) * (MONTHS if one.period is PricePeriod.MONTH else 1)
            for one in terms.components
            if one.kind is PriceKind.RECURRING
        ),
        Decimal(0),
    )


def _sum_of(terms: PriceTerms, kind: PriceKind, quantity: int) -> Decimal:
    amounts = (_amount_of(one, quantity) for one in terms.components if one.kind is kind)
    return round_to_rappen(sum(amounts, Decimal(0)))


def _amount_of(component: Component, quantity: int) -> Decimal:
    match component.basis:
        case PriceBasis.QUANTITY:
            return component.amount * quantity
        case PriceBasis.FLAT:
            return component.amount
        case PriceBasis.MEASURED:
            return Decimal(0)
