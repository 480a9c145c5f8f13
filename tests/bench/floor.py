"""What the answers of the REST interface cost at the least: Flask, SQLAlchemy Core and orjson.

The floor looks up a token and reads the same rows, without rights, validation and history, so that
nothing real reaches it. How far above it we are depends on no machine.
"""

from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from flask import Flask, Response, request
from sqlalchemy.orm import aliased

from catalog.access import tokens
from catalog.access.models import ApiToken, Person
from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.partners.models import Organisation, Site

PAGE = 50
_ITEM = ConfigurationItem


def make_floor(engine: sa.Engine) -> Flask:
    """Return an app that lists items at `/items` and tells one at `/items/<key>`."""
    app = Flask("floor")
    rows = _statement()
    page = rows.order_by(_ITEM.name, _ITEM.id).limit(PAGE)

    def answer(statement: sa.Select[Any]) -> Response:
        with engine.connect() as connection:
            connection.execute(_token(request.headers["Authorization"])).one()
            found = [row._asdict() for row in connection.execute(statement)]
        return Response(orjson.dumps(found), content_type="application/json")

    @app.get("/items")
    def list_items() -> Response:
        return answer(page)

    @app.get("/items/<uuid:key>")
    def read_item(key: UUID) -> Response:
        return answer(rows.where(_ITEM.id == key))

    return app


def _token(header: str) -> sa.Select[Any]:
    text = header.removeprefix("Bearer ")
    return (
        sa.select(ApiToken.scopes, Person.name)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.token_hash == tokens.hash_of(text))
    )


def _statement() -> sa.Select[Any]:
    """Return the rows of items, joined over six tables."""
    user, operator = aliased(Organisation), aliased(Organisation)
    table: Any = _ITEM.__table__
    return (
        sa.select(
            *(column for column in table.c if column.name != "search_text"),
            CiClass.label_de,
            Organisation.name.label("partner_name"),
            user.name.label("user_name"),
            operator.name.label("operator_name"),
            Site.name.label("site_name"),
        )
        .join(CiClass, CiClass.name == _ITEM.class_name)
        .join(Organisation, Organisation.id == _ITEM.partner_id)
        .outerjoin(user, user.id == _ITEM.user_partner_id)
        .outerjoin(operator, operator.id == _ITEM.operator_id)
        .outerjoin(Site, Site.id == _ITEM.site_id)
    )
