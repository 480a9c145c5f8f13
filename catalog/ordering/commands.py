"""What people do with orders: ask, decide, take back, deliver."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.ordering import queries, rules
from catalog.ordering.bookkeeping import (
    decide_step,
    find_repeated,
    get_locked,
    move_order,
    next_number,
    take_price,
    tell,
    wish_of,
)
from catalog.ordering.events import (
    FulfilmentStarted,
    OrderApproved,
    OrderCancelled,
    OrderDelivered,
    OrderRejected,
    OrderSubmitted,
    OrderWithdrawn,
)
from catalog.ordering.models import ApprovalStep, Order
from catalog.ordering.quoting import Wish, get_quote
from catalog.subscriptions.commands import Opening, open_subscription
from cmdb.kernel.clock import ZONE, now, today
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer, permit
from schemas.vocabulary import OrderAction, OrderState


def create_order(session: Session, actor: Viewer, wish: Wish) -> Order:
    """Write down what a partner wants, as a draft; a repeated request returns the first order.

    Raises:
        InvalidError: the wish cannot be fulfilled, or its request key was used for another one.
    """
    permit(actor, "order.create", wish.partner_id)
    repeated = find_repeated(session, actor, wish)
    if repeated is not None:
        return repeated
    quote = get_quote(session, actor, wish)
    order = Order(
        number=next_number(session),
        partner_id=wish.partner_id,
        provider_id=quote.service.provider_id,
        service=quote.service,
        site_id=wish.site_id,
        quantity=wish.quantity,
        wanted_on=wish.wanted_on,
        reason=wish.reason,
        request_key=wish.request_key,
        asked_by_id=actor.id,
        asked_by_name=actor.name,
    )
    take_price(order, quote)
    try:
        with session.begin_nested():
            session.add(order)
    except IntegrityError:
        # The same request came twice at the same time: the other one has made the order.
        repeated = find_repeated(session, actor, wish)
        if repeated is None:
            raise
        order = repeated
    return order


def submit_order(session: Session, actor: Viewer, order_id: UUID, *, text: str = "") -> Order:
    """Send a draft to be approved, at the prices that are valid now.

    Raises:
        WrongStateError: the order is no longer a draft.
        InvalidError: what was possible when it was drafted is not possible any more.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.create", order.partner_id)
    move = rules.decide_move(OrderAction.SUBMIT, order.state, text)
    take_price(order, get_quote(session, actor, wish_of(order)))
    order.submitted_at = now()
    order.approval_steps = [
        ApprovalStep(position=position) for position in range(rules.count_approvals_needed())
    ]
    move_order(order, actor, OrderAction.SUBMIT, move.target, text)
    tell(session, actor, OrderSubmitted, order, text)
    return order


def place_order(session: Session, actor: Viewer, wish: Wish) -> Order:
    """Write down a wish and send it in one act; a repeated request changes nothing.

    Raises:
        InvalidError: the wish cannot be fulfilled, or its request key was used for another one.
    """
    permit(actor, "order.create", wish.partner_id)
    order = create_order(session, actor, wish)
    if order.state is OrderState.DRAFT:
        submit_order(session, actor, order.id)
    return order


def approve_order(session: Session, actor: Viewer, order_id: UUID, *, text: str = "") -> Order:
    """Approve an order for its partner; the provider can begin after the last approval.

    Raises:
        ForbiddenError: the actor may not approve for this partner, or asked for it.
        WrongStateError: the order has already been decided.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.approve", order.partner_id)
    move = rules.decide_move(OrderAction.APPROVE, order.state, text)
    rules.check_four_eyes(queries.facts_of(order), actor.id)
    waiting = decide_step(order, actor, is_approved=True)
    target = OrderState.SUBMITTED if waiting else move.target
    move_order(order, actor, OrderAction.APPROVE, target, text)
    if not waiting:
        tell(session, actor, OrderApproved, order, text)
    return order


def reject_order(session: Session, actor: Viewer, order_id: UUID, *, text: str) -> Order:
    """Reject an order for its partner, with a reason.

    Raises:
        ForbiddenError: the actor may not decide for this partner, or asked for it.
        InvalidError: the reason is missing.
        WrongStateError: the order has already been decided.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.approve", order.partner_id)
    move = rules.decide_move(OrderAction.REJECT, order.state, text)
    rules.check_four_eyes(queries.facts_of(order), actor.id)
    decide_step(order, actor, is_approved=False)
    move_order(order, actor, OrderAction.REJECT, move.target, text)
    tell(session, actor, OrderRejected, order, text)
    return order


