"""A look at an agent that lives on the same event loop, so that silence costs no time."""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from pysnmp.carrier.asyncio import dispatch

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.collector import SnmpCollector
from schemas.observation import Document, TargetReport
from schemas.sections import load_section
from tests.discovery.leaping import run_leaping
from tests.discovery.snmp.looking import NOW, MemorySecrets


class Answering(Protocol):
    """Whatever answers datagrams."""

    def answers(self, message: bytes) -> list[bytes]:
        """Return what is sent back."""
        ...


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, agent: Answering) -> None:
        self._agent = agent

    def connection_made(self, transport):
        self._transport: Any = transport

    def datagram_received(self, data, addr):
        for answer in self._agent.answers(data):
            self._transport.sendto(answer, addr)


@dataclass(frozen=True)
class Looked:
    """What a look brought and how long it took.

    Attributes:
        seconds: on the leaping clock; answers come at once, silence takes its time.
    """

    document: Document | None
    report: TargetReport
    seconds: float

    @property
    def incomplete(self):
        return set(self.document.incomplete) if self.document else set()


def look_at(agent: Answering, *, secrets=None, credentials=("lab",), **options) -> Looked:
    """Look once; every section has the right form."""
    collector = SnmpCollector()

    async def gather():
        loop = asyncio.get_running_loop()
        # The second engine asks the clock of the machine, which does not leap.
        clock, dispatch.time = dispatch.time, lambda: loop.time() + 1
        transport, _ = await loop.create_datagram_endpoint(lambda: _Socket(agent), ("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        checked = collector.check_options({"port": port} | options)
        context = CollectorContext(secrets or MemorySecrets(), credentials, checked, lambda: NOW)
        try:
            items = [item async for item in collector.collect("127.0.0.1", context)]
        finally:
            transport.close()
            dispatch.time = clock
        *documents, report = items
        return Looked(next(iter(documents), None), report, loop.time())

    looked = run_leaping(gather())
    if looked.document is not None:
        for name, content in looked.document.sections.items():
            load_section(name, content)
    return looked
