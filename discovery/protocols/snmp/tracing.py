"""A client that shows what was asked and what was answered, for explanations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from discovery.errors import DiscoveryError
from discovery.protocols.snmp.client import SnmpClient, Walk
from discovery.protocols.snmp.wire import Value


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to a device and its answer.

    Attributes:
        question: `open`, `get`, `get_next`, `following` or `walk`.
        oids: what was asked for; of a walk its columns.
        rows: what came back.
        failure: why nothing came, or not all.
        way: by which secret or in which VLAN it was asked, where there are several.
    """

    question: str
    oids: tuple[str, ...] = ()
    rows: Mapping[str, Value] = field(default_factory=dict[str, Value])
    failure: str | None = None
    way: str = ""


Trace = Callable[[Exchange], object]


class TracingClient:
    """Passes every question on to another client and shows what became of it."""

    def __init__(self, client: SnmpClient, trace: Trace, way: str = "") -> None:
        self._client = client
        self._trace: Trace = lambda exchange: trace(replace(exchange, way=way))

    async def open(self) -> None:
        """Make ready to ask."""
        try:
            await self._client.open()
        except DiscoveryError as error:
            self._trace(Exchange("open", failure=str(error)))
            raise

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances; what the agent lacks is left out."""
        try:
            found = await self._client.get(oids)
        except DiscoveryError as error:
            self._trace(Exchange("get", tuple(oids), failure=str(error)))
            raise
        self._trace(Exchange("get", tuple(oids), found))
        return found

    async def get_next(self, oid: str) -> dict[str, Value]:
        """Return the one instance that follows an OID; empty where the agent has nothing more."""
        try:
            found = await self._client.get_next(oid)
        except DiscoveryError as error:
            self._trace(Exchange("get_next", (oid,), failure=str(error)))
            raise
        self._trace(Exchange("get_next", (oid,), found))
        return found

    async def following(self, oid: str) -> dict[str, Value]:
        """Return the instances of one answer that follow an OID, wherever they lie."""
        try:
            found = await self._client.following(oid)
        except DiscoveryError as error:
            self._trace(Exchange("following", (oid,), failure=str(error)))
            raise
        self._trace(Exchange("following", (oid,), found))
        return found

    async def walk(
        self, root: str, columns: tuple[int, ...] = (), *, is_small: bool = False
    ) -> Walk:
        """Return all rows below an OID; never raises for what the agent does."""
        walk = await self._client.walk(root, columns, is_small=is_small)
        oids = tuple(f"{root}.{column}" for column in columns) or (root,)
        failure = str(walk.failure) if walk.failure else None
        self._trace(Exchange("walk", oids, walk.rows, failure))
        return walk

    def close(self) -> None:
        """Give back the socket."""
        self._client.close()
