"""Subscriptions: who uses what since when, what it costs, when it ends."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import (
    NoQuery,
    PageQuery,
    Version,
    answer,
    list_answer,
    nothing,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from catalog.subscriptions import commands, queries
from catalog.subscriptions.queries import SubscriptionFilter
from cmdb.kernel.clock import today
from schemas.base import WireSchema
from schemas.subscriptions import (
    CostLineSchema,
    EndingSchema,
    LinkedItemSchema,
    SubscriptionSchema,
)

resource = Resource("subscriptions", "Who uses what since when, and what that costs.")


class SubscriptionQuery(PageQuery):
    """Which subscriptions to list."""

    partner_id = fields.UUID(load_default=None)
    provider_id = fields.UUID(load_default=None)
    service_id = fields.UUID(load_default=None)
    running_on = fields.Date(load_default=None)
    begins_after = fields.Date(load_default=None)
    ended_before = fields.Date(load_default=None)


class CostQuery(WireSchema):
    """Of which year."""

    year = fields.Int(
        load_default=None,
        validate=validate.Range(2000, 2100),
        metadata={"description": "This year where it is not given."},
    )


@resource.get("")
@guarded("subscription.read")
@resource.arguments(SubscriptionQuery, location="query")
@resource.response(200, page_schema(SubscriptionSchema))
def list_subscriptions(query: dict[str, Any]) -> Response:
    """List subscriptions by the code of their service."""
    after, limit = query.pop("after"), query.pop("limit")
    page = queries.list_subscriptions(
        session(), current_viewer(), SubscriptionFilter(**query), after=after, limit=limit
    )
    return page_answer(page, SubscriptionSchema().dump)


@resource.get("/<uuid:subscription_id>")
@guarded("subscription.read")
@resource.response(200, SubscriptionSchema)
@resource.tagged
@resource.problems(404)
def read_subscription(subscription_id: UUID) -> Response:
    """Read one subscription."""
    return _subscription_answer(subscription_id)


@resource.get("/<uuid:subscription_id>/costs")
@guarded("subscription.read")
@resource.arguments(CostQuery, location="query")
@resource.response(200, CostLineSchema)
@resource.problems(404)
def read_costs(query: dict[str, Any], subscription_id: UUID) -> Response:
    """Tell what a subscription costs in a year, and by which prices."""
    line = queries.get_cost_line(
        session(), current_viewer(), subscription_id, year=query["year"] or today().year
    )
    return answer(CostLineSchema().dump(line))


@resource.get("/<uuid:subscription_id>/items")
@guarded("subscription.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(LinkedItemSchema))
@resource.problems(404)
def list_linked_items(_query: dict[str, Any], subscription_id: UUID) -> Response:
    """List the items through which a subscription is used, as far as one may see them."""
    held, viewer = session(), current_viewer()
    queries.get_subscription(held, viewer, subscription_id)
    return list_answer(queries.list_items(held, viewer, subscription_id), LinkedItemSchema().dump)


@resource.put("/<uuid:subscription_id>/items/<uuid:item_id>")
@guarded("subscription.write")
@resource.response(204)
@resource.problems(404, 422)
def link_item(subscription_id: UUID, item_id: UUID) -> Response:
    """Say that a subscription is used through an item; said twice, it holds once."""
    with writing() as held:
        commands.link_item(held, current_viewer(), subscription_id, item_id)
    return nothing()


@resource.delete("/<uuid:subscription_id>/items/<uuid:item_id>")
@guarded("subscription.write")
@resource.response(204)
@resource.problems(404)
def unlink_item(subscription_id: UUID, item_id: UUID) -> Response:
    """Say that a subscription is no longer used through an item."""
    with writing() as held:
        commands.unlink_item(held, current_viewer(), subscription_id, item_id)
    return nothing()


@resource.post("/<uuid:subscription_id>/end")
@guarded("subscription.write")
@resource.arguments(EndingSchema)
@resource.response(200, SubscriptionSchema)
@resource.repeatable()
@resource.problems(404, 409)
def end_subscription(body: dict[str, Any], subscription_id: UUID) -> Response:
    """Set the last day of a subscription."""
    once(lambda held, viewer: [commands.end_subscription(held, viewer, subscription_id, **body).id])
    return _subscription_answer(subscription_id)


def _subscription_answer(subscription_id: UUID) -> Response:
    subscription = queries.get_subscription(session(), current_viewer(), subscription_id)
    version = Version(subscription_id, subscription.version)
    return answer(SubscriptionSchema().dump(subscription), version=version)
