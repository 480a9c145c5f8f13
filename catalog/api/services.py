"""Services: what the catalogue offers, at what price."""

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
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session
from catalog.offers import queries
from catalog.offers.queries import ServiceFilter
from schemas.offers import ServiceSchema, ServiceSummarySchema, SlaViolationSchema
from schemas.vocabulary import ServiceState, SlaClass

resource = Resource("services", "What the catalogue offers, at what price.")

_OFFERED = (ServiceState.ACTIVE, ServiceState.RETIRING)


class ServiceQuery(PageQuery):
    """Which services to list; without a state, those that are offered."""

    text = fields.Str(load_default="", validate=validate.Length(max=200))
    family = fields.Str(load_default=None, validate=validate.Length(max=64))
    partner_id = fields.UUID(
        load_default=None, metadata={"description": "What this partner may order today."}
    )
    state = fields.List(fields.Enum(ServiceState, by_value=True))
    sla_class = fields.Enum(SlaClass, by_value=True, load_default=None)


@resource.get("")
@guarded("service.read")
@resource.arguments(ServiceQuery, location="query")
@resource.response(200, page_schema(ServiceSummarySchema))
def list_services(query: dict[str, Any]) -> Response:
    """List services by code, with their prices."""
    after, limit = query.pop("after"), query.pop("limit")
    wanted = ServiceFilter(states=tuple(query.pop("state", None) or _OFFERED), **query)
    page = queries.list_services(session(), current_viewer(), wanted, after=after, limit=limit)
    return page_answer(page, ServiceSummarySchema().dump)


@resource.get("/sla-violations")
@guarded("service.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(SlaViolationSchema))
def list_sla_violations(_query: dict[str, Any]) -> Response:
    """List where a service promises a higher level than what it rests on."""
    found = queries.list_sla_violations(session(), current_viewer())
    return list_answer(found, SlaViolationSchema().dump)


@resource.get("/<uuid:service_id>")
@guarded("service.read")
@resource.response(200, ServiceSchema)
@resource.tagged
@resource.problems(404)
def read_service(service_id: UUID) -> Response:
    """Read a service with everything that is written about it."""
    service = queries.get_service(session(), current_viewer(), service_id)
    version = Version(service_id, service.version)
    return answer(ServiceSchema().dump(service), version=version)
