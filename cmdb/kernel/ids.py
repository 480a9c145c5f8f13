"""Keys that sort by the time of their making, also those of one millisecond.

A position is the 48 bits of Unix milliseconds followed by the 74 bits that RFC 9562, §5.7 leaves to
chance. Within a millisecond the next position lies a random step behind the last one (§6.2, method
2), so that keys neither collide nor tell how many others there are.
"""

import os
import time
from threading import Lock
from typing import Final
from uuid import UUID

CHANCE_BITS: Final = 74
_STEP_BITS: Final = 48
_LOW_BITS: Final = 62

_lock = Lock()
_last = 0


def new_key() -> UUID:
    """Return a UUID version 7 that sorts behind all those this process has made before."""
    global _last  # noqa: PLW0603 — the one thing to remember between two keys
    chance = int.from_bytes(os.urandom(10), "big")
    with _lock:
        _last = position = next_position(_last, time.time_ns() // 1_000_000, chance)
    return key_at(position)


def next_position(last: int, milliseconds: int, chance: int) -> int:
    """Return a position behind the last one, in this millisecond where that is possible.

    A new millisecond begins with a zero bit, which leaves room for the steps in it. When they fill
    it, or the clock was turned back, positions go on ahead of the clock until it catches up.
    """
    if milliseconds > last >> CHANCE_BITS:
        return (milliseconds << CHANCE_BITS) | _lowest(chance, CHANCE_BITS - 1)
    return last + 1 + _lowest(chance, _STEP_BITS)


def key_at(position: int) -> UUID:
    """Return the UUID of a position, with the bits of version and variant put in."""
    high, low = position >> _LOW_BITS, _lowest(position, _LOW_BITS)
    time_and_version = (high >> 12 << 16) | (0x7 << 12) | _lowest(high, 12)
    return UUID(int=(time_and_version << 64) | (0x2 << _LOW_BITS) | low)


def _lowest(value: int, bits: int) -> int:
    return value & ((1 << bits) - 1)
