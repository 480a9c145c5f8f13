"""Assignments carried out for real, against simulated devices on the loopback interface."""

import os
import socket
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from catalog.jobs.carrying import Worker, carry_next
from catalog.jobs.embedded import EmbeddedCarrier, is_dead, worker_name
from catalog.jobs.once import run_plan_now
from catalog.jobs.ticks import forget, tick
from cmdb.intake.models import EnvelopeReceipt, Observation
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.errors import WrongStateError
from cmdb.plans.commands import cancel_run, pause_plan, request_run
from cmdb.plans.leases import claim_assignment
from cmdb.plans.models import Assignment, Plan, Run, RunTarget
from discovery.errors import SecretMissingError
from schemas.sentences.secrets import SecretSentence
from schemas.vocabulary import AssignmentState, Protocol, RunState
from tests.builders import make_plan, make_viewer
from tests.observing import LEASE, carrier

ACTOR = make_viewer("plan.read", "plan.write", "run.read", "run.request", name="Anna Muster")


def count(place, model):
    with place.session_factory() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def wait_until(is_true):
    """Wait for something that another thread brings about, at most a minute."""
    nap = threading.Event()
    for _ in range(1200):
        if is_true():
            return
        nap.wait(0.05)
    pytest.fail("It did not happen within a minute.")


def state_of(place, run_id):
    with place.session_factory() as session:
        return session.get_one(Run, run_id).state


def test_a_plan_is_run_here_and_now_with_progress_and_a_summary(place, plan):
    told: list[tuple[int, int]] = []
    summary = run_plan_now(place, ACTOR, plan.id, progress=lambda *one: told.append(one))
    assert summary.progress.state is RunState.SUCCEEDED
    assert (summary.progress.created, summary.progress.reached) == (10, 10)
    assert {line.decision for line in summary.targets} == {"created"}
    assert told[-1] == (12, 12)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    again = run_plan_now(place, ACTOR, plan.id)
    assert (again.progress.created, again.progress.changed) == (0, 0)
    assert again.progress.unchanged == 10
    assert count(place, ConfigurationItem) == 10


def test_a_dry_run_here_and_now_leaves_no_inventory(place, plan):
    summary = run_plan_now(place, ACTOR, plan.id, is_dry_run=True)
    assert summary.progress.created == 10
    assert count(place, ConfigurationItem) == 0


def test_a_paused_plan_is_not_run(place, plan):
    with place.transaction() as session:
        pause_plan(session, ACTOR, plan.id)
    with pytest.raises(WrongStateError):
        run_plan_now(place, ACTOR, plan.id)


def test_a_wrong_option_fails_the_run_with_a_sentence(place, plan):
    with place.transaction() as session:
        session.get_one(Plan, plan.id).options = {"prot": 161}
    summary = run_plan_now(place, ACTOR, plan.id)
    assert summary.progress.state is RunState.FAILED
    assert "The options of the plan are wrong: prot" in summary.progress.message


def test_a_missing_secret_is_told_per_target_and_fails_the_run(place, plan):
    class NoSecrets:
        def get(self, name):
            raise SecretMissingError(SecretSentence.UNKNOWN, path="tests", name=name)

    summary = run_plan_now(replace(place, secrets=NoSecrets()), ACTOR, plan.id)
    assert summary.progress.state is RunState.FAILED
    assert {line.code for line in summary.targets} == {"secret_missing"}
    assert "snmp-test" in summary.targets[0].message


def test_a_worker_that_must_stop_hands_back_and_submits_nothing(place, plan):
    with place.transaction() as session:
        request_run(session, ACTOR, plan.id)
    assert carry_next(place, Worker("stopping", lambda: True))
    with place.session_factory() as session:
        row = session.scalars(sa.select(Assignment)).one()
        assert (row.state, row.attempts) == (AssignmentState.DUE, 1)
    assert count(place, EnvelopeReceipt) == 0
    assert carry_next(place, Worker("second"))
    assert count(place, ConfigurationItem) == 10


