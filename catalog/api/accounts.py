"""Accounts: numbers only; reading a record needs a purpose and is done by people."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from catalog.access.guards import guarded
from catalog.api.answers import NoQuery, answer, list_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session
from cmdb.accounts import queries
from cmdb.accounts.filters import AccountFilter
from cmdb.accounts.queries import AccountCounts
from cmdb.partners.names import list_names
from schemas.accounts import AccountCountsSchema, AccountStatisticsSchema
from schemas.base import WireSchema

resource = Resource(
    "accounts",
    "Numbers about directory accounts; a number is null where so few would point at persons.",
)


class StatisticsQuery(WireSchema):
    """Of which partner."""

    partner_id = fields.UUID(load_default=None)


@resource.get("/counts")
@guarded("account.statistics")
@resource.arguments(NoQuery, location="query")
@resource.response(200, page_schema(AccountCountsSchema))
def count_accounts(_query: dict[str, Any]) -> Response:
    """Count the accounts of every partner."""
    held, viewer = session(), current_viewer()
    counts = queries.count_accounts_by_partner(held, viewer)
    names = list_names(held, viewer, counts.keys())
    rows = sorted(counts.items(), key=lambda pair: names.get(pair[0], ""))
    return list_answer(rows, lambda row: _counts_form(row[0], names.get(row[0], ""), row[1]))


@resource.get("/statistics")
@guarded("account.statistics")
@resource.arguments(StatisticsQuery, location="query")
@resource.response(200, AccountStatisticsSchema)
def read_statistics(query: dict[str, Any]) -> Response:
    """Count accounts by type, state, privilege, last use and hygiene."""
    held, viewer = session(), current_viewer()
    wanted = AccountFilter(partner_id=query["partner_id"])
    total = queries.count_accounts(held, viewer, wanted)
    return answer({"total": total, **queries.count_account_facets(held, viewer, wanted)})


def _counts_form(partner_id: UUID, name: str, counts: AccountCounts) -> dict[str, Any]:
    return {
        "partner": {"id": partner_id, "name": name},
        "total": counts.total,
        "enabled": counts.enabled,
        "privileged": counts.privileged,
        "stale": counts.stale,
        "disabled_long": counts.disabled_long,
    }
