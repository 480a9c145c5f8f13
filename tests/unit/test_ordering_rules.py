from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.ordering import rules
from cmdb.kernel.errors import ForbiddenError, InvalidError, WrongStateError
from schemas.vocabulary import OrderAction, OrderParty, OrderState

PARTNER, PROVIDER = UUID(int=1), UUID(int=2)
RITA, ANTON = UUID(int=11), UUID(int=12)
TODAY = date(2026, 11, 24)


def facts(state=OrderState.SUBMITTED, asked_by=(RITA,), decided_by=()):
    return rules.OrderFacts(state, PARTNER, PROVIDER, frozenset(asked_by), frozenset(decided_by))


def everything(_permission, _partner):
    return True


def test_every_state_can_be_reached_from_the_draft():
    reached = {OrderState.DRAFT}
    for _ in OrderState:
        reached |= {one.target for one in rules.MOVES.values() if one.sources & reached}
    assert reached == set(OrderState)


def test_what_has_ended_stays_ended():
    assert {
        OrderState.REJECTED,
        OrderState.WITHDRAWN,
        OrderState.DELIVERED,
        OrderState.CANCELLED,
    } == rules.TERMINAL_STATES
    for state in rules.TERMINAL_STATES:
        assert rules.possible_actions(facts(state), ANTON, everything) == ()
        for action in OrderAction:
            with pytest.raises(WrongStateError):
                rules.decide_move(action, state, "A reason")


def test_no_path_leads_around_the_approval():
    """Without the moves of approvers nothing is ever delivered."""
    reached = {OrderState.DRAFT}
    for _ in OrderState:
        reached |= {
            one.target
            for one in rules.MOVES.values()
            if one.party is not OrderParty.APPROVER and one.sources & reached
        }
    assert reached == {OrderState.DRAFT, OrderState.SUBMITTED, OrderState.WITHDRAWN}


@given(st.sampled_from(OrderAction), st.sampled_from(OrderState))
def test_an_action_either_follows_the_table_or_says_why_not(action, state):
    move = rules.MOVES[action]
    if state in move.sources:
        assert rules.decide_move(action, state, "A reason").target is move.target
    else:
        with pytest.raises(WrongStateError) as caught:
            rules.decide_move(action, state, "A reason")
        assert str(caught.value) == rules.WHY_NOT[state]


@pytest.mark.parametrize("action", [OrderAction.REJECT, OrderAction.CANCEL])
@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_refusal_needs_a_reason(action, text):
    state = next(iter(rules.MOVES[action].sources))
    with pytest.raises(InvalidError, match="reason") as caught:
        rules.decide_move(action, state, text)
    assert "text" in caught.value.errors


def test_a_text_has_a_limit():
    rules.decide_move(OrderAction.APPROVE, OrderState.SUBMITTED, "x" * rules.MAX_TEXT)
    with pytest.raises(InvalidError, match="1000"):
        rules.decide_move(OrderAction.APPROVE, OrderState.SUBMITTED, "x" * (rules.MAX_TEXT + 1))


def test_whoever_asked_cannot_decide():
    rules.check_four_eyes(facts(), ANTON)
    with pytest.raises(ForbiddenError, match="yourself"):
        rules.check_four_eyes(facts(), RITA)


def test_whoever_decided_a_step_cannot_decide_the_next():
    with pytest.raises(ForbiddenError, match="already decided"):
        rules.check_four_eyes(facts(decided_by=[ANTON]), ANTON)


def test_a_job_cannot_decide():
    with pytest.raises(ForbiddenError, match="person"):
        rules.check_four_eyes(facts(asked_by=[None]), None)


people = st.sampled_from([None, RITA, ANTON, UUID(int=13)])


@given(st.sampled_from(OrderState), st.frozensets(people), st.frozensets(people), people)
def test_no_role_lets_a_requester_decide(state, asked_by, decided_by, actor_id):
    """Whatever permissions somebody holds: offered and allowed are decisions of others only."""
    order = facts(state, asked_by, decided_by)
    offered = set(rules.possible_actions(order, actor_id, everything))
    is_second = actor_id is not None and actor_id not in asked_by | decided_by
    decisions = {OrderAction.APPROVE, OrderAction.REJECT}
    assert bool(offered & decisions) == (is_second and state is OrderState.SUBMITTED)
    if not is_second:
        with pytest.raises(ForbiddenError):
            rules.check_four_eyes(order, actor_id)


@given(st.sampled_from(OrderState), st.sets(st.sampled_from(sorted(rules.PERMISSIONS.values()))))
def test_only_what_the_permission_allows_on_the_right_side_is_offered(state, held):
    def may(permission, partner_id):
        side = PROVIDER if permission == "order.fulfil" else PARTNER
        return permission in held and partner_id == side

    for action in rules.possible_actions(facts(state), ANTON, may):
        assert rules.PERMISSIONS[rules.MOVES[action].party] in held


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_a_quantity_has_limits(quantity):
    rules.check_quantity(1, 10_000)
    rules.check_quantity(10_000, 10_000)
    with pytest.raises(InvalidError, match="from 1 to 10000"):
        rules.check_quantity(quantity, 10_000)


def test_nothing_can_be_wanted_yesterday_or_in_the_far_future():
    rules.check_wanted_on(TODAY, TODAY)
    rules.check_wanted_on(TODAY + rules.LONGEST_NOTICE, TODAY)
    for day in (TODAY - timedelta(days=1), TODAY + rules.LONGEST_NOTICE + timedelta(days=1)):
        with pytest.raises(InvalidError) as caught:
            rules.check_wanted_on(day, TODAY)
        assert "wanted_on" in caught.value.errors


def test_use_begins_on_the_wanted_day_or_on_delivery_if_that_is_later():
    days = {"submitted_on": TODAY, "today": TODAY}
    later, earlier = TODAY + timedelta(days=9), TODAY - timedelta(days=9)
    assert rules.decide_first_day(None, wanted_on=later, **days) == later
    assert rules.decide_first_day(None, wanted_on=earlier, **days) == TODAY
    assert rules.decide_first_day(TODAY, wanted_on=later, **days) == TODAY


def test_use_cannot_begin_before_the_order():
    with pytest.raises(InvalidError, match="before the order"):
        rules.decide_first_day(
            TODAY - timedelta(days=1), wanted_on=TODAY, submitted_on=TODAY, today=TODAY
        )


def test_order_numbers_read_like_numbers_of_orders():
    assert rules.format_number(2026, 42) == "B-2026-00042"
    assert rules.format_number(2026, 123_456) == "B-2026-123456"
