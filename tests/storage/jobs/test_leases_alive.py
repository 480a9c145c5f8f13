"""A worker that lives keeps its assignment however long it takes; one that died loses it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog.jobs import carrying
from catalog.jobs.carrying import Worker, carry_next
from catalog.jobs.embedded import EmbeddedCarrier
from catalog.jobs.ticks import tick
from cmdb.kernel.clock import now
from cmdb.kernel.errors import WrongStateError
from cmdb.plans.commands import request_run
from cmdb.plans.leases import claim_assignment, extend_lease
from cmdb.plans.models import Assignment, Plan, Run
from discovery.run import run
from schemas.vocabulary import AssignmentState, RunState
from tests.builders import make_viewer
from tests.observing import LEASE, carrier
from tests.storage.jobs.test_carrying import wait_until

ACTOR = make_viewer("plan.read", "plan.write", "run.read", "run.request", name="Anna Muster")


class Clock:
    """A clock that goes as far as a test lets it."""

    def __init__(self):
        self.start = now()
        self.seconds = 0.0

    def now(self):
        return self.start + timedelta(seconds=self.seconds)

    def monotonic(self):
        return self.seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(carrying, "now", clock.now)
    monkeypatch.setattr(carrying, "monotonic", clock.monotonic)
    return clock


@pytest.fixture
def run_id(place, plan):
    with place.transaction() as session:
        return request_run(session, ACTOR, plan.id).id


def assignment(place):
    with place.session_factory() as session:
        return session.scalars(sa.select(Assignment)).one()


def claim(place, clock, worker):
    with place.transaction() as session:
        return claim_assignment(session, carrier(), worker=worker, lease=LEASE, at=clock.now())


def test_a_run_longer_than_its_lease_stays_with_its_living_worker(
    place, run_id, clock, monkeypatch
):
    looks = []

    def slow(*arguments, is_cancelled, **more):
        for _ in range(20):
            clock.seconds += place.lease.total_seconds() / 4
            assert not is_cancelled()
            assert not tick(place, at=clock.now()), "the lease has not run out"
            assert claim(place, clock, "second") is None
            looks.append(clock.seconds)
        return run(*arguments, is_cancelled=is_cancelled, **more)

    monkeypatch.setattr(carrying, "run", slow)
    assert carry_next(place, Worker("first"))
    assert looks[-1] > 4 * place.lease.total_seconds()
    row = assignment(place)
    assert (row.state, row.attempts, row.leased_by) == (AssignmentState.DONE, 1, "first")
    with place.session_factory() as session:
        assert session.get_one(Run, run_id).state is RunState.SUCCEEDED


def test_the_deadline_lies_beyond_the_lease_for_whoever_extends_it(place, run_id, monkeypatch):
    seen = []
    monkeypatch.setattr(carrying, "run", lambda assignment, *_, **__: seen.append(assignment))
    assert carry_next(place, Worker("first"))
    assert seen[0].deadline - assignment(place).lease_until == place.longest - place.lease


def test_a_worker_that_gives_no_sign_of_life_loses_its_assignment(place, run_id, clock):
    dead = claim(place, clock, "dead")
    clock.seconds = LEASE.total_seconds() + 1
    assert tick(place, at=clock.now())
    living = claim(place, clock, "living")
    assert living is not None
    assert living.hold.attempt == 2
    with place.session_factory() as session, pytest.raises(WrongStateError):
        extend_lease(session, carrier(), dead.hold, by=LEASE, at=clock.now())


def test_a_worker_that_was_taken_over_stops(place, run_id, clock, monkeypatch):
    stopped = []

    def overtaken(*_, is_cancelled, **__):
        clock.seconds += place.lease.total_seconds() + 1
        tick(place, at=clock.now())
        assert claim(place, clock, "second")
        clock.seconds += 2
        stopped.append(is_cancelled())
        raise WrongStateError("intake.lease-lost", "Too late.")

    monkeypatch.setattr(carrying, "run", overtaken)
    assert carry_next(place, Worker("first"))
    assert stopped == [True]
    assert assignment(place).leased_by == "second"


def test_threads_of_a_carrier_finish_what_outlasts_a_short_lease(place, plan):
    with place.transaction() as session:
        # Two silent addresses, one after the other, keep the run beyond its lease.
        row = session.get_one(Plan, plan.id)
        row.options = row.options | {"timeout": 2.0, "concurrency": 1}
    short = replace(place, lease=timedelta(seconds=3))
    embedded = EmbeddedCarrier(short, workers=2, tick_seconds=1)
    embedded.start()
    try:
        with place.transaction() as session:
            run_id = request_run(session, ACTOR, plan.id).id
        wait_until(lambda: assignment(place).state is AssignmentState.DONE)
    finally:
        embedded.stop()
    row = assignment(place)
    assert row.attempts == 1
    with place.session_factory() as session:
        found = session.get_one(Run, run_id)
        assert found.state is RunState.SUCCEEDED
        assert found.finished_at - found.started_at > short.lease
