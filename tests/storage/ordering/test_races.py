"""Two people, or two clicks, at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.ordering import commands
from catalog.ordering.models import Order
from catalog.subscriptions.models import Subscription
from catalog.transactions import unit_of_work
from cmdb.kernel.errors import HausError, WrongStateError
from schemas.vocabulary import OrderState
from tests.asking import make_service, make_town, make_wish
from tests.builders import make_viewer

TOGETHER = 4


@pytest.fixture
def town(session):
    town = make_town(session)
    session.commit()
    return town


@pytest.fixture
def service(session, town):
    service = make_service(session, town.provider)
    session.commit()
    return service


@pytest.fixture
def at_once(engine):
    """Run an act several times at the same moment, each in its own session and transaction."""

    def run(*acts):
        barrier = Barrier(len(acts))

        def one(act):
            with Session(engine, expire_on_commit=False) as session:
                barrier.wait(timeout=10)
                try:
                    with unit_of_work(session):
                        return act(session)
                except HausError as error:
                    return error

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run


def place(town, service, **values):
    wish = make_wish(town, service, **values)
    return lambda session: commands.place_order(session, town.requester, wish).number


def test_two_approvals_at_once_have_one_winner(session, town, service, at_once):
    order = commands.place_order(session, town.requester, make_wish(town, service))
    session.commit()
    approvers = [
        make_viewer("order.read", "order.approve", partners={town.partner.id}) for _ in range(2)
    ]
    results = at_once(
        *(
            lambda session, actor=actor: commands.approve_order(session, actor, order.id).state
            for actor in approvers
        )
    )
    assert sorted(str(type(one).__name__) for one in results) == ["OrderState", "WrongStateError"]
    session.expire_all()
    assert order.state is OrderState.APPROVED
    assert len(order.transitions) == 2


def test_an_approval_and_a_withdrawal_at_once_leave_one_story(session, town, service, at_once):
    order = commands.place_order(session, town.requester, make_wish(town, service))
    session.commit()
    at_once(
        lambda session: commands.approve_order(session, town.approver, order.id).state,
        lambda session: commands.withdraw_order(session, town.requester, order.id).state,
    )
    session.expire_all()
    states = [one.to_state for one in order.transitions]
    assert states[-1] is order.state
    assert states[1:] in (
        [OrderState.WITHDRAWN],
        [OrderState.APPROVED, OrderState.WITHDRAWN],
    )


def test_a_delivery_clicked_twice_opens_one_subscription(session, town, service, at_once):
    order = commands.place_order(session, town.requester, make_wish(town, service))
    commands.approve_order(session, town.approver, order.id)
    commands.start_fulfilment(session, town.fulfiller, order.id)
    session.commit()
    results = at_once(
        *[
            lambda session: commands.deliver_order(session, town.fulfiller, order.id).state
            for _ in range(TOGETHER)
        ]
    )
    assert sum(isinstance(one, WrongStateError) for one in results) == TOGETHER - 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Subscription)) == 1


def test_a_request_sent_several_times_at_once_makes_one_order(session, town, service, at_once):
    results = at_once(*[place(town, service, request_key="click")] * TOGETHER)
    assert len(set(results)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_orders_made_at_once_have_different_numbers(town, service, at_once):
    """Also the first ones of a year, when there is no row to count up yet."""
    results = at_once(*[place(town, service)] * TOGETHER)
    assert all(isinstance(one, str) for one in results)
    assert len(set(results)) == TOGETHER
