"""Inventory: intake and reconciliation alone, and the whole way from simulated devices."""

import gc
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from catalog.jobs.once import run_plan_now
from catalog.jobs.workplace import Workplace
from catalog.transactions import unit_of_work
from cmdb.kernel.clock import now
from cmdb.plans.commands import cancel_run, request_run
from cmdb.plans.leases import claim_assignment
from cmdb.plans.models import Plan
from cmdb.reconcile.commands import receive
from discovery.secrets import Secret, SnmpCommunity
from discovery.simulator import Recording, Simulator
from discovery.simulator.synthetic import record_device
from discovery.simulator.templates import Device, load_templates
from schemas.observation import Document
from tests.bench.figures import Figure, Options, settle
from tests.builders import make_classes, make_plan
from tests.observing import LEASE, WORKER, carrier, make_document, make_envelope

INTERFACES = 50
ENVELOPE = 100
ACTOR = carrier()


class OneCommunity:
    """Opens every door with the same word."""

    def get(self, name: str) -> Secret:
        """Return it, whatever the name."""
        del name
        return SnmpCommunity("public")


def measure(options: Options) -> Iterator[Figure]:
    """Measure on every database there is."""
    with options.databases() as databases:
        for name, engine in databases:
            yield from _reconcile(name, engine, options.number(3000))
            yield from _whole_way(name, engine, options.number(500))


def _reconcile(name: str, engine: sa.Engine, count: int) -> Iterator[Figure]:
    documents = [make_document(number, interfaces=INTERFACES) for number in range(1, count + 1)]
    with Session(engine, expire_on_commit=False) as session:
        with unit_of_work(session):
            make_classes(session)
            plan = make_plan(session, targets=["10.0.0.0/16"])
        gc.collect()
        gc.freeze()
        new, _ = _timed(session, plan, documents)
        yield Figure(f"{name}: new devices, reconciled", count / new, "devices/s", 100)
        session.commit()
        settle(engine)
        # Other work on the machine only ever makes it slower: the best of three counts.
        unchanged, statements = min(_timed(session, plan, documents) for _ in range(3))
        yield Figure(f"{name}: unchanged documents", count / unchanged, "documents/s", 2000)
        envelopes = -(-count // ENVELOPE)
        yield Figure(
            f"{name}: statements per {ENVELOPE} unchanged", statements / envelopes, "SQL", 15, True
        )
        gc.unfreeze()


def _timed(session: Session, plan: Plan, documents: list[Document]) -> tuple[float, int]:
    """Return seconds and statements of one run that sees these documents."""
    with unit_of_work(session):
        run = request_run(session, ACTOR, plan.id)
    with unit_of_work(session):
        lease = claim_assignment(session, ACTOR, worker=WORKER, lease=LEASE, at=now())
    if lease is None:
        raise RuntimeError("nothing to lease")
    statements = 0

    def note(*_: object) -> None:
        nonlocal statements
        statements += 1

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    start = time.perf_counter()
    for sequence, begin in enumerate(range(0, len(documents), ENVELOPE)):
        some = documents[begin : begin + ENVELOPE]
        envelope = make_envelope(lease, some, sequence=sequence, is_last=False)
        with unit_of_work(session):
            receive(session, ACTOR, envelope, worker=WORKER)
        session.expunge_all()
    seconds = time.perf_counter() - start
    sa.event.remove(session.get_bind(), "before_cursor_execute", note)
    with unit_of_work(session):
        cancel_run(session, ACTOR, run.id)
    return seconds, statements


def _whole_way(name: str, engine: sa.Engine, count: int) -> Iterator[Figure]:
    """Collect, take in and reconcile over real UDP; agents and collector share the machine."""
    with _agents(count) as port:
        with Session(engine, expire_on_commit=False) as session, unit_of_work(session):
            plan = make_plan(
                session,
                name="Simulated",
                targets=sorted(_addresses(count)),
                # All devices lie in two subnets, whose usual rate would be what is measured.
                options={"port": port, "subnet_rate": 10_000.0},
            )
        place = Workplace(
            sessionmaker(engine, expire_on_commit=False),
            OneCommunity(),
            Path(),
            timedelta(minutes=30),
        )
        for what, budget in (("first time", 40.0), ("unchanged", 150.0)):
            seconds, reached = _seconds(
                lambda: run_plan_now(place, ACTOR, plan.id).progress.reached
            )
            yield Figure(f"{name}: whole way, {what}", reached / seconds, "devices/s", budget)


def _seconds(act: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


@contextmanager
def _agents(count: int) -> Generator[int]:
    """Run the simulated devices in a process of their own, as real ones are; gives their port."""
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(theirs, count))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(asked: Connection, count: int) -> None:
    with Simulator(_network(count)) as simulator:
        asked.send(simulator.port)
        asked.recv()


def _network(count: int) -> dict[str, Recording]:
    template = load_templates()["access_switch_48"]
    found = {
        address: Device(template, f"sw-{number:04}", "Rathaus", address, number=number)
        for number, address in enumerate(_addresses(count), start=1)
    }
    first = next(iter(found.values()))
    return {
        address: record_device(device, lambda _name: first) for address, device in found.items()
    }


def _addresses(count: int) -> list[str]:
    return [f"127.30.{number >> 8}.{number & 255}" for number in range(1, count + 1)]
