"""Findings: what discovery saw and a person has to decide."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from catalog.access.guards import guarded
from catalog.api.answers import PageQuery, Version, answer, page_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.item_forms import named
from catalog.api.resource import Resource, session, writing
from cmdb.reconcile import commands, queries
from cmdb.reconcile.queries import FindingFilter, FindingRow
from schemas.findings import FindingDecisionSchema, FindingSchema
from schemas.vocabulary import FindingKind, FindingState

resource = Resource("findings", "What discovery saw and somebody has to decide.")


class FindingQuery(PageQuery):
    """Which findings to list; without a state, the open ones."""

    state = fields.List(fields.Enum(FindingState, by_value=True))
    kind = fields.Enum(FindingKind, by_value=True, load_default=None)
    partner_id = fields.UUID(load_default=None)
    item_id = fields.UUID(load_default=None)


@resource.get("")
@guarded("finding.read")
@resource.arguments(FindingQuery, location="query")
@resource.response(200, page_schema(FindingSchema))
def list_findings(query: dict[str, Any]) -> Response:
    """List findings, the newest first."""
    wanted = FindingFilter(
        states=tuple(query.get("state") or (FindingState.OPEN,)),
        kind=query["kind"],
        partner_id=query["partner_id"],
        item_id=query["item_id"],
    )
    page = queries.list_findings(
        session(), current_viewer(), wanted=wanted, after=query["after"], limit=query["limit"]
    )
    return page_answer(page, finding_form)


@resource.get("/<uuid:finding_id>")
@guarded("finding.read")
@resource.response(200, FindingSchema)
@resource.tagged
@resource.problems(404)
def read_finding(finding_id: UUID) -> Response:
    """Read one finding with its evidence."""
    return _finding_answer(finding_id)


@resource.post("/<uuid:finding_id>/decision")
@guarded("finding.decide")
@resource.arguments(FindingDecisionSchema)
@resource.response(200, FindingSchema)
@resource.problems(404, 409)
def decide_finding(body: dict[str, Any], finding_id: UUID) -> Response:
    """Decide a finding; a decision is final."""
    viewer, note = current_viewer(), body["note"]
    with writing() as held:
        match body["decision"]:
            case "accept":
                commands.accept_finding(
                    held, viewer, finding_id, item_id=body["item_id"], note=note
                )
            case "keep":
                commands.keep_declared(held, viewer, finding_id, note=note)
            case _:
                commands.ignore_finding(held, viewer, finding_id, until=body["until"], note=note)
    return _finding_answer(finding_id)


def finding_form(row: FindingRow) -> dict[str, Any]:
    """Return a finding in its form on the wire."""
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "partner": {"id": row.partner_id, "name": row.partner_name},
        "item": named(row.item_id, row.item_name or ""),
        "subject_key": row.subject_key,
        "attribute": row.attribute,
        "declared": row.declared,
        "discovered": row.discovered,
        "evidence": row.evidence,
        "opened_at": row.opened_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by,
        "note": row.note,
        "ignored_until": row.ignored_until,
    }


def _finding_answer(finding_id: UUID) -> Response:
    row = queries.get_finding(session(), current_viewer(), finding_id)
    return answer(finding_form(row), version=Version(finding_id))
