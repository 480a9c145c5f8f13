"""Sites: places of partners."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

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
from cmdb.kernel.viewer import Viewer
from cmdb.partners import commands, queries
from cmdb.partners.forms import SiteForm
from cmdb.partners.models import Site
from schemas.partners import NewSiteSchema, SiteChangeSchema, SiteSchema

resource = Resource("sites", "Places of partners with a postal address.")


class SiteQuery(PageQuery):
    """Which sites to list."""

    partner_id = fields.UUID(load_default=None)


@resource.get("")
@guarded("partner.read")
@resource.arguments(SiteQuery, location="query")
@resource.response(200, page_schema(SiteSchema))
def list_sites(query: dict[str, Any]) -> Response:
    """List sites by name."""
    return page_answer(queries.list_sites(session(), current_viewer(), **query), site_form)


@resource.post("")
@guarded("partner.write")
@resource.arguments(NewSiteSchema)
@resource.response(201, SiteSchema)
@resource.repeatable(SiteSchema)
@resource.problems(404, 409)
def create_site(body: dict[str, Any]) -> Response:
    """Add a site to a partner."""
    partner_id = body.pop("partner_id")

    def create(held: Session, viewer: Viewer) -> list[UUID]:
        queries.get_partner(held, viewer, partner_id)
        return [commands.save_site(held, viewer, partner_id, SiteForm(**body)).id]

    done = once(create)
    return _site_answer(done.keys[0], done.status)


@resource.get("/<uuid:site_id>")
@guarded("partner.read")
@resource.response(200, SiteSchema)
@resource.tagged
@resource.problems(404)
def read_site(site_id: UUID) -> Response:
    """Read one site."""
    return _site_answer(site_id)


@resource.patch("/<uuid:site_id>")
@guarded("partner.write")
@resource.arguments(SiteChangeSchema)
@resource.response(200, SiteSchema)
@resource.versioned
@resource.problems(409)
def change_site(body: dict[str, Any], site_id: UUID) -> Response:
    """Change a site; what is left out stays."""
    with writing() as held:
        viewer = current_viewer()
        site = queries.get_site(held, viewer, site_id)
        check_content(Version(site_id), site_form(site))
        form = SiteForm(site.name, site.street, site.postal_code, site.town)
        changed = SiteForm(**(asdict(form) | body))
        commands.save_site(held, viewer, site.partner_id, changed, site_id=site_id)
    return _site_answer(site_id)


def site_form(site: Site) -> dict[str, Any]:
    """Return a site in its form on the wire."""
    partner = site.partner
    return {
        "id": site.id,
        "partner": {"id": partner.id, "slug": partner.slug, "name": partner.name},
        "name": site.name,
        "street": site.street,
        "postal_code": site.postal_code,
        "town": site.town,
    }


def _site_answer(site_id: UUID, status: int = HTTPStatus.OK) -> Response:
    site = queries.get_site(session(), current_viewer(), site_id)
    location = (
        url_for("api_sites.read_site", site_id=site_id) if status == HTTPStatus.CREATED else ""
    )
    return answer(site_form(site), status, location=location, version=Version(site_id))
