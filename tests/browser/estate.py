"""A furnished house for the pages: devices, questions, accounts, orders, and who may look."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from catalog.cli.console import console_actor, console_transaction
from catalog.demo import orders
from cmdb.accounts.models import AccountRecord
from cmdb.intake.models import Subject
from cmdb.items.classes import seed_classes
from cmdb.items.models import ConfigurationItem, Relation
from cmdb.kernel.clock import now
from cmdb.partners.commands import save_contact
from cmdb.partners.forms import ContactForm
from cmdb.plans.models import Plan
from cmdb.reconcile.declarations import update_item
from cmdb.reconcile.models import Finding
from schemas.vocabulary import AccountType, FindingKind, LogonBucket, RelationType, Source
from tests.builders import make_plan
from tests.journeys.world import OWN, furnish
from tests.observing import make_document, observe

SWITCHES = 60


@dataclass(frozen=True, slots=True)
class Estate:
    """What the pages can be asked for."""

    passwords: dict[str, str]
    keys: dict[str, UUID | str]

    def path(self, template: str) -> str:
        """Fill an address such as `/devices/{device}`."""
        return template.format(**self.keys)


def furnish_estate(app: Flask) -> Estate:
    """Fill a fresh database with something for every page."""
    world, actor = furnish(app), console_actor()
    own = world.organisations[OWN]
    with console_transaction(app) as session:
        seed_classes(session, actor)
        for plan in session.query(Plan):
            plan.is_active = False
        plan = make_plan(
            session,
            session.get_one(Plan, world.network_plan).partner,
            name="Werkhof",
            targets=["10.0.0.0/24"],
            site_id=world.site_id,
        )
        observe(session, plan, [make_document(number) for number in range(1, SWITCHES + 1)])
        items = session.query(ConfigurationItem).order_by(ConfigurationItem.name).all()
        update_item(
            session,
            actor,
            items[0].id,
            {"model": "WS-C3850", "purchased_on": "2024-03-31"},
            expected_version=None,
            reason="Laut Etikett",
        )
        session.add(_cable(items))
        findings = _questions(session, items)
        account = _account(own)
        session.add_all([*findings, account])
        orders.seed_orders(session, own)
        save_contact(session, actor, own, ContactForm("Eva Muster", "Informatik", "eva@x.example"))
        session.flush()
        keys = {
            "device": items[0].id,
            "partner": own,
            "slug": OWN,
            "site": world.site_id,
            "plan": plan.id,
            "contradiction": findings[0].id,
            "ambiguous": findings[1].id,
            "account": account.id,
        }
    return Estate(world.passwords, keys)


def _cable(items: list[ConfigurationItem]) -> Relation:
    return Relation(
        source_item_id=items[0].id,
        target_item_id=items[1].id,
        type=RelationType.CONNECTED_TO,
        source=Source.SNMP,
        confidence=80,
        detail="Gi1/0/1",
    )


def _questions(session: Session, items: list[ConfigurationItem]) -> list[Finding]:
    candidate = {"points": 70, "agrees": ["serial"], "differs": ["sys_name"], "is_excluded": False}
    return [
        _finding(
            session,
            items[0],
            FindingKind.CONTRADICTION,
            attribute="model",
            declared="WS-C3850",
            discovered="WS-C2960X-48TS-L",
        ),
        _finding(
            session,
            items[1],
            FindingKind.AMBIGUOUS,
            discovered={"name": "sw-neu", "serial": "FOC9"},
            evidence={
                "identifiers": [{"scheme": "serial", "value": "FOC9"}],
                "candidates": [{"item_id": str(one.id), **candidate} for one in items[:2]],
            },
        ),
        _finding(
            session,
            items[2],
            FindingKind.MISSING,
            attribute="lifecycle",
            declared="in_operation",
            discovered="missing",
        ),
    ]


def _finding(session: Session, item: ConfigurationItem, kind: FindingKind, **values) -> Finding:
    subject = session.query(Subject).filter_by(item_id=item.id).one()
    return Finding(
        partner_id=item.partner_id,
        subject_id=subject.id,
        item_id=item.id,
        run_id=subject.seen_run_id,
        kind=kind,
        fingerprint=kind.value,
        **values,
    )


def _account(partner_id: UUID) -> AccountRecord:
    return AccountRecord(
        partner_id=partner_id,
        directory_key="key-1",
        name="eva.muster",
        type=AccountType.ADMIN,
        is_enabled=True,
        is_privileged=True,
        last_logon=LogonBucket.OVER_90_DAYS,
        seen_at=now(),
    )
