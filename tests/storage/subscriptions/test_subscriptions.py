from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from catalog.offers import commands as offers
from catalog.offers.pricing import Component
from catalog.ordering import commands as ordering
from catalog.subscriptions import commands, queries
from catalog.subscriptions.queries import Period, SubscriptionFilter
from cmdb.kernel.clock import today
from cmdb.kernel.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from cmdb.kernel.events import EventRecord
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod
from tests.asking import OWNER, make_service, make_town, make_wish, parts
from tests.builders import make_item, make_partner, make_viewer
from tests.counting import statements

HIGHER = (
    Component(PriceKind.RECURRING, PricePeriod.MONTH, PriceBasis.QUANTITY, Decimal("131.50")),
)
NEXT_YEAR = today().year + 1


@pytest.fixture
def town(session):
    return make_town(session)


def subscribe(session, town, service=None, **wish):
    service = service or make_service(session, town.provider)
    wish = {"wanted_on": today()} | wish
    order = ordering.place_order(session, town.requester, make_wish(town, service, **wish))
    ordering.approve_order(session, town.approver, order.id)
    ordering.start_fulfilment(session, town.fulfiller, order.id)
    ordering.deliver_order(session, town.fulfiller, order.id)
    session.flush()
    return queries.find_subscription_of_order(session, town.requester, order.id)


def test_both_sides_see_a_subscription_and_nobody_else(session, town):
    subscription = subscribe(session, town)
    for viewer in (town.requester, town.fulfiller):
        assert queries.get_subscription(session, viewer, subscription.id) is subscription
        assert queries.list_subscriptions(session, viewer).rows == [subscription]
        assert queries.count_subscriptions(session, viewer) == 1
    stranger = make_town(session)
    for viewer in (stranger.requester, stranger.fulfiller):
        assert queries.list_subscriptions(session, viewer).rows == []
        assert queries.count_subscriptions(session, viewer) == 0
        with pytest.raises(NotFoundError):
            queries.get_cost_line(session, viewer, subscription.id, year=NEXT_YEAR)


def test_subscriptions_are_found_by_what_they_are(session, town):
    service = make_service(session, town.provider)
    now = subscribe(session, town, service)
    later = subscribe(session, town, service, wanted_on=today() + timedelta(days=60))

    def found(**wanted):
        page = queries.list_subscriptions(session, town.requester, SubscriptionFilter(**wanted))
        return set(page.rows)

    assert found(running_on=today()) == {now}
    assert found(running_on=today() + timedelta(days=60)) == {now, later}
    assert found(begins_after=today()) == {later}
    assert found(ended_before=today() + timedelta(days=9)) == set()
    assert found(service_id=service.id) == {now, later}
    assert found(partner_id=town.partner.id, provider_id=town.provider.id) == {now, later}
    assert found(partner_id=town.provider.id) == set()


def test_subscriptions_are_counted_by_period_in_one_statement(session, town):
    service = make_service(session, town.provider)
    for wanted_on in (today(), today(), today() + timedelta(days=60)):
        subscription = subscribe(session, town, service, wanted_on=wanted_on)
    next_week = today() + timedelta(days=7)
    ended = subscribe(session, town, service)
    commands.end_subscription(session, town.fulfiller, ended.id, until_on=today())
    session.flush()
    with statements(session) as seen:
        counts = queries.count_by_period(session, town.requester, next_week)
    assert len(seen) == 1
    assert counts == {Period.RUNNING: 2, Period.UPCOMING: 1, Period.ENDED: 1}
    other = SubscriptionFilter(partner_id=town.provider.id)
    assert sum(queries.count_by_period(session, town.requester, today(), other).values()) == 0
    stranger = make_town(session).requester
    assert sum(queries.count_by_period(session, stranger, today()).values()) == 0
    assert [one.id for one in queries.list_users(session, town.fulfiller)] == [town.partner.id]
    assert queries.list_users(session, stranger) == []
    assert subscription.from_on > next_week


def test_pages_of_subscriptions_follow_one_another(session, town):
    made = {subscribe(session, town) for _ in range(3)}
    first = queries.list_subscriptions(session, town.requester, limit=2)
    second = queries.list_subscriptions(session, town.requester, limit=2, after=first.next_cursor)
    assert len(first.rows) == 2
    assert {*first.rows, *second.rows} == made


