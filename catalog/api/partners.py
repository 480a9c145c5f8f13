"""Partners: organisations and what they are to the joint organisation."""

from dataclasses import replace
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
    check_content,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from cmdb.partners import commands, queries
from cmdb.partners.forms import OrganisationForm, form_of
from cmdb.partners.models import Organisation
from cmdb.partners.queries import PartnerFilter
from schemas.partners import NewPartnerSchema, PartnerChangeSchema, PartnerSchema
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
    return _partner_answer(partner_id)


@resource.post("")
@guarded("partner.write")
@resource.arguments(NewPartnerSchema)
@resource.response(201, PartnerSchema)
@resource.repeatable(PartnerSchema)
@resource.problems(409)
def create_partner(body: dict[str, Any]) -> Response:
    """Add an organisation."""
    form = _written(OrganisationForm(name=""), body)
    done = once(lambda held, viewer: [commands.create_organisation(held, viewer, form).id])
    return _partner_answer(done.keys[0], done.status)


@resource.patch("/<uuid:partner_id>")
@guarded("partner.write")
@resource.arguments(PartnerChangeSchema)
@resource.response(200, PartnerSchema)
@resource.versioned
@resource.problems(409)
def change_partner(body: dict[str, Any], partner_id: UUID) -> Response:
    """Change what is written about an organisation; what is left out stays."""
    with writing() as held:
        viewer = current_viewer()
        partner = queries.get_partner(held, viewer, partner_id)
        check_content(Version(partner_id), partner_form(partner))
        form = _written(form_of(partner), body)
        commands.update_organisation(held, viewer, partner_id, form)
    return _partner_answer(partner_id)


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


def _written(form: OrganisationForm, body: dict[str, Any]) -> OrganisationForm:
    """Return a form with what a body says; roles stand in it once."""
    values = body | ({"roles": tuple(dict.fromkeys(body["roles"]))} if "roles" in body else {})
    return replace(form, **values)


def _partner_answer(partner_id: UUID, status: int = HTTPStatus.OK) -> Response:
    partner = queries.get_partner(session(), current_viewer(), partner_id)
    is_new = status == HTTPStatus.CREATED
    location = url_for("api_partners.read_partner", partner_id=partner_id) if is_new else ""
    return answer(partner_form(partner), status, location=location, version=Version(partner_id))
