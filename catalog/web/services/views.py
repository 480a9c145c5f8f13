"""Finding a service, understanding it, and asking for it."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.offers import queries
from catalog.offers.models import Service
from catalog.offers.queries import ServiceFilter
from catalog.offers.rules import SlaViolation
from catalog.ordering.commands import place_order
from catalog.subscriptions.queries import SubscriptionFilter, count_subscriptions
from catalog.transactions import unit_of_work
from catalog.web.forms import show_complaints
from catalog.web.guard import current_viewer
from catalog.web.navigation import OPERATES
from catalog.web.services import presentation
from catalog.web.services.forms import OrderForm, order_form, quote_of, wish_of
from catalog.web.texts import in_language, quantity_words
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, HausError, NotFoundError
from schemas.vocabulary import SlaClass

blueprint = Blueprint("services", __name__, url_prefix="/services")

PAGE_SIZE: Final = 60
blueprint.add_app_template_filter(in_language)
blueprint.add_app_template_filter(quantity_words, "quantity")
for _function in (
    presentation.family_icon,
    presentation.price_on,
    presentation.price_words,
    presentation.cost_words,
    presentation.sla_words,
):
    blueprint.add_app_template_global(_function)


@blueprint.get("")
@guarded("service.read")
def index() -> str:
    """Show the services that the viewer's partners may order, by family, with a search."""
    viewer, session = current_viewer(), db.session()
    text = request.args.get("q", "")[:200]
    family = request.args.get("family", "")[:64] or None
    level = request.args.get("sla", "")
    wanted = ServiceFilter(
        text=text, family=family, sla_class=SlaClass(level) if level in set(SlaClass) else None
    )
    without_family = ServiceFilter(text=text, sla_class=wanted.sla_class)
    page = queries.list_services(
        session, viewer, wanted, after=request.args.get("after"), limit=PAGE_SIZE
    )
    families = queries.count_services_by_family(session, viewer, without_family)
    return render_template(
        "services/index.html",
        page=page,
        families=families,
        total=sum(count for one, count in families if family in {None, one.slug}),
        wanted=wanted,
        may_order=viewer.may("order.create"),
        # Codes and classes are the providers' concern; a partner sees a gap on the service itself.
        violations=_violations() if viewer.may(OPERATES) else [],
    )


@blueprint.get("/<code>")
@guarded("service.read")
def detail(code: str) -> str:
    """Show everything about one service."""
    viewer, session = current_viewer(), db.session()
    service = _service(code, is_whole=True)
    return render_template(
        "services/detail.html",
        service=service,
        dependents=queries.list_dependents(session, viewer, service.id),
        items=queries.list_items(session, viewer, service.id),
        subscriptions=count_subscriptions(
            session, viewer, SubscriptionFilter(service_id=service.id, running_on=today())
        ),
        violations=[one for one in _violations() if one.service.code == service.code],
        may_order=viewer.may("order.create") and service.state == "active",
    )


@blueprint.get("/<code>/order")
@guarded("order.create")
def order(code: str) -> str:
    """Show the order form and, as soon as it is filled in, what the order will cost."""
    service = _service(code)
    form = order_form(current_viewer(), request.args)
    return _order_page(service, form)


@blueprint.post("/<code>/order")
@guarded("order.create")
def place(code: str) -> Response | tuple[str, int]:
    """Send the order; the same form sent twice orders once."""
    viewer, service = current_viewer(), _service(code)
    form = order_form(viewer, None)
    if form.validate():
        try:
            with unit_of_work(db.session()):
                made = place_order(db.session(), viewer, wish_of(form, service))
            return redirect(url_for("orders.detail", order_id=made.id, sent=1), 303)
        except HausError as error:
            show_complaints(form, error)
    return _order_page(service, form), 422


def _order_page(service: Service, form: OrderForm) -> str:
    quote = quote_of(current_viewer(), service, form)
    return render_template("services/order.html", service=service, form=form, quote=quote)


def _service(code: str, *, is_whole: bool = False) -> Service:
    found = queries.find_service(db.session(), current_viewer(), code, is_whole=is_whole)
    if found is None:
        raise NotFoundError("service.not-found", N_("There is no such service."))
    return found


def _violations() -> list[SlaViolation]:
    return queries.list_sla_violations(db.session(), current_viewer())
