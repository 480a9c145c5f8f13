"""One look after the other at a device whose words or whose packets are bent."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from cmdb.intake.rules import read_section
from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.collector import SnmpCollector
from discovery.errors import MalformedError
from discovery.protocols.snmp.pdu import read_error_status, read_report
from discovery.secrets import SnmpCommunity
from discovery.simulator.agent import Agent
from schemas.envelope import load_envelope
from schemas.observation import Document, Envelope, TargetReport, dump_envelope, section_hash
from schemas.sections import load_section
from tests.fuzz.bending import bend_message, bend_recording

MAX_SECONDS = 10.0
# The last section may just have begun, and every question waits for its answer.
LONGEST = MAX_SECONDS + 10
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENGINES = ("gufo",) * 16 + ("auto",) * 3 + ("pysnmp",)


class Community:
    """Knows one secret."""

    def __init__(self, version: str) -> None:
        self._version = version

    def get(self, _name: str) -> SnmpCommunity:
        """Return the community of every simulated device."""
        return SnmpCommunity("public", self._version)


@dataclass
class BentAgent(asyncio.DatagramProtocol):
    """Answers as the recording says, some times honestly, then bends a share of its answers."""

    random: Random
    agent: Agent
    share: float
    honest: int

    def connection_made(self, transport):
        """Remember where answers go out."""
        self._transport = transport

    def datagram_received(self, data, addr):
        """Answer one question."""
        answer = self.agent.answer(data)
        if answer is None:
            return
        self.honest -= 1
        is_bent = self.honest < 0 and self.random.random() < self.share
        for message in bend_message(self.random, answer) if is_bent else [answer]:
            with suppress(OSError):
                self._transport.sendto(message, addr)
            with suppress(MalformedError):
                read_error_status(message)
            read_report(message)


async def look_once(random: Random, rows: list) -> int:
    """Look once at a bent device; returns how many documents it gave.

    Raises:
        AssertionError: what came out has not the form that the house accepts.
    """
    recording = bend_recording(random, rows)
    share = random.choice((0.0, 0.0, 0.02, 0.2, 0.7))
    size = random.choice((484, 1472, 4000, 40_000))
    honest = random.choice((0, 1, 2, 5, 20, 60))
    agent = Agent(recording, lambda given: given == b"public", size)
    bent = BentAgent(random, agent, share, honest)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: bent, ("127.0.0.1", 0))
    try:
        return await _look(random, transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


async def _look(random: Random, port: int) -> int:
    collector = SnmpCollector()
    options = {"port": port, "timeout": 0.5, "retries": random.choice((0, 1))}
    options |= {"seconds": MAX_SECONDS, "engine": random.choice(ENGINES)}
    secrets = Community(random.choice(("1", "2c", "2c", "2c")))
    context = CollectorContext(secrets, ("lab",), collector.check_options(options), lambda: NOW)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    items = [item async for item in collector.collect("127.0.0.1", context)]
    took = loop.time() - begun
    assert took < LONGEST, f"the look took {took:.0f} s with {options}"
    *documents, report = items
    assert isinstance(report, TargetReport)
    assert (report.problem is None) == (len(documents) == 1)
    for document in documents:
        _check(document)
    return len(documents)


def _check(document: Document) -> None:
    """See that the document survives the way into the house as it is."""
    for name, content in document.sections.items():
        load_section(name, content)
        json.dumps(content, allow_nan=False)
        _, problem = read_section(name, content)
        assert problem is None, problem
        assert section_hash(content)
    envelope = Envelope(UUID(int=1), UUID(int=2), "fuzz", 0, is_last=True, documents=[document])
    assert load_envelope(dump_envelope(envelope)).documents == [document]
