"""Which accounts need attention, and how small numbers are kept from pointing at persons."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.accounts.rules import SMALLEST_TOLD, AccountFacts, Hygiene, judge_hygiene, suppress_small
from schemas.vocabulary import LogonBucket

TODAY = date(2027, 3, 31)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("account", "found"),
    [
        (AccountFacts(True, False, LogonBucket.UNDER_30_DAYS), ()),
        (AccountFacts(True, False, LogonBucket.OVER_90_DAYS), (Hygiene.STALE,)),
        (AccountFacts(True, False, LogonBucket.NEVER, ago(91)), (Hygiene.STALE,)),
        (AccountFacts(True, False, LogonBucket.NEVER, ago(90)), ()),
        (AccountFacts(True, False, LogonBucket.NEVER), (Hygiene.STALE,)),
        (AccountFacts(True, False, LogonBucket.UNKNOWN), ()),
        (
            AccountFacts(True, True, LogonBucket.OVER_90_DAYS),
            (Hygiene.STALE, Hygiene.PRIVILEGED),
        ),
        (AccountFacts(False, True, LogonBucket.OVER_90_DAYS), ()),
        (
            AccountFacts(False, False, LogonBucket.NEVER, disabled_on=ago(181)),
            (Hygiene.DISABLED_LONG,),
        ),
        (AccountFacts(False, False, LogonBucket.NEVER, disabled_on=ago(180)), ()),
    ],
)
def test_hygiene_names_why_to_look(account, found):
    assert judge_hygiene(account, TODAY) == found


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=6))
def test_a_small_number_can_neither_be_read_nor_worked_out(counts):
    told = suppress_small(counts)
    assert told.keys() == counts.keys()
    assert all(told[name] in (None, count) for name, count in counts.items())
    withheld = [count for name, count in counts.items() if told[name] is None]
    assert not any(0 < count < SMALLEST_TOLD for name, count in counts.items() if told[name])
    others = [count for count in counts.values() if count >= SMALLEST_TOLD]
    assert len(withheld) != 1 or not others
