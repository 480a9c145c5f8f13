"""Following orders, deciding on them and delivering them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.errors import message_of
from catalog.extensions import db
from catalog.ordering import commands, queries
from catalog.ordering.models import Order
from catalog.ordering.queries import OrderFilter
from catalog.subscriptions.queries import find_subscription_of_order
from catalog.transactions import unit_of_work
from catalog.web.guard import current_viewer
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, HausError, InvalidError, NotFoundError
from schemas.vocabulary import OrderAction, OrderState

blueprint = Blueprint("orders", __name__)

WAY: Final = (
    OrderState.DRAFT,
    OrderState.SUBMITTED,
    OrderState.APPROVED,
    OrderState.IN_FULFILMENT,
    OrderState.DELIVERED,
)
"""The straight way of an order; whatever else ends it stops on this way."""
IN_ORDER: Final = (*WAY, *(state for state in OrderState if state not in WAY))
"""As the states are shown side by side: the way, then what ends it early."""

DONE: Final = {
    OrderAction.SUBMIT: N_("The order was sent."),
    OrderAction.APPROVE: N_("The order is approved; the provider can begin."),
    OrderAction.REJECT: N_("The order is rejected."),
    OrderAction.WITHDRAW: N_("The order is withdrawn."),
    OrderAction.START_FULFILMENT: N_("You have taken the order on."),
    OrderAction.DELIVER: N_("The order is delivered."),
    OrderAction.CANCEL: N_("The order is cancelled."),
}
ACTS: Final[dict[OrderAction, Callable[..., Order]]] = {
    OrderAction.SUBMIT: commands.submit_order,
    OrderAction.APPROVE: commands.approve_order,
    OrderAction.REJECT: commands.reject_order,
    OrderAction.WITHDRAW: commands.withdraw_order,
    OrderAction.START_FULFILMENT: commands.start_fulfilment,
    OrderAction.DELIVER: commands.deliver_order,
    OrderAction.CANCEL: commands.cancel_order,
}


@blueprint.app_template_filter("decimal")
def _decimal(text: str) -> Decimal:
    return Decimal(text)


@blueprint.get("/orders")
@guarded("order.read")
def index() -> str:
    """Show the orders of one's partners and of one's own house, the newest first."""
    viewer, session = current_viewer(), db.session()
    known = {one.value: one for one in OrderState}
    states = tuple(known[one] for one in request.args.getlist("state") if one in known)
    of_partner = OrderFilter(partner_id=request.args.get("partner", None, UUID))
    wanted = replace(of_partner, states=states)
    counts = queries.count_orders_by_state(session, viewer, of_partner)
    return render_template(
        "orders/index.html",
        page=queries.list_orders(session, viewer, wanted, after=request.args.get("after")),
        counts={state: counts[state] for state in IN_ORDER if state in counts},
        states=states,
        kept=[("state", one.value) for one in states],
        partners=queries.list_customers(session, viewer),
        partner_id=of_partner.partner_id,
        may_order=viewer.may("order.create"),
    )


@blueprint.get("/approvals")
@guarded("order.approve")
def approvals() -> str:
    """Show what waits for a decision by this person, the most urgent first."""
    page = queries.list_to_decide(db.session(), current_viewer(), after=request.args.get("after"))
    return render_template("orders/approvals.html", page=page)


@blueprint.get("/orders/to-fulfil")
@guarded("order.fulfil")
def to_fulfil() -> str:
    """Show what this person's house has to deliver, the most urgent first."""
    page = queries.list_to_fulfil(db.session(), current_viewer(), after=request.args.get("after"))
    return render_template("orders/to_fulfil.html", page=page)


@blueprint.get("/orders/<uuid:order_id>")
@guarded("order.read")
def detail(order_id: UUID) -> str:
    """Show an order with its way, its cost and everything that happened to it."""
    return _page(order_id)


@blueprint.post("/orders/<uuid:order_id>/<action>")
@guarded("order.read")
def act(order_id: UUID, action: str) -> Response | tuple[str, int]:
    """Carry out one of the possible actions; the command decides whether this person may."""
    if action not in set(OrderAction):
        raise NotFoundError("order.no-such-action", N_("There is no such action."))
    wanted = OrderAction(action)
    try:
        with unit_of_work(db.session()):
            ACTS[wanted](db.session(), current_viewer(), order_id, **_given(wanted))
    except InvalidError as error:
        return _page(order_id, refused=wanted, complaint=error), 422
    flash(gettext(DONE[wanted]), "success")
    return redirect(url_for("orders.detail", order_id=order_id), 303)


def _given(action: OrderAction) -> dict[str, Any]:
    given: dict[str, Any] = {"text": request.form.get("text", "")}
    if action is OrderAction.DELIVER and request.form.get("from_on"):
        try:
            given["from_on"] = date.fromisoformat(request.form["from_on"])
        except ValueError as error:
            raise InvalidError.at(
                "from_on", "order.bad-day", N_("This is not a day: write it as year-month-day.")
            ) from error
    return given


def _page(
    order_id: UUID, *, refused: OrderAction | None = None, complaint: HausError | None = None
) -> str:
    viewer, session = current_viewer(), db.session()
    order = queries.get_order(session, viewer, order_id)
    states = [one.to_state for one in order.transitions if one.to_state in WAY]
    return render_template(
        "orders/detail.html",
        order=order,
        actions=queries.actions_of(viewer, order),
        subscription=find_subscription_of_order(session, viewer, order_id),
        position=WAY.index(states[-1] if order.state not in WAY and states else _on_way(order)),
        is_stopped=order.state not in WAY,
        way=[state for state in WAY if state is not OrderState.DRAFT],
        refused=refused,
        complaint=message_of(complaint) if complaint else "",
        at_fault="from_on" if complaint and "from_on" in complaint.errors else "text",
        given=request.form,
        today=today(),
        is_own=viewer.id == order.asked_by_id,
    )


def _on_way(order: Order) -> OrderState:
    return order.state if order.state in WAY else OrderState.DRAFT
