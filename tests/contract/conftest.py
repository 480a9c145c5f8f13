"""An app with one thing of every kind, and a token that may do everything with them."""

import pytest

from catalog.access import rules, self_service
from catalog.access.authentication import viewer_of
from catalog.access.commands import assign_role, create_person
from catalog.access.models import Person
from catalog.ordering.commands import (
    approve_order,
    create_order,
    deliver_order,
    place_order,
    start_fulfilment,
)
from catalog.subscriptions.queries import list_subscriptions
from catalog.transactions import unit_of_work
from cmdb.partners.models import Contact, GroupMembership, OrganisationGroup
from tests.asking import make_service, make_town, make_wish
from tests.builders import (
    make_account,
    make_item,
    make_plan,
    make_routing_domain,
    make_site,
)
from tests.observing import make_document, observe
from tests.web import conftest as pages

# Fixtures are found by their names; those of the pages arrange the same app.
empty_database, make_app, app = pages.empty_database, pages.make_app, pages.app
session, house = pages.session, pages.house


@pytest.fixture
def keys(session, house):
    """One thing of every kind, by the name of the argument that stands for it."""
    with unit_of_work(session):
        town = make_town(session)
        partner = town.partner
        site = make_site(session, partner)
        item = make_item(session, partner)
        account = make_account(session, partner)
        domain = make_routing_domain(session, partner)
        group = OrganisationGroup(slug="iggi", name="IGGI")
        group.members = [GroupMembership(organisation_id=partner.id)]
        contact = Contact(organisation_id=partner.id, name="Muster Maria")
        session.add_all([group, contact])
        plan = make_plan(session, partner)
        receipt = observe(session, plan, [make_document()])
        service = make_service(session, town.provider)
        order = place_order(session, town.requester, make_wish(town, service))
        approve_order(session, town.approver, order.id)
        start_fulfilment(session, town.fulfiller, order.id)
        deliver_order(session, town.fulfiller, order.id)
        (subscription,) = list_subscriptions(session, town.requester).rows
        draft = create_order(session, town.requester, make_wish(town, service))
    return {
        "partner_id": partner.id,
        "partner_slug": partner.slug,
        "code": service.code,
        "site_id": site.id,
        "account_id": account.id,
        "contact_id": contact.id,
        "group_slug": group.slug,
        "routing_domain_id": domain.id,
        "item_id": item.id,
        "ci_class": item.class_name,
        "plan_id": plan.id,
        "run_id": receipt.run_id,
        "service_id": service.id,
        "order_id": draft.id,
        "subscription_id": subscription.id,
    }


@pytest.fixture
def token(session, house, keys):
    """The token of somebody who may do everything everywhere."""
    with unit_of_work(session):
        made = create_person(
            session, house, sign_in_name="eva", name="Eva", must_change_password=False
        )
        for role in ("administrator", "operator"):
            assign_role(session, house, made.person.id, rules.Assignment(role, None))
        actor = viewer_of(session.get(Person, made.person.id))
        scopes = [one for one in actor.grants if not one.startswith(rules.GIVE)]
        return self_service.create_token(session, actor, name="contract", scopes=scopes).text
