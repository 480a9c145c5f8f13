"""What people are asked, what they answer, and that nobody is asked twice."""

from datetime import timedelta

import pytest
import time_machine

from catalog.transactions import unit_of_work
from cmdb.history.commands import Claim, record_facts
from cmdb.history.models import CiFact
from cmdb.intake.models import Subject
from cmdb.items.models import Interface
from cmdb.kernel.clock import now
from cmdb.kernel.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from cmdb.kernel.events import EventRecord
from cmdb.reconcile import commands, queries
from cmdb.reconcile.models import Finding
from cmdb.reconcile.queries import FindingFilter
from schemas.vocabulary import FindingKind, FindingState, Lifecycle, Section, Source
from tests.builders import make_partner, make_viewer
from tests.observing import make_document


@pytest.fixture
def decider():
    return make_viewer("finding.read", "finding.decide", name="Anna Muster")


def declare(session, house, attribute, value):
    with unit_of_work(session):
        claim = Claim(house.item().id, attribute, Source.DECLARED, value, actor_name="Anna")
        record_facts(session, [claim], at=now())
        setattr(house.item(), attribute, value)


@pytest.fixture
def contradiction(session, house):
    """Return the finding that a declared name other than the discovered one has led to."""
    house.see(make_document(1))
    declare(session, house, "name", "Core Rathaus")
    run = house.see(make_document(1, name="sw-neu"))
    assert run.findings == 1
    return house.findings()[0]


def test_a_declared_value_stays_and_the_contradiction_is_asked_once(house, contradiction):
    assert house.item().name == "Core Rathaus"
    assert (contradiction.kind, contradiction.attribute) == (FindingKind.CONTRADICTION, "name")
    assert (contradiction.declared, contradiction.discovered) == ("Core Rathaus", "sw-neu")
    run = house.see(make_document(1, name="sw-neu", sections={Section.COMPONENTS: []}))
    assert run.findings == 0
    assert len(house.findings()) == 1


def test_accepting_follows_the_discovery_with_a_revision(session, house, contradiction, decider):
    with unit_of_work(session):
        commands.accept_finding(session, decider, contradiction.id, note="Umbenannt")
    assert house.item().name == "sw-neu"
    assert house.item().version == 2
    revision = house.revisions()[-1]
    assert revision.changes == {"name": ["Core Rathaus", "sw-neu"]}
    assert (revision.actor_name, revision.reason) == ("Anna Muster", "Umbenannt")
    assert house.rows(CiFact, CiFact.source == Source.DECLARED)[0].until_at is not None
    finding = house.findings()[0]
    assert (finding.state, finding.decided_by) == (FindingState.ACCEPTED, "Anna Muster")
    assert len(house.rows(EventRecord, EventRecord.kind == "finding_decided")) == 1
    with pytest.raises(WrongStateError, match="decided by Anna Muster already"):
        commands.keep_declared(session, decider, contradiction.id)


def test_a_kept_value_is_never_asked_again(session, house, contradiction, decider):
    with unit_of_work(session):
        commands.keep_declared(session, decider, contradiction.id)
    run = house.see(make_document(1, name="sw-neu", sections={Section.COMPONENTS: []}))
    assert run.findings == 0
    assert house.item().name == "Core Rathaus"
    run = house.see(make_document(1, name="sw-ganz-neu"))
    assert run.findings == 1, "another discovered value is another question"


def test_an_ignored_question_comes_back_after_its_day(session, house, contradiction, decider):
    until = now().date() + timedelta(days=10)
    with pytest.raises(InvalidError, match="future"), unit_of_work(session):
        commands.ignore_finding(session, decider, contradiction.id, until=now().date())
    with unit_of_work(session):
        commands.ignore_finding(session, decider, contradiction.id, until=until)
    again = make_document(1, name="sw-neu", sections={Section.COMPONENTS: []})
    assert house.see(again).findings == 0
    with time_machine.travel(now() + timedelta(days=11), tick=True):
        assert house.see(make_document(1, name="sw-neu")).findings == 1
    assert house.findings()[0].state is FindingState.OPEN


def test_a_question_that_answers_itself_is_resolved(house, contradiction):
    house.see(make_document(1, name="core rathaus"))
    assert house.findings()[0].state is FindingState.RESOLVED


def test_a_newer_question_about_the_same_value_replaces_the_older_one(house, contradiction):
    house.see(make_document(1, name="sw-ganz-neu"))
    states = {finding.discovered: finding.state for finding in house.findings()}
    assert states == {"sw-neu": FindingState.RESOLVED, "sw-ganz-neu": FindingState.OPEN}


