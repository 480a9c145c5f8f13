from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.access import rules
from catalog.access.rules import Assignment, Lock
from cmdb.kernel.viewer import EVERYWHERE

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROLES = {
    "administrator": frozenset({"admin.users", "item.read", "item.write", "order.read"}),
    "operator": frozenset({"item.read", "item.write"}),
    "coordinator": frozenset({"item.read", "order.read"}),
    "nobody": frozenset(),
}
PARTNERS = [UUID(int=number) for number in range(1, 5)]

days = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
assignments = st.builds(
    Assignment,
    st.sampled_from([*ROLES, "abolished"]),
    st.none() | st.sampled_from(PARTNERS),
    st.none() | days,
    st.none() | days,
)
permissions = st.sampled_from(sorted(frozenset().union(*ROLES.values())))
reaches = st.just(EVERYWHERE) | st.frozensets(st.sampled_from(PARTNERS))


@given(st.lists(assignments), assignments)
def test_one_more_assignment_never_removes_a_permission(some, another):
    before = rules.grants_of(some, ROLES, TODAY)
    assert rules.covers(rules.grants_of([*some, another], ROLES, TODAY), before)


@given(st.lists(assignments))
def test_an_assignment_outside_its_period_grants_nothing(some):
    in_force = [one for one in some if rules.is_valid_on(TODAY, one.valid_from, one.valid_until)]
    assert rules.grants_of(some, ROLES, TODAY) == rules.grants_of(in_force, ROLES, TODAY)


@given(st.lists(assignments), st.lists(assignments))
def test_the_order_of_assignments_does_not_matter(some, others):
    assert rules.grants_of([*some, *others], ROLES, TODAY) == rules.grants_of(
        [*others, *some], ROLES, TODAY
    )


@given(
    st.lists(assignments), st.sets(permissions | st.just("unheard.of")), st.sampled_from(PARTNERS)
)
def test_a_token_never_may_more_than_its_person(some, scopes, partner):
    held = rules.grants_of(some, ROLES, TODAY)
    for limit in (None, partner):
        token = rules.token_grants(held, scopes, limit)
        assert rules.covers(held, token)
        assert set(token) <= scopes
    assert all(reach == frozenset({partner}) for reach in token.values())


@given(reaches, reaches)
def test_reaches_form_a_lattice(one, other):
    assert rules.includes(rules.union(one, other), one)
    assert rules.includes(one, rules.intersection(one, other))
    for partner in PARTNERS:
        assert (partner in rules.intersection(one, other)) == (partner in one and partner in other)
        assert (partner in rules.union(one, other)) == (partner in one or partner in other)


def test_a_role_for_one_partner_does_not_reach_another():
    grants = rules.grants_of([Assignment("operator", PARTNERS[0])], ROLES, TODAY)
    assert grants == {"item.read": {PARTNERS[0]}, "item.write": {PARTNERS[0]}}


def test_a_person_may_act_for_several_partners_with_different_roles():
    grants = rules.grants_of(
        [Assignment("coordinator", PARTNERS[0]), Assignment("operator", PARTNERS[1])], ROLES, TODAY
    )
    assert grants["item.read"] == {PARTNERS[0], PARTNERS[1]}
    assert grants["order.read"] == {PARTNERS[0]}
    assert grants["item.write"] == {PARTNERS[1]}


def test_no_number_of_partners_is_as_much_as_all_of_them():
    assert not rules.includes(frozenset(PARTNERS), EVERYWHERE)
    assert rules.includes(EVERYWHERE, frozenset(PARTNERS))


def test_the_first_and_the_last_day_count():
    assert rules.is_valid_on(TODAY, TODAY, TODAY)
    assert not rules.is_valid_on(TODAY, TODAY + timedelta(days=1), None)
    assert not rules.is_valid_on(TODAY, None, TODAY - timedelta(days=1))


def test_the_fifth_wrong_password_locks_for_a_quarter_of_an_hour():
    lock = Lock()
    for _ in range(4):
        lock = rules.lock_after_failure(lock, NOON)
    assert not rules.is_locked(lock, NOON)
    lock = rules.lock_after_failure(lock, NOON)
    assert rules.is_locked(lock, NOON + timedelta(minutes=14, seconds=59))
    assert not rules.is_locked(lock, NOON + timedelta(minutes=15))


def test_tries_during_a_lock_do_not_lengthen_it():
    lock = Lock(5, NOON + timedelta(minutes=1))
    assert rules.lock_after_failure(lock, NOON) == lock


def test_after_a_lock_counting_begins_anew():
    assert rules.lock_after_failure(Lock(5, NOON), NOON) == Lock(1, None)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("kurz", False),
        ("elf zeichen", False),
        ("vier Wörter sind genug", True),
        ("aaaaaaaaaaaaaaaa", False),
        ("anna-ist-ein-name", False),
        ("ANNA-ist-ein-name", False),
        ("Meierhofstrasse 77", False),
        ("x" * 300, False),
    ],
)
def test_a_password_is_long_and_not_ones_own_name(password, is_good):
    assert (not rules.complaints_about_password(password, ["Anna Meier", "am"])) == is_good
