"""Sinks inside one process."""

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.observation import Document, Envelope, TargetReport


@dataclass(frozen=True, slots=True)
class LocalSink:
    """Hands every envelope to a function of this process, such as the intake of the CMDB."""

    deliver: Callable[[Envelope], object]

    def submit(self, envelope: Envelope) -> None:
        """Hand over one envelope."""
        self.deliver(envelope)


@dataclass(slots=True)
class MemorySink:
    """Keeps the envelopes, for tests and for looking at one device."""

    envelopes: list[Envelope] = field(default_factory=list[Envelope])

    def submit(self, envelope: Envelope) -> None:
        """Keep one envelope."""
        self.envelopes.append(envelope)

    @property
    def documents(self) -> list[Document]:
        """All documents in the order of sending."""
        return [one for envelope in self.envelopes for one in envelope.documents]

    @property
    def reports(self) -> list[TargetReport]:
        """All reports in the order of sending."""
        return [one for envelope in self.envelopes for one in envelope.reports]
