"""A server that is killed in the middle of a run loses nothing and applies nothing twice."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.cli.console import console_actor
from cmdb.history.models import CiRevision
from cmdb.intake.models import EnvelopeReceipt, Observation, Subject
from cmdb.items.models import ConfigurationItem
from cmdb.plans.commands import request_run
from cmdb.plans.models import Assignment, Plan, Run, RunTarget
from schemas.vocabulary import AssignmentState, RunState
from tests.journeys.world import INSIDE, simulator_for, small_network

DEVICES = 24
ADDRESSES = 30
SOME = 5
RATE = 8.0
"""New targets a second: slow enough that a run can be interrupted, quick enough to wait for."""
PATIENCE_SECONDS = 20.0


@pytest.fixture
def run_id(place, world):
    """A run that somebody has asked for while no server was there; the devices answer."""
    network = small_network({"access_switch_24": 4, "linux_server": 12, "printer_kyocera": 8})
    with simulator_for(network) as simulator:
        with place.transaction() as session:
            plan = session.get(Plan, world.network_plan)
            plan.targets = [f"{INSIDE}.1.0/27"]
            plan.options = {**plan.options, "port": simulator.port}
            plan.rate = RATE
            session.flush()
            asked = request_run(session, console_actor(), world.network_plan)
        yield asked.id


def test_a_killed_run_is_finished_by_the_next_server(place, folder, run_id):
    with serving(folder) as process:
        await_run(place, run_id, lambda run: run.targets_done >= SOME)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    with place.session_factory() as session:
        killed = session.get_one(Run, run_id)
        assert killed.state == RunState.RUNNING
        assert killed.targets_done < ADDRESSES
        assignment = session.scalars(sa.select(Assignment)).one()
        assert assignment.state == AssignmentState.LEASED
        before = set(session.scalars(sa.select(ConfigurationItem.id)))
        assert before

    with serving(folder):
        await_run(place, run_id, lambda run: run.finished_at is not None)

    with place.session_factory() as session:
        run = session.get_one(Run, run_id)
        assert (run.state, run.message) == (RunState.SUCCEEDED, "")
        assert (run.targets_done, run.targets_total) == (ADDRESSES, ADDRESSES)
        assert_nothing_lost_or_doubled(session, run_id, before)


def assert_nothing_lost_or_doubled(session, run_id, before):
    """Look behind the pages: each device once, in every table that a run writes."""
    items = session.scalars(sa.select(ConfigurationItem)).all()
    assert len({item.name for item in items}) == len(items) == DEVICES
    assert before <= {item.id for item in items}

    # What the first server had written down is recognised by the second, not found once more.
    births = sa.select(sa.func.count()).where(CiRevision.reason == "Found by discovery.")
    assert session.scalar(births) == DEVICES
    for table in (Subject, Observation):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == DEVICES
    targets = session.scalars(sa.select(RunTarget.target).where(RunTarget.run_id == run_id)).all()
    assert len(set(targets)) == len(targets) == DEVICES

    receipts = session.scalars(sa.select(EnvelopeReceipt)).all()
    assert {one.attempt for one in receipts} == {1, 2}
    for attempt in (1, 2):
        numbers = sorted(one.sequence for one in receipts if one.attempt == attempt)
        assert numbers == list(range(len(numbers)))
    assert session.scalars(sa.select(Assignment)).one().attempts == 2


@contextmanager
def serving(folder):
    """A real server on a data directory; the block begins when it takes requests."""
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("haus"), "serve", "--port", str(free_port())],
            env={**os.environ, "HAUS_DATA_DIRECTORY": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def free_port():
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_run(place, run_id, is_reached):
    """Look at a run again and again until it has come so far; fails when that takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with place.session_factory() as session:
            if is_reached(session.get_one(Run, run_id)):
                return
        time.sleep(0.05)
    pytest.fail(f"The run has not come so far within {PATIENCE_SECONDS} seconds.")
