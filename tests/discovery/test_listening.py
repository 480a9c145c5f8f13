"""A site that listens: who sends is looked at, and nobody else."""

import asyncio
import socket
from datetime import UTC, datetime
from uuid import UUID

import pytest
from marshmallow import ValidationError

from discovery import listening
from discovery.listening import listen
from discovery.transport.local import LocalSink
from schemas.assignment import Assignment
from schemas.vocabulary import Protocol
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.notifying import cold_start, send

DEVICE = {"1.3.6.1.2.1.1.1.0": b"Example", "1.3.6.1.2.1.1.5.0": b"sw-1"}


def assignment(port, *targets, exclusions=(), **options):
    return Assignment(
        id=UUID(int=1),
        run_id=UUID(int=2),
        partner="ebikon",
        protocol=Protocol.SNMP,
        targets=targets,
        exclusions=exclusions,
        deadline=datetime(2026, 1, 1, tzinfo=UTC),
        credentials=("lab", "gone"),
        options={"port": port, "timeout": 0.2, "retries": 0} | options,
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
        task = asyncio.create_task(listen(work, MemorySecrets(), sink, **where))
        waiting = asyncio.create_task(done.wait())
        await asyncio.wait({task, waiting}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
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


def test_a_sender_behind_an_address_translation_is_looked_at_by_its_inside_address():
    pairs = {"10.20.0.0/24": "127.0.0.0/24", "127.0.5.0/24": "10.30.0.0/24"}
    with LyingAgent(DEVICE) as agent:
        work = assignment(agent.port, "10.20.0.0/24", "127.0.5.0/24", translate=pairs)
        # The second sender has an address that another device has inside.
        envelopes = hear(work, (cold_start(), "127.0.5.1"), (cold_start(), "127.0.0.1"))
    (envelope,) = envelopes
    assert [(one.target, one.key) for one in envelope.documents] == [("10.20.0.1", "10.20.0.1")]


def test_a_sender_is_known_by_its_host_name_too():
    with LyingAgent(DEVICE) as agent:
        work = assignment(agent.port, "localhost", "nowhere.invalid")
        (envelope,) = hear(work, (cold_start(), "127.0.0.2"), (cold_start(), "127.0.0.1"))
    assert [one.target for one in envelope.documents] == ["localhost"]


def test_an_excluded_sender_is_not_heard_by_its_host_name_either():
    scope = listening._Scope(assignment(161, "localhost", exclusions=("127.0.0.0/8",)))
    asyncio.run(scope.names.renew())
    assert scope.names.names_at("127.0.0.1") == {"localhost"}
    assert scope.device_of("127.0.0.1") is None


def test_a_malformed_translation_is_told_before_listening():
    work = assignment(161, "10.0.0.0/24", translate={"10.0.0.0/24": "100.64.0.0/16"})
    with pytest.raises(ValidationError, match="same size"):
        hear_nothing(work)


def hear_nothing(work):
    asyncio.run(
        listen(work, MemorySecrets(), LocalSink(lambda _: None), address="127.0.0.1", port=0)
    )


def test_a_port_that_is_taken_is_told():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        trying = listen(
            assignment(161, "127.0.0.1"),
            MemorySecrets(),
            LocalSink(lambda _: None),
            address="127.0.0.1",
            port=taken.getsockname()[1],
        )
        with pytest.raises(OSError, match="in use"):
            asyncio.run(trying)
