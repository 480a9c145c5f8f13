"""The form of a discovery plan: one line per range, exclusion and secret name."""

from typing import Any, Final
from uuid import UUID

from wtforms import BooleanField, FloatField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from catalog.extensions import db
from catalog.web.components import word
from catalog.web.discovery.presentation import interval_words
from catalog.web.discovery.settings import (
    SettingsForm,
    entries_of,
    lines_of,
    options_of,
    texts_of,
)
from catalog.web.forms import as_key
from catalog.web.forms import lazy as _
from catalog.web.partner_choice import NONE_CHOSEN, partners_for, sites_of
from cmdb.kernel.errors import HausError
from cmdb.kernel.viewer import Viewer
from cmdb.partners.queries import list_routing_domains
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from schemas.vocabulary import Protocol

MAX_LINES: Final = 64 * 1024
INTERVALS: Final = (None, 60, 4 * 60, 24 * 60, 7 * 24 * 60)
"""Minutes between two runs that are offered; a plan with another one keeps it."""


class PlanForm(SettingsForm):
    """What a person says of a plan."""

    partner_id = SelectField(_("Partner"), [InputRequired(_("This is needed."))], coerce=as_key)
    name = StringField(_("Name"), [InputRequired(_("This is needed.")), Length(max=120)])
    protocol = SelectField(_("Protocol"))
    targets = TextAreaField(
        _("Targets"), [InputRequired(_("This is needed.")), Length(max=MAX_LINES)]
    )
    exclusions = TextAreaField(_("Exclusions"), [Length(max=MAX_LINES)])
    credentials = TextAreaField(_("Names of secrets"), [Length(max=2048)])
    routing_domain_id = SelectField(_("Routing domain"))
    site_id = SelectField(_("Site"))
    interval = SelectField(_("Runs"))
    rate = FloatField(_("New targets per second"), [Optional()])
    is_dry_run = BooleanField(_("Dry run: look, but change nothing in the inventory"))


def plan_form(viewer: Viewer, plan: Plan | None = None, partner_id: UUID | None = None) -> PlanForm:
    """Return the form of a plan with its choices, filled from the plan where there is one."""
    session = db.session()
    form = PlanForm(data=_values(plan) if plan else {"partner_id": partner_id})
    partners = partners_for(viewer, "plan.write")
    form.partner_id.choices = [(one.id, one.name) for one in partners]
    chosen = (
        plan.partner_id if plan else form.partner_id.data or (partners[0].id if partners else None)
    )
    domains = list_routing_domains(session, viewer, partner_id=chosen) if chosen else []
    sites = sites_of(viewer, chosen)
    form.routing_domain_id.choices = [NONE_CHOSEN, *((str(one.id), one.name) for one in domains)]
    form.site_id.choices = [NONE_CHOSEN, *((str(one.id), one.name) for one in sites)]
    form.protocol.choices = [(one.value, word(one)) for one in Protocol]
    offered = {*INTERVALS, plan.interval_minutes if plan else None}
    form.interval.choices = [
        (str(one or ""), interval_words(one)) for one in sorted(offered, key=lambda one: one or 0)
    ]
    return form


FIELDS: Final = {
    "plan.bad-name": "name",
    "plan.name-taken": "name",
    "plan.no-targets": "targets",
    "plan.too-many-entries": "targets",
    "plan.malformed-target": "targets",
    "plan.host-bits-set": "targets",
    "plan.no-device-address": "targets",
    "plan.too-large": "targets",
    "plan.too-large-to-crawl": "crawl_ranges",
    "plan.all-excluded": "exclusions",
    "plan.overlap": "routing_domain_id",
    "plan.no-files": "targets",
    "plan.no-such-file": "targets",
    "plan.malformed-credential": "credentials",
    "plan.bad-interval": "interval",
    "plan.bad-rate": "rate",
    "plan.foreign-site": "site_id",
    "plan.foreign-routing-domain": "routing_domain_id",
}
"""Which field a complaint of the domain is about."""


def at_field(form: PlanForm, error: HausError) -> HausError:
    """Return an error with the field it is about, so that it is told there."""
    name = FIELDS.get(error.code)
    entry = error.details.get("entry")
    if name == "targets" and entry is not None and entry in entries_of(form.exclusions.data):
        name = "exclusions"
    if name is not None and not error.errors:
        error.errors = {name: [error.message]}
    return error


def draft_of(form: PlanForm, plan: Plan | None = None) -> PlanDraft:
    """Return what a valid form says of a new plan, or of an existing one.

    Raises:
        InvalidError: an option does not fit the protocol.
    """
    protocol = Protocol(form.protocol.data)
    # A base DN has commas of its own.
    read = entries_of if protocol is Protocol.SNMP else lines_of
    return PlanDraft(
        name=form.name.data or "",
        protocol=protocol,
        targets=read(form.targets.data),
        exclusions=read(form.exclusions.data),
        credentials=entries_of(form.credentials.data),
        options=options_of(form, protocol, plan),
        routing_domain_id=_key(form.routing_domain_id.data),
        site_id=_key(form.site_id.data),
        interval_minutes=int(form.interval.data) if form.interval.data else None,
        rate=form.rate.data,
        is_dry_run=bool(form.is_dry_run.data),
    )


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "partner_id": plan.partner_id,
        "name": plan.name,
        "protocol": plan.protocol.value,
        "targets": "\n".join(plan.targets),
        "exclusions": "\n".join(plan.exclusions),
        "credentials": "\n".join(plan.credentials),
        **texts_of(plan.options),
        "routing_domain_id": str(plan.routing_domain_id or ""),
        "site_id": str(plan.site_id or ""),
        "interval": str(plan.interval_minutes or ""),
        "rate": plan.rate,
        "is_dry_run": plan.is_dry_run,
    }


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None
