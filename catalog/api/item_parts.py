"""What an item consists of, how it stands to others and how it changed."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from catalog.access.guards import guarded
from catalog.api.answers import (
    NoQuery,
    PageQuery,
    answer,
    list_answer,
    nothing,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.item_forms import relation_form, revision_form
from catalog.api.items import resource
from catalog.api.repetition import once
from catalog.api.resource import session, writing
from cmdb.history.queries import list_revisions
from cmdb.items import detail, relations
from cmdb.items.relations import NewRelation
from cmdb.kernel.viewer import Viewer
from schemas.items import (
    ComponentSchema,
    DeclaredRelationSchema,
    IdentifierSchema,
    InterfaceSchema,
    IpAddressSchema,
    NewRelationSchema,
    RelationSchema,
    RevisionSchema,
)


@resource.get("/<uuid:item_id>/interfaces")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(InterfaceSchema))
@resource.problems(404)
def list_interfaces(query: dict[str, Any], item_id: UUID) -> Response:
    """List the interfaces of an item by their index."""
    detail.get_head(session(), current_viewer(), item_id)
    page = detail.list_interfaces(session(), current_viewer(), item_id, **query)
    return page_answer(page, INTERFACE)


@resource.get("/<uuid:item_id>/addresses")
@guarded("item.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(IpAddressSchema))
@resource.problems(404)
def list_addresses(_query: dict[str, Any], item_id: UUID) -> Response:
    """List the IP addresses of an item by number."""
    detail.get_head(session(), current_viewer(), item_id)
    return list_answer(detail.list_addresses(session(), current_viewer(), item_id), ADDRESS)


@resource.get("/<uuid:item_id>/components")
@guarded("item.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(ComponentSchema))
@resource.problems(404)
def list_components(_query: dict[str, Any], item_id: UUID) -> Response:
    """List the parts of an item, those of one kind together."""
    detail.get_head(session(), current_viewer(), item_id)
    return list_answer(detail.list_components(session(), current_viewer(), item_id), COMPONENT)


@resource.get("/<uuid:item_id>/identifiers")
@guarded("item.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(IdentifierSchema))
@resource.problems(404)
def list_identifiers(_query: dict[str, Any], item_id: UUID) -> Response:
    """List by what an item is recognised."""
    detail.get_head(session(), current_viewer(), item_id)
    return list_answer(detail.list_identifiers(session(), current_viewer(), item_id), IDENTIFIER)


@resource.get("/<uuid:item_id>/history")
@guarded("item.read")
@resource.arguments(PageQuery, location="query")
@resource.response(200, page_schema(RevisionSchema))
@resource.problems(404)
def list_history(query: dict[str, Any], item_id: UUID) -> Response:
    """List the changes of an item, the latest first."""
    detail.get_head(session(), current_viewer(), item_id)
    page = list_revisions(session(), current_viewer(), item_id, **query)
    return page_answer(page, revision_form)


@resource.get("/<uuid:item_id>/relations")
@guarded("item.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(RelationSchema))
@resource.problems(404)
def list_relations(_query: dict[str, Any], item_id: UUID) -> Response:
    """List how an item stands to others, in both directions, at most two hundred."""
    detail.get_head(session(), current_viewer(), item_id)
    return list_answer(detail.list_relations(session(), current_viewer(), item_id), relation_form)


@resource.post("/<uuid:item_id>/relations")
@guarded("item.write")
@resource.arguments(NewRelationSchema)
@resource.response(201, DeclaredRelationSchema)
@resource.repeatable(DeclaredRelationSchema)
@resource.problems(404, 409)
def add_relation(body: dict[str, Any], item_id: UUID) -> Response:
    """Declare how an item stands to another one; the owner of the item says so."""
    new = NewRelation(item_id, body["target_id"], body["type"], body["detail"])

    def add(held: Session, viewer: Viewer) -> list[UUID]:
        relation = relations.add_relation(held, viewer, new)
        held.flush()  # it has its key from then on
        return [relation.id]

    done = once(add)
    return answer({"id": done.keys[0]}, done.status)


@resource.delete("/<uuid:item_id>/relations/<uuid:relation_id>")
@guarded("item.write")
@resource.response(204)
@resource.problems(404, 409)
def remove_relation(item_id: UUID, relation_id: UUID) -> Response:
    """Withdraw a declared relation; what was discovered goes when it is no longer seen."""
    with writing() as held:
        viewer = current_viewer()
        detail.get_head(held, viewer, item_id)
        relations.remove_relation(held, viewer, relation_id)
    return nothing()


def columns_form(schema: type[Schema]) -> Callable[[Any], dict[str, Any]]:
    """Return what writes a row whose columns are called as the fields of a schema."""
    names = tuple(schema._declared_fields)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] — marshmallow offers no other list without an instance

    def form(row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in names}

    return form


INTERFACE: Final = columns_form(InterfaceSchema)
ADDRESS: Final = columns_form(IpAddressSchema)
COMPONENT: Final = columns_form(ComponentSchema)
IDENTIFIER: Final = columns_form(IdentifierSchema)
