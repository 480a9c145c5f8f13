"""What the provider does with subscriptions: open, end, link to items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.offers.models import Service
from catalog.offers.pricing import PriceTerms, find_terms
from catalog.offers.queries import price_terms
from catalog.subscriptions import queries, rules
from catalog.subscriptions.events import (
    SubscriptionEnded,
    SubscriptionItemLinked,
    SubscriptionItemUnlinked,
    SubscriptionOpened,
)
from catalog.subscriptions.models import Subscription, SubscriptionItem
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit

MAX_ITEMS = 200
MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a delivered order hands over to a subscription."""

    order_id: UUID
    partner_id: UUID
    service: Service
    quantity: int
    from_on: date
    site_id: UUID | None = None


def open_subscription(
    session: Session, actor: Viewer, opening: Opening, *, item_ids: Sequence[UUID] = ()
) -> Subscription:
    """Open the subscription that follows from a delivered order.

    Raises:
        InvalidError: the service has no price on the first day, or an item is not the partner's.
    """
    service = opening.service
    permit(actor, "subscription.write", service.provider_id)
    terms = _get_terms(service, opening.from_on)
    subscription = Subscription(
        order_id=opening.order_id,
        partner_id=opening.partner_id,
        provider_id=service.provider_id,
        service=service,
        price_id=terms.id,
        site_id=opening.site_id,
        quantity=opening.quantity,
        from_on=opening.from_on,
    )
    session.add(subscription)
    # Links and the event name the subscription, whose key is made when it is written.
    session.flush()
    _link(session, actor, subscription, item_ids)
    record(
        session,
        actor,
        SubscriptionOpened(
            subject_id=subscription.id,
            partner_id=subscription.partner_id,
            order_id=opening.order_id,
            service=service.code,
            quantity=opening.quantity,
            from_on=opening.from_on.isoformat(),
        ),
    )
    return subscription


def end_subscription(
    session: Session, actor: Viewer, subscription_id: UUID, *, until_on: date, reason: str = ""
) -> Subscription:
    """Set the last day of a subscription.

    Raises:
        WrongStateError: it has already ended.
        InvalidError: the day lies in the past or before the beginning, or the reason is too long.
    """
    subscription = queries.get_subscription(session, actor, subscription_id)
    permit(actor, "subscription.write", subscription.provider_id)
    # Two people who end it at the same time come one after the other.
    session.refresh(subscription, with_for_update={"of": Subscription})
    if len(reason) > MAX_REASON:
        raise InvalidError.at(
            "reason",
            "subscription.reason-too-long",
            N_("The reason may have at most {max} characters."),
            max=MAX_REASON,
        )
    subscription.until_on = rules.decide_end(
        subscription.from_on, subscription.until_on, until_on, today()
    )
    subscription.end_reason = reason.strip()
    subscription.version += 1
    record(
        session,
        actor,
        SubscriptionEnded(
            subject_id=subscription.id,
            partner_id=subscription.partner_id,
            service=subscription.service.code,
            until_on=until_on.isoformat(),
            reason=subscription.end_reason,
        ),
    )
    return subscription


def link_item(
    session: Session, actor: Viewer, subscription_id: UUID, item_id: UUID
) -> Subscription:
    """Say that a partner uses a subscription through an item; a link that exists stays.

    Raises:
        InvalidError: the item is not the partner's, or the actor may not see it.
    """
    subscription = queries.get_subscription(session, actor, subscription_id)
    permit(actor, "subscription.write", subscription.provider_id)
    _link(session, actor, subscription, [item_id])
    return subscription


def unlink_item(
    session: Session, actor: Viewer, subscription_id: UUID, item_id: UUID
) -> Subscription:
    """Say that a partner no longer uses a subscription through an item."""
    subscription = queries.get_subscription(session, actor, subscription_id)
    permit(actor, "subscription.write", subscription.provider_id)
    link = session.get(SubscriptionItem, (subscription_id, item_id))
    if link is not None:
        session.delete(link)
        record(
            session,
            actor,
            SubscriptionItemUnlinked(
                subject_id=subscription.id, partner_id=subscription.partner_id, item_id=item_id
            ),
        )
    return subscription


def _get_terms(service: Service, day: date) -> PriceTerms:
    terms = find_terms(price_terms(service), day)
    if terms is None:
        raise InvalidError.at(
            "from_on",
            "subscription.not-priced",
            N_("The service {service} has no price on {day}; choose another first day."),
            service=service.code,
            day=day.isoformat(),
        )
    return terms


def _link(
    session: Session, actor: Viewer, subscription: Subscription, item_ids: Sequence[UUID]
) -> None:
    wanted = set(item_ids)
    _check_items(session, actor, wanted, subscription.partner_id)
    linked = session.scalars(
        sa.select(SubscriptionItem.item_id).where(
            SubscriptionItem.subscription_id == subscription.id
        )
    )
    for item_id in sorted(wanted - set(linked)):
        session.add(
            SubscriptionItem(subscription_id=subscription.id, item_id=item_id, linked_by=actor.name)
        )
        record(
            session,
            actor,
            SubscriptionItemLinked(
                subject_id=subscription.id, partner_id=subscription.partner_id, item_id=item_id
            ),
        )


def _check_items(session: Session, actor: Viewer, wanted: set[UUID], partner_id: UUID) -> None:
    if len(wanted) > MAX_ITEMS:
        raise InvalidError.at(
            "item_ids",
            "subscription.too-many-items",
            N_("At most {max} items can be linked at once."),
            max=MAX_ITEMS,
        )
    if not wanted:
        return
    statement = sa.select(sa.func.count()).where(
        ConfigurationItem.id.in_(wanted),
        seen_by(actor),
        sa.or_(
            ConfigurationItem.partner_id == partner_id,
            ConfigurationItem.user_partner_id == partner_id,
        ),
    )
    if session.scalar(statement) != len(wanted):
        # Whether an item is unknown, hidden or somebody else's is told alike.
        raise InvalidError.at(
            "item_ids",
            "subscription.foreign-item",
            N_("One of the items does not exist or does not belong to this partner."),
        )
