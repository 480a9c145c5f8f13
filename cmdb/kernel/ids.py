"""Keys that sort by the time of their making."""

import os
import time
from uuid import UUID


def new_key() -> UUID:
    """Return a UUID version 7: 48 bits of Unix milliseconds, then chance (RFC 9562, §5.7)."""
    chance = int.from_bytes(os.urandom(10), "big")
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | chance
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
