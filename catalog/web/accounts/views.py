"""The pages of accounts: numbers without a purpose, records only with one."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request

from catalog.access.guards import guarded
from catalog.errors import request_id
from catalog.extensions import db
from catalog.transactions import unit_of_work
from catalog.web.accounts import presentation
from catalog.web.guard import current_viewer
from catalog.web.partner_choice import partners_for
from cmdb.accounts import commands, queries
from cmdb.accounts.commands import MAX_REFERENCE, Reason
from cmdb.accounts.filters import AccountFilter
from cmdb.accounts.models import Purpose
from cmdb.accounts.queries import READ, STATISTICS
from cmdb.accounts.rules import Hygiene
from cmdb.kernel.errors import N_, InvalidError
from cmdb.partners.names import list_names
from schemas.vocabulary import AccountType, LogonBucket

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")
for _filter in (
    presentation.purpose_word,
    presentation.hygiene_word,
    presentation.field_word,
):
    blueprint.add_app_template_filter(_filter)

MAX_TEXT: Final = 120


@blueprint.get("")
@guarded(STATISTICS)
def index() -> str:
    """Show how many accounts there are, of all partners or of one."""
    viewer, session = current_viewer(), db.session()
    partner_id = request.args.get("partner", None, UUID)
    wanted = AccountFilter(partner_id=partner_id)
    counts = queries.count_accounts_by_partner(session, viewer)
    return render_template(
        "accounts/index.html",
        total=queries.count_accounts(session, viewer, wanted),
        charts=presentation.charts(queries.count_account_facets(session, viewer, wanted)),
        counts=counts,
        names=list_names(session, viewer, set(counts) | ({partner_id} if partner_id else set())),
        partner_id=partner_id,
        may_read=viewer.may(READ),
        may_see_log=viewer.may("event.read"),
        reading=_reading(counts),
    )


@blueprint.get("/records")
@guarded(READ)
def records() -> str:
    """Read the accounts of one partner for a purpose; every record shown is logged."""
    viewer = current_viewer()
    purpose, partner_id = _purpose(), request.args.get("partner", None, UUID)
    if purpose is None or partner_id is None:
        return render_template(
            "accounts/purpose.html", reading=_reading(_with_accounts()), account_id=None
        )
    wanted = _wanted(partner_id)
    with unit_of_work(db.session()):
        page = commands.read_accounts(
            db.session(), viewer, wanted, _reason(purpose), after=request.args.get("after")
        )
    return render_template(
        "accounts/records.html",
        page=page,
        wanted=wanted,
        reading=_reading(_with_accounts()),
        partner_name=list_names(db.session(), viewer, {partner_id}).get(partner_id, ""),
        types=list(AccountType),
        logons=list(LogonBucket),
        reasons=list(Hygiene),
    )


@blueprint.get("/records/<uuid:account_id>")
@guarded(READ)
def detail(account_id: UUID) -> str:
    """Read one account for a purpose; the look is logged."""
    viewer, session = current_viewer(), db.session()
    purpose = _purpose()
    if purpose is None:
        # Before the purpose is known nothing of the account is read.
        queries.check_account(session, viewer, account_id)
        return render_template("accounts/purpose.html", reading=_reading(), account_id=account_id)
    with unit_of_work(session):
        found = commands.read_account(session, viewer, account_id, _reason(purpose))
    partner_id = found.record.partner_id
    return render_template(
        "accounts/detail.html",
        account=found.record,
        hygiene=found.hygiene,
        reading=_reading(),
        partner_name=list_names(session, viewer, {partner_id}).get(partner_id, ""),
        accesses=queries.list_accesses(session, viewer, account_id=account_id, limit=20).rows
        if viewer.may("event.read", partner_id)
        else [],
    )


@blueprint.get("/groups")
@guarded(READ)
def groups() -> str:
    """Show the groups of directories with their sizes; a group is no person."""
    viewer, session = current_viewer(), db.session()
    partner_id = request.args.get("partner", None, UUID)
    page = queries.list_directory_groups(
        session, viewer, partner_id=partner_id, after=request.args.get("after")
    )
    return render_template(
        "accounts/groups.html",
        page=page,
        names=list_names(session, viewer, {one.partner_id for one in page.rows}),
        partners=partners_for(viewer, READ),
        partner_id=partner_id,
    )


@blueprint.get("/accesses")
@guarded("event.read")
def accesses() -> str:
    """Show who read account records, when and for what."""
    viewer, session = current_viewer(), db.session()
    page = queries.list_accesses(
        session,
        viewer,
        partner_id=request.args.get("partner", None, UUID),
        after=request.args.get("after"),
    )
    names = list_names(session, viewer, {one.partner_id for one in page.rows})
    return render_template("accounts/accesses.html", page=page, names=names)


def _wanted(partner_id: UUID) -> AccountFilter:
    args = request.args
    kind, logon, hygiene = (args.get(name, "") for name in ("type", "logon", "hygiene"))
    return AccountFilter(
        partner_id=partner_id,
        text=args.get("q", "").strip()[:MAX_TEXT],
        types=(AccountType(kind),) if kind in set(AccountType) else (),
        last_logons=(LogonBucket(logon),) if logon in set(LogonBucket) else (),
        hygiene=Hygiene(hygiene) if hygiene in set(Hygiene) else None,
    )


def _purpose() -> Purpose | None:
    text = request.args.get("purpose", "")
    return Purpose(text) if text in set(Purpose) else None


def _reason(purpose: Purpose) -> Reason:
    reference = request.args.get("reference", "").strip()
    if len(reference) > MAX_REFERENCE:
        raise InvalidError("account.reference", N_("The reference is too long."))
    return Reason(purpose, reference, request_id())


def _with_accounts() -> Collection[UUID]:
    """Return the partners that have accounts: nobody is to look for some where there are none."""
    return queries.count_accounts_by_partner(db.session(), current_viewer()).keys()


def _reading(with_accounts: Collection[UUID] | None = None) -> dict[str, Any]:
    """Return what the form asks before accounts are read, with what was chosen before."""
    partners = partners_for(current_viewer(), READ)
    return {
        "partners": [one for one in partners if with_accounts is None or one.id in with_accounts],
        "partner": request.args.get("partner", ""),
        "purposes": list(Purpose),
        "purpose": request.args.get("purpose", ""),
        "reference": request.args.get("reference", "")[:MAX_REFERENCE],
    }
