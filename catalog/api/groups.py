"""Groups: organisations that belong together, such as the members of an association."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from sqlalchemy.orm import Session

from catalog.access.guards import guarded
from catalog.api.answers import NoQuery, Version, answer, check_content, list_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from cmdb.kernel.viewer import Viewer, permit
from cmdb.partners import groups
from cmdb.partners.commands import WRITE
from cmdb.partners.models import Organisation, OrganisationGroup
from schemas.partners import GroupChangeSchema, GroupSchema, GroupSummarySchema, NewGroupSchema

resource = Resource("groups", "Organisations that belong together, with their members of today.")


@resource.get("")
@guarded("partner.read")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(GroupSummarySchema))
def list_groups(_query: dict[str, Any]) -> Response:
    """List groups by name."""
    rows = groups.list_groups(session(), current_viewer())
    return list_answer(
        rows,
        lambda row: {
            "id": row[0].id,
            "slug": row[0].slug,
            "name": row[0].name,
            "member_count": row[1],
        },
    )


@resource.post("")
@guarded("partner.write")
@resource.arguments(NewGroupSchema)
@resource.response(201, GroupSchema)
@resource.repeatable(GroupSchema)
@resource.problems(409)
def create_group(body: dict[str, Any]) -> Response:
    """Make a group."""

    def create(held: Session, viewer: Viewer) -> list[UUID]:
        return [groups.create_group(held, viewer, **body).id]

    done = once(create)
    return _group_answer(body["slug"], done.status)


@resource.get("/<group_slug>")
@guarded("partner.read")
@resource.response(200, GroupSchema)
@resource.tagged
@resource.problems(404)
def read_group(group_slug: str) -> Response:
    """Read a group with its members of today."""
    return _group_answer(group_slug)


@resource.patch("/<group_slug>")
@guarded("partner.write")
@resource.arguments(GroupChangeSchema)
@resource.response(200, GroupSchema)
@resource.versioned
def change_group(body: dict[str, Any], group_slug: str) -> Response:
    """Change a group; who is left out of its members belongs to it until yesterday."""
    with writing() as held:
        viewer = current_viewer()
        permit(viewer, WRITE, None)
        group, members = groups.get_group(held, viewer, group_slug)
        check_content(Version(group.id), group_form(group, members))
        name = body.get("name", group.name)
        member_ids = body.get("member_ids", [one.id for one in members])
        groups.change_group(held, viewer, group_slug, name, member_ids)
    return _group_answer(group_slug)


def group_form(group: OrganisationGroup, members: Sequence[Organisation]) -> dict[str, Any]:
    """Return a group in its form on the wire."""
    return {
        "id": group.id,
        "slug": group.slug,
        "name": group.name,
        "members": [{"id": one.id, "slug": one.slug, "name": one.name} for one in members],
    }


def _group_answer(slug: str, status: int = HTTPStatus.OK) -> Response:
    group, members = groups.get_group(session(), current_viewer(), slug)
    is_new = status == HTTPStatus.CREATED
    location = url_for("api_groups.read_group", group_slug=slug) if is_new else ""
    form = group_form(group, members)
    return answer(form, status, location=location, version=Version(group.id))
