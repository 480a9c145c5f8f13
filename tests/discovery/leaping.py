"""An event loop on which nobody waits: where nothing happens its clock leaps to the next timer."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class LeapingLoop(asyncio.SelectorEventLoop):
    """Runs timers at once, in order; sockets of this very loop are served before time leaps."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def time(self):
        """Return the seconds that have been leapt over so far."""
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled and not self._selector.select(0):
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def run_leaping(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)
