"""From a trap on the wire to a look at its sender, and only at it."""

import socket
import threading

import pytest
import sqlalchemy as sa

import discovery.run
from catalog.jobs import listening
from catalog.jobs.carrying import Worker, carry_next
from catalog.jobs.listening import NotificationListener
from cmdb.intake.models import Subject
from cmdb.plans.commands import pause_plan, request_run
from cmdb.plans.models import Plan, Run, RunTarget
from discovery import names
from schemas.vocabulary import RunState
from tests.builders import make_viewer
from tests.discovery.snmp.notifying import cold_start, send

ACTOR = make_viewer("plan.read", "plan.write", "run.read", "run.request")


@pytest.fixture
def listener(place, plan, monkeypatch):
    """Return a listener that knows the plan, and its port."""
    monkeypatch.setattr(listening, "FLUSH_SECONDS", 0.05)
    listener = NotificationListener(place, "127.0.0.1", 0)
    port = listener.start()
    yield listener, port
    listener.stop()


def runs(place):
    with place.session_factory() as session:
        return list(session.scalars(sa.select(Run).order_by(Run.requested_at)))


def wait_for(is_true):
    nap = threading.Event()
    for _ in range(1200):
        if is_true():
            return
        nap.wait(0.05)
    pytest.fail("It did not happen within a minute.")


def test_a_switch_that_starts_is_looked_at_and_nothing_else_is(place, plan, listener):
    _, port = listener
    for sender in ("127.20.0.99", "127.20.0.13", "127.20.0.3", "127.20.0.3"):
        send(port, cold_start(), sender)
    wait_for(lambda: runs(place))
    assert carry_next(place, Worker("test"))
    (run,) = runs(place)
    assert (run.state, run.only_targets) == (RunState.SUCCEEDED, ["127.20.0.3"])
    with place.session_factory() as session:
        assert list(session.scalars(sa.select(Subject.target))) == ["127.20.0.3"]
        assert list(session.scalars(sa.select(RunTarget.target))) == ["127.20.0.3"]


def test_a_wrong_community_or_garbage_asks_for_nothing(place, plan, listener):
    heard, port = listener
    send(port, cold_start(b"guessed"), "127.20.0.3")
    send(port, b"\x30\x82\xff\xff", "127.20.0.3")
    send(port, cold_start(), "127.20.0.4")
    wait_for(lambda: runs(place))
    (run,) = runs(place)
    assert run.only_targets == ["127.20.0.4"]
    assert heard._hearing.counts == {"read": 3, "wanted": 1}


def test_a_sender_waits_for_the_end_of_a_run_that_may_have_passed_it(place, plan, listener):
    heard, port = listener
    with place.transaction() as session:
        whole = request_run(session, ACTOR, plan.id).id
    send(port, cold_start(), "127.20.0.3")
    wait_for(lambda: heard._hearing.counts["wanted"])
    while carry_next(place, Worker("test"), run_id=whole):
        pass
    wait_for(lambda: len(runs(place)) == 2)
    assert [run.only_targets for run in runs(place)] == [[], ["127.20.0.3"]]


def test_a_device_that_the_plan_names_by_its_host_name_is_looked_at_by_that_name(
    place, plan, monkeypatch
):
    async def resolve(name):
        return {"sw.example.ch": "127.20.0.3"}[name]

    for module in (names, discovery.run):
        monkeypatch.setattr(module, "resolve", resolve)
    monkeypatch.setattr(listening, "FLUSH_SECONDS", 0.05)
    with place.transaction() as session:
        held = session.get(Plan, plan.id)
        held.targets, held.exclusions = ["sw.example.ch"], []
    listener = NotificationListener(place, "127.0.0.1", 0)
    port = listener.start()
    try:
        wait_for(lambda: listener._names.names_at("127.20.0.3"))
        send(port, cold_start(), "127.20.0.4")
        send(port, cold_start(), "127.20.0.3")
        wait_for(lambda: runs(place))
    finally:
        listener.stop()
    assert [run.only_targets for run in runs(place)] == [["sw.example.ch"]]
    assert carry_next(place, Worker("test"))
    with place.session_factory() as session:
        subject = session.scalars(sa.select(Subject)).one()
        assert (subject.target, subject.key.partition(":")[0]) == ("sw.example.ch", "127.20.0.3")


def test_devices_of_a_paused_plan_are_strangers(place, plan, monkeypatch):
    with place.transaction() as session:
        pause_plan(session, ACTOR, plan.id)
    listener = NotificationListener(place, "127.0.0.1", 0)
    port = listener.start()
    try:
        send(port, cold_start(), "127.20.0.3")
        wait_for(lambda: listener._hearing.counts["foreign"])
    finally:
        listener.stop()
    assert runs(place) == []


def test_a_port_that_is_taken_is_told(place, plan):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="in use"):
            NotificationListener(place, "127.0.0.1", taken.getsockname()[1]).start()
