from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from catalog.offers import commands, queries
from catalog.offers.commands import ServiceText
from catalog.offers.models import ServiceAudience
from catalog.offers.pricing import Component
from catalog.offers.queries import ServiceFilter
from cmdb.kernel.clock import today
from cmdb.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    WrongStateError,
)
from cmdb.kernel.events import EventRecord
from cmdb.partners.models import GroupMembership, OrganisationGroup
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, ServiceState, SlaClass
from tests.asking import MONTHLY, OWNER, make_provider, make_service, make_town, parts
from tests.builders import make_item, make_partner, make_viewer

HIGHER = (
    Component(PriceKind.RECURRING, PricePeriod.MONTH, PriceBasis.QUANTITY, Decimal("131.50")),
)
TOMORROW = timedelta(days=1)


def codes(page):
    return [one.code for one in page.rows]


def offer_to_group(session, service, *members, **validity):
    group = OrganisationGroup(slug=f"group-{service.code.lower()}", name="Gruppe")
    group.members = [GroupMembership(organisation_id=one.id, **validity) for one in members]
    session.add(group)
    session.flush()
    session.add(ServiceAudience(service_id=service.id, group_id=group.id))
    session.flush()


def test_a_service_is_found_by_its_words_in_both_languages(session):
    provider = make_provider(session)
    texts = {"de": "Notebook für unterwegs und das Büro", "en": "A notebook for the road"}
    mobile = make_service(session, provider, descriptions=texts)
    make_service(session, provider)
    for text in ("notebook", "NOTEBOOK buro", "road", mobile.code.lower()):
        assert codes(queries.list_services(session, OWNER, ServiceFilter(text=text))) == [
            mobile.code
        ]
    assert queries.list_services(session, OWNER, ServiceFilter(text="100%_")).rows == []


def test_pages_follow_one_another_without_loss(session):
    provider = make_provider(session)
    wanted = sorted(make_service(session, provider).code for _ in range(5))
    first = queries.list_services(session, OWNER, limit=2)
    second = queries.list_services(session, OWNER, limit=2, after=first.next_cursor)
    third = queries.list_services(session, OWNER, limit=2, after=second.next_cursor)
    assert codes(first) + codes(second) + codes(third) == wanted
    assert third.next_cursor is None


def test_a_list_of_services_costs_the_same_number_of_statements_whatever_its_length(session):
    provider = make_provider(session)

    def statements():
        seen = []
        session.expunge_all()
        listener = lambda *args: seen.append(args[2])  # noqa: E731 — removed by identity below
        sa.event.listen(session.bind, "before_cursor_execute", listener)
        for one in queries.list_services(session, OWNER).rows:
            queries.price_terms(one)
            assert one.family.slug
            assert one.provider.name
        sa.event.remove(session.bind, "before_cursor_execute", listener)
        return len(seen)

    make_service(session, provider)
    session.flush()
    one = statements()
    for _ in range(5):
        make_service(session, provider)
    session.flush()
    assert statements() == one <= 6


def test_a_draft_is_seen_by_its_own_house_only(session):
    provider = make_provider(session)
    town = make_town(session, provider)
    draft = make_service(session, provider, state=ServiceState.DRAFT)
    owner = make_viewer("service.write", partners={provider.id})
    stranger = make_viewer("service.write", "service.read", partners={make_provider(session).id})
    assert queries.get_service(session, owner, draft.id) is draft
    for viewer in (town.requester, stranger):
        with pytest.raises(NotFoundError):
            queries.get_service(session, viewer, draft.id)


def test_without_a_permission_nothing_is_seen(session):
    service = make_service(session, make_provider(session))
    nobody = make_viewer("order.read")
    assert queries.list_services(session, nobody).rows == []
    assert queries.find_service(session, nobody, service.code) is None
    assert queries.count_services_by_family(session, nobody) == []
    assert queries.list_sla_violations(session, nobody) == []


def test_a_service_for_a_group_is_seen_by_its_members_only(session):
    provider = make_provider(session)
    member, other = make_town(session, provider), make_town(session, provider)
    service = make_service(session, provider)
    offer_to_group(session, service, member.partner)
    assert codes(queries.list_services(session, member.requester)) == [service.code]
    assert codes(queries.list_services(session, other.requester)) == []
    assert queries.is_offered_to(session, OWNER, service.id, member.partner.id)
    assert not queries.is_offered_to(session, OWNER, service.id, other.partner.id)
    for_other = ServiceFilter(partner_id=other.partner.id)
    assert queries.list_services(session, OWNER, for_other).rows == []


def test_a_membership_that_has_ended_opens_nothing(session):
    provider = make_provider(session)
    town = make_town(session, provider)
    service = make_service(session, provider)
    offer_to_group(session, service, town.partner, valid_until=today() - TOMORROW)
    assert queries.list_services(session, town.requester).rows == []


def test_a_service_that_runs_out_is_shown_but_not_as_something_to_order(session):
    provider = make_provider(session)
    town = make_town(session, provider)
    service = make_service(session, provider, state=ServiceState.RETIRING)
    assert codes(queries.list_services(session, town.requester)) == [service.code]
    to_order = ServiceFilter(partner_id=town.partner.id)
    assert queries.list_services(session, town.requester, to_order).rows == []


