"""One look of the SNMP collector at one agent."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from discovery.collectors.base import CollectorContext
from discovery.collectors.snmp.collector import SnmpCollector
from discovery.errors import SecretMissingError
from discovery.secrets import Secret, SnmpCommunity
from schemas.observation import Document, TargetReport
from schemas.sections import load_section
from schemas.sentences.secrets import SecretSentence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class MemorySecrets:
    entries: dict[str, Secret] = field(default_factory=lambda: {"lab": SnmpCommunity("public")})

    def get(self, name):
        if name not in self.entries:
            raise SecretMissingError(SecretSentence.UNKNOWN, path="tests", name=name)
        return self.entries[name]


def look(port, *, secrets=None, credentials=("lab",), address="127.0.0.1", **options):
    """Return what the collector yields: documents and, last, the report."""
    collector = SnmpCollector()
    checked = collector.check_options({"port": port, "timeout": 1.0, **options})
    context = CollectorContext(secrets or MemorySecrets(), credentials, checked, lambda: NOW)

    async def gather():
        return [item async for item in collector.collect(address, context)]

    return asyncio.run(gather())


def look_at_device(port, **options) -> Document:
    """Return the one document of a device, all of whose sections have the right form."""
    document, report = look(port, **options)
    assert isinstance(document, Document)
    assert isinstance(report, TargetReport)
    assert report.problem is None
    for name, content in document.sections.items():
        load_section(name, content)
    return document
