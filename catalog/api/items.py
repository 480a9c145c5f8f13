"""Items: list, read, declare, change and retire one at a time."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import (
    PageQuery,
    Version,
    answer,
    expected_version,
    nothing,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.item_forms import item_form, summary_form
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from cmdb.history.queries import list_facts
from cmdb.items import commands, queries
from cmdb.items.changes import NewItem
from cmdb.items.detail import get_head
from cmdb.items.filters import ItemFilter
from cmdb.reconcile.declarations import update_item
from schemas.base import UtcDateTimeField
from schemas.items import DeclarationSchema, ItemChangeSchema, ItemSchema, ItemSummarySchema
from schemas.vocabulary import Lifecycle

resource = Resource(
    "items", "Configuration items, what they consist of, how they stand to one another."
)

_SEVERAL = validate.Length(max=50)
_SORTS = [name for one in queries.SORTS for name in (one, f"-{one}")]


class ItemQuery(PageQuery):
    """Which items to list; all that is given must hold, and one of several values."""

    text = fields.Str(
        load_default="",
        validate=validate.Length(max=200),
        metadata={
            "description": "Words that all occur in name, serial number, model, vendor, version"
            " or address; a MAC or IP address is also looked for among the interfaces."
        },
    )
    class_name = fields.List(fields.Str(validate=validate.Length(1, 64)), validate=_SEVERAL)
    partner_id = fields.List(fields.UUID(), validate=_SEVERAL)
    site_id = fields.List(fields.UUID(), validate=_SEVERAL)
    lifecycle = fields.List(fields.Enum(Lifecycle, by_value=True), validate=_SEVERAL)
    vendor = fields.List(fields.Str(validate=validate.Length(1, 120)), validate=_SEVERAL)
    model = fields.List(fields.Str(validate=validate.Length(1, 255)), validate=_SEVERAL)
    os_version = fields.Str(load_default="", validate=validate.Length(max=255))
    network = fields.Str(
        load_default="",
        validate=validate.Length(max=64),
        metadata={"description": "An address or range such as 10.20.0.0/16."},
    )
    seen_since = UtcDateTimeField(load_default=None)
    has_finding = fields.Bool(load_default=None)
    sort = fields.Str(
        load_default="name",
        validate=validate.OneOf(_SORTS),
        metadata={"description": "A minus before it turns the order round."},
    )


@resource.get("")
@guarded("item.read")
@resource.arguments(ItemQuery, location="query")
@resource.response(200, page_schema(ItemSummarySchema))
def list_items(query: dict[str, Any]) -> Response:
    """List items, filtered and sorted."""
    page = queries.list_items(
        session(),
        current_viewer(),
        _filter_of(query),
        sort=query["sort"],
        after=query["after"],
        limit=query["limit"],
    )
    return page_answer(page, summary_form)


@resource.post("")
@guarded("item.write")
@resource.arguments(DeclarationSchema)
@resource.response(201, ItemSchema)
@resource.repeatable(ItemSchema)
def create_item(body: dict[str, Any]) -> Response:
    """Declare an item."""
    reason = body.pop("reason")
    new = new_item(body)
    done = once(lambda held, viewer: [commands.create_item(held, viewer, new, reason=reason)])
    return _item_answer(done.keys[0], done.status)


@resource.get("/<uuid:item_id>")
@guarded("item.read")
@resource.response(200, ItemSchema)
@resource.tagged
@resource.problems(404)
def read_item(item_id: UUID) -> Response:
    """Read an item with the sources of every value."""
    return _item_answer(item_id)


@resource.patch("/<uuid:item_id>")
@guarded("item.write")
@resource.arguments(ItemChangeSchema)
@resource.response(200, ItemSchema)
@resource.versioned
def change_item(body: dict[str, Any], item_id: UUID) -> Response:
    """Change an item; null withdraws what was declared, so that discovery is believed again."""
    version = expected_version(item_id)
    reason = body.pop("reason")
    with writing() as held:
        update_item(
            held,
            current_viewer(),
            item_id,
            plain_changes(body),
            expected_version=version,
            reason=reason,
        )
    return _item_answer(item_id)


@resource.delete("/<uuid:item_id>")
@guarded("item.write")
@resource.response(200, ItemSchema)
@resource.alt_response(204, description="The item was only planned and is gone.")
@resource.versioned
@resource.problems(409)
def retire_item(item_id: UUID) -> Response:
    """Retire an item; it stays readable, unless it was only planned and nothing refers to it."""
    version = expected_version(item_id)
    with writing() as held:
        is_gone = commands.delete_item(held, current_viewer(), item_id, expected_version=version)
    return nothing() if is_gone else _item_answer(item_id)


def new_item(body: dict[str, Any]) -> NewItem:
    """Return what a body declares."""
    values = plain_changes(body)
    return NewItem(
        values.pop("class_name"),
        values.pop("name"),
        UUID(values.pop("partner_id")),
        Lifecycle(values.pop("lifecycle")),
        values,
    )


def plain_changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns and attributes of a body by name, as plain JSON."""
    columns = {name: value for name, value in body.items() if name != "attributes"}
    plain = {
        name: str(value) if isinstance(value, UUID | Lifecycle) else value
        for name, value in columns.items()
    }
    return {**body.get("attributes", {}), **plain}


def _item_answer(item_id: UUID, status: int = HTTPStatus.OK) -> Response:
    held, viewer = session(), current_viewer()
    detail = get_head(held, viewer, item_id)
    body = item_form(detail, list_facts(held, viewer, item_id))
    location = (
        url_for("api_items.read_item", item_id=item_id) if status == HTTPStatus.CREATED else ""
    )
    version = Version(item_id, detail.item.version)
    return answer(body, status, location=location, version=version)


def _filter_of(query: Mapping[str, Any]) -> ItemFilter:
    return ItemFilter(
        text=query["text"],
        classes=tuple(query.get("class_name", ())),
        partners=tuple(query.get("partner_id", ())),
        sites=tuple(query.get("site_id", ())),
        lifecycles=tuple(query.get("lifecycle", ())),
        vendors=tuple(query.get("vendor", ())),
        models=tuple(query.get("model", ())),
        os_version=query["os_version"],
        network=query["network"],
        seen_since=query["seen_since"],
        has_finding=query["has_finding"],
    )
