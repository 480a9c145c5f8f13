"""Orders as their partner and their provider see them, and what waits for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload, selectinload

from catalog.ordering import rules
from catalog.ordering.models import ApprovalStep, Order, OrderTransition
from catalog.subscriptions.queries import get_subscription
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation
from schemas.vocabulary import OrderAction, OrderState

TO_FULFIL = (OrderState.APPROVED, OrderState.IN_FULFILMENT)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders to look for."""

    partner_id: UUID | None = None
    provider_id: UUID | None = None
    service_id: UUID | None = None
    states: tuple[OrderState, ...] = ()


ALL = OrderFilter()


def list_orders(
    session: Session,
    viewer: Viewer,
    wanted: OrderFilter = ALL,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[Order]:
    """Return a page of orders, the newest first."""
    limit = min(limit, MAX_LIMIT)
    sort = SortKey(Order.created_at, datetime, is_descending=True)
    statement = sa.select(Order).where(_seen_by(viewer), *_matching(wanted))
    statement = keyset(statement, sort, Order.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.created_at, id_of=lambda one: one.id)


def count_orders_by_state(
    session: Session, viewer: Viewer, wanted: OrderFilter = ALL
) -> dict[OrderState, int]:
    """Count the orders in every state that occurs."""
    statement = (
        sa.select(Order.state, sa.func.count().label("number"))
        .where(_seen_by(viewer), *_matching(wanted))
        .group_by(Order.state)
    )
    return {row.state: row.number for row in session.execute(statement)}


def list_customers(session: Session, viewer: Viewer) -> Sequence[Organisation]:
    """Return the partners that have ordered, for filters that offer nothing empty."""
    customers = sa.select(Order.partner_id).where(_seen_by(viewer))
    statement = (
        sa.select(Organisation)
        .where(Organisation.id.in_(customers))
        .options(lazyload(Organisation.roles))
        .order_by(Organisation.sort_name)
    )
    return session.scalars(statement).all()


def find_order(session: Session, viewer: Viewer, number: str) -> Order | None:
    """Return the order with this number, None where there is none that the viewer may see."""
    return session.scalar(sa.select(Order).where(Order.number == number, _seen_by(viewer)))


def get_order(session: Session, viewer: Viewer, order_id: UUID) -> Order:
    """Return an order with its transitions and approval steps.

    Raises:
        NotFoundError: there is none that the viewer may see.
    """
    statement = (
        sa.select(Order)
        .where(Order.id == order_id, _seen_by(viewer))
        .options(selectinload(Order.transitions), selectinload(Order.approval_steps))
    )
    order = session.scalar(statement)
    if order is None:
        raise NotFoundError("order.not-found", N_("There is no such order."))
    return order


def get_order_of_subscription(session: Session, viewer: Viewer, subscription_id: UUID) -> Order:
    """Return the order behind a subscription: who asked, who approved, at what price.

    Raises:
        NotFoundError: there is no such subscription or order for this viewer.
    """
    return get_order(session, viewer, get_subscription(session, viewer, subscription_id).order_id)


def list_to_decide(
    session: Session, viewer: Viewer, *, after: str | None = None, limit: int = 50
) -> Page[Order]:
    """Return the orders that wait for a decision this viewer may make, the most urgent first."""
    return _by_urgency(session, _to_decide(viewer), after, limit)


def count_to_decide(session: Session, viewer: Viewer) -> int:
    """Count the orders that wait for a decision this viewer may make."""
    statement = sa.select(sa.func.count()).select_from(Order).where(_to_decide(viewer))
    return session.scalar(statement) or 0


def list_to_fulfil(
    session: Session, viewer: Viewer, *, after: str | None = None, limit: int = 50
) -> Page[Order]:
    """Return the approved orders that this viewer's house has to deliver, the most urgent first."""
    return _by_urgency(session, _to_fulfil(viewer), after, limit)


def count_to_fulfil(session: Session, viewer: Viewer) -> int:
    """Count the approved orders that this viewer's house has to deliver."""
    statement = sa.select(sa.func.count()).select_from(Order).where(_to_fulfil(viewer))
    return session.scalar(statement) or 0


def list_possible_actions(
    session: Session, viewer: Viewer, order_id: UUID
) -> tuple[OrderAction, ...]:
    """Return what this viewer can do to an order now."""
    return actions_of(viewer, get_order(session, viewer, order_id))


def actions_of(viewer: Viewer, order: Order) -> tuple[OrderAction, ...]:
    """Return what this viewer can do to an order that was read."""
    return rules.possible_actions(facts_of(order), viewer.id, viewer.may)


def facts_of(order: Order) -> rules.OrderFacts:
    """Return what the state machine has to know of an order."""
    submitted_by = (one.actor_id for one in order.transitions if one.action is OrderAction.SUBMIT)
    return rules.OrderFacts(
        state=order.state,
        partner_id=order.partner_id,
        provider_id=order.provider_id,
        asked_by=frozenset({order.asked_by_id, *submitted_by}),
        decided_by=frozenset(
            one.decided_by_id for one in order.approval_steps if one.decided_at is not None
        ),
    )


def _seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition for one's own partners' orders and those one's house delivers.

    A draft is the partner's alone.
    """
    of_partner = visible(viewer, "order.read", Order.partner_id)
    of_provider = visible(viewer, "order.fulfil", Order.provider_id)
    return sa.or_(of_partner, sa.and_(of_provider, Order.state != OrderState.DRAFT))


def _to_decide(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.id is None:
        return sa.false()
    has_submitted = sa.exists().where(
        OrderTransition.order_id == Order.id,
        OrderTransition.action == OrderAction.SUBMIT,
        OrderTransition.actor_id == viewer.id,
    )
    has_decided = sa.exists().where(
        ApprovalStep.order_id == Order.id, ApprovalStep.decided_by_id == viewer.id
    )
    return sa.and_(
        Order.state == OrderState.SUBMITTED,
        visible(viewer, "order.approve", Order.partner_id),
        Order.asked_by_id.is_distinct_from(viewer.id),
        ~has_submitted,
        ~has_decided,
    )


def _to_fulfil(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Order.state.in_(TO_FULFIL), visible(viewer, "order.fulfil", Order.provider_id))


def _by_urgency(
    session: Session, condition: sa.ColumnElement[bool], after: str | None, limit: int
) -> Page[Order]:
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(Order).where(condition)
    sort = SortKey(Order.wanted_on, date)
    rows = session.scalars(keyset(statement, sort, Order.id, after=after, limit=limit)).all()
    return page_of(rows, limit, value_of=lambda one: one.wanted_on, id_of=lambda one: one.id)


def _matching(wanted: OrderFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.partner_id is not None:
        conditions.append(Order.partner_id == wanted.partner_id)
    if wanted.provider_id is not None:
        conditions.append(Order.provider_id == wanted.provider_id)
    if wanted.service_id is not None:
        conditions.append(Order.service_id == wanted.service_id)
    if wanted.states:
        conditions.append(Order.state.in_(wanted.states))
    return conditions
