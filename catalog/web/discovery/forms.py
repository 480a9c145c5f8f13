"""The form of a discovery plan: one line per range, exclusion and secret name."""

from typing import Any, Final
from uuid import UUID

from wtforms import BooleanField, FloatField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.extensions import db
from catalog.web.forms import HouseForm, as_key
from catalog.web.forms import lazy as _
from catalog.web.partner_choice import NONE_CHOSEN, partners_for, sites_of
from cmdb.kernel.errors import HausError
from cmdb.kernel.viewer import Viewer
from cmdb.partners.queries import list_routing_domains
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from schemas.vocabulary import Protocol

MAX_LINES: Final = 64 * 1024


class PlanForm(HouseForm):
    """What a person says of a plan."""

    partner_id = SelectField(_("Partner"), [InputRequired(_("This is needed."))], coerce=as_key)
    name = StringField(_("Name"), [InputRequired(_("This is needed.")), Length(max=120)])
    protocol = SelectField(_("Protocol"))
    targets = TextAreaField(
        _("Targets"), [InputRequired(_("This is needed.")), Length(max=MAX_LINES)]
    )
    exclusions = TextAreaField(_("Exclusions"), [Length(max=MAX_LINES)])
    credentials = TextAreaField(_("Names of secrets"), [Length(max=2048)])
    server = StringField(_("Directory server"), [Length(max=255)])
    routing_domain_id = SelectField(_("Routing domain"))
    site_id = SelectField(_("Site"))
    interval = SelectField(_("Runs"))
    rate = FloatField(_("New targets per second"), [Optional(), NumberRange(0.1, 10_000)])
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
    form.protocol.choices = [(one.value, one.value.upper()) for one in Protocol]
    form.interval.choices = [
        ("", _("only when asked")),
        ("60", _("every hour")),
        ("240", _("every four hours")),
        ("1440", _("every day")),
        ("10080", _("every week")),
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
    if name == "targets" and entry is not None and entry in _lines(form.exclusions.data):
        name = "exclusions"
    if name is not None and not error.errors:
        error.errors = {name: [error.message]}
    return error


def draft_of(form: PlanForm) -> PlanDraft:
    """Return what a valid form says."""
    options: dict[str, Any] = {}
    if form.server.data:
        options["servers"] = [form.server.data.strip()]
    return PlanDraft(
        name=form.name.data or "",
        protocol=Protocol(form.protocol.data),
        targets=_lines(form.targets.data),
        exclusions=_lines(form.exclusions.data),
        credentials=_lines(form.credentials.data),
        options=options,
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
        "server": next(iter(plan.options.get("servers", ())), ""),
        "routing_domain_id": str(plan.routing_domain_id or ""),
        "site_id": str(plan.site_id or ""),
        "interval": str(plan.interval_minutes or ""),
        "rate": plan.rate,
        "is_dry_run": plan.is_dry_run,
    }


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(
        line.strip() for line in (text or "").replace(",", "\n").splitlines() if line.strip()
    )


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None
