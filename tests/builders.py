"""Typed builders of rows for tests: what a test does not say has a harmless value."""

from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cmdb.accounts.models import AccountRecord
from cmdb.intake.models import Subject
from cmdb.items.models import CiClass, ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import EVERYWHERE, ActorKind, Viewer
from cmdb.partners.models import Organisation, RoleOfOrganisation, RoutingDomain, Site
from cmdb.plans.models import Plan, Run
from schemas.vocabulary import AccountType, OrganisationRole, Protocol, Source, SubjectKind

_numbers = count(1)
_CLASSES = (
    "unknown.device",
    "network.switch",
    "network.router",
    "network.firewall",
    "network.access_point",
    "server",
    "server.physical",
    "server.virtual",
    "client.desktop",
    "client.workstation",
)


def make_viewer(
    *permissions: str, partners: set[UUID] | None = None, name: str = "Tests"
) -> Viewer:
    """Return somebody who holds these permissions for these partners, or everywhere."""
    reach = EVERYWHERE if partners is None else frozenset(partners)
    return Viewer(new_key(), name, ActorKind.PERSON, dict.fromkeys(permissions, reach))


def make_partner(
    session: Session, name: str = "", *, slug: str = "", **values: Any
) -> Organisation:
    number = next(_numbers)
    partner = Organisation(
        slug=slug or f"partner-{number}", name=name or f"Gemeinde {number}", **values
    )
    partner.roles = [RoleOfOrganisation(role=OrganisationRole.PARTNER)]
    session.add(partner)
    session.flush()
    return partner


def make_site(session: Session, partner: Organisation, name: str = "") -> Site:
    site = Site(partner_id=partner.id, name=name or f"Standort {next(_numbers)}")
    session.add(site)
    session.flush()
    return site


def make_routing_domain(session: Session, partner: Organisation, name: str = "") -> RoutingDomain:
    domain = RoutingDomain(partner_id=partner.id, name=name or f"vrf-{next(_numbers)}")
    session.add(domain)
    session.flush()
    return domain


def make_classes(session: Session) -> None:
    """Add the classes that tests use, where they are not there yet."""
    for name in _CLASSES:
        if session.get(CiClass, name) is None:
            session.add(CiClass(name=name, label_de=name, label_en=name, is_shipped=True))
    session.flush()


def make_plan(session: Session, partner: Organisation | None = None, **values: Any) -> Plan:
    partner = partner or make_partner(session)
    wanted: dict[str, Any] = {
        "name": f"Plan {next(_numbers)}",
        "protocol": Protocol.SNMP,
        "targets": ["10.0.0.0/24"],
        "exclusions": [],
        "credentials": ["snmp-test"],
        "options": {},
    }
    plan = Plan(partner_id=partner.id, **(wanted | values))
    session.add(plan)
    session.flush()
    return plan


def make_item(session: Session, partner: Organisation, **values: Any) -> ConfigurationItem:
    make_classes(session)
    wanted: dict[str, Any] = {
        "class_name": "network.switch",
        "name": f"sw-{next(_numbers)}",
        "seen_at": now(),
    }
    item = ConfigurationItem(partner_id=partner.id, **(wanted | values))
    session.add(item)
    session.flush()
    return item


def make_run(session: Session, plan: Plan, **values: Any) -> Run:
    wanted: dict[str, Any] = {"requested_by": "Tests"}
    run = Run(plan_id=plan.id, partner_id=plan.partner_id, **(wanted | values))
    session.add(run)
    session.flush()
    return run


def make_subject(session: Session, plan: Plan, **values: Any) -> Subject:
    at = values.pop("at", None) or now()
    wanted: dict[str, Any] = {
        "kind": SubjectKind.DEVICE,
        "key": f"10.0.0.{next(_numbers)}",
        "source": Source.SNMP,
        "first_seen_at": at,
        "seen_at": at,
        "seen_run_id": values.pop("run_id", None) or make_run(session, plan).id,
    }
    subject = Subject(plan_id=plan.id, partner_id=plan.partner_id, **(wanted | values))
    session.add(subject)
    session.flush()
    return subject


def make_account(session: Session, partner: Organisation, **values: Any) -> AccountRecord:
    number = next(_numbers)
    wanted: dict[str, Any] = {
        "directory_key": f"key-{number}",
        "name": f"account-{number}",
        "type": AccountType.PERSON,
        "is_enabled": True,
        "seen_at": now(),
    }
    account = AccountRecord(partner_id=partner.id, **(wanted | values))
    session.add(account)
    session.flush()
    return account
