"""The description of the REST interface: OpenAPI 3.1 for programs, a page for people."""

from functools import cache
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Blueprint, Flask, Response, current_app, render_template, request
from markupsafe import Markup

from catalog.access.guards import personal
from catalog.api.description import describe
from catalog.api.problem import ProblemApi
from catalog.api.rates import HEADERS
from catalog.api.resource import BASE

ABOUT: Final = """\
Everything the pages show, for programs. Send a token with every request:
`Authorization: Bearer haus_…`; people make tokens on the page of their account.

* **What you see** depends on the token: whatever belongs to a partner you may not see does not \
exist for you and is answered with 404.
* **Errors** are problem documents (RFC 9457); `errors` has the complaints per field.
* **Lists** come in pages: `next` is the `after` of the next page, and the header `Link` leads \
there. Page 100 costs what page 1 costs.
* **Writes** say in `If-Match` on which version they are based: take the `ETag` of what you read. \
Without it the answer is 428, with an old one 412.
* **Repetition** is harmless: send `Idempotency-Key` with a write whose answer may get lost. The \
same request again is answered with 200 and what the first one made; another one under the same \
key with 422.
* **Rates**: `RateLimit` says how many requests are left in this minute; one too many is answered \
with 429, and `Retry-After` says in how many seconds to go on.
* **Unknown fields** and parameters are refused, so that no misspelling passes silently.
* **Money** is text with two decimals, in Swiss francs; times are ISO 8601 with an offset.
"""

SETTINGS: Final[dict[str, Any]] = {
    "API_TITLE": "haus",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {"description": ABOUT},
        "security": [{"token": []}],
        "components": {
            "headers": HEADERS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API token, which begins with `haus_`.",
                }
            },
        },
    },
}
READERS: Final = "the description holds no data; every signed-in person and every token may read it"

blueprint = Blueprint("api_documentation", __name__, url_prefix=BASE)


def install(app: Flask, api: ProblemApi) -> None:
    """Offer the description of these resources."""
    app.extensions["haus_openapi"] = document_of(api)
    app.register_blueprint(blueprint)


@blueprint.get("/openapi.json")
@personal(READERS, allows_session=True)
def read_openapi() -> Response:
    """Return the description for programs."""
    content = orjson.dumps(current_app.extensions["haus_openapi"])
    return Response(content, HTTPStatus.OK, content_type="application/json")


@blueprint.get("/docs")
@personal(READERS, allows_session=True)
def read_docs() -> str:
    """Show the description for people."""
    document = current_app.extensions["haus_openapi"]
    return render_template(
        "api/docs.html", about=_about(), resources=describe(document), server=request.host_url
    )


@cache
def _about() -> Markup:
    """Return the introduction as HTML; it is our own text, and nothing of it is data."""
    # A server starts without it: few ever read these pages.
    from markdown_it import MarkdownIt

    return Markup(MarkdownIt("commonmark").render(ABOUT))  # noqa: S704 — see above


def document_of(api: ProblemApi) -> dict[str, Any]:
    """Return the description of all resources that are registered."""
    spec: Any = api.spec
    document: dict[str, Any] = spec.to_dict()
    for tag in document["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    for path in document["paths"].values():
        for name, operation in path.items():
            if name != "parameters":
                _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    """Add what holds for every operation: the headers of a success, and that all else is a problem.

    A response that is shared by reference cannot have headers of its own here.
    """
    responses = operation["responses"]
    for status, response in responses.items():
        if status < "3" and "$ref" not in response:
            response["headers"] = {
                name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS
            }
    responses.setdefault("default", {"$ref": "#/components/responses/DEFAULT_ERROR"})
