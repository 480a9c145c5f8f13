"""A run in which too much had vanished waits for a person: gone for sure, or the run was wrong."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.history.models import CiRevision
from cmdb.intake.models import Subject
from cmdb.kernel.errors import ForbiddenError, NotFoundError, WrongStateError
from cmdb.kernel.events import EventRecord
from cmdb.reconcile.answers import confirm_gone, list_vanished, reject_run
from cmdb.reconcile.commands import receive
from cmdb.reconcile.holds import find_holds, list_open_holds
from cmdb.reconcile.models import HeldRun
from schemas.vocabulary import FindingKind, HoldState, Lifecycle
from tests.builders import make_viewer
from tests.observing import WORKER, carrier, make_document, make_envelope, start_run

DECIDER = make_viewer("finding.read", "finding.decide", name="Anna Muster")
KNOWN = range(1, 11)
GONE = {f"sw-{number:05}" for number in range(1, 5)}


@pytest.fixture
def held(house):
    """Return a run that did not see four of ten devices and was held for it."""
    house.see(*(make_document(n) for n in KNOWN))
    return house.see(*(make_document(n) for n in range(5, 11)))


def lifecycles(house):
    return {item.name: item.lifecycle for item in house.items()}


def events(house, kind):
    return house.rows(EventRecord, EventRecord.kind == kind)


def test_a_held_run_is_open_and_says_what_did_not_show_up(session, house, held):
    hold = find_holds(session, DECIDER, [held.id])[held.id]
    assert (hold.state, hold.known, hold.vanished) == (HoldState.OPEN, 10, 4)
    assert [one.run_id for one in list_open_holds(session, DECIDER)] == [held.id]
    vanished = list_vanished(session, DECIDER, held)
    assert {name for _, name in vanished.devices} == GONE
    assert vanished.others == 0
    assert len(events(house, "run_held")) == 1


def test_confirmed_means_missing_with_history_and_a_question_for_each(session, house, held):
    with unit_of_work(session):
        confirm_gone(session, DECIDER, held.id, reason=" Rückbau Schulhaus ")
    session.expire_all()
    states = lifecycles(house)
    assert {name for name, state in states.items() if state is Lifecycle.MISSING} == GONE
    revisions = house.rows(CiRevision, CiRevision.reason == "Rückbau Schulhaus")
    assert len(revisions) == len(GONE)
    assert {one.actor_name for one in revisions} == {"Anna Muster"}
    assert all(one.changes == {"lifecycle": ["in_operation", "missing"]} for one in revisions)
    assert {one.kind for one in house.findings()} == {FindingKind.MISSING}
    assert sum(fate.decision == "missed" for fate in house.fates(held)) == len(GONE)
    (answer,) = events(house, "hold_answered")
    assert answer.body["answer"] == "confirmed"
    assert answer.body["missing"] == len(GONE)
    assert list_open_holds(session, DECIDER) == []


def test_confirming_twice_is_confirming_once(session, house, held):
    for _ in range(2):
        with unit_of_work(session):
            confirm_gone(session, DECIDER, held.id)
    session.expire_all()
    assert len(events(house, "hold_answered")) == 1
    assert len(house.findings()) == len(GONE)
    with pytest.raises(WrongStateError, match="Anna Muster"):
        reject_run(session, DECIDER, held.id)


def test_rejected_changes_nothing(session, house, held):
    before = len(house.revisions())
    for _ in range(2):
        with unit_of_work(session):
            reject_run(session, DECIDER, held.id, reason="Core switch was down")
    session.expire_all()
    assert set(lifecycles(house).values()) == {Lifecycle.IN_OPERATION}
    assert {one.missed_runs for one in house.rows(Subject)} == {0}
    assert len(house.revisions()) == before
    assert house.findings() == []
    (hold,) = session.query(HeldRun).all()
    assert (hold.state, hold.answered_by, hold.reason) == (
        HoldState.REJECTED,
        "Anna Muster",
        "Core switch was down",
    )
    assert len(events(house, "hold_answered")) == 1
    with pytest.raises(WrongStateError):
        confirm_gone(session, DECIDER, held.id)


def test_what_was_confirmed_does_not_hold_the_next_run(session, house, held):
    with unit_of_work(session):
        confirm_gone(session, DECIDER, held.id)
    again = house.see(*(make_document(n) for n in range(5, 11)))
    assert again.message == ""
    back = house.see(*(make_document(n) for n in KNOWN))
    assert set(lifecycles(house).values()) == {Lifecycle.IN_OPERATION}
    assert find_holds(session, DECIDER, [again.id, back.id]) == {}


def test_a_later_run_takes_the_question_back(session, house, held):
    house.see(*(make_document(n) for n in KNOWN))
    assert list_open_holds(session, DECIDER) == []
    for answer in (confirm_gone, reject_run):
        with pytest.raises(WrongStateError, match="later run"):
            answer(session, DECIDER, held.id)
    assert set(lifecycles(house).values()) == {Lifecycle.IN_OPERATION}


def test_what_a_run_under_way_has_met_again_is_not_gone(session, house, held):
    with unit_of_work(session):
        lease = start_run(session, house.plan)
        envelope = make_envelope(lease, [make_document(1)], is_last=False)
        receive(session, carrier(), envelope, worker=WORKER)
    with unit_of_work(session):
        confirm_gone(session, DECIDER, held.id)
    session.expire_all()
    states = lifecycles(house)
    assert {name for name, state in states.items() if state is Lifecycle.MISSING} == GONE - {
        "sw-00001"
    }


def test_only_who_may_decide_answers_and_a_stranger_sees_nothing(session, house, held):
    reader = make_viewer("finding.read")
    with pytest.raises(ForbiddenError):
        confirm_gone(session, reader, held.id)
    stranger = make_viewer("finding.read", "finding.decide", partners={held.id})
    for answer in (confirm_gone, reject_run):
        with pytest.raises(NotFoundError):
            answer(session, stranger, held.id)
    assert list_open_holds(session, stranger) == []
