"""Subscriptions as the partner and the provider see them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.offers.pricing import compute_year
from catalog.offers.queries import price_terms
from catalog.ordering.queries import get_order
from catalog.subscriptions import commands, queries
from catalog.subscriptions.models import Subscription
from catalog.subscriptions.queries import Period, SubscriptionFilter
from catalog.transactions import unit_of_work
from catalog.web.guard import current_viewer
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, InvalidError

PERIODS: Final = {
    Period.RUNNING: "running_on",
    Period.UPCOMING: "begins_after",
    Period.ENDED: "ended_before",
}
"""By which field of the filter a period is kept."""

blueprint = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@blueprint.get("")
@guarded("subscription.read")
def index() -> str:
    """Show what is in use today, what begins later, what has ended, or all of it."""
    viewer, session, day = current_viewer(), db.session(), today()
    chosen = request.args.get("period", Period.RUNNING)
    period = Period(chosen) if chosen in set(Period) else None
    of_partner = SubscriptionFilter(partner_id=request.args.get("partner", None, UUID))
    wanted = replace(of_partner, **{PERIODS[period]: day}) if period else of_partner
    page = queries.list_subscriptions(session, viewer, wanted, after=request.args.get("after"))
    counts = queries.count_by_period(session, viewer, day, of_partner)
    return render_template(
        "subscriptions/index.html",
        page=page,
        total=counts[period] if period else sum(counts.values()),
        counts=counts,
        period=period,
        partners=queries.list_users(session, viewer),
        partner_id=of_partner.partner_id,
        year=day.year,
        amounts={one.id: yearly_cost(one) for one in page.rows},
    )


@blueprint.get("/<uuid:subscription_id>")
@guarded("subscription.read")
def detail(subscription_id: UUID) -> str:
    """Show a subscription with its cost line and where that comes from."""
    viewer, session = current_viewer(), db.session()
    year = today().year
    subscription = queries.get_subscription(session, viewer, subscription_id)
    return render_template(
        "subscriptions/detail.html",
        subscription=subscription,
        lines=[queries.cost_line_of(subscription, one) for one in (year, year + 1)],
        items=queries.list_items(session, viewer, subscription_id),
        order=get_order(session, viewer, subscription.order_id),
        may_end=viewer.may("subscription.write", subscription.provider_id)
        and subscription.until_on is None,
    )


@blueprint.post("/<uuid:subscription_id>/end")
@guarded("subscription.write")
def end(subscription_id: UUID) -> Response:
    """End a subscription on a day."""
    try:
        day = date.fromisoformat(request.form.get("until_on", ""))
    except ValueError as error:
        raise InvalidError(
            "subscription.bad-day", N_("This is not a day: write it as year-month-day.")
        ) from error
    with unit_of_work(db.session()):
        commands.end_subscription(
            db.session(),
            current_viewer(),
            subscription_id,
            until_on=day,
            reason=request.form.get("reason", ""),
        )
    flash(gettext("The subscription ends on that day."), "success")
    return redirect(url_for("subscriptions.detail", subscription_id=subscription_id), 303)


def yearly_cost(subscription: Subscription) -> Decimal | None:
    """Return the recurring cost of this year, None where a price is not released yet."""
    return compute_year(
        price_terms(subscription.service),
        subscription.quantity,
        today().year,
        from_on=subscription.from_on,
        until_on=subscription.until_on,
    )
