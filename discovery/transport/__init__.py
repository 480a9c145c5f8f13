"""How envelopes leave a collector."""

from typing import Protocol

from schemas.observation import Envelope


class Sink(Protocol):
    """Takes envelopes; returning means that the envelope is safe at the other side."""

    def submit(self, envelope: Envelope) -> None:
        """Hand over one envelope; submitting the same one twice does no harm."""
        ...
