"""What an engine has to do: put one request on the wire and tell truthfully what came back."""

from dataclasses import dataclass
from typing import Protocol

from discovery.errors import RefusedError
from schemas.sentences.snmp import SnmpSentence

Value = int | bytes | str | None
"""A value with the SNMP type that matters: numbers are `int`, OCTET STRING and Opaque `bytes`,
OBJECT IDENTIFIER and IpAddress dotted text, NULL `None`."""

TOO_BIG = 1
NO_SUCH_NAME = 2
UNKNOWN_STATUS = -1

_STATUS_NAMES = {
    1: "tooBig",
    2: "noSuchName",
    3: "badValue",
    5: "genErr",
    6: "noAccess",
    13: "resourceUnavailable",
    16: "authorizationError",
}


class StatusError(RefusedError):
    """The agent answered with an error status (RFC 3416, section 3) instead of values."""

    def __init__(self, status: int) -> None:
        name = _STATUS_NAMES.get(status, "an error status" if status < 0 else f"status {status}")
        super().__init__(SnmpSentence.STATUS, status=name)
        self.status = status


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an agent listens and how patiently it is asked.

    Attributes:
        address: an IPv4 or IPv6 literal.
        port: its UDP port.
        timeout: seconds to wait for the first answer; every repetition waits half as long again.
        retries: how often a request is repeated.
    """

    address: str
    port: int = 161
    timeout: float = 2.0
    retries: int = 1

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"

    def waits(self, attempts: int | None = None) -> list[float]:
        """Return how long to wait for each attempt, in seconds."""
        count = self.retries + 1 if attempts is None else attempts
        return [self.timeout * 1.5**number for number in range(count)]


class Wire(Protocol):
    """One open conversation with one agent; one request at a time.

    All requests raise `DiscoveryError`: `UnreachableError`, `TimeLimitError` when all attempts
    went unanswered, `RefusedError` (of it `StatusError`), `MalformedError`.
    """

    endpoint: Endpoint
    speaks_bulk: bool

    async def open(self) -> None:
        """Make ready to ask; with SNMP v3 this finds the engine and proves the user."""
        ...

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances in one request; what the agent lacks is left out."""
        ...

    async def after(
        self, oid: str, repetitions: int, attempts: int | None = None
    ) -> dict[str, Value]:
        """Return what follows an OID: one GETBULK, or one GETNEXT where `repetitions` is 0.

        Empty means that the agent, asked twice, has nothing more; never that it failed. Fewer
        `attempts` than the endpoint has are a wish.
        """
        ...

    def close(self) -> None:
        """Give back the socket."""
        ...
