"""Run a collector to its end, as the runner does."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

from discovery.collectors.base import CollectorContext
from discovery.collectors.ldap.collector import LdapCollector
from discovery.errors import SecretMissingError
from schemas.observation import TargetReport
from schemas.sentences.secrets import SecretSentence


class MemorySecrets:
    """Secrets of a test."""

    def __init__(self, **secrets):
        self._secrets = secrets

    def get(self, name):
        try:
            return self._secrets[name]
        except KeyError:
            raise SecretMissingError(SecretSentence.UNKNOWN, path="tests", name=name) from None


def look(target, options, secrets=None, credentials=(), clock=None, *, collector=None):
    """Return the documents and the one report of a look at a target."""
    collector = collector or LdapCollector()
    context = CollectorContext(
        secrets=secrets or MemorySecrets(),
        credentials=credentials,
        options=collector.check_options(options),
        now=lambda: clock or datetime.now(UTC),
    )

    async def run():
        async with aclosing(collector.collect(target, context)) as stream:
            return [one async for one in stream]

    *documents, report = asyncio.run(run())
    assert isinstance(report, TargetReport)
    assert not any(isinstance(one, TargetReport) for one in documents)
    return documents, report
