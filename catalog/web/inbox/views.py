"""The questions of discovery: the list, each one, and the answers."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.errors import message_of
from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.devices.words import Words, by_name
from catalog.web.guard import current_viewer
from catalog.web.inbox import presentation
from catalog.web.partner_choice import partners_for
from catalog.web.preferences import own_path
from cmdb.items.queries import count_findings_by_partner, list_classes
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, HausError, InvalidError
from cmdb.partners.models import Organisation
from cmdb.reconcile import commands, queries
from cmdb.reconcile.holds import list_open_holds
from cmdb.reconcile.queries import FindingFilter
from schemas.vocabulary import FindingKind, FindingState

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

READ: Final = "finding.read"
DECIDE: Final = "finding.decide"
MAX_SELECTED: Final = 200
STATES: Final = {
    "decided": (FindingState.ACCEPTED, FindingState.KEPT, FindingState.IGNORED),
    "ignored": (FindingState.IGNORED,),
}
"""What the list shows besides the open questions."""

Act = Callable[..., Any]


@blueprint.get("")
@guarded(READ)
def index() -> str:
    """Show what waits for a decision, the newest first."""
    viewer, session = current_viewer(), db.session()
    kind = request.args.get("kind", "")
    state = request.args.get("state", "")
    wanted = FindingFilter(
        states=STATES.get(state, (FindingState.OPEN,)),
        kind=FindingKind(kind) if kind in set(FindingKind) else None,
        partner_id=request.args.get("partner", None, UUID),
        item_id=request.args.get("item", None, UUID),
    )
    page = queries.list_findings(session, viewer, wanted=wanted, after=request.args.get("after"))
    words = _words()
    return render_template(
        "inbox/index.html",
        page=page,
        findings=[presentation.shown(one, words) for one in page.rows],
        total=queries.count_open(session, viewer),
        wanted=wanted,
        chosen=state if state in STATES else "",
        holds=list_open_holds(session, viewer),
        kinds=list(FindingKind),
        partners=_partners(wanted.partner_id),
        may_decide=viewer.may(DECIDE),
    )


@blueprint.post("")
@guarded(DECIDE)
def decide_many() -> Response:
    """Answer all selected contradictions alike; each one by itself, so that one cannot block."""
    act = commands.accept_finding if request.form.get("act") == "accept" else commands.keep_declared
    done, refused = 0, 0
    for text in request.form.getlist("finding")[:MAX_SELECTED]:
        try:
            with unit_of_work(db.session()):
                act(db.session(), current_viewer(), UUID(text), note=request.form.get("note", ""))
            done += 1
        except (HausError, ValueError):
            refused += 1
    if done:
        text = ngettext("%(num)s question is answered.", "%(num)s questions are answered.", done)
        flash(text, "success")
    if refused:
        text = ngettext(
            "%(num)s question could not be answered; somebody else may have been faster.",
            "%(num)s questions could not be answered; somebody else may have been faster.",
            refused,
        )
        flash(text, "warning")
    if not done and not refused:
        flash(gettext("Choose at least one question first."), "warning")
    return redirect(own_path(request.form.get("next", url_for("inbox.index"))), 303)


@blueprint.get("/<uuid:finding_id>")
@guarded(READ)
def detail(finding_id: UUID) -> str:
    """Show one question with everything that speaks for one answer or another."""
    return _page(finding_id)


@blueprint.post("/<uuid:finding_id>/accept")
@guarded(DECIDE)
def accept(finding_id: UUID) -> Response | tuple[str, int]:
    """Follow the discovery."""
    chosen = request.form.get("item_id", "")
    wanted: dict[str, Any] = {}
    if chosen and chosen != "new":
        wanted["item_id"] = request.form.get("item_id", None, UUID)
    return _decide(finding_id, commands.accept_finding, wanted)


@blueprint.post("/<uuid:finding_id>/keep")
@guarded(DECIDE)
def keep(finding_id: UUID) -> Response | tuple[str, int]:
    """Leave everything as it is."""
    return _decide(finding_id, commands.keep_declared, {})


@blueprint.post("/<uuid:finding_id>/ignore")
@guarded(DECIDE)
def ignore(finding_id: UUID) -> Response | tuple[str, int]:
    """Put the question aside until a day, or for good."""
    text = request.form.get("until", "")
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError:
        error = InvalidError(
            "finding.bad-day", N_("This is not a day: write it as year-month-day.")
        )
        return _page(finding_id, complaint=message_of(error)), 422
    return _decide(finding_id, commands.ignore_finding, {"until": until})


def _decide(finding_id: UUID, act: Act, wanted: dict[str, Any]) -> Response | tuple[str, int]:
    note = request.form.get("note", "")
    try:
        with unit_of_work(db.session()):
            act(db.session(), current_viewer(), finding_id, note=note, **wanted)
    except InvalidError as error:
        return _page(finding_id, complaint=message_of(error)), 422
    flash(gettext("The question is answered."), "success")
    return redirect(url_for("inbox.index"), 303)


def _page(finding_id: UUID, complaint: str = "") -> str:
    viewer, session = current_viewer(), db.session()
    found = queries.get_finding(session, viewer, finding_id)
    words = _words()
    named = queries.list_candidates(session, viewer, found)
    return render_template(
        "inbox/detail.html",
        finding=presentation.shown(found, words),
        row=found,
        words=words,
        pairs=presentation.neighbour_pairs(found)
        if found.kind is FindingKind.NEIGHBOUR
        else presentation.discovered_pairs(found, words),
        identifiers=presentation.identifiers_of(found),
        candidates=presentation.candidates_of(found, named),
        complaint=complaint,
        may_decide=viewer.may(DECIDE, found.partner_id) and found.state is FindingState.OPEN,
        may_put_aside=viewer.may(DECIDE, found.partner_id)
        and found.state in {FindingState.OPEN, FindingState.IGNORED},
        tomorrow=today() + timedelta(days=1),
    )


def _partners(chosen: UUID | None) -> list[Organisation]:
    """Return the partners about which something is asked, and the one that is chosen."""
    viewer = current_viewer()
    asked = {*count_findings_by_partner(db.session(), viewer), chosen}
    return [one for one in partners_for(viewer, READ) if one.id in asked]


def _words() -> Words:
    return Words(by_name(list_classes(db.session(), current_viewer())))
