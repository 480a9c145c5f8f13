"""What a person declares against what discovery knows is asked at once, and never asked twice."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.items.changes import ItemPatch
from cmdb.items.models import CiClass
from cmdb.items.rules import AttributeDefinition, AttributeType
from cmdb.kernel.events import EventRecord
from cmdb.reconcile import commands, declarations
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, FindingState, Lifecycle, Section
from tests.builders import make_partner, make_viewer
from tests.counting import statements
from tests.observing import make_document

OPEN = Finding.state == FindingState.OPEN


@pytest.fixture
def anna():
    permissions = ("item.read", "item.write", "finding.read", "finding.decide")
    return make_viewer(*permissions, name="Anna Muster")


@pytest.fixture
def declare(session, house, anna):
    """Changes the one item that discovery has seen, as a person does."""
    house.see(make_document(1))

    def change(**changes):
        with unit_of_work(session):
            declarations.update_item(
                session, anna, house.item().id, changes, expected_version=None, reason="checked"
            )
        session.expire_all()
        return house.findings(OPEN)

    return change


def test_a_contradiction_is_asked_in_the_transaction_of_the_declaration(session, house, declare):
    (finding,) = declare(model="OTHER-123")
    assert (finding.kind, finding.attribute) == (FindingKind.CONTRADICTION, "model")
    assert (finding.declared, finding.discovered) == ("OTHER-123", "WS-C2960X-48TS-L")
    assert (finding.item_id, finding.partner_id) == (house.item().id, house.partner.id)
    assert (finding.run_id, finding.decided_at) == (None, None)
    assert len(house.rows(EventRecord, EventRecord.kind == "finding_opened")) == 1


def test_the_next_look_asks_the_same_question_and_not_a_second_one(session, house, declare):
    (asked,) = declare(name="Core Rathaus")
    run = house.see(make_document(1, sections={Section.COMPONENTS: []}))
    assert run.findings == 0
    assert [one.id for one in house.findings()] == [asked.id]


def test_a_look_has_asked_and_the_declaration_does_not_ask_again(session, house, declare, anna):
    (asked,) = declare(name="Core Rathaus")
    assert [one.id for one in declare(vendor="Cisco Systems", name="Core Rathaus")] != []
    assert house.findings(Finding.attribute == "name")[0].id == asked.id
    assert len(house.findings(Finding.attribute == "name")) == 1


def test_it_is_closed_when_the_declaration_agrees(house, declare):
    assert len(declare(name="Core Rathaus")) == 1
    assert declare(name="sw-00001") == []
    (finding,) = house.findings()
    assert (finding.state, finding.decided_by) == (FindingState.RESOLVED, "Anna Muster")


def test_it_is_closed_when_the_declaration_is_withdrawn(house, declare):
    assert len(declare(model="OTHER-123")) == 1
    assert declare(model=None) == []
    assert house.item().model == "WS-C2960X-48TS-L"


def test_another_contradicting_value_is_another_question(house, declare):
    declare(model="OTHER-123")
    (finding,) = declare(model="OTHER-456")
    assert finding.declared == "OTHER-456"
    assert {one.state for one in house.findings()} == {FindingState.OPEN, FindingState.RESOLVED}


def test_what_was_resolved_is_asked_again_when_it_comes_back(house, declare):
    (first,) = declare(model="OTHER-123")
    declare(model=None)
    (again,) = declare(model="OTHER-123")
    assert again.id == first.id


def test_a_kept_declaration_is_not_asked_about_again(session, house, declare, anna):
    (finding,) = declare(model="OTHER-123")
    with unit_of_work(session):
        commands.keep_declared(session, anna, finding.id)
    declare(model=None)
    assert declare(model="OTHER-123") == []


def test_one_attribute_says_nothing_about_another(house, declare):
    declare(model="OTHER-123")
    assert {one.attribute for one in declare(name="Core Rathaus")} == {"model", "name"}


def test_what_differs_in_case_or_is_unknown_to_discovery_is_no_question(house, declare):
    assert declare(name="SW-00001", lifecycle=Lifecycle.PLANNED) == []


def test_a_retired_device_that_is_seen_is_answered_by_bringing_it_back(house, declare):
    declare(lifecycle=Lifecycle.RETIRED)
    house.see(make_document(1, sections={Section.COMPONENTS: []}))
    (finding,) = house.findings(OPEN, Finding.attribute == "lifecycle")
    declare(lifecycle=Lifecycle.IN_OPERATION)
    assert house.findings(Finding.id == finding.id)[0].state is FindingState.RESOLVED


def test_several_items_are_asked_about_in_as_many_statements_as_one(session, house, anna):
    house.see(*(make_document(number) for number in range(1, 7)))
    items = house.items()
    counts = []
    for some in (items[:1], items[1:]):
        patches = [ItemPatch(one.id, {"model": f"OTHER {one.name}"}) for one in some]
        with statements(session) as seen, unit_of_work(session):
            declarations.bulk_update(session, anna, patches)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert len(house.findings(OPEN)) == 6
    assert {one.item_id for one in house.findings()} == {one.id for one in items}


def test_where_discovery_is_believed_there_is_nothing_to_decide(house, declare):
    assert declare(serial="OTHER123") == []
    assert house.item().serial == "FOC00000001"


@pytest.mark.parametrize("kind", ["rename", "attributes", "identifiers", "owner"])
def test_a_change_stays_within_its_statements(session, house, declare, anna, kind):
    """Twelve for a request, of which one reads the token and two the answer."""
    rack = AttributeDefinition("rack", AttributeType.TEXT, "Rack", "Rack")
    with unit_of_work(session):
        session.get(CiClass, "network.switch").attributes = [rack.as_entry()]
    change = {
        "rename": {"name": "sw-core.example.ch"},
        "attributes": {"rack": "A1"},
        "identifiers": {"name": "sw-core", "serial": "FOC12345678", "address": "10.9.9.9"},
        "owner": {"partner_id": str(make_partner(session).id)},
    }[kind]
    with statements(session) as seen, unit_of_work(session):
        declarations.update_item(session, anna, house.item().id, change, expected_version=1)
    assert len(seen) - 1 <= 12 - 3, seen  # the item of the test is read too
