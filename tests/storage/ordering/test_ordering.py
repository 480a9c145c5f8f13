import re
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from catalog.offers import commands as offers
from catalog.offers.pricing import Component
from catalog.ordering import commands, queries, rules
from catalog.ordering.models import Order
from catalog.ordering.quoting import get_quote
from catalog.subscriptions import queries as subscriptions
from cmdb.kernel.clock import today
from cmdb.kernel.errors import (
    ForbiddenError,
    InvalidError,
    NotFoundError,
    WrongStateError,
)
from cmdb.kernel.events import EventRecord
from cmdb.kernel.viewer import job
from schemas.vocabulary import (
    OrderAction,
    OrderParty,
    OrderState,
    PriceBasis,
    PriceKind,
    PricePeriod,
    ServiceState,
)
from tests.asking import MONTHLY, ONE_OFF, OWNER, make_service, make_town, make_wish, parts
from tests.builders import make_item, make_partner, make_site, make_viewer


@pytest.fixture
def town(session):
    return make_town(session)


@pytest.fixture
def service(session, town):
    return make_service(session, town.provider)


@pytest.fixture
def order(session, town, service):
    return commands.place_order(session, town.requester, make_wish(town, service))


def approve_and_start(session, town, order):
    commands.approve_order(session, town.approver, order.id)
    return commands.start_fulfilment(session, town.fulfiller, order.id)


def events_about(session, subject):
    session.flush()
    statement = (
        sa.select(EventRecord.kind)
        .where(EventRecord.subject_id == subject.id)
        .order_by(EventRecord.at)
    )
    return session.scalars(statement).all()


def test_an_order_goes_from_wish_to_subscription_with_every_step_written_down(
    session, town, service, order
):
    assert re.fullmatch(rf"B-{today().year}-\d{{5}}", order.number)
    commands.approve_order(session, town.approver, order.id, text="Im Budget")
    commands.start_fulfilment(session, town.fulfiller, order.id)
    commands.deliver_order(session, town.fulfiller, order.id, text="Geräte stehen bereit")
    session.flush()
    session.expire_all()
    order = queries.get_order(session, town.requester, order.id)
    assert order.state is OrderState.DELIVERED
    assert [
        (one.action, one.actor_name, one.role, one.to_state, one.text) for one in order.transitions
    ] == [
        (OrderAction.SUBMIT, "Rita", OrderParty.REQUESTER, OrderState.SUBMITTED, ""),
        (OrderAction.APPROVE, "Anton", OrderParty.APPROVER, OrderState.APPROVED, "Im Budget"),
        (
            OrderAction.START_FULFILMENT,
            "Flavia",
            OrderParty.FULFILLER,
            OrderState.IN_FULFILMENT,
            "",
        ),
        (
            OrderAction.DELIVER,
            "Flavia",
            OrderParty.FULFILLER,
            OrderState.DELIVERED,
            "Geräte stehen bereit",
        ),
    ]
    subscription = subscriptions.find_subscription_of_order(session, town.requester, order.id)
    assert subscription.quantity == 12
    assert subscription.from_on == order.wanted_on
    assert subscription.price_id == service.prices[0].id
    assert queries.get_order_of_subscription(session, town.requester, subscription.id) is order
    assert events_about(session, order) == [
        "order_submitted",
        "order_approved",
        "fulfilment_started",
        "order_delivered",
    ]
    assert events_about(session, subscription) == ["subscription_opened"]


def test_the_total_is_seen_before_and_kept_after_sending(session, town, service):
    wish = make_wish(town, service, quantity=12)
    quote = get_quote(session, town.requester, wish)
    assert quote.total.per_year == Decimal("18432.00")
    order = commands.place_order(session, town.requester, wish)
    assert order.yearly_total == Decimal("18432.00")
    begin = order.wanted_on + timedelta(days=400)
    offers.release_price(session, OWNER, service.id, parts(MONTHLY * 2), valid_from=begin)
    session.flush()
    session.expire_all()
    assert order.yearly_total == Decimal("18432.00")
    assert order.price_snapshot["components"] == [
        {"kind": "recurring", "period": "month", "basis": "quantity", "amount": "128.00"}
    ]
    assert order.price_snapshot["total"]["per_year"] == "18432.00"


