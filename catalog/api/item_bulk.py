"""Several items at once, all or none, in a fixed number of statements."""

from typing import Any

from flask import Response

from catalog.access.guards import guarded
from catalog.api.answers import answer
from catalog.api.guard import current_viewer
from catalog.api.items import new_item, plain_changes, resource
from catalog.api.repetition import once
from catalog.api.resource import writing
from cmdb.items import commands
from cmdb.items.changes import ItemPatch
from cmdb.reconcile.declarations import bulk_update
from schemas.items import ItemChangesSchema, ItemVersionsSchema, NewItemsSchema


@resource.post("/bulk")
@guarded("item.write")
@resource.arguments(NewItemsSchema)
@resource.response(201, ItemVersionsSchema)
@resource.repeatable(ItemVersionsSchema)
def create_items(body: dict[str, Any]) -> Response:
    """Declare up to 500 items; complaints are found under the number of the item."""
    news = [new_item(one) for one in body["items"]]
    reason = body["reason"]
    done = once(lambda held, viewer: commands.bulk_create(held, viewer, news, reason=reason))
    return answer({"items": [{"id": key, "version": 1} for key in done.keys]}, done.status)


@resource.patch("/bulk")
@guarded("item.write")
@resource.arguments(ItemChangesSchema)
@resource.response(200, ItemVersionsSchema)
@resource.problems(404, 412)
def change_items(body: dict[str, Any]) -> Response:
    """Change up to 500 items; each names the version it was read in, a stale one refuses all."""
    patches = [
        ItemPatch(one.pop("id"), expected_version=one.pop("version"), changes=plain_changes(one))
        for one in body["items"]
    ]
    with writing() as held:
        versions = bulk_update(held, current_viewer(), patches, reason=body["reason"])
    rows = [{"id": patch.item_id, "version": versions[patch.item_id]} for patch in patches]
    return answer({"items": rows})
