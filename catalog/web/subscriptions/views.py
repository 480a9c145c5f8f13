"""Subscriptions as the partner and the provider see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.errors import message_of
from catalog.extensions import db
from catalog.offers.pricing import compute_year
from catalog.offers.queries import price_terms
from catalog.ordering.queries import get_order
from catalog.subscriptions import commands, queries
from catalog.subscriptions.models import Subscription
from catalog.subscriptions.queries import Period, SubscriptionFilter
from catalog.transactions import unit_of_work
from catalog.web.guard import current_viewer
from cmdb.items.filters import ItemFilter
from cmdb.items.queries import ItemRow, list_items
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, InvalidError

PERIODS: Final = {
    Period.RUNNING: "running_on",
    Period.UPCOMING: "begins_after",
    Period.ENDED: "ended_before",
}
"""By which field of the filter a period is kept."""

MAX_TEXT: Final = 120
MAX_FOUND: Final = 10

Page = Response | tuple[str, int]

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
    return _page(subscription_id)


def _page(subscription_id: UUID, complaint: InvalidError | None = None) -> str:
    viewer, session = current_viewer(), db.session()
    year = today().year
    subscription = queries.get_subscription(session, viewer, subscription_id)
    may_write = viewer.may("subscription.write", subscription.provider_id)
    text = request.args.get("find", "").strip()[:MAX_TEXT]
    return render_template(
        "subscriptions/detail.html",
        subscription=subscription,
        lines=[queries.cost_line_of(subscription, one) for one in (year, year + 1)],
        items=queries.list_items(session, viewer, subscription_id),
        order=get_order(session, viewer, subscription.order_id),
        may_end=may_write and subscription.until_on is None,
        may_link=may_write,
        today=today(),
        text=text,
        found=_devices(subscription, text) if may_write and text else None,
        complaint=message_of(complaint) if complaint else "",
        given=request.form,
    )


@blueprint.post("/<uuid:subscription_id>/end")
@guarded("subscription.write")
def end(subscription_id: UUID) -> Page:
    """End a subscription on a day."""
    try:
        with unit_of_work(db.session()):
            commands.end_subscription(
                db.session(),
                current_viewer(),
                subscription_id,
                until_on=_last_day(),
                reason=request.form.get("reason", ""),
            )
    except InvalidError as error:
        return _page(subscription_id, error), 422
    flash(gettext("The subscription ends on that day."), "success")
    return redirect(url_for("subscriptions.detail", subscription_id=subscription_id), 303)


@blueprint.post("/<uuid:subscription_id>/items/<uuid:item_id>")
@guarded("subscription.write")
def link(subscription_id: UUID, item_id: UUID) -> Response:
    """Say that the partner uses the subscription through a device."""
    with unit_of_work(db.session()):
        commands.link_item(db.session(), current_viewer(), subscription_id, item_id)
    flash(gettext("The device is linked."), "success")
    return redirect(url_for("subscriptions.detail", subscription_id=subscription_id), 303)


@blueprint.post("/<uuid:subscription_id>/items/<uuid:item_id>/unlink")
@guarded("subscription.write")
def unlink(subscription_id: UUID, item_id: UUID) -> Response:
    """Say that the partner no longer uses the subscription through a device."""
    with unit_of_work(db.session()):
        commands.unlink_item(db.session(), current_viewer(), subscription_id, item_id)
    flash(gettext("The device is no longer linked."), "success")
    return redirect(url_for("subscriptions.detail", subscription_id=subscription_id), 303)


def _last_day() -> date:
    try:
        return date.fromisoformat(request.form.get("until_on", ""))
    except ValueError as error:
        raise InvalidError(
            "subscription.bad-day", N_("This is not a day: write it as year-month-day.")
        ) from error


def _devices(subscription: Subscription, text: str) -> Sequence[ItemRow]:
    """Return the first devices of the partner that a text finds."""
    wanted = ItemFilter(text=text, partners=(subscription.partner_id,))
    return list_items(db.session(), current_viewer(), wanted, limit=MAX_FOUND).rows


def yearly_cost(subscription: Subscription) -> Decimal | None:
    """Return the recurring cost of this year, None where a price is not released yet."""
    return compute_year(
        price_terms(subscription.service),
        subscription.quantity,
        today().year,
        from_on=subscription.from_on,
        until_on=subscription.until_on,
    )
