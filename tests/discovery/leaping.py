"""An event loop on which nobody waits: where nothing happens its clock leaps to the next timer."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class LeapingLoop(asyncio.SelectorEventLoop):
    """Runs timers at once, in order; sockets of this very loop are served before time leaps."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._in_threads = 0

    def time(self):
        """Return the seconds that have been leapt over so far."""
        return self.now

    def run_in_executor(self, executor, func, *args):
        """Call in a thread, for which time stands still: it does not know the leaping clock."""
        self._in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._on_thread_done)
        return future

    def _on_thread_done(self, _):
        self._in_threads -= 1

    def _run_once(self):
        if self._in_threads and not self._ready:
            self._process_events(self._selector.select(0.01))
        elif not self._ready and self._scheduled and not self._selector.select(0):
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def run_leaping(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)