def test_the_cost_of_a_year_follows_the_price_list_and_leads_back_to_the_order(session, town):
    service = make_service(session, town.provider)
    subscription = subscribe(session, town, service)
    offers.release_price(
        session, OWNER, service.id, parts(HIGHER), valid_from=date(NEXT_YEAR, 7, 1)
    )
    session.flush()
    session.expire_all()
    line = queries.get_cost_line(session, town.requester, subscription.id, year=NEXT_YEAR)
    assert line.amount == 12 * (6 * Decimal("128.00") + 6 * Decimal("131.50"))
    assert [one.components[0].amount for one in line.prices] == [
        Decimal("128.00"),
        Decimal("131.50"),
    ]
    assert line.order_id == subscription.order_id
    before = queries.get_cost_line(session, town.requester, subscription.id, year=NEXT_YEAR - 2)
    assert (before.amount, before.prices) == (0, ())


def test_an_ended_subscription_costs_nothing_afterwards(session, town):
    subscription = subscribe(session, town)
    last = date(NEXT_YEAR, 3, 31)
    commands.end_subscription(
        session, town.fulfiller, subscription.id, until_on=last, reason="Fusion"
    )
    line = queries.get_cost_line(session, town.requester, subscription.id, year=NEXT_YEAR)
    assert line.amount == 12 * 3 * Decimal("128.00")
    after = queries.get_cost_line(session, town.requester, subscription.id, year=NEXT_YEAR + 1)
    assert after.amount == 0
    session.flush()
    kinds = session.scalars(
        sa.select(EventRecord.kind)
        .where(EventRecord.subject_id == subscription.id)
        .order_by(EventRecord.at)
    ).all()
    assert kinds == ["subscription_opened", "subscription_ended"]


def test_a_subscription_does_not_end_in_the_past(session, town):
    subscription = subscribe(session, town)
    with pytest.raises(InvalidError, match="today at the earliest"):
        commands.end_subscription(
            session, town.fulfiller, subscription.id, until_on=today() - timedelta(days=1)
        )
    assert subscription.until_on is None


def test_what_has_ended_cannot_end_again(session, town):
    subscription = subscribe(session, town)
    subscription.from_on = today() - timedelta(days=9)
    subscription.until_on = today() - timedelta(days=1)
    session.flush()
    with pytest.raises(WrongStateError):
        commands.end_subscription(session, town.fulfiller, subscription.id, until_on=today())


def test_a_reason_has_a_limit(session, town):
    subscription = subscribe(session, town)
    with pytest.raises(InvalidError, match="at most 500"):
        commands.end_subscription(
            session, town.fulfiller, subscription.id, until_on=today(), reason="x" * 501
        )


def test_only_the_provider_changes_a_subscription(session, town):
    subscription = subscribe(session, town)
    item = make_item(session, town.partner)
    with pytest.raises(ForbiddenError):
        commands.end_subscription(session, town.requester, subscription.id, until_on=today())
    for act in (commands.link_item, commands.unlink_item):
        with pytest.raises(ForbiddenError):
            act(session, town.requester, subscription.id, item.id)


def test_items_are_linked_once_and_unlinked(session, town):
    subscription = subscribe(session, town)
    item = make_item(session, town.partner)
    for _ in range(2):
        commands.link_item(session, town.fulfiller, subscription.id, item.id)
        session.flush()
    (shown,) = queries.list_items(session, town.fulfiller, subscription.id)
    assert shown.id == item.id
    assert list(queries.list_subscriptions_of_item(session, town.fulfiller, item.id)) == [
        subscription
    ]
    blind = make_viewer("subscription.read")
    assert list(queries.list_items(session, blind, subscription.id)) == []
    for _ in range(2):
        commands.unlink_item(session, town.fulfiller, subscription.id, item.id)
        session.flush()
    assert list(queries.list_items(session, town.fulfiller, subscription.id)) == []


def test_an_item_that_serves_the_partner_may_be_anothers_property(session, town):
    subscription = subscribe(session, town)
    rented = make_item(session, town.provider, user_partner_id=town.partner.id)
    commands.link_item(session, town.fulfiller, subscription.id, rented.id)
    session.flush()
    (shown,) = queries.list_items(session, town.fulfiller, subscription.id)
    assert shown.id == rented.id


def test_unknown_hidden_and_foreign_items_are_refused_alike(session, town):
    subscription = subscribe(session, town)
    hidden = make_item(session, make_partner(session))
    shared = make_item(session, town.provider)
    sentences = set()
    for item_id in (subscription.id, hidden.id, shared.id):
        with pytest.raises(InvalidError) as caught:
            commands.link_item(session, town.fulfiller, subscription.id, item_id)
        sentences.add(str(caught.value))
    assert len(sentences) == 1
