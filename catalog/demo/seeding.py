"""Fills an empty database with the organisations, people, services and plans of the demo."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.access import commands as access
from catalog.access.rules import Assignment
from catalog.demo.content import SECRET, content, read
from catalog.offers.importing import import_catalogue
from cmdb.kernel.viewer import Viewer
from cmdb.partners import commands as partners
from cmdb.partners.forms import OrganisationForm, SiteForm
from cmdb.partners.groups import create_group
from cmdb.partners.models import Organisation
from cmdb.partners.municipalities import import_municipalities, parse_municipalities
from cmdb.plans.commands import create_plan, request_run
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Run
from schemas.vocabulary import OrganisationRole, Protocol

FIRST_DAY = date(2021, 1, 1)


def is_seeded(session: Session) -> bool:
    """Tell whether the demonstration is already there."""
    return session.scalar(select(Organisation.id).limit(1)) is not None


def seed_organisations(session: Session, actor: Viewer) -> dict[str, UUID]:
    """Bring in municipalities, other bodies, groups and sites; return slug → organisation."""
    municipalities = parse_municipalities(read("municipalities.csv"))
    ids = {one.slug: one.id for one in import_municipalities(session, actor, municipalities)}
    for entry in content()["organisations"]:
        form = _organisation_form(entry)
        ids[form.slug] = partners.create_organisation(session, actor, form).id
    for slug, roles in content()["providers"].items():
        _give_roles(session, actor, ids[slug], [OrganisationRole(role) for role in roles])
    for group in content()["groups"]:
        members = [ids[slug] for slug in group["members"]]
        create_group(session, actor, group["slug"], group["name"], members)
    return ids


def seed_services(session: Session, actor: Viewer) -> None:
    """Bring in the service catalogue with families and prices."""
    import_catalogue(session, actor, read("services.toml"))


def seed_people(session: Session, actor: Viewer, ids: dict[str, UUID]) -> dict[str, str]:
    """Let the people of the demonstration sign in; return sign-in name → generated password."""
    passwords: dict[str, str] = {}
    for entry in content()["people"]:
        organisation_id = ids[entry["partner"]] if "partner" in entry else None
        made = access.create_person(
            session,
            actor,
            sign_in_name=entry["sign_in_name"],
            name=entry["name"],
            organisation_id=organisation_id,
            must_change_password=False,
        )
        given = Assignment(entry["role"], organisation_id)
        access.assign_role(session, actor, made.person.id, given)
        passwords[entry["sign_in_name"]] = made.password
    return passwords


def seed_plans(session: Session, actor: Viewer, ids: dict[str, UUID], *, port: int) -> list[Run]:
    """Write a plan per network and per directory, and ask for the first run of each."""
    runs: list[Run] = []
    for network in content()["networks"]:
        partner_id = ids[network["partner"]]
        domain = partners.create_routing_domain(
            session, actor, partner_id, network["routing_domain"]
        )
        for number, site in enumerate(network["sites"], start=1):
            form = SiteForm(site["name"], site["street"], site["postal_code"], site["town"])
            made = partners.save_site(session, actor, partner_id, form)
            draft = _network_plan(network, site, number, port)
            draft = _placed(draft, domain.id, made.id)
            plan = create_plan(session, actor, partner_id, draft)
            runs.append(request_run(session, actor, plan.id))
    for directory in content()["directories"]:
        draft = PlanDraft(
            name="Verzeichnis",
            protocol=Protocol.LDIF,
            targets=(f"{directory['partner']}.ldif",),
            interval_minutes=1440,
        )
        plan = create_plan(session, actor, ids[directory["partner"]], draft)
        runs.append(request_run(session, actor, plan.id))
    return runs


def _network_plan(
    network: dict[str, Any], site: dict[str, Any], number: int, port: int
) -> PlanDraft:
    """Return the plan of one site; its devices are behind an address translation, as at a site."""
    count = sum(site["counts"].values())
    blocks = range(number, number + 1 + (count - 1) // 250)
    return PlanDraft(
        name=f"Netz {site['name']}",
        protocol=Protocol.SNMP,
        targets=tuple(f"{network['inside']}.{block}.0/24" for block in blocks),
        credentials=(SECRET,),
        options={
            "port": port,
            "timeout": 0.5,
            "retries": 1,
            "translate": {f"{network['inside']}.0.0/16": f"{network['served']}.0.0/16"},
        },
        interval_minutes=60,
    )


def _placed(draft: PlanDraft, routing_domain_id: UUID, site_id: UUID) -> PlanDraft:
    return replace(draft, routing_domain_id=routing_domain_id, site_id=site_id)


def _organisation_form(entry: dict[str, Any]) -> OrganisationForm:
    return OrganisationForm(
        name=entry["name"],
        slug=entry["slug"],
        legal_form=entry["legal_form"],
        roles=tuple(OrganisationRole(role) for role in entry["roles"]),
        is_fictional=entry.get("is_fictional", False),
        population=entry.get("population"),
        valid_from=FIRST_DAY,
    )


def _give_roles(
    session: Session, actor: Viewer, organisation_id: UUID, roles: list[OrganisationRole]
) -> None:
    found = session.get_one(Organisation, organisation_id)
    form = OrganisationForm(
        name=found.name,
        slug=found.slug,
        legal_form=found.legal_form,
        district=found.district,
        bfs_number=found.bfs_number,
        population=found.population,
        population_on=found.population_on,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        roles=tuple(roles),
    )
    partners.update_organisation(session, actor, organisation_id, form)
