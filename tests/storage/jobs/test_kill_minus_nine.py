"""`kill -9` in the middle of a run: another process finishes it, nothing twice, nothing lost."""

import os
import signal
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.jobs.embedded import EmbeddedCarrier
from catalog.transactions import unit_of_work
from cmdb.intake.models import Subject
from cmdb.items.models import ConfigurationItem, Interface
from cmdb.plans.commands import request_run
from cmdb.plans.models import Assignment, Run, RunTarget
from discovery.simulator import Simulator
from schemas.vocabulary import RunState
from tests.builders import make_classes, make_plan
from tests.observing import carrier
from tests.storage.jobs.conftest import make_network

DEVICES = 30


def wait_until(is_true):
    nap = threading.Event()
    for _ in range(1200):
        if is_true():
            return
        nap.wait(0.05)
    pytest.fail("It did not happen within a minute.")


def test_a_killed_process_is_taken_over(engine, place):
    def count(model):
        with Session(engine) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(model))

    def is_finished():
        with Session(engine) as session:
            return session.get_one(Run, run_id).finished_at is not None

    with Simulator(make_network(DEVICES, "127.21.0")) as simulator:
        with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
            make_classes(session)
            plan = make_plan(
                session,
                targets=["127.21.0.0/27"],
                # Slow enough that an envelope leaves, one a second, long before the last device.
                rate=8.0,
                options={"port": simulator.port, "timeout": 0.5, "retries": 1},
            )
            run_id = request_run(session, carrier(), plan.id).id
        url = engine.url.render_as_string(hide_password=False)
        victim = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.jobs.mortal", url, "/tmp"],  # noqa: S108 — no file is read
            stdin=subprocess.PIPE,
        )
        try:
            wait_until(lambda: 0 < count(RunTarget) < DEVICES)
        finally:
            os.kill(victim.pid, signal.SIGKILL)
            victim.communicate()
        before = count(RunTarget)
        assert 0 < before < DEVICES, "it was killed in the middle"
        heir = EmbeddedCarrier(place, workers=1, tick_seconds=1)
        heir.start()
        try:
            wait_until(is_finished)
        finally:
            heir.stop()
    with Session(engine) as session:
        run = session.get_one(Run, run_id)
        assert run.state is RunState.SUCCEEDED
        assert (run.created, run.changed, run.unchanged) == (DEVICES, 0, 0)
        assert (run.targets_done, run.targets_total, run.reached) == (DEVICES, DEVICES, DEVICES)
        assert session.scalars(sa.select(Assignment.attempts)).one() == 2
        twice = sa.select(Interface.item_id, Interface.index).group_by(
            Interface.item_id, Interface.index
        )
        assert not session.execute(twice.having(sa.func.count() > 1)).all()
    assert count(ConfigurationItem) == count(Subject) == count(RunTarget) == DEVICES
