"""Classes of items: those that ship and those that are added at run time."""

from typing import Any

from flask import Response, url_for

from catalog.access.guards import guarded
from catalog.api.answers import NoQuery, answer, list_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session, writing
from cmdb.items import classes, queries
from cmdb.items.models import CiClass
from cmdb.items.rules import AttributeDefinition, AttributeType
from schemas.items import AttributeSchema, ItemClassSchema, NewItemClassSchema

resource = Resource("classes", "Classes of items with their attributes.")


@resource.get("")
@guarded("item.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(ItemClassSchema))
def list_classes(_query: dict[str, Any]) -> Response:
    """List all classes; they are few and come at once."""
    return list_answer(queries.list_classes(session(), current_viewer()), class_form)


@resource.post("")
@guarded("admin.classes")
@resource.arguments(NewItemClassSchema)
@resource.response(201, ItemClassSchema)
@resource.problems(409)
def create_class(body: dict[str, Any]) -> Response:
    """Add a class."""
    labels = body["labels"]["de"], body["labels"]["en"]
    with writing() as held:
        created = classes.create_class(
            held, current_viewer(), body["name"], labels, icon=body["icon"]
        )
    location = url_for("api_classes.read_class", ci_class=created.name)
    return answer(class_form(created), 201, location=location)


@resource.get("/<ci_class>")
@guarded("item.read")
@resource.response(200, ItemClassSchema)
@resource.problems(404)
def read_class(ci_class: str) -> Response:
    """Read one class by its name."""
    return answer(class_form(queries.get_class(session(), current_viewer(), ci_class)))


@resource.post("/<ci_class>/attributes")
@guarded("admin.classes")
@resource.arguments(AttributeSchema)
@resource.response(201, ItemClassSchema)
@resource.problems(404, 409)
def add_attribute(body: dict[str, Any], ci_class: str) -> Response:
    """Give a class a further attribute."""
    definition = AttributeDefinition(
        body["name"],
        AttributeType(body["type"]),
        body["labels"]["de"],
        body["labels"]["en"],
        unit=body["unit"],
        is_required=body["is_required"],
        choices=tuple(body["choices"]),
    )
    with writing() as held:
        changed = classes.add_attribute(held, current_viewer(), ci_class, definition)
    return answer(class_form(changed), 201)


def class_form(one: CiClass) -> dict[str, Any]:
    """Return a class in its form on the wire."""
    return {
        "name": one.name,
        "labels": {"de": one.label_de, "en": one.label_en},
        "icon": one.icon,
        "is_shipped": one.is_shipped,
        "attributes": [_attribute_form(entry) for entry in one.attributes],
    }


def _attribute_form(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "type": entry["type"],
        "labels": dict(zip(("de", "en"), entry["labels"], strict=True)),
        "unit": entry.get("unit", ""),
        "is_required": entry.get("required", False),
        "choices": entry.get("choices", []),
    }