def test_a_one_off_order_ends_with_its_delivery(session, town):
    screen = make_service(session, town.provider, components=ONE_OFF, is_lasting=False)
    order = commands.place_order(session, town.requester, make_wish(town, screen, quantity=3))
    assert (order.one_off_total, order.yearly_total) == (Decimal("870.00"), 0)
    approve_and_start(session, town, order)
    with pytest.raises(InvalidError, match="ends with its delivery"):
        commands.deliver_order(session, town.fulfiller, order.id, from_on=today())
    commands.deliver_order(session, town.fulfiller, order.id)
    assert order.state is OrderState.DELIVERED
    assert subscriptions.find_subscription_of_order(session, town.requester, order.id) is None


def test_whoever_asked_cannot_decide_with_a_second_role_either(session, town, service):
    both = make_viewer(
        "service.read", "order.read", "order.create", "order.approve", partners={town.partner.id}
    )
    order = commands.place_order(session, both, make_wish(town, service))
    assert queries.list_to_decide(session, both).rows == []
    assert OrderAction.APPROVE not in queries.list_possible_actions(session, both, order.id)
    with pytest.raises(ForbiddenError, match="yourself"):
        commands.approve_order(session, both, order.id)
    with pytest.raises(ForbiddenError, match="yourself"):
        commands.reject_order(session, both, order.id, text="No")
    assert order.state is OrderState.SUBMITTED


def test_whoever_sent_anothers_draft_cannot_decide_on_it(session, town, service):
    both = make_viewer(
        "service.read", "order.read", "order.create", "order.approve", partners={town.partner.id}
    )
    draft = commands.create_order(session, town.requester, make_wish(town, service))
    commands.submit_order(session, both, draft.id)
    assert queries.count_to_decide(session, both) == 0
    with pytest.raises(ForbiddenError):
        commands.approve_order(session, both, draft.id)
    assert queries.count_to_decide(session, town.approver) == 1


def test_a_job_of_the_house_approves_nothing(session, order):
    everything = job("nightly", "order.read", "order.approve")
    with pytest.raises(ForbiddenError, match="person"):
        commands.approve_order(session, everything, order.id)


def test_a_rejection_tells_its_reason(session, town, order):
    with pytest.raises(InvalidError, match="reason"):
        commands.reject_order(session, town.approver, order.id, text=" ")
    commands.reject_order(session, town.approver, order.id, text="Kein Budget")
    assert order.state is OrderState.REJECTED
    assert order.transitions[-1].text == "Kein Budget"
    assert events_about(session, order)[-1] == "order_rejected"
    with pytest.raises(WrongStateError, match="rejected"):
        commands.approve_order(session, town.approver, order.id)


def test_a_second_signature_is_somebody_elses(session, town, service, monkeypatch):
    """Signing limits come later; the steps they need are already there."""
    monkeypatch.setattr(rules, "count_approvals_needed", lambda: 2)
    order = commands.place_order(session, town.requester, make_wish(town, service))
    commands.approve_order(session, town.approver, order.id)
    assert order.state is OrderState.SUBMITTED
    assert events_about(session, order) == ["order_submitted"]
    assert queries.count_to_decide(session, town.approver) == 0
    with pytest.raises(ForbiddenError, match="already decided"):
        commands.approve_order(session, town.approver, order.id)
    second = make_viewer("order.read", "order.approve", partners={town.partner.id}, name="Zora")
    assert queries.list_to_decide(session, second).rows == [order]
    commands.approve_order(session, second, order.id)
    assert order.state is OrderState.APPROVED
    assert [one.decided_by_name for one in order.approval_steps] == ["Anton", "Zora"]
    assert events_about(session, order) == ["order_submitted", "order_approved"]


def test_an_order_whose_cost_cannot_be_meant_is_refused(session, town):
    dear = Component(
        PriceKind.ONE_OFF, PricePeriod.NONE, PriceBasis.QUANTITY, Decimal("99999999.99")
    )
    service = make_service(session, town.provider, components=(dear,), is_lasting=False)
    with pytest.raises(InvalidError, match="billion"):
        commands.place_order(session, town.requester, make_wish(town, service, quantity=11))


def test_an_order_can_be_withdrawn_until_the_provider_begins(session, town, service, order):
    commands.approve_order(session, town.approver, order.id)
    commands.withdraw_order(session, town.requester, order.id, text="Doch nicht")
    assert order.state is OrderState.WITHDRAWN
    begun = commands.place_order(session, town.requester, make_wish(town, service))
    approve_and_start(session, town, begun)
    with pytest.raises(WrongStateError, match="already working"):
        commands.withdraw_order(session, town.requester, begun.id)


