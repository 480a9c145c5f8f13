"""The first page: operators see how the house stands, partners what concerns them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from catalog.access.guards import personal
from catalog.extensions import db
from catalog.ordering import queries as ordering
from catalog.ordering.queries import OrderFilter
from catalog.subscriptions.queries import list_subscriptions
from catalog.web.guard import current_viewer
from catalog.web.navigation import OPERATES
from catalog.web.start.news import news_of
from catalog.web.start.pictures import AGES, cost_of, inventory_of
from cmdb.history.queries import list_events
from cmdb.items.ages import list_class_ages
from cmdb.items.statistics import list_coverage
from cmdb.kernel.clock import now, today
from cmdb.partners.names import list_names
from cmdb.plans import queries as plans
from cmdb.plans.models import Run
from cmdb.reconcile.queries import count_open
from schemas.vocabulary import OrderState, RunState

blueprint = Blueprint("start", __name__)

FRESH: Final = timedelta(days=7)
SHOWN_GAPS: Final = 10
SHOWN_NEWS: Final = 6
READ_EVENTS: Final = 200
LATEST_RUNS: Final = 10
READ_RUNNING: Final = 200
SHOWN_ORDERS: Final = 6
READ_SUBSCRIPTIONS: Final = 200
TROUBLED: Final = (RunState.FAILED, RunState.PARTIAL)
ENDED: Final = tuple(one for one in RunState if one not in plans.RUNNING)
IN_PROGRESS: Final = (OrderState.SUBMITTED, OrderState.APPROVED, OrderState.IN_FULFILMENT)


@blueprint.get("/")
@personal("everybody has a first page; each part of it asks for its own permission")
def index() -> Response:
    """Show what matters today."""
    return _of_operators() if current_viewer().may(OPERATES) else make_response(_of_partners())


def _of_operators() -> Response:
    viewer, session = current_viewer(), db.session()
    coverage = list_coverage(session, viewer, since=now() - FRESH)
    going = _runs(plans.RUNNING, READ_RUNNING)
    finished = _runs(ENDED, LATEST_RUNS)
    events = list_events(session, viewer, limit=READ_EVENTS).rows
    news = news_of(events, limit=SHOWN_NEWS)
    page = render_template(
        "start/operators.html",
        inventory=inventory_of(list_class_ages(session, viewer, at=now(), within=AGES)),
        coverage=[one for one in coverage if one.total][:SHOWN_GAPS],
        known=sum(one.known for one in coverage),
        total=sum(one.total for one in coverage),
        findings=count_open(session, viewer),
        running=[one for one in going if one.state is RunState.RUNNING],
        queued=sum(one.state is RunState.QUEUED for one in going),
        finished=finished,
        troubled=sum(one.state in TROUBLED or one.problems > 0 for one in finished),
        to_fulfil=ordering.count_to_fulfil(session, viewer),
        to_decide=ordering.count_to_decide(session, viewer),
        may_fulfil=viewer.may("order.fulfil"),
        news=news,
        names=list_names(session, viewer, {one.partner_id for one in news if one.partner_id}),
        days=FRESH.days,
    )
    answer = make_response(page)
    if "HX-Request" in request.headers and not going:
        # The page asked how far the runs are; they have ended, and its pictures are old by now.
        answer.headers["HX-Refresh"] = "true"
    return answer


def _runs(states: Sequence[RunState], limit: int) -> Sequence[Run]:
    wanted = plans.RunFilter(states=tuple(states))
    return plans.list_runs(db.session(), current_viewer(), wanted=wanted, limit=limit).rows


def _of_partners() -> str:
    viewer, session = current_viewer(), db.session()
    wanted = OrderFilter(states=IN_PROGRESS)
    day = today()
    subscriptions = list_subscriptions(session, viewer, limit=READ_SUBSCRIPTIONS).rows
    lasting = [one for one in subscriptions if one.until_on is None or one.until_on >= day]
    inventory = None
    if viewer.may("item.read"):
        inventory = inventory_of(list_class_ages(session, viewer, at=now(), within=AGES))
    return render_template(
        "start/partners.html",
        to_decide=ordering.count_to_decide(session, viewer),
        orders=ordering.list_orders(session, viewer, wanted, limit=SHOWN_ORDERS).rows,
        counts=ordering.count_orders_by_state(session, viewer, wanted),
        inventory=inventory,
        running=sum(one.from_on <= day for one in lasting),
        beginning=sum(one.from_on > day for one in lasting),
        cost=cost_of(subscriptions),
        year=day.year,
        may_order=viewer.may("order.create"),
        may_decide=viewer.may("order.approve"),
    )
