"""Leases: whoever carries the work, it is done once and never lost."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.transactions import unit_of_work
from cmdb.kernel.clock import now
from cmdb.kernel.errors import WrongStateError
from cmdb.plans import leases, queries
from cmdb.plans.commands import cancel_run, request_run
from cmdb.plans.models import Assignment, Run
from schemas.messages import say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import AssignmentState, RunState
from tests.builders import make_plan
from tests.observing import LEASE, carrier


def claim(session, worker="one", *, at=None, lease=LEASE):
    return leases.claim_assignment(session, carrier(), worker=worker, lease=lease, at=at or now())


def test_an_assignment_is_leased_to_one_worker_with_all_it_needs(session):
    plan = make_plan(
        session,
        targets=["10.0.0.0/30"],
        exclusions=["10.0.0.1"],
        options={"port": 1161},
        rate=5.0,
    )
    run = request_run(session, carrier(), plan.id)
    lease = claim(session)
    assert lease is not None
    assert lease.assignment.run_id == run.id
    assert lease.assignment.targets == ("10.0.0.0/30",)
    assert lease.assignment.exclusions == ("10.0.0.1",)
    assert lease.assignment.credentials == ("snmp-test",)
    assert lease.assignment.options == {"port": 1161}
    assert lease.assignment.partner == plan.partner.slug
    assert (run.state, run.targets_total) == (RunState.RUNNING, 1)
    assert claim(session, "two") is None


def test_a_lease_that_expires_is_taken_over_and_the_first_worker_is_turned_away(session):
    request_run(session, carrier(), make_plan(session).id)
    first = claim(session)
    later = now() + LEASE + timedelta(seconds=1)
    assert leases.expire_leases(session, carrier(), at=now()) == 0
    assert leases.expire_leases(session, carrier(), at=later) == 1
    second = claim(session, "two", at=later)
    assert second is not None
    assert second.hold.attempt == 2
    with pytest.raises(WrongStateError, match="ended or belongs to somebody else"):
        leases.finish_assignment(session, carrier(), first.hold, at=later)
    leases.finish_assignment(session, carrier(), second.hold, at=later)


def test_an_expired_lease_no_longer_counts_even_before_it_is_taken_back(session):
    request_run(session, carrier(), make_plan(session).id)
    lease = claim(session)
    with pytest.raises(WrongStateError):
        leases.finish_assignment(
            session, carrier(), lease.hold, at=now() + LEASE + timedelta(seconds=1)
        )


def test_a_lease_can_be_extended(session):
    request_run(session, carrier(), make_plan(session).id)
    lease = claim(session)
    leases.extend_lease(session, carrier(), lease.hold, by=2 * LEASE, at=now())
    assert leases.expire_leases(session, carrier(), at=now() + LEASE + timedelta(seconds=9)) == 0


def test_after_three_attempts_an_assignment_has_failed_and_says_why(session):
    run = request_run(session, carrier(), make_plan(session).id)
    for _ in range(3):
        lease = claim(session)
        leases.fail_assignment(
            session, carrier(), lease.hold, message=say(RunSentence.WORKER_LATE), at=now()
        )
    session.flush()
    assert claim(session) is None
    assert (run.state, run.message) == (RunState.FAILED, "The worker did not finish in time.")
    assert run.messages == [{"code": "run.worker-late", "parameters": {}}]


def test_handing_back_is_no_failure(session):
    request_run(session, carrier(), make_plan(session).id)
    for _ in range(5):
        lease = claim(session)
        assert lease is not None
        leases.hand_back(session, carrier(), lease.hold, at=now())


def test_dead_workers_are_released_at_once(session):
    request_run(session, carrier(), make_plan(session).id)
    claim(session, "host/1/1")
    session.flush()
    assert leases.list_workers(session, carrier()) == ["host/1/1"]
    assert leases.release_worker(session, carrier(), "host/1/1", at=now()) == 1
    assert claim(session, "host/2/1") is not None


def test_a_run_ends_with_its_last_assignment(session):
    run = request_run(session, carrier(), make_plan(session, targets=["10.0.0.0/23"]).id)
    first, second = claim(session), claim(session, "two")
    leases.finish_assignment(session, carrier(), first.hold, at=now())
    assert run.state is RunState.RUNNING
    leases.finish_assignment(session, carrier(), second.hold, at=now())
    assert run.state is RunState.SUCCEEDED
    assert run.finished_at is not None


def test_a_cancelled_run_takes_the_lease_away(session):
    run = request_run(session, carrier(), make_plan(session).id)
    lease = claim(session)
    session.flush()
    assert leases.is_wanted(session, carrier(), lease.hold)
    cancel_run(session, carrier(), run.id)
    assert not leases.is_wanted(session, carrier(), lease.hold)
    with pytest.raises(WrongStateError):
        leases.finish_assignment(session, carrier(), lease.hold, at=now())
    assert run.state is RunState.CANCELLED


def test_due_plans_are_released_once_whatever_the_number_of_tickers(session):
    at = now()
    plan = make_plan(session, interval_minutes=60, next_due_at=at - timedelta(minutes=90))
    make_plan(session, interval_minutes=60, next_due_at=at + timedelta(minutes=1))
    released = leases.release_due(session, carrier(), at=at)
    assert len(released) == 1
    assert leases.release_due(session, carrier(), at=at) == []
    assert plan.next_due_at == at + timedelta(minutes=30)


def test_a_plan_that_still_runs_gets_no_second_run_when_due(session):
    at = now()
    plan = make_plan(session, interval_minutes=5, next_due_at=at)
    first = leases.release_due(session, carrier(), at=at)
    second = leases.release_due(session, carrier(), at=at + timedelta(minutes=6))
    assert first == second
    assert len(queries.list_runs(session, carrier()).rows) == 1
    assert plan.next_due_at == at + timedelta(minutes=10)


def test_workers_at_once_share_the_work_and_the_database_is_never_locked(engine):
    """Four threads claim and finish; a read-then-write that begins deferred would fail here."""
    with Session(engine) as session, unit_of_work(session):
        plan = make_plan(session, targets=["10.0.0.0/20"])
        request_run(session, carrier(), plan.id)
    claimed: list[object] = []
    errors: list[Exception] = []

    def work(name):
        try:
            while True:
                with Session(engine, expire_on_commit=False) as session:
                    with unit_of_work(session):
                        lease = claim(session, name)
                    if lease is None:
                        return
                    claimed.append(lease.hold.assignment_id)
                    with unit_of_work(session):
                        leases.finish_assignment(session, carrier(), lease.hold, at=now())
        except Exception as error:  # noqa: BLE001 — whatever it is, the test tells
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(claimed) == len(set(claimed)) == 16
    with Session(engine) as session:
        states = set(session.scalars(sa.select(Assignment.state)))
        assert states == {AssignmentState.DONE}
        assert session.scalars(sa.select(Run.state)).one() is RunState.SUCCEEDED
