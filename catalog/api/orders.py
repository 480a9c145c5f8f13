"""Orders: ask, decide, take back, deliver."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields

from catalog.access.guards import guarded
from catalog.api.answers import PageQuery, Version, answer, page_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.repetition import once, request_key
from catalog.api.resource import Resource, session
from catalog.ordering import commands, queries
from catalog.ordering.models import Order
from catalog.ordering.queries import OrderFilter
from catalog.ordering.quoting import Wish, get_quote
from schemas.ordering import (
    ActionSchema,
    DeliverySchema,
    OrderSchema,
    OrderSummarySchema,
    OrderWishSchema,
    QuoteSchema,
)
from schemas.vocabulary import OrderState

resource = Resource("orders", "What partners ask of providers, from the wish to the delivery.")


class OrderQuery(PageQuery):
    """Which orders to list."""

    partner_id = fields.UUID(load_default=None)
    provider_id = fields.UUID(load_default=None)
    service_id = fields.UUID(load_default=None)
    state = fields.List(fields.Enum(OrderState, by_value=True))


@resource.get("")
@guarded("order.read")
@resource.arguments(OrderQuery, location="query")
@resource.response(200, page_schema(OrderSummarySchema))
def list_orders(query: dict[str, Any]) -> Response:
    """List orders, the newest first."""
    after, limit = query.pop("after"), query.pop("limit")
    wanted = OrderFilter(states=tuple(query.pop("state", ())), **query)
    page = queries.list_orders(session(), current_viewer(), wanted, after=after, limit=limit)
    return page_answer(page, OrderSummarySchema().dump)


@resource.post("")
@guarded("order.create")
@resource.arguments(OrderWishSchema)
@resource.response(201, OrderSchema)
@resource.repeatable(OrderSchema)
@resource.problems(404)
def create_order(body: dict[str, Any]) -> Response:
    """Write down what a partner wants, as a draft; submit it to have it approved."""
    wish = Wish(**body, request_key=request_key())
    done = once(lambda held, viewer: [commands.create_order(held, viewer, wish).id])
    return _order_answer(done.keys[0], done.status)


@resource.post("/quote")
@guarded("order.create")
@resource.arguments(OrderWishSchema)
@resource.response(200, QuoteSchema)
@resource.problems(404)
def quote_order(body: dict[str, Any]) -> Response:
    """Ask what a wish costs, without keeping anything."""
    return answer(QuoteSchema().dump(get_quote(session(), current_viewer(), Wish(**body))))


@resource.get("/<uuid:order_id>")
@guarded("order.read")
@resource.response(200, OrderSchema)
@resource.tagged
@resource.problems(404)
def read_order(order_id: UUID) -> Response:
    """Read an order with its price and every act since."""
    return _order_answer(order_id)


@resource.post("/<uuid:order_id>/submit")
@guarded("order.create")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def submit_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Send a draft to be approved, at the prices that are valid now."""
    return _act(commands.submit_order, order_id, body)


@resource.post("/<uuid:order_id>/approve")
@guarded("order.approve")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def approve_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Approve an order for its partner; never one's own."""
    return _act(commands.approve_order, order_id, body)


@resource.post("/<uuid:order_id>/reject")
@guarded("order.approve")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def reject_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Reject an order for its partner, with a reason."""
    return _act(commands.reject_order, order_id, body)


@resource.post("/<uuid:order_id>/withdraw")
@guarded("order.create")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def withdraw_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Take an order back before the provider begins."""
    return _act(commands.withdraw_order, order_id, body)


@resource.post("/<uuid:order_id>/start")
@guarded("order.fulfil")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def start_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Begin to work on an approved order."""
    return _act(commands.start_fulfilment, order_id, body)


@resource.post("/<uuid:order_id>/deliver")
@guarded("order.fulfil")
@resource.arguments(DeliverySchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def deliver_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Deliver an order; a lasting service opens a subscription, linked to the given items."""
    return _act(commands.deliver_order, order_id, body)


@resource.post("/<uuid:order_id>/cancel")
@guarded("order.fulfil")
@resource.arguments(ActionSchema)
@resource.response(200, OrderSchema)
@resource.repeatable()
@resource.problems(404, 409)
def cancel_order(body: dict[str, Any], order_id: UUID) -> Response:
    """Say, with a reason, that an approved order will not be delivered."""
    return _act(commands.cancel_order, order_id, body)


def _act(command: Callable[..., Order], order_id: UUID, body: dict[str, Any]) -> Response:
    once(lambda held, viewer: [command(held, viewer, order_id, **body).id])
    return _order_answer(order_id)


def _order_answer(order_id: UUID, status: int = HTTPStatus.OK) -> Response:
    order = queries.get_order(session(), current_viewer(), order_id)
    location = (
        url_for("api_orders.read_order", order_id=order_id) if status == HTTPStatus.CREATED else ""
    )
    version = Version(order_id, order.version)
    return answer(OrderSchema().dump(order), status, location=location, version=version)
