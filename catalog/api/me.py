"""Who am I: what a token is good for."""

from typing import Any

from flask import Response

from catalog.access.guards import personal
from catalog.api.answers import NoQuery, answer
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource
from cmdb.kernel.viewer import Everywhere, Reach
from schemas.access import MeSchema

resource = Resource("me", "Who stands behind the token and what he, she or it may do.")


@resource.get("")
@personal("everybody may know what they may do")
@resource.arguments(NoQuery, location="query")
@resource.response(200, MeSchema)
def read_me(_query: dict[str, Any]) -> Response:
    """Tell who asks, with every permission and the partners for which it holds."""
    viewer = current_viewer()
    permissions = [_permission(name, viewer.grants[name]) for name in sorted(viewer.grants)]
    return answer(
        {
            "id": viewer.id,
            "name": viewer.name,
            "kind": viewer.kind,
            "permissions": permissions,
        }
    )


def _permission(name: str, reach: Reach) -> dict[str, Any]:
    is_everywhere = isinstance(reach, Everywhere)
    return {
        "name": name,
        "is_everywhere": is_everywhere,
        "partner_ids": [] if isinstance(reach, Everywhere) else sorted(reach),
    }