def withdraw_order(session: Session, actor: Viewer, order_id: UUID, *, text: str = "") -> Order:
    """Take an order back before the provider begins.

    Raises:
        WrongStateError: the provider is already working on it, or it has ended.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.create", order.partner_id)
    move = rules.decide_move(OrderAction.WITHDRAW, order.state, text)
    move_order(order, actor, OrderAction.WITHDRAW, move.target, text)
    tell(session, actor, OrderWithdrawn, order, text)
    return order


def start_fulfilment(session: Session, actor: Viewer, order_id: UUID, *, text: str = "") -> Order:
    """Begin to work on an approved order.

    Raises:
        WrongStateError: the order is not approved, or somebody has begun.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.fulfil", order.provider_id)
    move = rules.decide_move(OrderAction.START_FULFILMENT, order.state, text)
    move_order(order, actor, OrderAction.START_FULFILMENT, move.target, text)
    tell(session, actor, FulfilmentStarted, order, text)
    return order


def deliver_order(
    session: Session,
    actor: Viewer,
    order_id: UUID,
    *,
    from_on: date | None = None,
    item_ids: Sequence[UUID] = (),
    text: str = "",
) -> Order:
    """Deliver an order; a lasting service opens a subscription, linked to the given items.

    Raises:
        WrongStateError: nobody has begun to work on it, or it was delivered before.
        InvalidError: the first day is impossible, or an item is not the partner's.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.fulfil", order.provider_id)
    move = rules.decide_move(OrderAction.DELIVER, order.state, text)
    subscription_id = None
    if order.service.is_lasting:
        subscription_id = _open(session, actor, order, from_on, item_ids)
    elif item_ids or from_on is not None:
        raise InvalidError(
            "order.not-lasting",
            N_("This service ends with its delivery; it has no first day of use and no items."),
        )
    move_order(order, actor, OrderAction.DELIVER, move.target, text)
    record(
        session,
        actor,
        OrderDelivered(
            subject_id=order.id,
            partner_id=order.partner_id,
            number=order.number,
            provider_id=order.provider_id,
            text=text.strip(),
            subscription_id=subscription_id,
        ),
    )
    return order


def cancel_order(session: Session, actor: Viewer, order_id: UUID, *, text: str) -> Order:
    """Say, with a reason, that an approved order will not be delivered.

    Raises:
        InvalidError: the reason is missing.
        WrongStateError: the order is not approved, or it has ended.
    """
    order = get_locked(session, actor, order_id)
    permit(actor, "order.fulfil", order.provider_id)
    move = rules.decide_move(OrderAction.CANCEL, order.state, text)
    move_order(order, actor, OrderAction.CANCEL, move.target, text)
    tell(session, actor, OrderCancelled, order, text)
    return order


def _open(
    session: Session,
    actor: Viewer,
    order: Order,
    from_on: date | None,
    item_ids: Sequence[UUID],
) -> UUID:
    submitted_at = order.submitted_at or order.created_at
    first_day = rules.decide_first_day(
        from_on,
        wanted_on=order.wanted_on,
        submitted_on=submitted_at.astimezone(ZONE).date(),
        today=today(),
    )
    opening = Opening(
        order_id=order.id,
        partner_id=order.partner_id,
        service=order.service,
        quantity=order.quantity,
        from_on=first_day,
        site_id=order.site_id,
    )
    return open_subscription(session, actor, opening, item_ids=item_ids).id
