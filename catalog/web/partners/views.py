"""The pages of partners and sites."""

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from catalog.access.guards import guarded
from catalog.extensions import db
from catalog.web.devices.words import Words, by_name
from catalog.web.guard import current_viewer
from catalog.web.partners import editing, organisation
from catalog.web.partners.sorting import BY_NAME, sorted_by
from cmdb.accounts.queries import count_accounts_by_partner
from cmdb.items.queries import count_findings_by_partner, count_items_by_partner
from cmdb.items.statistics import count_items_by_site, list_classes_in_use
from cmdb.kernel.paging import MAX_LIMIT, Page
from cmdb.partners import groups, queries
from cmdb.partners.commands import WRITE
from cmdb.partners.queries import READ, PartnerFilter
from cmdb.plans.queries import list_plans
from schemas.vocabulary import OrganisationRole

blueprint = Blueprint("partners", __name__)
editing.register(blueprint)
organisation.register(blueprint)

PAGE_SIZE: Final = MAX_LIMIT
MAX_TEXT: Final = 120


@blueprint.get("/partners")
@guarded(READ)
def index() -> str:
    """List the organisations with how much there is of them."""
    viewer, session = current_viewer(), db.session()
    role = request.args.get("role", "")
    wanted = PartnerFilter(
        name=request.args.get("q", "").strip()[:MAX_TEXT],
        role=OrganisationRole(role) if role in set(OrganisationRole) else None,
        group=request.args.get("group", "")[:64],
        is_active=None if request.args.get("all") else True,
    )
    page = queries.list_partners(
        session, viewer, wanted, after=request.args.get("after"), limit=PAGE_SIZE
    )
    accounts = count_accounts_by_partner(session, viewer)
    numbers = {
        "devices": count_items_by_partner(session, viewer),
        "accounts": {key: one.total or 0 for key, one in accounts.items()},
        "findings": count_findings_by_partner(session, viewer),
        "sites": queries.count_sites_by_partner(session, viewer),
    }
    # Only who sees all of them can put them into another order than that of the pages.
    is_whole = page.next_cursor is None and not request.args.get("after")
    sort = request.args.get("sort", BY_NAME)[:32] if is_whole else ""
    return render_template(
        "partners/index.html",
        page=Page(sorted_by(page.rows, sort, numbers), page.next_cursor),
        sort=sort,
        is_whole=is_whole,
        total=queries.count_partners(session, viewer, wanted),
        wanted=wanted,
        groups=groups.list_groups(session, viewer),
        roles=list(OrganisationRole),
        may_add=organisation.may_write_everywhere(),
        devices=numbers["devices"],
        accounts=accounts,
        findings=numbers["findings"],
        sites=numbers["sites"],
    )


@blueprint.get("/partners/<partner_slug>")
@guarded(READ)
def detail(partner_slug: str) -> str:
    """Show one organisation with everything that belongs to it."""
    viewer, session = current_viewer(), db.session()
    partner = queries.get_partner(session, viewer, partner_slug)
    sites = queries.list_sites(session, viewer, partner_id=partner.id).rows
    classes = list_classes_in_use(session, viewer, partner_id=partner.id)
    may_count = viewer.may("account.count", partner.id) or viewer.may(
        "account.statistics", partner.id
    )
    return render_template(
        "partners/detail.html",
        partner=partner,
        groups=groups.list_groups_of(session, viewer, partner.id),
        contacts=queries.list_contacts(session, viewer, partner.id),
        sites=sites,
        devices_at=count_items_by_site(session, viewer, [one.id for one in sites]),
        domains=queries.list_routing_domains(session, viewer, partner_id=partner.id),
        plans=list_plans(session, viewer, partner_id=partner.id).rows
        if viewer.may("plan.read", partner.id)
        else [],
        classes={one.name: count for one, count in classes},
        words=Words(by_name(one for one, _ in classes)),
        accounts=count_accounts_by_partner(session, viewer).get(partner.id) if may_count else None,
        findings=count_findings_by_partner(session, viewer).get(partner.id, 0)
        if viewer.may("finding.read", partner.id)
        else None,
        may_write=viewer.may(WRITE, partner.id),
        may_plan=viewer.may("plan.write", partner.id),
    )


@blueprint.get("/sites")
@guarded(READ)
def sites() -> str:
    """List the sites of all partners."""
    viewer, session = current_viewer(), db.session()
    page = queries.list_sites(session, viewer, after=request.args.get("after"), limit=PAGE_SIZE)
    return render_template(
        "partners/sites.html",
        page=page,
        total=sum(queries.count_sites_by_partner(session, viewer).values()),
        devices=count_items_by_site(session, viewer, [one.id for one in page.rows]),
    )


@blueprint.get("/sites/<uuid:site_id>")
@guarded(READ)
def site(site_id: UUID) -> str:
    """Show one site with what stands there."""
    viewer, session = current_viewer(), db.session()
    found = queries.get_site(session, viewer, site_id)
    classes = list_classes_in_use(session, viewer, site_id=site_id)
    return render_template(
        "partners/site.html",
        site=found,
        classes={one.name: count for one, count in classes},
        words=Words(by_name(one for one, _ in classes)),
        may_write=viewer.may(WRITE, found.partner_id),
    )
