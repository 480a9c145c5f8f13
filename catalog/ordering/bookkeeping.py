"""The steps that every act on an order has in common: lock, number, write down, tell."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.ordering import queries, rules
from catalog.ordering.events import OrderEvent
from catalog.ordering.models import Order, OrderSequence, OrderTransition
from catalog.ordering.quoting import Quote, Wish, snapshot_of
from cmdb.kernel.clock import now, today
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer
from schemas.vocabulary import OrderAction, OrderState


def get_locked(session: Session, actor: Viewer, order_id: UUID) -> Order:
    """Return an order as it is now and let nobody else change it before this transaction ends.

    Two people who decide at the same time come one after the other, and the second one sees what
    the first one did.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    order = queries.get_order(session, actor, order_id)
    session.refresh(order, with_for_update={"of": Order})
    return order


def find_repeated(session: Session, actor: Viewer, wish: Wish) -> Order | None:
    """Return the order that the same request has already made.

    Raises:
        InvalidError: the request key was used for something else.
    """
    if wish.request_key is None:
        return None
    order = session.scalar(
        sa.select(Order).where(
            Order.partner_id == wish.partner_id, Order.request_key == wish.request_key
        )
    )
    if order is not None and (wish_of(order) != wish or order.asked_by_id != actor.id):
        raise InvalidError.at(
            "request_key",
            "order.request-key-taken",
            N_("This request key was already used for another order."),
        )
    return order


def wish_of(order: Order) -> Wish:
    """Return what was asked for with an order."""
    return Wish(
        partner_id=order.partner_id,
        service_id=order.service_id,
        quantity=order.quantity,
        wanted_on=order.wanted_on,
        site_id=order.site_id,
        reason=order.reason,
        request_key=order.request_key,
    )


def next_number(session: Session) -> str:
    """Return the next order number of this year; numbers may be skipped, never given twice."""
    year = today().year
    counting_up = (
        sa.update(OrderSequence)
        .where(OrderSequence.year == year)
        .values(last=OrderSequence.last + 1)
        .returning(OrderSequence.last)
        .execution_options(synchronize_session=False)
    )
    number = session.scalar(counting_up)
    if number is None:
        try:
            with session.begin_nested():
                session.add(OrderSequence(year=year, last=1))
            number = 1
        except IntegrityError:
            # Somebody else has just made the first order of the year.
            number = session.execute(counting_up).scalar_one()
    return rules.format_number(year, number)


def take_price(order: Order, quote: Quote) -> None:
    """Keep the price and totals of a quote with an order."""
    order.price_id = quote.terms.id
    order.price_snapshot = snapshot_of(quote)
    order.one_off_total = quote.total.one_off
    order.yearly_total = quote.total.per_year


def decide_step(order: Order, actor: Viewer, *, is_approved: bool) -> bool:
    """Decide the first approval step that is open; tell whether others still wait."""
    waiting = [one for one in order.approval_steps if one.decided_at is None]
    step = waiting[0]
    step.decided_at = now()
    step.decided_by_id = actor.id
    step.decided_by_name = actor.name
    step.is_approved = is_approved
    return len(waiting) > 1


def move_order(
    order: Order, actor: Viewer, action: OrderAction, target: OrderState, text: str
) -> None:
    """Move an order to its next state and write down who did it, in which role and why."""
    order.transitions.append(
        OrderTransition(
            position=len(order.transitions),
            action=action,
            from_state=order.state,
            to_state=target,
            actor_id=actor.id,
            actor_name=actor.name,
            role=rules.MOVES[action].party,
            text=text.strip(),
        )
    )
    order.state = target
    order.version += 1


def tell(session: Session, actor: Viewer, event: type[OrderEvent], order: Order, text: str) -> None:
    """Record what happened to an order."""
    record(
        session,
        actor,
        event(
            subject_id=order.id,
            partner_id=order.partner_id,
            number=order.number,
            provider_id=order.provider_id,
            text=text.strip(),
        ),
    )
