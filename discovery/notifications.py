"""Who asks to be looked at again: senders of traps and informs, within limits.

A notification is only a hint that its sender has something new to tell. What it says is not read,
because anybody may send it; what is new the next look finds out.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_MANY = 4096


class Outcome(StrEnum):
    """What became of a message: not read, read, or reason enough to look at its sender."""

    FOREIGN = "foreign"
    EARLY = "early"
    READ = "read"
    TOO_MANY = "too_many"
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class HearingLimits:
    """How often senders are heard.

    Attributes:
        device_seconds: so long after a device was heard, it is not heard again.
        devices: so many devices are heard at most within that time, whoever they are.
        attempts: so many messages of one sender are read at most …
        attempt_seconds: … within this time, whether their community is right or not.
    """

    device_seconds: float = 600.0
    devices: int = 100
    attempts: int = 5
    attempt_seconds: float = 10.0


class Hearing:
    """Decides whose messages are read, and which device is to be looked at because of them.

    Args:
        device_of: the device behind the address of a sender, None for a stranger.
        limits: how often.
        clock: seconds that only grow.

    Attributes:
        counts: how many messages came to which end; one that was read may also be counted as
            `wanted` or `too_many`, the others had a wrong community or user.
    """

    def __init__(
        self,
        device_of: Callable[[str], str | None],
        limits: HearingLimits = HearingLimits(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts: Counter[Outcome] = Counter()
        self._device_of = device_of
        self._limits = limits
        self._clock = clock
        self._attempts: dict[str, tuple[float, int]] = {}
        self._heard: dict[str, float] = {}

    def admits(self, sender: str) -> bool:
        """Tell whether a message of this sender is worth being read."""
        outcome = self._judge(sender)
        self.counts[outcome] += 1
        return outcome is Outcome.READ

    def accept(self, sender: str) -> str | None:
        """Return the device to look at, now that the message of a sender has proved right."""
        device = self._device_of(sender)
        if device is None:
            return None
        now = self._clock()
        self._heard = {one: at for one, at in self._heard.items() if self._is_recent(at, now)}
        if len(self._heard) >= self._limits.devices:
            self.counts[Outcome.TOO_MANY] += 1
            return None
        self._heard[device] = now
        self.counts[Outcome.WANTED] += 1
        return device

    def _judge(self, sender: str) -> Outcome:
        device = self._device_of(sender)
        if device is None:
            return Outcome.FOREIGN
        now = self._clock()
        if device in self._heard and self._is_recent(self._heard[device], now):
            return Outcome.EARLY
        since, count = self._attempts.get(sender, (now, 0))
        if now - since >= self._limits.attempt_seconds:
            since, count = now, 0
        if count >= self._limits.attempts:
            return Outcome.EARLY
        self._remember(sender, since, count + 1)
        return Outcome.READ

    def _remember(self, sender: str, since: float, count: int) -> None:
        while len(self._attempts) >= _MANY and sender not in self._attempts:
            # The oldest goes; only senders of a plan come here, and they are not that many.
            self._attempts.pop(next(iter(self._attempts)))
        self._attempts[sender] = (since, count)

    def _is_recent(self, at: float, now: float) -> bool:
        return now - at < self._limits.device_seconds
