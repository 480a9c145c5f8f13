"""Routing domains: address spaces in which the same private range may be used again."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from catalog.access.guards import guarded
from catalog.api.answers import Version, answer, list_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session
from cmdb.kernel.viewer import Viewer
from cmdb.partners import commands, queries
from cmdb.partners.models import RoutingDomain
from cmdb.partners.names import list_names
from schemas.base import WireSchema
from schemas.partners import NewRoutingDomainSchema, RoutingDomainSchema

resource = Resource(
    "routing-domains", "Address spaces in which the same private range may be used again."
)


class DomainQuery(WireSchema):
    """Which address spaces to list."""

    partner_id = fields.UUID(load_default=None)


@resource.get("")
@guarded("partner.read")
@resource.arguments(DomainQuery, location="query")
@resource.response(200, page_schema(RoutingDomainSchema))
def list_routing_domains(query: dict[str, Any]) -> Response:
    """List address spaces by name."""
    rows = queries.list_routing_domains(session(), current_viewer(), **query)
    return list_answer(_domain_forms(rows), lambda form: form)


@resource.post("")
@guarded("partner.write")
@resource.arguments(NewRoutingDomainSchema)
@resource.response(201, RoutingDomainSchema)
@resource.repeatable(RoutingDomainSchema)
@resource.problems(404, 409)
def create_routing_domain(body: dict[str, Any]) -> Response:
    """Add an address space to a partner."""

    def create(held: Session, viewer: Viewer) -> list[UUID]:
        queries.get_partner(held, viewer, body["partner_id"])
        return [commands.create_routing_domain(held, viewer, **body).id]

    done = once(create)
    return _domain_answer(done.keys[0], done.status)


@resource.get("/<uuid:routing_domain_id>")
@guarded("partner.read")
@resource.response(200, RoutingDomainSchema)
@resource.tagged
@resource.problems(404)
def read_routing_domain(routing_domain_id: UUID) -> Response:
    """Read one address space."""
    return _domain_answer(routing_domain_id)


def _domain_forms(rows: Sequence[RoutingDomain]) -> list[dict[str, Any]]:
    names = list_names(session(), current_viewer(), {one.partner_id for one in rows})
    return [
        {
            "id": one.id,
            "partner": {"id": one.partner_id, "name": names[one.partner_id]},
            "name": one.name,
        }
        for one in rows
    ]


def _domain_answer(domain_id: UUID, status: int = HTTPStatus.OK) -> Response:
    domain = queries.get_routing_domain(session(), current_viewer(), domain_id)
    endpoint = "api_routing-domains.read_routing_domain"
    is_new = status == HTTPStatus.CREATED
    location = url_for(endpoint, routing_domain_id=domain_id) if is_new else ""
    (form,) = _domain_forms([domain])
    return answer(form, status, location=location, version=Version(domain_id))
