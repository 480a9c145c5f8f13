"""Whatever people try, in whatever order: the invariants of ordering hold."""

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.ordering import commands, queries, rules
from catalog.ordering.models import ApprovalStep
from catalog.subscriptions.models import Subscription
from cmdb.kernel.errors import HausError
from schemas.vocabulary import OrderAction, OrderState
from tests.asking import ONE_OFF, make_service, make_town, make_wish
from tests.builders import make_viewer

EVERYTHING = (
    *("service.read", "order.read", "order.create", "order.approve", "order.fulfil"),
    *("subscription.read", "subscription.write"),
)
ACTS = {
    OrderAction.SUBMIT: commands.submit_order,
    OrderAction.APPROVE: commands.approve_order,
    OrderAction.REJECT: commands.reject_order,
    OrderAction.WITHDRAW: commands.withdraw_order,
    OrderAction.START_FULFILMENT: commands.start_fulfilment,
    OrderAction.DELIVER: commands.deliver_order,
    OrderAction.CANCEL: commands.cancel_order,
}
steps = st.lists(st.tuples(st.sampled_from(OrderAction), st.integers(0, 2)), max_size=12)


def play(session, *, is_lasting, attempts):
    """Let three people who may do everything try things on one order; return it with its author."""
    town = make_town(session)
    components = {} if is_lasting else {"components": ONE_OFF}
    service = make_service(session, town.provider, is_lasting=is_lasting, **components)
    people = [
        make_viewer(*EVERYTHING, partners={town.partner.id, town.provider.id}) for _ in range(3)
    ]
    order = commands.create_order(session, people[0], make_wish(town, service))
    for action, person in attempts:
        before = order.state
        offered = queries.list_possible_actions(session, people[person], order.id)
        try:
            ACTS[action](session, people[person], order.id, text="A reason")
        except HausError:
            assert order.state is before
            assert action not in offered
        else:
            assert action in offered
            assert before in rules.MOVES[action].sources
            assert before not in rules.TERMINAL_STATES
    return order


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.booleans(), steps)
def test_whatever_is_tried_the_story_stays_consistent(session, is_lasting, attempts):
    with session.begin_nested() as attempt:
        order = play(session, is_lasting=is_lasting, attempts=attempts)
        session.flush()
        story = order.transitions
        asked_by = {
            order.asked_by_id,
            *(one.actor_id for one in story if one.action is OrderAction.SUBMIT),
        }
        deciders = {
            one.actor_id for one in story if one.action in {OrderAction.APPROVE, OrderAction.REJECT}
        }
        assert not deciders & asked_by
        states = [OrderState.DRAFT, *(one.to_state for one in story)]
        assert [one.from_state for one in story] == states[:-1]
        assert states[-1] is order.state
        opened = session.scalar(sa.select(sa.func.count()).where(Subscription.order_id == order.id))
        assert opened == int(is_lasting and order.state is OrderState.DELIVERED)
        approved = session.scalars(
            sa.select(ApprovalStep.is_approved).where(ApprovalStep.order_id == order.id)
        ).all()
        if OrderState.APPROVED in states:
            assert approved == [True]
        attempt.rollback()
