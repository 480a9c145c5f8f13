"""Accounts: numbers for many; a record only for a purpose, and every look is logged."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import (
    NoQuery,
    PageQuery,
    answer,
    list_answer,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session, writing
from catalog.errors import request_id
from cmdb.accounts import commands, queries
from cmdb.accounts.commands import MAX_REFERENCE, AccountView, Reason
from cmdb.accounts.filters import AccountFilter
from cmdb.accounts.models import Purpose
from cmdb.accounts.queries import AccountCounts
from cmdb.accounts.rules import Hygiene
from cmdb.partners.names import list_names
from schemas.accounts import (
    AccountCountsSchema,
    AccountSchema,
    AccountStatisticsSchema,
    AccountSummarySchema,
)
from schemas.base import WireSchema
from schemas.vocabulary import AccountType, LogonBucket

resource = Resource(
    "accounts",
    "Directory accounts. A number is null where so few would point at persons; a record is read "
    "for a purpose, and who read it is logged.",
)


class ReasonQuery(WireSchema):
    """Why a record is read; it stands in the log that the persons concerned may ask for."""

    purpose = fields.Enum(Purpose, by_value=True, required=True)
    reference = fields.Str(
        load_default="",
        validate=validate.Length(max=MAX_REFERENCE),
        metadata={"description": "The number of the order, incident or enquiry."},
    )


class RecordQuery(PageQuery, ReasonQuery):
    """Which accounts of which partner to read, and why."""

    partner_id = fields.UUID(required=True)
    text = fields.Str(load_default="", validate=validate.Length(max=120))
    type = fields.List(fields.Enum(AccountType, by_value=True))
    last_logon = fields.List(fields.Enum(LogonBucket, by_value=True))
    hygiene = fields.Enum(Hygiene, by_value=True, load_default=None)


class StatisticsQuery(WireSchema):
    """Of which partner."""

    partner_id = fields.UUID(load_default=None)


@resource.get("")
@guarded("account.read")
@resource.arguments(RecordQuery, location="query")
@resource.response(200, page_schema(AccountSummarySchema))
@resource.problems(404)
def list_accounts(query: dict[str, Any]) -> Response:
    """Read the accounts of one partner by name; every record on the page is logged as read."""
    wanted = AccountFilter(
        partner_id=query["partner_id"],
        text=query["text"],
        types=tuple(query.get("type", ())),
        last_logons=tuple(query.get("last_logon", ())),
        hygiene=query["hygiene"],
    )
    with writing() as held:
        page = commands.read_accounts(
            held,
            current_viewer(),
            wanted,
            _reason_of(query),
            after=query["after"],
            limit=query["limit"],
        )
    return _kept_nowhere(page_answer(page, _summary_form))


@resource.get("/<uuid:account_id>")
@guarded("account.read")
@resource.arguments(ReasonQuery, location="query")
@resource.response(200, AccountSchema)
@resource.problems(404)
def read_account(query: dict[str, Any], account_id: UUID) -> Response:
    """Read one account completely; the look is logged."""
    with writing() as held:
        found = commands.read_account(held, current_viewer(), account_id, _reason_of(query))
    return _kept_nowhere(answer(_account_form(found)))


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


def _summary_form(found: AccountView) -> dict[str, Any]:
    names = ("id", "partner_id", "name", "type", "is_enabled", "is_privileged", "last_logon")
    told = {name: getattr(found.record, name) for name in (*names, "org_unit")}
    return told | {"hygiene": found.hygiene}


def _account_form(found: AccountView) -> dict[str, Any]:
    dates = ("created_on", "disabled_on", "expires_on", "seen_at", "gone_at")
    names = ("directory_key", "privileged_reason", *dates)
    return _summary_form(found) | {name: getattr(found.record, name) for name in names}


def _reason_of(query: dict[str, Any]) -> Reason:
    return Reason(query["purpose"], query["reference"].strip(), request_id())


def _kept_nowhere(response: Response) -> Response:
    """Return an answer with personal data, which no program in between may keep."""
    response.headers["Cache-Control"] = "no-store"
    return response