def test_a_retired_item_that_is_seen_again_is_a_question(session, house, decider):
    house.see(make_document(1))
    with unit_of_work(session):
        house.item().lifecycle = Lifecycle.RETIRED
    house.see(make_document(1))
    finding = house.findings()[0]
    assert (finding.attribute, finding.declared) == ("lifecycle", "retired")
    assert house.item().lifecycle is Lifecycle.RETIRED
    with unit_of_work(session):
        commands.accept_finding(session, decider, finding.id)
    assert house.item().lifecycle is Lifecycle.IN_OPERATION


def nameless(number, **values):
    """Return a device without serial number, name and MAC addresses of its own."""
    sections = {Section.COMPONENTS: [], Section.INTERFACES: []}
    return make_document(number, sections=sections, **values)


@pytest.fixture
def ambiguous(house):
    """Return the finding of a device that shares its name with another, at another address."""
    first = nameless(1, name="sw-a")
    house.see(first)
    run = house.see(first, nameless(2, name="sw-a", without=[Section.ADDRESSES]))
    assert {fate.decision for fate in house.fates(run)} == {"unchanged", "ambiguous"}
    return house.findings()[0]


def test_an_ambiguous_device_changes_nothing_until_somebody_says(house, ambiguous, decider):
    assert len(house.items()) == 1
    assert house.rows(Subject, Subject.key == "10.0.0.2")[0].item_id is None
    assert ambiguous.kind is FindingKind.AMBIGUOUS
    assert ambiguous.evidence["candidates"][0]["item_id"] == str(house.item().id)


def test_the_device_can_be_bound_to_a_candidate(session, house, ambiguous, decider):
    with unit_of_work(session):
        commands.accept_finding(session, decider, ambiguous.id, item_id=house.item().id)
    assert house.rows(Subject, Subject.key == "10.0.0.2")[0].item_id == house.item().id
    assert len(house.items()) == 1
    run = house.see(nameless(2, name="sw-a", without=[Section.ADDRESSES]))
    assert (run.changed, run.unchanged, run.findings) == (0, 1, 0)


def test_the_device_can_be_made_a_new_item(session, house, ambiguous, decider):
    with unit_of_work(session):
        finding = commands.accept_finding(session, decider, ambiguous.id)
    assert len(house.items()) == 2
    assert finding.item_id == house.rows(Subject, Subject.key == "10.0.0.2")[0].item_id


def test_a_foreign_item_is_no_candidate(session, ambiguous, decider):
    with pytest.raises(InvalidError, match="come into question"), unit_of_work(session):
        commands.accept_finding(session, decider, ambiguous.id, item_id=ambiguous.subject_id)


def test_a_choice_with_parts_brings_the_parts(session, house, decider):
    house.see(nameless(1, name="sw-a"))
    house.see(
        make_document(
            2,
            name="sw-a",
            sections={Section.COMPONENTS: []},
            without=[Section.ADDRESSES],
        )
    )
    finding = house.findings()[0]
    with unit_of_work(session):
        commands.accept_finding(session, decider, finding.id, item_id=house.item().id)
    assert len(house.rows(Interface, Interface.item_id == house.item().id)) == 2


def test_findings_are_decided_by_those_who_may(session, house, contradiction):
    other = make_partner(session)
    session.commit()
    reader = make_viewer("finding.read")
    foreign = make_viewer("finding.read", "finding.decide", partners={other.id})
    for act in (
        lambda actor: commands.accept_finding(session, actor, contradiction.id),
        lambda actor: commands.keep_declared(session, actor, contradiction.id),
        lambda actor: commands.ignore_finding(session, actor, contradiction.id, until=None),
    ):
        with pytest.raises(ForbiddenError), unit_of_work(session):
            act(reader)
        with pytest.raises(NotFoundError), unit_of_work(session):
            act(foreign)
    assert queries.count_open(session, foreign) == 0
    assert queries.list_findings(session, foreign).rows == []
    assert house.rows(Finding)[0].state is FindingState.OPEN


def test_the_inbox_lists_what_is_open_with_its_partner_and_item(session, house, contradiction):
    reader = make_viewer("finding.read")
    row = queries.list_findings(session, reader).rows[0]
    assert (row.partner_name, row.item_name) == (house.partner.name, "Core Rathaus")
    assert row.subject_key == "10.0.0.1"
    assert queries.count_open(session, reader, partner_id=house.partner.id) == 1
    kept = FindingFilter(states=(FindingState.KEPT,))
    assert queries.list_findings(session, reader, wanted=kept).rows == []
    assert queries.get_finding(session, reader, row.id) == row
