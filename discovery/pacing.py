"""How fast new targets are begun."""

import asyncio


class Pace:
    """Lets through at most so many a second, evenly; None lets everything through at once."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = None if per_second is None else 1 / per_second
        self._free_at = 0.0

    async def wait(self) -> None:
        """Wait until the next target may begin."""
        if self._interval is None:
            return
        now = asyncio.get_running_loop().time()
        begins_at = max(now, self._free_at)
        self._free_at = begins_at + self._interval
        if begins_at > now:
            await asyncio.sleep(begins_at - now)
