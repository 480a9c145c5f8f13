"""Watching runs, and answering those that were held."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.telling import told
from catalog.transactions import unit_of_work
from catalog.web.discovery.presentation import (
    decision_words,
    duration_of,
    interval_words,
    reasons_of,
)
from catalog.web.guard import current_viewer
from cmdb.plans import commands, queries
from cmdb.plans.models import Run
from cmdb.plans.queries import RunFilter
from cmdb.reconcile.answers import ANSWER, confirm_gone, list_vanished, reject_run
from cmdb.reconcile.holds import find_holds
from schemas.vocabulary import HoldState, RunState

STOP_POLLING: Final = 286
"""The status by which htmx ends a poll."""


def register(blueprint: Blueprint) -> None:
    """Add the pages of runs to those of discovery."""
    blueprint.add_app_template_global(decision_words)
    blueprint.add_app_template_global(duration_of)
    blueprint.add_app_template_global(interval_words)
    blueprint.add_app_template_global(reasons_of)
    blueprint.add_app_template_filter(told)
    one = "/runs/<uuid:run_id>"
    blueprint.add_url_rule("/runs", "runs", index, methods=["GET"])
    blueprint.add_url_rule(one, "run", detail, methods=["GET"])
    blueprint.add_url_rule(f"{one}/progress", "run_progress", progress, methods=["GET"])
    blueprint.add_url_rule(f"{one}/cancel", "cancel_run", cancel, methods=["POST"])
    blueprint.add_url_rule(f"{one}/hold", "answer_hold", answer_hold, methods=["POST"])


@guarded("run.read")
def index() -> str:
    """Show what runs now and what ran, the newest first."""
    session, viewer = db.session(), current_viewer()
    known = {one.value: one for one in RunState}
    states = tuple(known[one] for one in request.args.getlist("state") if one in known)
    page = queries.list_runs(
        session, viewer, wanted=RunFilter(states=states), after=request.args.get("after")
    )
    return render_template(
        "discovery/runs.html",
        page=page,
        states=states,
        is_live=any(run.state in queries.RUNNING for run in page.rows),
        holds=find_holds(session, viewer, [run.id for run in page.rows]),
    )


@guarded("run.read")
def detail(run_id: UUID) -> str:
    """Show a run, live while it lasts, and the fate of each of its targets."""
    session, viewer = db.session(), current_viewer()
    found = queries.get_run(session, viewer, run_id)
    decision = request.args.get("decision", "")[:32]
    page = queries.list_targets(
        session, viewer, run_id, decision=decision, after=request.args.get("after")
    )
    return render_template(
        "discovery/run.html",
        run=found,
        decision=decision,
        page=page,
        names=queries.name_items(session, viewer, page.rows),
        may_cancel=viewer.may("run.request", found.partner_id),
        **_progress(run_id),
        **_hold(found),
    )


@guarded("run.read")
def progress(run_id: UUID) -> tuple[str, int]:
    """Show only how far a run has come, for the page that polls."""
    shown = _progress(run_id)
    status = STOP_POLLING if shown["progress"].is_finished else 200
    return render_template("discovery/_progress.html", is_polled=True, **shown), status


@guarded("run.request")
def cancel(run_id: UUID) -> Response:
    """Stop a run; what was seen until then stays, and nothing is taken for missing."""
    with unit_of_work(db.session()):
        commands.cancel_run(db.session(), current_viewer(), run_id)
    flash(gettext("The run is cancelled."), "success")
    return redirect(url_for("discovery.run", run_id=run_id), 303)


@guarded(ANSWER)
def answer_hold(run_id: UUID) -> Response:
    """Say whether what a held run did not see is really gone."""
    is_gone = request.form.get("answer") == "confirm"
    act = confirm_gone if is_gone else reject_run
    with unit_of_work(db.session()):
        act(db.session(), current_viewer(), run_id, reason=request.form.get("reason", ""))
    text = (
        gettext("What the run did not see is marked as missing.")
        if is_gone
        else gettext("The run was wrong; nothing has changed.")
    )
    flash(text, "success")
    return redirect(url_for("discovery.run", run_id=run_id), 303)


def _progress(run_id: UUID) -> dict[str, Any]:
    session, viewer = db.session(), current_viewer()
    return {
        "progress": queries.get_run_progress(session, viewer, run_id),
        "counts": queries.count_targets(session, viewer, run_id),
    }


def _hold(run: Run) -> dict[str, Any]:
    session, viewer = db.session(), current_viewer()
    hold = find_holds(session, viewer, [run.id]).get(run.id)
    is_open = hold is not None and hold.state is HoldState.OPEN
    return {
        "hold": hold,
        "vanished": list_vanished(session, viewer, run) if is_open else None,
        "may_answer": is_open and viewer.may(ANSWER, run.partner_id),
    }
