from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.offers import rules
from catalog.offers.levels import service_levels
from catalog.offers.pricing import Component, PriceTerms
from cmdb.kernel.errors import ConflictError, InvalidError, WrongStateError
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, ServiceState, SlaClass


def part(kind="recurring", period="month", basis="quantity", amount="1.00"):
    return Component(PriceKind(kind), PricePeriod(period), PriceBasis(basis), Decimal(amount))


def price(valid_from, valid_until=None):
    return PriceTerms(UUID(int=1), valid_from, valid_until, (part(),))


def test_a_service_must_not_promise_more_than_what_it_rests_on():
    raised, critical = rules.Promise("SRV", SlaClass.S3), rules.Promise("IDK", SlaClass.S4)
    assert rules.find_sla_violations([(critical, raised)]) == [rules.SlaViolation(critical, raised)]
    assert rules.find_sla_violations([(raised, critical), (raised, raised)]) == []


@given(st.sampled_from([*SlaClass, None]), st.sampled_from([*SlaClass, None]))
def test_what_promises_nothing_breaks_no_promise(one, other):
    found = rules.find_sla_violations([(rules.Promise("A", one), rules.Promise("B", other))])
    order = [None, *SlaClass]
    assert bool(found) == (other is not None and order.index(one) > order.index(other))


@pytest.mark.parametrize(
    "wrong",
    [
        part(period="none"),
        part(kind="one_off", period="month"),
        part(basis="measured"),
        part(amount="-1.00"),
        part(amount="0.001"),
        part(amount="NaN"),
        part(amount="1e30"),
    ],
)
def test_a_price_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(InvalidError):
        rules.check_components([wrong], is_lasting=True)


def test_a_service_that_does_not_last_has_no_recurring_price():
    rules.check_components([part()], is_lasting=True)
    with pytest.raises(InvalidError, match="cannot have a recurring price"):
        rules.check_components([part()], is_lasting=False)


def test_a_price_needs_at_least_one_part():
    with pytest.raises(InvalidError):
        rules.check_components([], is_lasting=True)


def test_a_new_price_ends_the_open_one_on_the_day_before():
    last_day = rules.decide_succession([price(date(2026, 1, 1))], date(2027, 1, 1))
    assert last_day == date(2026, 12, 31)


def test_a_first_price_ends_nothing():
    assert rules.decide_succession([], date(2026, 1, 1)) is None


@pytest.mark.parametrize("valid_from", [date(2026, 1, 1), date(2025, 6, 1)])
def test_a_price_cannot_begin_before_the_last_one(valid_from):
    with pytest.raises(ConflictError, match="2026-01-01"):
        rules.decide_succession([price(date(2026, 1, 1))], valid_from)


def test_a_price_leaves_no_gap():
    ended = [price(date(2026, 1, 1), date(2026, 12, 31))]
    assert rules.decide_succession(ended, date(2027, 1, 1)) is None
    for day in (date(2026, 12, 31), date(2027, 1, 2)):
        with pytest.raises(ConflictError, match="2026-12-31"):
            rules.decide_succession(ended, day)


@given(st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=8))
def test_however_prices_are_released_there_is_never_a_gap_or_an_overlap(days):
    prices: list[PriceTerms] = []
    for day in days:
        try:
            last_day = rules.decide_succession(prices, day)
        except ConflictError:
            continue
        if last_day is not None:
            prices[-1] = price(prices[-1].valid_from, last_day)
        prices.append(price(day))
    for earlier, later in pairwise(prices):
        assert earlier.valid_until == later.valid_from - timedelta(days=1)
        assert earlier.valid_from <= earlier.valid_until
    assert not prices or prices[-1].valid_until is None


def test_only_the_price_of_a_draft_may_lie_in_the_past():
    day = date(2026, 5, 1)
    assert not rules.must_begin_later(ServiceState.DRAFT, day, day)
    assert rules.must_begin_later(ServiceState.ACTIVE, day, day)
    assert not rules.must_begin_later(ServiceState.ACTIVE, day + timedelta(days=1), day)


def test_a_retired_service_never_comes_back():
    for state in ServiceState:
        with pytest.raises(WrongStateError):
            rules.decide_state(ServiceState.RETIRED, state, is_priced=True)


def test_a_service_is_offered_only_with_a_price():
    with pytest.raises(InvalidError, match="price"):
        rules.decide_state(ServiceState.DRAFT, ServiceState.ACTIVE, is_priced=False)


def test_both_languages_are_needed():
    rules.check_texts({"de": "Netz", "en": "Network"}, field="names", longest=10)
    for texts in ({"de": "Netz"}, {"de": "Netz", "en": " "}, {"de": "N", "en": "N", "fr": "R"}):
        with pytest.raises(InvalidError, match="names"):
            rules.check_texts(texts, field="names", longest=10)
    with pytest.raises(InvalidError, match="at most 3"):
        rules.check_texts({"de": "Netz", "en": "Net"}, field="names", longest=3)


def test_search_ignores_case_accents_and_spaces():
    assert rules.fold("  Büro   CAFÉ ") == "buro cafe"
    text = rules.compute_search_text("AP-STD", {"de": "Höhe", "en": "height"})
    assert text == "ap-std hohe height"


def test_the_four_levels_promise_more_from_class_to_class():
    levels = service_levels()
    assert list(levels) == list(SlaClass)
    availability = [one.availability_percent for one in levels.values()]
    assert availability == sorted(availability)
    assert levels[SlaClass.S4].availability_percent == Decimal("99.9")
    assert levels[SlaClass.S2].recovery_time_hours == 24
    for one in levels.values():
        for texts in (one.names, one.service_hours, one.support_hours, one.restore):
            assert set(texts) == {"de", "en"}
