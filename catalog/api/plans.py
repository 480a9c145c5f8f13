"""Discovery plans: what may be looked at for a partner, how, how often and how gently."""

from dataclasses import fields as fields_of
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app, url_for
from marshmallow import fields
from sqlalchemy.orm import Session

from catalog.access.guards import guarded
from catalog.api.answers import (
    PageQuery,
    Version,
    answer,
    expected_version,
    page_answer,
    page_schema,
)
from catalog.api.guard import current_viewer
from catalog.api.repetition import once
from catalog.api.resource import Resource, session, writing
from catalog.ldif_folder import check_files
from cmdb.kernel.viewer import Viewer
from cmdb.partners.queries import get_partner
from cmdb.plans import commands, queries
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from schemas.plans import NewPlanSchema, PlanChangeSchema, PlanSchema

resource = Resource("plans", "What discovery may look at for a partner, how and how often.")

_LISTS = ("targets", "exclusions", "credentials")


class PlanQuery(PageQuery):
    """Which plans to list."""

    partner_id = fields.UUID(load_default=None)


@resource.get("")
@guarded("plan.read")
@resource.arguments(PlanQuery, location="query")
@resource.response(200, page_schema(PlanSchema))
def list_plans(query: dict[str, Any]) -> Response:
    """List plans by name."""
    return page_answer(queries.list_plans(session(), current_viewer(), **query), plan_form)


@resource.post("")
@guarded("plan.write")
@resource.arguments(NewPlanSchema)
@resource.response(201, PlanSchema)
@resource.repeatable(PlanSchema)
@resource.problems(404, 409)
def create_plan(body: dict[str, Any]) -> Response:
    """Make a plan for a partner."""
    partner_id = body.pop("partner_id")

    def create(held: Session, viewer: Viewer) -> list[UUID]:
        get_partner(held, viewer, partner_id)
        draft = _draft_of(body)
        check_files(draft, current_app.config["HAUS"].directory_path)
        return [commands.create_plan(held, viewer, partner_id, draft).id]

    done = once(create)
    return _plan_answer(done.keys[0], done.status)


@resource.get("/<uuid:plan_id>")
@guarded("plan.read")
@resource.response(200, PlanSchema)
@resource.tagged
@resource.problems(404)
def read_plan(plan_id: UUID) -> Response:
    """Read one plan."""
    return _plan_answer(plan_id)


@resource.patch("/<uuid:plan_id>")
@guarded("plan.write")
@resource.arguments(PlanChangeSchema)
@resource.response(200, PlanSchema)
@resource.versioned
@resource.problems(409)
def change_plan(body: dict[str, Any], plan_id: UUID) -> Response:
    """Change a plan; runs that have begun go on with what they have."""
    version = expected_version(plan_id)
    with writing() as held:
        viewer = current_viewer()
        plan = queries.get_plan(held, viewer, plan_id)
        present = {one.name: getattr(plan, one.name) for one in fields_of(PlanDraft)}
        draft = _draft_of(present | body)
        check_files(draft, current_app.config["HAUS"].directory_path)
        based_on = plan.version if version is None else version
        commands.update_plan(held, viewer, plan_id, draft, version=based_on)
    return _plan_answer(plan_id)


@resource.post("/<uuid:plan_id>/pause")
@guarded("plan.write")
@resource.response(200, PlanSchema)
@resource.problems(404)
def pause_plan(plan_id: UUID) -> Response:
    """Let a plan rest; a run that has begun is finished."""
    with writing() as held:
        commands.pause_plan(held, current_viewer(), plan_id)
    return _plan_answer(plan_id)


@resource.post("/<uuid:plan_id>/resume")
@guarded("plan.write")
@resource.response(200, PlanSchema)
@resource.problems(404, 409)
def resume_plan(plan_id: UUID) -> Response:
    """Let a paused plan run again; with an interval it is due at once."""
    with writing() as held:
        commands.resume_plan(held, current_viewer(), plan_id)
    return _plan_answer(plan_id)


def plan_form(plan: Plan) -> dict[str, Any]:
    """Return a plan in its form on the wire."""
    domain, site = plan.routing_domain, plan.site
    return {
        "id": plan.id,
        "partner": {"id": plan.partner.id, "name": plan.partner.name},
        "name": plan.name,
        "protocol": plan.protocol,
        "targets": plan.targets,
        "exclusions": plan.exclusions,
        "credentials": plan.credentials,
        "options": plan.options,
        "site": None if site is None else {"id": site.id, "name": site.name},
        "routing_domain": None if domain is None else {"id": domain.id, "name": domain.name},
        "interval_minutes": plan.interval_minutes,
        "rate": plan.rate,
        "is_dry_run": plan.is_dry_run,
        "is_active": plan.is_active,
        "next_due_at": plan.next_due_at,
        "created_at": plan.created_at,
        "version": plan.version,
    }


def _draft_of(values: dict[str, Any]) -> PlanDraft:
    lists: dict[str, Any] = {name: tuple(values[name]) for name in _LISTS if name in values}
    return PlanDraft(**(values | lists))


def _plan_answer(plan_id: UUID, status: int = HTTPStatus.OK) -> Response:
    plan = queries.get_plan(session(), current_viewer(), plan_id)
    location = (
        url_for("api_plans.read_plan", plan_id=plan_id) if status == HTTPStatus.CREATED else ""
    )
    version = Version(plan_id, plan.version)
    return answer(plan_form(plan), status, location=location, version=version)