def test_a_new_price_supersedes_the_one_before(session):
    service = make_service(session, make_provider(session))
    begin = today() + timedelta(days=40)
    commands.release_price(session, OWNER, service.id, parts(HIGHER), valid_from=begin)
    session.flush()
    session.expire_all()
    old, new = service.prices
    assert old.valid_until == begin - timedelta(days=1)
    assert old.components[0].amount == Decimal("128.00")
    assert new.components[0].amount == Decimal("131.50")
    assert new.valid_until is None


def test_a_released_price_can_neither_be_edited_nor_deleted(session):
    service = make_service(session, make_provider(session))
    price = service.prices[0]
    with pytest.raises(ConflictError, match="released"), session.begin_nested():
        price.components[0].amount = Decimal("1.00")
    session.expire_all()
    with pytest.raises(ConflictError), session.begin_nested():
        price.valid_from = date(2019, 1, 1)
    session.expire_all()
    with pytest.raises(ConflictError), session.begin_nested():
        session.delete(price.components[0])


def test_the_last_day_of_a_price_is_set_once(session):
    service = make_service(session, make_provider(session))
    price = service.prices[0]
    price.valid_until = date(2030, 1, 1)
    session.flush()
    with pytest.raises(ConflictError), session.begin_nested():
        price.valid_until = date(2031, 1, 1)


def test_an_offered_service_gets_no_price_in_the_past(session):
    service = make_service(session, make_provider(session))
    with pytest.raises(InvalidError, match="tomorrow"):
        commands.release_price(session, OWNER, service.id, parts(HIGHER), valid_from=today())


def test_a_price_belongs_to_its_provider(session):
    service = make_service(session, make_provider(session))
    reader = make_viewer("service.read")
    with pytest.raises(ForbiddenError):
        commands.release_price(
            session, reader, service.id, parts(HIGHER), valid_from=today() + TOMORROW
        )


def test_a_service_needs_a_provider_and_a_free_code(session):
    provider = make_provider(session)
    service = make_service(session, provider)
    text = ServiceText(names=service.names, descriptions=service.descriptions, units=service.units)
    with pytest.raises(ConflictError, match=service.code):
        commands.create_service(
            session, OWNER, service.code, text, family="family", provider_id=provider.id
        )
    with pytest.raises(InvalidError, match="provider"):
        commands.create_service(
            session, OWNER, "X-1", text, family="family", provider_id=make_partner(session).id
        )
    with pytest.raises(InvalidError, match="nowhere"):
        commands.create_service(
            session, OWNER, "X-1", text, family="nowhere", provider_id=provider.id
        )


def test_a_service_lives_through_its_states_and_every_step_is_told(session):
    service = make_service(session, make_provider(session), state=ServiceState.DRAFT)
    for state in (ServiceState.ACTIVE, ServiceState.RETIRING, ServiceState.RETIRED):
        commands.move_service(session, OWNER, service.id, state)
    with pytest.raises(WrongStateError):
        commands.move_service(session, OWNER, service.id, ServiceState.ACTIVE)
    session.flush()
    kinds = session.scalars(
        sa.select(EventRecord.kind)
        .where(EventRecord.subject_id == service.id)
        .order_by(EventRecord.at)
    ).all()
    assert kinds == ["service_created", "price_released", *["service_state_changed"] * 3]


def test_a_service_that_stops_lasting_must_have_no_recurring_price(session):
    service = make_service(session, make_provider(session), components=MONTHLY)
    text = ServiceText(
        names=service.names,
        descriptions=service.descriptions,
        units=service.units,
        is_lasting=False,
    )
    with pytest.raises(InvalidError, match="recurring"):
        commands.change_service(session, OWNER, service.id, text, family="family")


def test_a_promise_is_measured_against_direct_dependencies(session):
    provider = make_provider(session)
    below = make_service(session, provider, sla_class=SlaClass.S3)
    above = make_service(session, provider, sla_class=SlaClass.S4)
    commands.set_dependencies(session, OWNER, above.id, services=[below], platforms=["RZ-A"])
    session.flush()
    found = queries.list_sla_violations(session, OWNER)
    assert [(one.service.code, one.rests_on.code) for one in found] == [(above.code, below.code)]
    assert list(queries.list_dependents(session, OWNER, below.id)) == [above]
    with pytest.raises(InvalidError, match="never on itself"):
        commands.set_dependencies(session, OWNER, above.id, services=[above])


def test_items_of_a_service_are_shown_to_those_who_may_see_them(session):
    provider = make_provider(session)
    town = make_town(session, provider)
    service = make_service(session, provider)
    item = make_item(session, provider)
    operator = make_viewer("service.write", "service.read", "item.read", partners={provider.id})
    commands.link_item(session, operator, service.id, item.id)
    commands.link_item(session, operator, service.id, item.id)
    session.flush()
    assert [one.id for one in queries.list_items(session, operator, service.id)] == [item.id]
    assert list(queries.list_services_of_item(session, operator, item.id)) == [service]
    assert list(queries.list_items(session, town.requester, service.id)) == []
    assert list(queries.list_services_of_item(session, town.requester, item.id)) == []
    foreign = make_item(session, town.partner)
    with pytest.raises(InvalidError, match="no such item"):
        commands.link_item(session, operator, service.id, foreign.id)
    commands.unlink_item(session, operator, service.id, item.id)
    assert list(queries.list_items(session, operator, service.id)) == []
