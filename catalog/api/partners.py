"""Partners: organisations and what they are to the joint organisation."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import PageQuery, Version, answer, page_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session
from cmdb.partners import queries
from cmdb.partners.models import Organisation
from cmdb.partners.queries import PartnerFilter
from schemas.partners import PartnerSchema
from schemas.vocabulary import OrganisationRole

resource = Resource("partners", "Organisations and what they are to the joint organisation.")


class PartnerQuery(PageQuery):
    """Which organisations to list."""

    name = fields.Str(load_default="", validate=validate.Length(max=120))
    role = fields.Enum(OrganisationRole, by_value=True, load_default=None)
    group = fields.Str(
        load_default="",
        validate=validate.Length(max=64),
        metadata={"description": "The short name of a group to which they belong today."},
    )
    is_active = fields.Bool(load_default=None)


@resource.get("")
@guarded("partner.read")
@resource.arguments(PartnerQuery, location="query")
@resource.response(200, page_schema(PartnerSchema))
def list_partners(query: dict[str, Any]) -> Response:
    """List organisations as a German directory sorts them."""
    after, limit = query.pop("after"), query.pop("limit")
    page = queries.list_partners(
        session(), current_viewer(), PartnerFilter(**query), after=after, limit=limit
    )
    return page_answer(page, partner_form)


@resource.get("/<uuid:partner_id>")
@guarded("partner.read")
@resource.response(200, PartnerSchema)
@resource.tagged
@resource.problems(404)
def read_partner(partner_id: UUID) -> Response:
    """Read one organisation."""
    partner = queries.get_partner(session(), current_viewer(), partner_id)
    return answer(partner_form(partner), version=Version(partner.id))


def partner_form(partner: Organisation) -> dict[str, Any]:
    """Return an organisation in its form on the wire."""
    return {
        "id": partner.id,
        "slug": partner.slug,
        "name": partner.name,
        "roles": [one.role for one in partner.roles],
        "legal_form": partner.legal_form,
        "district": partner.district,
        "bfs_number": partner.bfs_number,
        "population": partner.population,
        "population_on": partner.population_on,
        "is_fictional": partner.is_fictional,
        "valid_from": partner.valid_from,
        "valid_until": partner.valid_until,
    }
