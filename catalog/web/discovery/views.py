"""Planning what is looked at, and asking for runs."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.ldif_folder import check_files, list_files
from catalog.transactions import unit_of_work
from catalog.web.discovery import runs
from catalog.web.discovery.attention import settings_here, unresolved_names, warnings_of
from catalog.web.discovery.forms import PlanForm, at_field, draft_of, plan_form
from catalog.web.discovery.settings import other_options, settings_told
from catalog.web.forms import show_complaints
from catalog.web.guard import current_viewer
from cmdb.kernel.errors import HausError
from cmdb.kernel.viewer import permit
from cmdb.plans import commands, queries
from cmdb.plans.models import Plan
from cmdb.plans.queries import RunFilter
from cmdb.reconcile.holds import find_holds

blueprint = Blueprint("discovery", __name__, url_prefix="/discovery")
runs.register(blueprint)

Page = str | tuple[str, int] | Response


@blueprint.get("/plans")
@guarded("plan.read")
def plans() -> str:
    """Show what may be looked at, for which partner and how often."""
    session, viewer = db.session(), current_viewer()
    return render_template(
        "discovery/plans.html",
        page=queries.list_plans(session, viewer, after=request.args.get("after")),
        total=queries.count_plans(session, viewer),
        may_write=viewer.may("plan.write"),
    )


@blueprint.get("/plans/new")
@guarded("plan.write")
def new_plan() -> str:
    """Show the form of a new plan, for the partner that the address names."""
    partner_id = request.args.get("partner_id", None, UUID)
    return _form_page(plan_form(current_viewer(), partner_id=partner_id), None)


@blueprint.post("/plans")
@guarded("plan.write")
def create_plan() -> Page:
    """Write down a new plan."""
    form = plan_form(current_viewer())
    if form.validate_on_submit():
        try:
            with unit_of_work(db.session()):
                draft = draft_of(form)
                check_files(draft, settings_here().directory_path)
                plan = commands.create_plan(
                    db.session(), current_viewer(), form.partner_id.data, draft
                )
            return _saved(plan)
        except HausError as error:
            show_complaints(form, at_field(form, error))
    return _form_page(form, None), 422


@blueprint.get("/plans/<uuid:plan_id>")
@guarded("plan.read")
def plan(plan_id: UUID) -> str:
    """Show a plan with its latest runs."""
    session, viewer = db.session(), current_viewer()
    found = queries.get_plan(session, viewer, plan_id)
    latest = queries.list_runs(session, viewer, wanted=RunFilter(plan_id=plan_id), limit=10)
    return render_template(
        "discovery/plan.html",
        plan=found,
        runs=latest,
        holds=find_holds(session, viewer, [run.id for run in latest.rows]),
        settings=settings_told(found.options),
        warnings=warnings_of(found) if viewer.may("plan.write", found.partner_id) else [],
        may_write=viewer.may("plan.write", found.partner_id),
        may_run=viewer.may("run.request", found.partner_id),
    )


@blueprint.get("/plans/<uuid:plan_id>/edit")
@guarded("plan.write")
def edit_plan(plan_id: UUID) -> str:
    """Show the form of an existing plan."""
    found = queries.get_plan(db.session(), current_viewer(), plan_id)
    return _form_page(plan_form(current_viewer(), found), found)


@blueprint.post("/plans/<uuid:plan_id>")
@guarded("plan.write")
def update_plan(plan_id: UUID) -> Page:
    """Change a plan; what nobody touched stays as it is, also what the form does not show."""
    found = queries.get_plan(db.session(), current_viewer(), plan_id)
    form = plan_form(current_viewer(), found)
    if form.validate_on_submit():
        try:
            with unit_of_work(db.session()):
                draft = draft_of(form, found)
                check_files(draft, settings_here().directory_path)
                plan = commands.update_plan(
                    db.session(),
                    current_viewer(),
                    plan_id,
                    draft,
                    version=request.form.get("version", 0, int),
                )
            return _saved(plan)
        except HausError as error:
            show_complaints(form, at_field(form, error))
    return _form_page(form, found), 422


@blueprint.post("/plans/<uuid:plan_id>/pause")
@guarded("plan.write")
def pause_plan(plan_id: UUID) -> Response:
    """Let a plan rest."""
    with unit_of_work(db.session()):
        commands.pause_plan(db.session(), current_viewer(), plan_id)
    return redirect(url_for("discovery.plan", plan_id=plan_id), 303)


@blueprint.post("/plans/<uuid:plan_id>/resume")
@guarded("plan.write")
def resume_plan(plan_id: UUID) -> Response:
    """Let a plan run again."""
    with unit_of_work(db.session()):
        commands.resume_plan(db.session(), current_viewer(), plan_id)
    return redirect(url_for("discovery.plan", plan_id=plan_id), 303)


@blueprint.get("/plans/<uuid:plan_id>/delete")
@guarded("plan.write")
def confirm_deletion(plan_id: UUID) -> str:
    """Ask once more before a plan is deleted, and say what is kept."""
    session, viewer = db.session(), current_viewer()
    found = queries.get_plan(session, viewer, plan_id)
    permit(viewer, "plan.write", found.partner_id)
    runs = queries.list_runs(session, viewer, wanted=RunFilter(plan_id=plan_id), limit=1)
    return render_template("discovery/plan_delete.html", plan=found, has_runs=bool(runs.rows))


@blueprint.post("/plans/<uuid:plan_id>/delete")
@guarded("plan.write")
def delete_plan(plan_id: UUID) -> Response:
    """Delete a plan that has never run; one that has is paused, and its history stays."""
    with unit_of_work(db.session()):
        is_gone = commands.delete_plan(db.session(), current_viewer(), plan_id)
    if is_gone:
        flash(gettext("The plan is deleted."), "success")
        return redirect(url_for("discovery.plans"), 303)
    flash(gettext("The plan is paused; its runs and what they saw are kept."), "success")
    return redirect(url_for("discovery.plan", plan_id=plan_id), 303)


@blueprint.post("/plans/<uuid:plan_id>/runs")
@guarded("run.request")
def request_run(plan_id: UUID) -> Response:
    """Ask for a run now; while one is going on, that one is shown."""
    with unit_of_work(db.session()):
        run = commands.request_run(
            db.session(),
            current_viewer(),
            plan_id,
            is_dry_run=True if request.form.get("dry") == "1" else None,
        )
    return redirect(url_for("discovery.run", run_id=run.id), 303)


def _saved(plan: Plan) -> Response:
    """Lead to a plan that was saved, and say which of its names have no address from here."""
    for text in unresolved_names(plan):
        flash(text, "warning")
    return redirect(url_for("discovery.plan", plan_id=plan.id), 303)


def _form_page(form: PlanForm, plan: Plan | None) -> str:
    folder = settings_here().directory_path
    return render_template(
        "discovery/plan_form.html",
        form=form,
        plan=plan,
        folder=str(folder),
        files=list_files(folder),
        others=other_options(plan.options) if plan else [],
    )
