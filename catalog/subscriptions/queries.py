"""Who uses what since when, and what that costs; seen by the partner and by the provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from catalog.offers.models import Service
from catalog.offers.pricing import PriceTerms, compute_year
from catalog.offers.queries import price_terms
from catalog.subscriptions.models import Subscription, SubscriptionItem
from cmdb.items.mentions import Mention, select_mentions
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation


class Period(StrEnum):
    """Where a subscription lies, seen from a day."""

    RUNNING = "running"
    UPCOMING = "upcoming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SubscriptionFilter:
    """What to look for.

    Attributes:
        running_on: keeps what is in use on that day.
        begins_after: keeps what begins after that day.
        ended_before: keeps what has ended before that day.
    """

    partner_id: UUID | None = None
    provider_id: UUID | None = None
    service_id: UUID | None = None
    running_on: date | None = None
    begins_after: date | None = None
    ended_before: date | None = None


@dataclass(frozen=True, slots=True)
class CostLine:
    """What a subscription costs in one year and by which prices.

    Attributes:
        amount: the recurring cost in francs; None where a price of the year is not released yet.
        prices: the prices that are valid in the months of use.
        order_id: the order that led here and holds the approval.
    """

    subscription: Subscription
    year: int
    amount: Decimal | None
    prices: tuple[PriceTerms, ...]
    order_id: UUID


ALL = SubscriptionFilter()


def list_subscriptions(
    session: Session,
    viewer: Viewer,
    wanted: SubscriptionFilter = ALL,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[Subscription]:
    """Return a page of subscriptions, sorted by the code of their service."""
    limit = min(limit, MAX_LIMIT)
    statement = (
        sa.select(Subscription)
        .join(Service, Service.id == Subscription.service_id)
        .where(_seen_by(viewer), *_matching(wanted))
    )
    statement = keyset(statement, SortKey(Service.code), Subscription.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.service.code, id_of=lambda one: one.id)


def count_subscriptions(session: Session, viewer: Viewer, wanted: SubscriptionFilter = ALL) -> int:
    """Count the subscriptions of the wanted kind."""
    statement = (
        sa.select(sa.func.count())
        .select_from(Subscription)
        .where(_seen_by(viewer), *_matching(wanted))
    )
    return session.scalar(statement) or 0


def count_by_period(
    session: Session, viewer: Viewer, day: date, wanted: SubscriptionFilter = ALL
) -> dict[Period, int]:
    """Count the subscriptions that run on a day, begin later or have ended, in one statement."""
    filters = {
        Period.RUNNING: SubscriptionFilter(running_on=day),
        Period.UPCOMING: SubscriptionFilter(begins_after=day),
        Period.ENDED: SubscriptionFilter(ended_before=day),
    }
    counts = [
        sa.func.count().filter(sa.and_(*_matching(one))).label(period)
        for period, one in filters.items()
    ]
    statement = (
        sa.select(*counts).select_from(Subscription).where(_seen_by(viewer), *_matching(wanted))
    )
    return dict(zip(filters, session.execute(statement).one(), strict=True))


def list_users(session: Session, viewer: Viewer) -> Sequence[Organisation]:
    """Return the partners that have subscriptions, for filters that offer nothing empty."""
    users = sa.select(Subscription.partner_id).where(_seen_by(viewer))
    statement = (
        sa.select(Organisation)
        .where(Organisation.id.in_(users))
        .options(lazyload(Organisation.roles))
        .order_by(Organisation.sort_name)
    )
    return session.scalars(statement).all()


def get_subscription(session: Session, viewer: Viewer, subscription_id: UUID) -> Subscription:
    """Return a subscription.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    statement = sa.select(Subscription).where(Subscription.id == subscription_id, _seen_by(viewer))
    subscription = session.scalar(statement)
    if subscription is None:
        raise NotFoundError("subscription.not-found", N_("There is no such subscription."))
    return subscription


def find_subscription_of_order(
    session: Session, viewer: Viewer, order_id: UUID
) -> Subscription | None:
    """Return the subscription that an order opened, None where there is none to be seen."""
    statement = sa.select(Subscription).where(Subscription.order_id == order_id, _seen_by(viewer))
    return session.scalar(
        statement.options(joinedload(Subscription.service).lazyload(Service.prices))
    )


def list_items(session: Session, viewer: Viewer, subscription_id: UUID) -> list[Mention]:
    """Return the items linked to a subscription, as far as the viewer may see them."""
    statement = (
        select_mentions(viewer)
        .join(SubscriptionItem, SubscriptionItem.item_id == ConfigurationItem.id)
        .join(Subscription, Subscription.id == SubscriptionItem.subscription_id)
        .where(Subscription.id == subscription_id, _seen_by(viewer))
        .limit(MAX_LIMIT)
    )
    return [Mention(*row) for row in session.execute(statement)]


def list_subscriptions_of_item(
    session: Session, viewer: Viewer, item_id: UUID
) -> Sequence[Subscription]:
    """Return the subscriptions that a configuration item serves."""
    statement = (
        sa.select(Subscription)
        .join(SubscriptionItem, SubscriptionItem.subscription_id == Subscription.id)
        .join(ConfigurationItem, ConfigurationItem.id == SubscriptionItem.item_id)
        .where(SubscriptionItem.item_id == item_id, _seen_by(viewer), seen_by(viewer))
        .order_by(Subscription.id)
        .limit(MAX_LIMIT)
    )
    return session.scalars(statement).all()


def get_cost_line(
    session: Session, viewer: Viewer, subscription_id: UUID, *, year: int
) -> CostLine:
    """Return what a subscription costs in a year, with the prices and the order behind it."""
    return cost_line_of(get_subscription(session, viewer, subscription_id), year)


def cost_line_of(subscription: Subscription, year: int) -> CostLine:
    """Return what a subscription that was read costs in a year."""
    prices = price_terms(subscription.service)
    first = max(date(year, 1, 1), subscription.from_on)
    last = min(date(year, 12, 31), subscription.until_on or date.max)
    return CostLine(
        subscription=subscription,
        year=year,
        amount=compute_year(
            prices,
            subscription.quantity,
            year,
            from_on=subscription.from_on,
            until_on=subscription.until_on,
        ),
        prices=tuple(
            one
            for one in prices
            if first <= last
            and one.valid_from <= last
            and (one.valid_until is None or one.valid_until >= first)
        ),
        order_id=subscription.order_id,
    )


def _seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    return visible(viewer, "subscription.read", Subscription.partner_id, Subscription.provider_id)


def _matching(wanted: SubscriptionFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.partner_id is not None:
        conditions.append(Subscription.partner_id == wanted.partner_id)
    if wanted.provider_id is not None:
        conditions.append(Subscription.provider_id == wanted.provider_id)
    if wanted.service_id is not None:
        conditions.append(Subscription.service_id == wanted.service_id)
    if wanted.running_on is not None:
        conditions.append(Subscription.from_on <= wanted.running_on)
        conditions.append(
            sa.func.coalesce(Subscription.until_on, wanted.running_on) >= wanted.running_on
        )
    if wanted.begins_after is not None:
        conditions.append(Subscription.from_on > wanted.begins_after)
    if wanted.ended_before is not None:
        conditions.append(Subscription.until_on < wanted.ended_before)
    return conditions
