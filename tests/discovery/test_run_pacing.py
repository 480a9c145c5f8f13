"""How fast a run begins new targets, measured on a clock that the test moves."""

import asyncio

from discovery.pacing import Pace


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time leaps to the next timer instead of waiting for it."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def begin(count: int, per_second: float | None) -> list[float]:
    loop = JumpingLoop()

    async def work():
        pace = Pace(per_second)
        begun: list[float] = []

        async def one():
            await pace.wait()
            begun.append(loop.time())

        await asyncio.gather(*(one() for _ in range(count)))
        return begun

    try:
        return loop.run_until_complete(work())
    finally:
        loop.close()


def test_targets_begin_evenly_at_the_agreed_rate():
    begun = begin(21, 10)
    assert [round(at, 6) for at in begun] == [round(number / 10, 6) for number in range(21)]


def test_less_than_one_target_a_second_is_possible():
    assert [round(at) for at in begin(3, 0.5)] == [0, 2, 4]


def test_without_a_rate_everything_begins_at_once():
    assert set(begin(100, None)) == {0.0}
