"""What an SNMP client is, and the one way in which tables are walked whatever the engine."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from discovery.errors import (
    DiscoveryError,
    IncompleteError,
    MalformedError,
    TimeLimitError,
    TooMuchError,
)
from discovery.protocols.snmp.budget import USUAL_REPETITIONS, Budget, Limits
from discovery.protocols.snmp.region import Region, is_greater
from discovery.protocols.snmp.wire import NO_SUCH_NAME, TOO_BIG, StatusError, Value, Wire
from schemas.sentences.snmp import SnmpSentence

_Answer = TypeVar("_Answer")
GETNEXT = 0
_MAX_GET = 24
_MAX_SILENCES = 3
_MANY = 60
"""So many numbers of one column fit into a packet of an Ethernet."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk brought.

    Attributes:
        rows: full OID to value, in the order of the agent.
        failure: why the walk stopped before its end; None when it is complete.
    """

    rows: dict[str, Value] = field(default_factory=dict[str, Value])
    failure: DiscoveryError | None = None


class SnmpClient(Protocol):
    """Reads one agent."""

    async def open(self) -> None:
        """Make ready to ask.

        Raises:
            DiscoveryError: the agent does not answer or refuses the user.
        """
        ...

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances; what the agent lacks is left out.

        Raises:
            DiscoveryError: the agent gave no answer, or an error status instead of one.
        """
        ...

    async def get_next(self, oid: str) -> dict[str, Value]:
        """Return the one instance that follows an OID; empty where the agent has nothing more.

        Raises:
            DiscoveryError: as for `get`.
        """
        ...

    async def following(self, oid: str) -> dict[str, Value]:
        """Return the instances of one answer that follow an OID, wherever they lie.

        Raises:
            DiscoveryError: as for `get`.
        """
        ...

    async def walk(
        self, root: str, columns: tuple[int, ...] = (), *, is_small: bool = False
    ) -> Walk:
        """Return all rows below an OID; never raises for what the agent does.

        With `columns` only these numbers right below `root` (an entry of a table) are asked for;
        they are given in rising order. `is_small` says that the values are mere numbers, of which
        more are asked for at once.
        """
        ...

    def close(self) -> None:
        """Give back the socket."""
        ...


