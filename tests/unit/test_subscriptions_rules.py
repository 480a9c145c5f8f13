from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.subscriptions import rules
from cmdb.kernel.errors import InvalidError, WrongStateError

TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def test_a_subscription_runs_on_its_first_and_last_day():
    assert rules.is_running(TODAY, TODAY, TODAY)
    assert not rules.is_running(TOMORROW, None, TODAY)
    assert not rules.is_running(YESTERDAY, YESTERDAY, TODAY)


def test_what_was_used_cannot_be_ended_afterwards():
    with pytest.raises(InvalidError, match="today at the earliest"):
        rules.decide_end(date(2026, 1, 1), None, YESTERDAY, TODAY)


def test_nothing_ends_before_it_begins():
    with pytest.raises(InvalidError, match="2027-01-01"):
        rules.decide_end(date(2027, 1, 1), None, TOMORROW, TODAY)


def test_an_end_that_lies_ahead_can_be_moved_but_not_one_that_has_passed():
    assert rules.decide_end(date(2026, 1, 1), TOMORROW, TODAY, TODAY) == TODAY
    with pytest.raises(WrongStateError):
        rules.decide_end(date(2026, 1, 1), YESTERDAY, TOMORROW, TODAY)


days = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@given(days, st.none() | days, days)
def test_an_accepted_end_never_changes_the_past(from_on, until_on, wanted):
    try:
        end = rules.decide_end(from_on, until_on, wanted, TODAY)
    except (InvalidError, WrongStateError):
        return
    assert end >= max(from_on, TODAY)
    assert rules.is_running(from_on, until_on, YESTERDAY) == rules.is_running(
        from_on, end, YESTERDAY
    )
