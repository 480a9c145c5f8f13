"""The order form: for whom, how many, where, from when."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from flask import request
from wtforms import DateField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.extensions import db
from catalog.offers.models import Service
from catalog.ordering.quoting import Quote, Wish, get_quote
from catalog.ordering.rules import MAX_REASON, MAX_REQUEST_KEY
from catalog.web.forms import HouseForm, as_key, show_complaints
from catalog.web.forms import lazy as _
from catalog.web.partner_choice import NONE_CHOSEN, partners_for, sites_of
from cmdb.kernel.clock import today
from cmdb.kernel.errors import HausError
from cmdb.kernel.viewer import Viewer

USUAL_NOTICE: Final = timedelta(days=30)


def _is_there() -> InputRequired:
    return InputRequired(_("This is needed."))


class OrderForm(HouseForm):
    """What a partner asks for."""

    partner_id = SelectField(_("For"), [_is_there()], coerce=as_key)
    quantity = IntegerField(_("Quantity"), [_is_there(), NumberRange(1, 500_000)])
    site_id = SelectField(_("Site"), [Optional()])
    wanted_on = DateField(_("Wanted from"), [_is_there()])
    reason = TextAreaField(_("Reason"), [Length(max=MAX_REASON)])
    request_key = HiddenField(validators=[Length(max=MAX_REQUEST_KEY)])


def order_form(viewer: Viewer, query: Mapping[str, Any] | None) -> OrderForm:
    """Return the form filled from the address (`query`), or from what was posted where None."""
    values = dict(query) if query is not None else dict(request.form)
    partners = partners_for(viewer, "order.create")
    chosen = next((one for one in partners if str(one.id) == values.get("partner_id")), None)
    partner = chosen or (partners[0] if partners else None)
    defaults: dict[str, Any] = {
        "partner_id": partner.id if partner else None,
        "wanted_on": today() + USUAL_NOTICE,
        "quantity": 1,
        "request_key": uuid4().hex,
    }
    filled = query is not None and "quantity" in values
    source: Any = None if query is not None and not filled else (query or request.form)
    form = OrderForm(formdata=source, data=defaults, meta={"csrf": query is None})
    form.partner_id.choices = [(one.id, one.name) for one in partners]
    sites = sites_of(viewer, partner.id if partner else None)
    form.site_id.choices = [NONE_CHOSEN, *((str(one.id), one.name) for one in sites)]
    if not form.request_key.data:
        form.request_key.data = uuid4().hex
    return form


def wish_of(form: OrderForm, service: Service) -> Wish:
    """Return what a valid form asks for."""
    site = form.site_id.data
    return Wish(
        partner_id=form.partner_id.data,
        service_id=service.id,
        quantity=form.quantity.data or 0,
        wanted_on=form.wanted_on.data or today(),
        site_id=UUID(site) if site else None,
        reason=form.reason.data or "",
        request_key=form.request_key.data or None,
    )


def quote_of(viewer: Viewer, service: Service, form: OrderForm) -> Quote | None:
    """Return what the order would cost, None while the form is not filled in correctly."""
    if form.errors or not (form.partner_id.data and form.quantity.data and form.wanted_on.data):
        return None
    try:
        return get_quote(db.session(), viewer, wish_of(form, service))
    except HausError as error:
        show_complaints(form, error)
        return None
