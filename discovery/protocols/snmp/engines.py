"""Chooses the engine for one agent and one credential, and changes it where the fast one fails."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeVar

from discovery.errors import DiscoveryError, MalformedError
from discovery.protocols.snmp.budget import Budget, Limits
from discovery.protocols.snmp.client import SnmpClient, Walk, WalkingClient
from discovery.protocols.snmp.gufo import GufoWire
from discovery.protocols.snmp.pysnmp import PysnmpWire
from discovery.protocols.snmp.wire import Endpoint, Value
from discovery.secrets import SnmpCommunity, SnmpUser

_MAX_FAILURES = 2
_Answer = TypeVar("_Answer")


class Engine(StrEnum):
    """Which library puts the requests on the wire."""

    AUTO = "auto"
    GUFO = "gufo"
    PYSNMP = "pysnmp"


def make_client(
    endpoint: Endpoint,
    credential: SnmpCommunity | SnmpUser,
    limits: Limits,
    engine: Engine = Engine.AUTO,
    budget: Budget | None = None,
) -> SnmpClient:
    """Return a client that is not open yet.

    Raises:
        UnreachableError: the address cannot be used from here.
    """
    budget = budget or Budget(limits)
    needs_context = isinstance(credential, SnmpUser) and credential.context
    if engine is Engine.PYSNMP or (engine is Engine.AUTO and needs_context):
        return WalkingClient(PysnmpWire(endpoint, credential), limits, budget)
    fast = WalkingClient(GufoWire(endpoint, credential), limits, budget)
    if engine is Engine.GUFO:
        return fast
    return FallbackClient(
        fast, lambda: WalkingClient(PysnmpWire(endpoint, credential), limits, budget)
    )


class FallbackClient:
    """Asks again through a second engine what the first could not read.

    After two failures everything goes through the second.
    """

    def __init__(self, first: SnmpClient, make_second: Callable[[], SnmpClient]) -> None:
        self._first = first
        self._make_second = make_second
        self._second: SnmpClient | None = None
        self._failures = 0

    async def open(self) -> None:
        """Make ready to ask."""
        await self._first.open()

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances; what the agent lacks is left out."""
        return await self._ask(lambda client: client.get(oids))

    async def get_next(self, oid: str) -> dict[str, Value]:
        """Return the one instance that follows an OID; empty where the agent has nothing more."""
        return await self._ask(lambda client: client.get_next(oid))

    async def following(self, oid: str) -> dict[str, Value]:
        """Return the instances of one answer that follow an OID, wherever they lie."""
        return await self._ask(lambda client: client.following(oid))

    async def walk(
        self, root: str, columns: tuple[int, ...] = (), *, is_small: bool = False
    ) -> Walk:
        """Return all rows below an OID; never raises for what the agent does."""
        if self._failures >= _MAX_FAILURES and self._second is not None:
            return await self._second.walk(root, columns, is_small=is_small)
        walk = await self._first.walk(root, columns, is_small=is_small)
        if not isinstance(walk.failure, MalformedError):
            return walk
        try:
            again = await (await self._open_second()).walk(root, columns, is_small=is_small)
        except DiscoveryError:
            return walk
        return again if again.failure is None or len(again.rows) > len(walk.rows) else walk

    async def _ask(self, question: Callable[[SnmpClient], Awaitable[_Answer]]) -> _Answer:
        if self._failures >= _MAX_FAILURES and self._second is not None:
            return await question(self._second)
        try:
            return await question(self._first)
        except MalformedError as error:
            try:
                return await question(await self._open_second())
            except DiscoveryError:
                # What the first engine saw says more than the silence of the second.
                raise error from None

    async def _open_second(self) -> SnmpClient:
        self._failures += 1
        if self._second is None:
            second = self._make_second()
            try:
                await second.open()
            except BaseException:
                second.close()
                raise
            self._second = second
        return self._second

    def close(self) -> None:
        """Give back the sockets of both engines."""
        self._first.close()
        if self._second is not None:
            self._second.close()