def test_the_provider_can_cancel_with_a_reason(session, town, order):
    approve_and_start(session, town, order)
    with pytest.raises(InvalidError, match="reason"):
        commands.cancel_order(session, town.fulfiller, order.id, text="")
    commands.cancel_order(session, town.fulfiller, order.id, text="Nicht lieferbar")
    assert order.state is OrderState.CANCELLED
    assert events_about(session, order)[-1] == "order_cancelled"


def test_a_repeated_request_makes_one_order(session, town, service):
    wish = make_wish(town, service, request_key="form-1")
    first = commands.place_order(session, town.requester, wish)
    again = commands.place_order(session, town.requester, wish)
    assert again is first
    assert len(first.transitions) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_a_request_key_stands_for_one_wish_of_one_person(session, town, service):
    wish = make_wish(town, service, request_key="form-1")
    commands.place_order(session, town.requester, wish)
    with pytest.raises(InvalidError, match="request key"):
        commands.place_order(
            session, town.requester, make_wish(town, service, request_key="form-1", quantity=1)
        )
    colleague = make_viewer("service.read", "order.create", partners={town.partner.id})
    with pytest.raises(InvalidError):
        commands.place_order(session, colleague, wish)


def test_two_partners_may_use_the_same_request_key(session, town, service):
    other = make_town(session, town.provider)
    numbers = {
        commands.place_order(
            session, one.requester, make_wish(one, service, request_key="form-1")
        ).number
        for one in (town, other)
    }
    assert len(numbers) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10_001}, "quantity"),
        ({"wanted_on": today() - timedelta(days=2)}, "wanted_on"),
        ({"wanted_on": today() + timedelta(days=4 * 366)}, "wanted_on"),
        ({"reason": "x" * 2001}, "reason"),
        ({"request_key": "x" * 65}, "request_key"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_at_its_field(session, town, service, values, field):
    with pytest.raises(InvalidError) as caught:
        commands.place_order(session, town.requester, make_wish(town, service, **values))
    assert set(caught.value.errors) == {field}
    assert session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_a_site_must_be_the_partners_own(session, town, service):
    own = make_site(session, town.partner)
    foreign = make_site(session, make_partner(session))
    order = commands.place_order(session, town.requester, make_wish(town, service, site_id=own.id))
    assert order.site_id == own.id
    with pytest.raises(InvalidError, match="does not belong"):
        commands.place_order(session, town.requester, make_wish(town, service, site_id=foreign.id))


def test_only_a_partner_of_today_can_order(session, town, service):
    town.partner.valid_until = today() - timedelta(days=1)
    session.flush()
    with pytest.raises(InvalidError, match="not a partner today"):
        commands.place_order(session, town.requester, make_wish(town, service))


def test_only_an_active_service_with_a_price_on_that_day_can_be_ordered(session, town):
    ending = make_service(session, town.provider, state=ServiceState.RETIRING)
    with pytest.raises(InvalidError, match="no longer be ordered"):
        commands.place_order(session, town.requester, make_wish(town, ending))
    later = make_service(session, town.provider, valid_from=today() + timedelta(days=100))
    with pytest.raises(InvalidError, match="has no price on"):
        commands.place_order(session, town.requester, make_wish(town, later))


def test_a_draft_is_checked_again_when_it_is_sent(session, town, service):
    draft = commands.create_order(session, town.requester, make_wish(town, service))
    offers.move_service(session, OWNER, service.id, ServiceState.RETIRING)
    with pytest.raises(InvalidError, match="no longer be ordered"):
        commands.submit_order(session, town.requester, draft.id)
    assert draft.state is OrderState.DRAFT


def test_every_act_needs_its_permission_on_its_side(session, town, service, order):
    with pytest.raises(ForbiddenError):
        commands.place_order(session, town.approver, make_wish(town, service))
    with pytest.raises(ForbiddenError):
        commands.approve_order(session, town.requester, order.id)
    with pytest.raises(ForbiddenError):
        commands.approve_order(session, town.fulfiller, order.id)
    with pytest.raises(ForbiddenError):
        commands.withdraw_order(session, town.approver, order.id)
    commands.approve_order(session, town.approver, order.id)
    for act in (commands.start_fulfilment, commands.deliver_order):
        with pytest.raises(ForbiddenError):
            act(session, town.approver, order.id)
    with pytest.raises(ForbiddenError):
        commands.cancel_order(session, town.requester, order.id, text="x")


def test_delivered_items_belong_to_the_partner_and_are_seen_by_the_fulfiller(session, town, order):
    approve_and_start(session, town, order)
    own, foreign = make_item(session, town.partner), make_item(session, make_partner(session))
    with pytest.raises(InvalidError, match="does not belong to this partner"):
        commands.deliver_order(session, town.fulfiller, order.id, item_ids=[own.id, foreign.id])
    session.rollback()


def test_a_delivery_links_the_partners_items(session, town, order):
    approve_and_start(session, town, order)
    own = make_item(session, town.partner)
    commands.deliver_order(session, town.fulfiller, order.id, item_ids=[own.id, own.id])
    subscription = subscriptions.find_subscription_of_order(session, town.fulfiller, order.id)
    (shown,) = subscriptions.list_items(session, town.fulfiller, subscription.id)
    assert shown.id == own.id


def test_an_order_is_nothing_to_strangers(session, town, order):
    stranger = make_town(session)
    for viewer in (stranger.requester, stranger.approver, stranger.fulfiller):
        with pytest.raises(NotFoundError):
            queries.get_order(session, viewer, order.id)
        assert queries.find_order(session, viewer, order.number) is None
        assert queries.list_orders(session, viewer).rows == []
        assert queries.count_orders_by_state(session, viewer) == {}
        assert queries.count_to_decide(session, viewer) == 0
        assert queries.count_to_fulfil(session, viewer) == 0
    with pytest.raises(NotFoundError):
        commands.approve_order(session, stranger.approver, order.id)


def test_a_draft_is_hidden_from_the_provider(session, town, service):
    draft = commands.create_order(session, town.requester, make_wish(town, service))
    with pytest.raises(NotFoundError):
        queries.get_order(session, town.fulfiller, draft.id)
    commands.submit_order(session, town.requester, draft.id)
    assert queries.get_order(session, town.fulfiller, draft.id) is draft


def test_what_waits_is_sorted_by_the_wanted_day(session, town, service):
    days = [50, 10, 30]
    orders = {
        day: commands.place_order(
            session,
            town.requester,
            make_wish(town, service, wanted_on=today() + timedelta(days=day)),
        )
        for day in days
    }
    first = queries.list_to_decide(session, town.approver, limit=2)
    rest = queries.list_to_decide(session, town.approver, limit=2, after=first.next_cursor)
    assert [*first.rows, *rest.rows] == [orders[10], orders[30], orders[50]]
    assert queries.count_to_decide(session, town.approver) == 3
    assert queries.list_to_fulfil(session, town.fulfiller).rows == []
    commands.approve_order(session, town.approver, orders[30].id)
    assert queries.list_to_fulfil(session, town.fulfiller).rows == [orders[30]]
    assert queries.count_to_fulfil(session, town.fulfiller) == 1
    assert queries.count_orders_by_state(session, town.requester) == {
        OrderState.SUBMITTED: 2,
        OrderState.APPROVED: 1,
    }


def test_orders_are_listed_newest_first_page_by_page(session, town, service):
    made = [
        commands.place_order(session, town.requester, make_wish(town, service)) for _ in range(3)
    ]
    first = queries.list_orders(session, town.requester, limit=2)
    second = queries.list_orders(session, town.requester, limit=2, after=first.next_cursor)
    assert [*first.rows, *second.rows] == made[::-1]
    wanted = queries.OrderFilter(partner_id=town.partner.id, states=(OrderState.DRAFT,))
    assert queries.list_orders(session, town.requester, wanted).rows == []


def test_a_page_of_orders_costs_the_same_number_of_statements_whatever_its_length(
    session, town, service
):
    def statements():
        seen = []

        def count(*arguments):
            seen.append(arguments[2])

        session.expunge_all()
        sa.event.listen(session.bind, "before_cursor_execute", count)
        for one in queries.list_orders(session, town.requester).rows:
            assert one.partner.name
            assert one.service.names
        sa.event.remove(session.bind, "before_cursor_execute", count)
        return len(seen)

    commands.place_order(session, town.requester, make_wish(town, service))
    session.flush()
    one = statements()
    for _ in range(5):
        commands.place_order(session, town.requester, make_wish(town, service))
    session.flush()
    assert statements() == one <= 6
