"""Subscriptions as the partner and the provider see them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.offers.pricing import compute_year
from catalog.offers.queries import price_terms
from catalog.ordering.queries import get_order_of_subscription
from catalog.subscriptions import commands, queries
from catalog.subscriptions.models import Subscription
from catalog.subscriptions.queries import SubscriptionFilter
from catalog.transactions import unit_of_work
from catalog.web.guard import current_viewer
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, InvalidError

blueprint = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@blueprint.get("")
@guarded("subscription.read")
def index() -> str:
    """Show what is in use today, or everything that ever was."""
    viewer, session = current_viewer(), db.session()
    is_all = request.args.get("all") == "1"
    wanted = SubscriptionFilter(running_on=None if is_all else today())
    page = queries.list_subscriptions(session, viewer, wanted, after=request.args.get("after"))
    return render_template(
        "subscriptions/index.html",
        page=page,
        total=queries.count_subscriptions(session, viewer, wanted),
        is_all=is_all,
        year=today().year,
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
        lines=[
            queries.get_cost_line(session, viewer, subscription_id, year=one)
            for one in (year, year + 1)
        ],
        items=queries.list_items(session, viewer, subscription_id),
        order=get_order_of_subscription(session, viewer, subscription_id),
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
