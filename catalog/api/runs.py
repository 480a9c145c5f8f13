"""Discovery runs: request one, watch it, cancel it, see what became of each target."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields, validate

from catalog.access.guards import guarded
from catalog.api.answers import PageQuery, Version, answer, page_answer, page_schema
from catalog.api.guard import current_viewer
from catalog.api.resource import Resource, session, writing
from catalog.telling import message_forms, told
from cmdb.plans import commands, queries
from cmdb.plans.models import Run, RunTarget
from cmdb.plans.queries import RunFilter
from cmdb.reconcile.answers import confirm_gone, reject_run
from cmdb.reconcile.holds import find_holds
from cmdb.reconcile.models import HeldRun
from schemas.plans import HoldAnswerSchema, RunRequestSchema, RunSchema, RunTargetSchema
from schemas.vocabulary import RunState

resource = Resource("runs", "Executions of plans, and what became of each target.")

_HOLD = ("state", "known", "vanished", "held_at", "answered_at", "answered_by", "reason")
_COUNTS = ("targets_total", "targets_done", "reached", "created", "changed", "unchanged")


class RunQuery(PageQuery):
    """Which runs to list."""

    plan_id = fields.UUID(load_default=None)
    partner_id = fields.UUID(load_default=None)
    state = fields.List(fields.Enum(RunState, by_value=True))


class TargetQuery(PageQuery):
    """Which targets of a run to list."""

    decision = fields.Str(load_default="", validate=validate.Length(max=32))


@resource.get("")
@guarded("run.read")
@resource.arguments(RunQuery, location="query")
@resource.response(200, page_schema(RunSchema))
def list_runs(query: dict[str, Any]) -> Response:
    """List runs, the newest first."""
    wanted = RunFilter(query["plan_id"], query["partner_id"], tuple(query.get("state", ())))
    page = queries.list_runs(
        session(), current_viewer(), wanted=wanted, after=query["after"], limit=query["limit"]
    )
    holds = find_holds(session(), current_viewer(), [run.id for run in page.rows])
    return page_answer(page, lambda run: run_form(run, holds.get(run.id)))


@resource.post("")
@guarded("run.request")
@resource.arguments(RunRequestSchema)
@resource.response(201, RunSchema)
@resource.alt_response(200, schema=RunSchema, description="The run that is on its way already.")
@resource.problems(404, 409)
def request_run(body: dict[str, Any]) -> Response:
    """Queue a run of a plan; while one is queued or running, that one is the answer."""
    plan_id = body["plan_id"]
    with writing() as held:
        viewer = current_viewer()
        running = queries.list_runs(held, viewer, wanted=RunFilter(plan_id, states=queries.RUNNING))
        run = commands.request_run(held, viewer, plan_id, is_dry_run=body["is_dry_run"])
    is_new = run not in running.rows
    return _run_answer(run.id, HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@resource.get("/<uuid:run_id>")
@guarded("run.read")
@resource.response(200, RunSchema)
@resource.tagged
@resource.problems(404)
def read_run(run_id: UUID) -> Response:
    """Read one run with its counts."""
    return _run_answer(run_id)


@resource.post("/<uuid:run_id>/cancel")
@guarded("run.request")
@resource.response(200, RunSchema)
@resource.problems(404, 409)
def cancel_run(run_id: UUID) -> Response:
    """Stop a run: what has been taken in stays, nothing counts as missing."""
    with writing() as held:
        commands.cancel_run(held, current_viewer(), run_id)
    return _run_answer(run_id)


@resource.post("/<uuid:run_id>/hold")
@guarded("finding.decide")
@resource.arguments(HoldAnswerSchema)
@resource.response(200, RunSchema)
@resource.problems(404, 409)
def answer_hold(body: dict[str, Any], run_id: UUID) -> Response:
    """Say whether what a held run did not see is really gone; answering twice is answering once."""
    act = confirm_gone if body["answer"] == "confirm" else reject_run
    with writing() as held:
        act(held, current_viewer(), run_id, reason=body["reason"])
    return _run_answer(run_id)


@resource.get("/<uuid:run_id>/targets")
@guarded("run.read")
@resource.arguments(TargetQuery, location="query")
@resource.response(200, page_schema(RunTargetSchema))
@resource.problems(404)
def list_targets(query: dict[str, Any], run_id: UUID) -> Response:
    """List what became of each target of a run; silent addresses of ranges are only counted."""
    page = queries.list_targets(session(), current_viewer(), run_id, **query)
    return page_answer(page, target_form)


def run_form(run: Run, hold: HeldRun | None = None) -> dict[str, Any]:
    """Return a run in its form on the wire."""
    partner = run.plan.partner
    return {
        "id": run.id,
        "plan": {"id": run.plan_id, "name": run.plan.name},
        "partner": {"id": partner.id, "name": partner.name},
        "state": run.state,
        "is_dry_run": run.is_dry_run,
        "only_targets": run.only_targets,
        "requested_by": run.requested_by,
        "requested_at": run.requested_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        **{name: getattr(run, name) for name in _COUNTS},
        "findings": run.findings,
        "problems": run.problems,
        "message": told(run),
        "messages": message_forms(run),
        "hold": None if hold is None else {name: getattr(hold, name) for name in _HOLD},
    }


def target_form(row: RunTarget) -> dict[str, Any]:
    """Return what became of a target, in its form on the wire."""
    return {
        "target": row.target,
        "key": row.key,
        "step": row.step,
        "decision": row.decision,
        "item_id": row.item_id,
        "code": row.code,
        "message": told(row),
        "messages": message_forms(row),
        "explanation": row.explanation,
        "at": row.at,
    }


def _run_answer(run_id: UUID, status: int = HTTPStatus.OK) -> Response:
    run = queries.get_run(session(), current_viewer(), run_id)
    location = url_for("api_runs.read_run", run_id=run_id) if status == HTTPStatus.CREATED else ""
    hold = find_holds(session(), current_viewer(), [run_id]).get(run_id)
    return answer(run_form(run, hold), status, location=location, version=Version(run_id))
