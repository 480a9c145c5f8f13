"""A site that listens: who sends is looked at, and nobody else."""

import asyncio
import socket
from datetime import UTC, datetime
from uuid import UUID

import pytest

from discovery.listening import listen
from discovery.transport.local import LocalSink
from schemas.assignment import Assignment
from schemas.vocabulary import Protocol
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.notifying import cold_start, send

DEVICE = {"1.3.6.1.2.1.1.1.0": b"Example", "1.3.6.1.2.1.1.5.0": b"sw-1"}


def assignment(port, *targets, exclusions=()):
    return Assignment(
        id=UUID(int=1),
        run_id=UUID(int=2),
        partner="ebikon",
        protocol=Protocol.SNMP,
        targets=targets,
        exclusions=exclusions,
        deadline=datetime(2026, 1, 1, tzinfo=UTC),
        credentials=("lab", "gone"),
        options={"port": port, "timeout": 0.2, "retries": 0},
    )


def hear(work, *sendings):
    """Return the envelopes up to the first one with a document."""

    async def run():
        loop, envelopes, done = asyncio.get_running_loop(), [], asyncio.Event()

        def submit(envelope):
            envelopes.append(envelope)
            if envelope.documents:
                loop.call_soon_threadsafe(done.set)

        def ready(port):
            for message, sender in sendings:
                send(port, message, sender)

        sink = LocalSink(submit)
        where = {"address": "127.0.0.1", "port": 0, "ready": ready}
        listening = asyncio.create_task(listen(work, MemorySecrets(), sink, **where))
        waiting = asyncio.create_task(done.wait())
        await asyncio.wait({listening, waiting}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return envelopes

    return asyncio.run(run())


def test_the_sender_of_a_trap_is_looked_at_and_strangers_are_not():
    with LyingAgent(DEVICE) as agent:
        work = assignment(agent.port, "127.0.0.0/24", "sw.example.ch", exclusions=("127.0.0.9",))
        envelopes = hear(
            work,
            (cold_start(), "127.0.9.1"),
            (cold_start(), "127.0.0.9"),
            (cold_start(b"guessed"), "127.0.0.5"),
            (cold_start(), "127.0.0.1"),
        )
    (envelope,) = envelopes
    assert [document.target for document in envelope.documents] == ["127.0.0.1"]
    assert envelope.run_id == work.run_id
    assert envelope.assignment_id != work.id


def test_a_port_that_is_taken_is_told():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        listening = listen(
            assignment(161, "127.0.0.1"),
            MemorySecrets(),
            LocalSink(lambda _: None),
            address="127.0.0.1",
            port=taken.getsockname()[1],
        )
        with pytest.raises(OSError, match="in use"):
            asyncio.run(listening)
