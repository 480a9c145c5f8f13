from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.offers.pricing import Component, PriceTerms, compute_total, compute_year, find_terms
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod

RECURRING = PriceKind.RECURRING
MONTH, YEAR, NONE = PricePeriod.MONTH, PricePeriod.YEAR, PricePeriod.NONE
QUANTITY, FLAT, MEASURED = PriceBasis.QUANTITY, PriceBasis.FLAT, PriceBasis.MEASURED


def terms(*components, valid_from=date(2025, 1, 1), valid_until=None):
    return PriceTerms(UUID(int=1), valid_from, valid_until, components)


def monthly(amount, **validity):
    return terms(Component(RECURRING, MONTH, QUANTITY, Decimal(amount)), **validity)


def test_twelve_workplaces_from_april_cost_what_the_journey_says():
    total = compute_total([monthly("128.00")], 12, date(2026, 4, 1))
    assert total.one_off == 0
    assert total.per_month == Decimal("1536.00")
    assert total.rest_of_year == Decimal("13824.00")
    assert total.per_year == total.next_year == Decimal("18432.00")
    assert total.year == 2026


def test_the_next_year_is_computed_at_the_price_released_for_it():
    prices = [
        monthly("128.00", valid_until=date(2026, 12, 31)),
        monthly("131.50", valid_from=date(2027, 1, 1)),
    ]
    total = compute_total(prices, 12, date(2026, 12, 15))
    assert total.rest_of_year == Decimal("1536.00")
    assert total.next_year == Decimal("18936.00")


def test_a_base_fee_is_charged_once_and_the_rest_per_inhabitant():
    price = terms(
        Component(RECURRING, YEAR, FLAT, Decimal("4000.00")),
        Component(RECURRING, YEAR, QUANTITY, Decimal("2.10")),
    )
    total = compute_total([price], 3040, date(2026, 1, 1))
    assert total.per_year == total.rest_of_year == Decimal("10384.00")
    assert total.per_month == Decimal("865.33")


def test_what_is_measured_later_costs_nothing_in_advance():
    price = terms(
        Component(RECURRING, MONTH, QUANTITY, Decimal("68.00")),
        Component(PriceKind.USAGE, NONE, MEASURED, Decimal("0.04")),
    )
    total = compute_total([price], 2, date(2026, 1, 1))
    assert (total.per_month, total.usage) == (Decimal("136.00"), Decimal("0.00"))


def test_usage_of_the_ordered_quantity_is_told_apart_from_fixed_cost():
    price = terms(Component(PriceKind.USAGE, NONE, QUANTITY, Decimal("0.30")))
    total = compute_total([price], 1000, date(2026, 1, 1))
    assert total.usage == Decimal("300.00")
    assert total.per_year == total.one_off == 0


def test_a_one_off_price_is_paid_once():
    price = terms(Component(PriceKind.ONE_OFF, NONE, QUANTITY, Decimal("290.00")))
    total = compute_total([price], 3, date(2026, 6, 1))
    assert total.one_off == Decimal("870.00")
    assert total.rest_of_year == total.next_year == 0


def test_a_year_whose_price_is_not_released_has_no_total():
    total = compute_total([monthly("5.00", valid_until=date(2026, 12, 31))], 1, date(2026, 12, 1))
    assert total.rest_of_year == Decimal("5.00")
    assert total.next_year is None


def test_a_day_without_a_price_has_no_total():
    assert compute_total([monthly("5.00")], 1, date(2024, 12, 31)) is None


@pytest.mark.parametrize(
    ("from_on", "until_on", "months"),
    [
        (date(2026, 1, 1), None, 12),
        (date(2026, 1, 31), None, 12),
        (date(2026, 12, 31), None, 1),
        (date(2026, 3, 15), date(2026, 3, 20), 1),
        (date(2026, 3, 31), date(2026, 4, 1), 2),
        (date(2025, 3, 1), date(2026, 1, 1), 1),
        (date(2025, 3, 1), date(2025, 12, 31), 0),
        (date(2027, 1, 1), None, 0),
    ],
)
def test_a_started_month_counts_as_a_whole_one(from_on, until_on, months):
    cost = compute_year([monthly("10.00")], 1, 2026, from_on=from_on, until_on=until_on)
    assert cost == 10 * months


amounts = st.decimals(min_value=0, max_value=100_000, places=2)
quantities = st.integers(1, 500_000)
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))
recurring = st.builds(
    Component,
    st.just(RECURRING),
    st.sampled_from([MONTH, YEAR]),
    st.sampled_from([QUANTITY, FLAT]),
    amounts,
)


def to_rappen(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.lists(recurring, min_size=1, max_size=4), quantities, days)
def test_totals_are_exact_to_the_rappen(components, quantity, day):
    price = terms(*components)
    monthly_cost = Fraction(0)
    for one in components:
        factor = quantity if one.basis is QUANTITY else 1
        share = Fraction(1, 12) if one.period is YEAR else Fraction(1)
        monthly_cost += Fraction(one.amount) * factor * share
    total = compute_total([price], quantity, day)
    assert total.per_month == to_rappen(monthly_cost)
    assert total.per_year == to_rappen(monthly_cost * 12)
    assert total.rest_of_year == to_rappen(monthly_cost * (13 - day.month))
    assert total.next_year == total.per_year


@given(quantities, days, st.integers(0, 1500))
def test_the_years_of_a_monthly_subscription_add_up_to_its_months(quantity, from_on, length):
    until_on = from_on + timedelta(days=length)
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month + 1
    cost = sum(
        compute_year([monthly("3.40")], quantity, year, from_on=from_on, until_on=until_on)
        for year in range(from_on.year, until_on.year + 1)
    )
    assert cost == months * quantity * Decimal("3.40")


@given(st.lists(days, min_size=1, max_size=6, unique=True), days)
def test_on_every_day_after_the_first_price_exactly_one_price_is_valid(firsts, day):
    starts = sorted(firsts)
    prices = [
        terms(valid_from=start, valid_until=following and following - timedelta(days=1))
        for start, following in zip(starts, [*starts[1:], None], strict=True)
    ]
    valid = [one for one in prices if one.is_valid_on(day)]
    assert len(valid) == (1 if day >= starts[0] else 0)
    assert find_terms(prices, day) == (valid[0] if valid else None)


@given(days, quantities)
def test_a_price_change_costs_the_old_price_before_and_the_new_one_after(change, quantity):
    prices = [
        monthly("10.00", valid_from=date(2020, 1, 1), valid_until=change - timedelta(days=1)),
        monthly("20.00", valid_from=change),
    ]
    cost = compute_year(prices, quantity, change.year, from_on=date(2020, 1, 1))
    # The price of a month is the one of its first day of use.
    old_months = change.month - (1 if change.day == 1 else 0)
    assert cost == quantity * (10 * old_months + 20 * (12 - old_months))
