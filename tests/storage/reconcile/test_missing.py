"""What is not seen again: complete runs count it, three make it missing, too much is doubted."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.intake.models import Subject
from cmdb.kernel.events import EventRecord
from cmdb.plans.models import Run
from cmdb.reconcile import commands
from schemas.vocabulary import (
    FindingKind,
    FindingState,
    Lifecycle,
    ProblemCode,
    RunState,
    Step,
)
from tests.builders import make_plan, make_viewer
from tests.observing import make_document, make_report


def missed(house, key="10.0.0.1"):
    return house.rows(Subject, Subject.key == key)[0].missed_runs


def test_after_three_complete_runs_an_item_is_missing_and_a_person_is_asked(house):
    house.see(make_document(1), make_document(2))
    for number in (1, 2):
        run = house.see(make_document(2))
        assert missed(house) == number
        assert house.item().lifecycle is Lifecycle.IN_OPERATION
    run = house.see(make_document(2))
    item = next(one for one in house.items() if one.name == "sw-00001")
    assert item.lifecycle is Lifecycle.MISSING
    finding = house.findings()[0]
    assert (finding.kind, finding.item_id) == (FindingKind.MISSING, item.id)
    assert run.findings == 1
    assert house.revisions()[-1].changes == {"lifecycle": ["in_operation", "missing"]}
    assert len(house.rows(EventRecord, EventRecord.kind == "item_missed")) == 1
    house.see(make_document(2))
    assert len(house.findings()) == 1, "nobody is asked again in the fourth run"


def test_what_is_seen_again_is_in_operation_again(house):
    house.see(make_document(1), make_document(2))
    for _ in range(3):
        house.see(make_document(2))
    run = house.see(make_document(1), make_document(2))
    assert {item.lifecycle for item in house.items()} == {Lifecycle.IN_OPERATION}
    assert house.findings()[0].state is FindingState.RESOLVED
    assert house.revisions()[-1].changes == {"lifecycle": ["missing", "in_operation"]}
    assert (missed(house), run.changed, run.unchanged) == (0, 1, 1)


def test_accepting_that_an_item_is_gone_retires_it(session, house):
    house.see(make_document(1), make_document(2))
    for _ in range(3):
        house.see(make_document(2))
    decider = make_viewer("finding.read", "finding.decide")
    with unit_of_work(session):
        commands.accept_finding(session, decider, house.findings()[0].id)
    item = next(one for one in house.items() if one.name == "sw-00001")
    assert item.lifecycle is Lifecycle.RETIRED


@pytest.mark.parametrize(
    "report",
    [
        make_report("10.0.0.1", ProblemCode.TIMEOUT),
        make_report("10.0.0.77", ProblemCode.SECRET_MISSING),
        make_report("10.0.0.0/24", ProblemCode.INCOMPLETE),
    ],
)
def test_a_run_that_is_not_complete_counts_nothing(house, report):
    house.see(make_document(1), make_document(2))
    run = house.see(make_document(2), reports=[report])
    assert run.state is RunState.PARTIAL
    assert missed(house) == 0


def test_a_failed_run_counts_nothing(house):
    house.see(make_document(1))
    run = house.see(reports=[make_report("10.0.0.1", ProblemCode.SECRET_MISSING)])
    assert run.state is RunState.FAILED
    assert missed(house) == 0


def test_a_dry_run_counts_nothing(house):
    house.see(make_document(1), make_document(2))
    house.see(make_document(2), is_dry_run=True)
    assert missed(house) == 0


def test_who_answers_but_refuses_is_not_gone(house):
    house.see(make_document(1), make_document(2))
    refused = make_report("10.0.0.1", ProblemCode.REFUSED, step=Step.REACHED)
    run = house.see(make_document(2), reports=[refused])
    assert run.state is RunState.PARTIAL
    assert missed(house) == 0


def test_silence_in_a_complete_run_counts(house):
    house.see(make_document(1), make_document(2))
    silent = make_report("10.0.0.1", ProblemCode.UNREACHABLE)
    run = house.see(make_document(2), reports=[silent])
    assert missed(house) == 1
    fate = next(fate for fate in house.fates(run) if fate.target == "10.0.0.1")
    assert fate.decision == "missed"
    assert "last 1 complete runs" in fate.message


def test_what_the_plan_no_longer_covers_is_not_missed(session, house):
    house.see(make_document(1), make_document(2))
    with unit_of_work(session):
        house.plan.targets = ["10.0.0.2/31"]
    house.see(make_document(2))
    assert missed(house) == 0


def test_when_too_much_vanishes_at_once_nothing_is_counted_and_the_run_says_so(house):
    house.see(*(make_document(n) for n in range(1, 11)))
    run = house.see(*(make_document(n) for n in range(5, 11)))
    assert run.state is RunState.SUCCEEDED
    assert "4 of 10 known devices or accounts did not show up" in run.message
    assert missed(house) == 0
    run = house.see(*(make_document(n) for n in range(4, 11)))
    assert run.message == ""
    assert missed(house) == 1


def test_an_item_that_another_plan_still_sees_is_not_missing(session, house):
    with unit_of_work(session):
        other = make_plan(session, house.partner, targets=["10.9.0.0/24"])
    house.see(make_document(1), make_document(2))
    house.see(make_document(1, address="10.9.0.1"), at=other)
    for _ in range(3):
        house.see(make_document(2))
    assert {item.lifecycle for item in house.items()} == {Lifecycle.IN_OPERATION}
    assert missed(house) == 3


def test_runs_never_delete_anything(house):
    house.see(make_document(1), make_document(2))
    for _ in range(5):
        house.see(make_document(2))
    assert len(house.items()) == 2
    assert len(house.rows(Run)) == 6
