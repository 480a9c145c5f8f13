"""What one target may cost, counted over everything that asks it."""

import asyncio
from dataclasses import dataclass

from discovery.errors import TimeLimitError, TooMuchError
from discovery.protocols.snmp.wire import Value
from schemas.sentences.snmp import SnmpSentence

USUAL_REPETITIONS = 25
_NUMBER_OCTETS = 8
_MAX_REST = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one target may cost at most.

    Attributes:
        max_rows: rows of one table.
        max_varbinds: values of the whole target.
        max_bytes: bytes of values of the whole target.
        seconds: time for the whole target.
        max_repetitions: rows asked for at once.
    """

    max_rows: int = 20_000
    max_varbinds: int = 500_000
    max_bytes: int = 16_000_000
    seconds: float = 120.0
    max_repetitions: int = USUAL_REPETITIONS


class Budget:
    """What is left of the limits of one target; several clients of it share one budget.

    With `whole` it is the budget of a part, and all that the part costs the whole pays too.
    """

    def __init__(self, limits: Limits, whole: "Budget | None" = None) -> None:
        self.limits = limits
        self._whole = whole
        self._varbinds = 0
        self._bytes = 0
        self._silences = 0
        self._rests_until = 0.0
        self._ends_at = asyncio.get_running_loop().time() + limits.seconds

    def charge(self, batch: dict[str, Value]) -> None:
        """Count the values of an answer.

        Raises:
            TooMuchError: the target has sent more than it may.
        """
        self._varbinds += len(batch)
        sizes = [len(v) if isinstance(v, bytes) else _NUMBER_OCTETS for v in batch.values()]
        self._bytes += sum(sizes)
        if self._varbinds > self.limits.max_varbinds or self._bytes > self.limits.max_bytes:
            raise TooMuchError(SnmpSentence.TOO_MUCH)
        if self._whole is not None:
            self._whole.charge(batch)

    def note_silence(self, timeout: float) -> None:
        """Let the target rest before its next question, with each silence twice as long."""
        rest = min(timeout * 2**self._silences, _MAX_REST)
        self._silences += 1
        self._rests_until = asyncio.get_running_loop().time() + rest

    def left(self) -> float:
        """Return how many seconds of the time of the target are left; less than 0 when over."""
        left = self._ends_at - asyncio.get_running_loop().time()
        return left if self._whole is None else min(left, self._whole.left())

    async def wait_for_turn(self) -> None:
        """Wait until the target may be asked again.

        Raises:
            TimeLimitError: the time of the target is over, or would be after the wait.
        """
        if self._whole is not None:
            await self._whole.wait_for_turn()
        now = asyncio.get_running_loop().time()
        begins_at = max(now, self._rests_until)
        if begins_at > self._ends_at:
            raise TimeLimitError(SnmpSentence.TOO_SLOW, seconds=self.limits.seconds)
        if begins_at > now:
            await asyncio.sleep(begins_at - now)