def test_a_run_that_is_cancelled_meanwhile_is_left_alone(place, plan):
    with place.transaction() as session:
        run_id = request_run(session, ACTOR, plan.id).id

    def cancel(_progress):
        if state_of(place, run_id) is RunState.RUNNING:
            with place.transaction() as session:
                cancel_run(session, ACTOR, run_id)

    assert carry_next(place, Worker("one", progress=cancel))
    assert state_of(place, run_id) is RunState.CANCELLED
    assert count(place, ConfigurationItem) == 0


def test_a_plan_names_a_file_and_never_the_folder(place, tmp_path):
    (tmp_path / "ebikon.ldif").write_text(
        "dn: cn=anna,dc=ebikon,dc=example\nobjectClass: person\ncn: anna\n"
        "entryUUID: 6ba7b810-9dad-11d1-80b4-00c04fd430c8\nuid: anna\n",
        encoding="utf-8",
    )
    with place.transaction() as session:
        plan = make_plan(
            session,
            protocol=Protocol.LDIF,
            targets=["ebikon.ldif"],
            options={"directory": "/etc"},
        )
    summary = run_plan_now(place, ACTOR, plan.id)
    assert summary.progress.state is RunState.SUCCEEDED, summary


def test_a_requested_run_is_carried_out_at_once_and_a_stopped_carrier_ends(place, plan):
    embedded = EmbeddedCarrier(place, workers=2, tick_seconds=60)
    embedded.start()
    try:
        with place.transaction() as session:
            run_id = request_run(session, ACTOR, plan.id).id
        wait_until(lambda: state_of(place, run_id) is RunState.SUCCEEDED)
    finally:
        embedded.stop()
    assert count(place, ConfigurationItem) == 10
    assert not [one for one in threading.enumerate() if one.name.startswith(("worker-", "ticker"))]


def test_a_carrier_takes_over_what_a_dead_process_of_this_machine_has_left(place, plan):
    dead = f"{socket.gethostname()}/{2**22 + 1}/1"
    with place.transaction() as session:
        run_id = request_run(session, ACTOR, plan.id).id
        claim_assignment(session, carrier(), worker=dead, lease=LEASE, at=now())
    embedded = EmbeddedCarrier(place, workers=1, tick_seconds=60)
    embedded.start()
    try:
        wait_until(lambda: state_of(place, run_id) is RunState.SUCCEEDED)
    finally:
        embedded.stop()
    with place.session_factory() as session:
        assert session.scalars(sa.select(Assignment.attempts)).one() == 2


def test_only_workers_of_this_machine_are_known_to_be_dead():
    assert is_dead(worker_name(1))
    assert is_dead(f"{socket.gethostname()}/{2**22 + 1}/1")
    assert not is_dead(f"{socket.gethostname()}/{os.getppid()}/1")
    assert not is_dead(f"another-host/{2**22 + 1}/1")
    assert not is_dead("token of Ebikon")


def test_a_tick_releases_what_is_due_and_takes_expired_leases_back(place, plan):
    at = now()
    with place.transaction() as session:
        row = session.get_one(Plan, plan.id)
        row.interval_minutes, row.next_due_at = 60, at
    assert tick(place, at=at)
    assert not tick(place, at=at)
    with place.transaction() as session:
        assert claim_assignment(session, carrier(), worker="x", lease=LEASE, at=now())
    assert tick(place, at=at + LEASE + timedelta(minutes=1))
    assert count(place, Run) == 1


def test_old_things_are_forgotten_each_in_its_time(place, plan):
    run_plan_now(place, ACTOR, plan.id)
    assert not any(forget(place, at=now()).values())
    later = now() + timedelta(days=400)
    counts = forget(place, at=later)
    assert counts["receipts"] > 0
    assert count(place, EnvelopeReceipt) == 0
    assert counts["run_targets"] == 10
    assert count(place, RunTarget) == 0
    assert count(place, Observation) == 10, "the newest document of a device stays"