class WalkingClient:
    """Walks over any wire: increasing OIDs, limits, shrinking requests, no silent end.

    What size of request an agent manages is remembered for as long as the client is open.
    """

    def __init__(self, wire: Wire, limits: Limits, budget: Budget | None = None) -> None:
        self._wire = wire
        self._limits = limits
        self._budget = budget or Budget(limits)
        self._rungs = _ladder(limits.max_repetitions) if wire.speaks_bulk else [GETNEXT]
        self._rung = 0
        # A plan that lowers the number of repetitions has its reasons.
        self._may_ask_many = self._rungs[0] >= USUAL_REPETITIONS
        self._silences = 0
        self._patience = 2 * sum(wire.endpoint.waits())

    async def open(self) -> None:
        """Make ready to ask."""
        await self._in_time(self._wire.open())

    async def get(self, oids: list[str]) -> dict[str, Value]:
        """Return the values of instances; what the agent lacks is left out."""
        found: dict[str, Value] = {}
        for start in range(0, len(oids), _MAX_GET):
            found.update(await self._get_some(oids[start : start + _MAX_GET]))
        return found

    async def get_next(self, oid: str) -> dict[str, Value]:
        """Return the one instance that follows an OID; empty where the agent has nothing more."""
        try:
            return await self._request(oid, GETNEXT)
        except TimeLimitError:
            self._silences += 1
            raise
        except StatusError as error:
            if error.status == NO_SUCH_NAME:
                return {}
            raise

    async def following(self, oid: str) -> dict[str, Value]:
        """Return the instances of one answer that follow an OID, wherever they lie."""
        return await self._rows_after(oid)

    async def _get_some(self, oids: list[str]) -> dict[str, Value]:
        await self._wait_for_turn()
        try:
            found = await self._in_time(self._wire.get(oids))
        except TimeLimitError:
            self._budget.note_silence(self._wire.endpoint.timeout)
            self._silences += 1
            raise
        except (StatusError, MalformedError) as error:
            if len(oids) > 1:
                middle = len(oids) // 2
                first = await self._get_some(oids[:middle])
                return first | await self._get_some(oids[middle:])
            if isinstance(error, StatusError) and error.status == NO_SUCH_NAME:
                return {}
            raise
        self._silences = 0
        self._budget.charge(found)
        # A confused agent answers other questions as well; they were not asked.
        return {oid: found[oid] for oid in oids if oid in found}

    async def walk(
        self, root: str, columns: tuple[int, ...] = (), *, is_small: bool = False
    ) -> Walk:
        """Return all rows below an OID; never raises for what the agent does."""
        rows: dict[str, Value] = {}
        try:
            await self._walk_into(rows, Region(root, columns), is_small=is_small)
        except DiscoveryError as error:
            return Walk(rows, error)
        return Walk(rows)

    async def _walk_into(self, rows: dict[str, Value], region: Region, *, is_small: bool) -> None:
        most = self._limits.max_rows * max(1, len(region.columns))
        position: str | None = region.start
        while position is not None:
            batch = await self._many_rows_after(position) if is_small else None
            if batch is None:
                batch = await self._rows_after(position)
            if not batch:
                # The wire has asked twice before it says that nothing follows.
                return
            last = next(reversed(batch))
            if not is_greater(last, position):
                raise IncompleteError(SnmpSentence.LOOP, oid=last)
            wanted = region.pick(batch)
            count = len(rows) + len(wanted)
            rows.update(wanted)
            if len(rows) < count:
                raise IncompleteError(SnmpSentence.REPEATS, oid=region.root)
            if count > most:
                raise TooMuchError(SnmpSentence.TOO_MANY, limit=most, oid=region.root)
            position = region.next_position(last)
        if not rows:
            await self._confirm_absence(region)

    async def _confirm_absence(self, region: Region) -> None:
        again = await self.get_next(region.start)
        if again and region.pick(again):
            raise IncompleteError(SnmpSentence.WAVERS, oid=region.root)

    async def _many_rows_after(self, oid: str) -> dict[str, Value] | None:
        """Return more rows than usual, None where this agent does not manage it."""
        if not self._may_ask_many or self._rung:
            return None
        try:
            return await self._request(oid, _MANY, 1)
        except (TimeLimitError, MalformedError, StatusError):
            self._may_ask_many = False
            return None

    async def _rows_after(self, oid: str) -> dict[str, Value]:
        rung = self._rung
        attempts = None
        while True:
            repetitions = self._rungs[rung]
            try:
                batch = await self._request(oid, repetitions, attempts)
            except (TimeLimitError, MalformedError, StatusError) as error:
                if rung == len(self._rungs) - 1:
                    if isinstance(error, StatusError) and error.status == NO_SUCH_NAME:
                        return {}
                    self._silences += isinstance(error, TimeLimitError)
                    raise
                # Silence costs a whole wait per rung, so it skips every second one.
                step = 2 if isinstance(error, TimeLimitError) else 1
                rung = min(rung + step, len(self._rungs) - 1)
                attempts = None if rung == len(self._rungs) - 1 else 1
                is_size = not isinstance(error, StatusError) or error.status == TOO_BIG
                if is_size:
                    self._rung = rung
                continue
            return batch

    async def _request(
        self, oid: str, repetitions: int, attempts: int | None = None
    ) -> dict[str, Value]:
        await self._wait_for_turn()
        try:
            batch = await self._in_time(self._wire.after(oid, repetitions, attempts))
        except TimeLimitError:
            self._budget.note_silence(self._wire.endpoint.timeout)
            raise
        self._silences = 0
        self._budget.charge(batch)
        return batch

    def _in_time(self, question: Coroutine[Any, Any, _Answer]) -> Coroutine[Any, Any, _Answer]:
        """Return a question that ends with the time of the target, however often it is repeated."""
        # That no time is left at all the wait for the turn has told, or will.
        return self._limit(question) if 0 < self._budget.left() <= self._patience else question

    async def _limit(self, question: Coroutine[Any, Any, _Answer]) -> _Answer:
        try:
            async with asyncio.timeout(self._budget.left()):
                return await question
        except TimeoutError as error:
            raise TimeLimitError(SnmpSentence.TOO_SLOW, seconds=self._limits.seconds) from error

    async def _wait_for_turn(self) -> None:
        # Some agents choke on one table; one that is silent several times in a row has gone.
        if self._silences >= _MAX_SILENCES:
            raise TimeLimitError(SnmpSentence.STOPPED, endpoint=str(self._wire.endpoint))
        await self._budget.wait_for_turn()

    def close(self) -> None:
        """Give back the socket."""
        self._wire.close()


def _ladder(max_repetitions: int) -> list[int]:
    return [max_repetitions, *(size for size in (10, 5, 1) if size < max_repetitions), GETNEXT]
