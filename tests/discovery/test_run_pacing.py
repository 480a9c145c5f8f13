"""How fast a run begins new targets, measured on a clock that the test moves."""

import asyncio

from discovery.pacing import Pace
from tests.discovery.leaping import run_leaping


def begin(count: int, per_second: float | None) -> list[float]:
    async def work():
        loop = asyncio.get_running_loop()
        pace = Pace(per_second)
        begun: list[float] = []

        async def one():
            await pace.wait()
            begun.append(loop.time())

        await asyncio.gather(*(one() for _ in range(count)))
        return begun

    return run_leaping(work())


def test_targets_begin_evenly_at_the_agreed_rate():
    begun = begin(21, 10)
    assert [round(at, 6) for at in begun] == [round(number / 10, 6) for number in range(21)]


def test_less_than_one_target_a_second_is_possible():
    assert [round(at) for at in begin(3, 0.5)] == [0, 2, 4]


def test_without_a_rate_everything_begins_at_once():
    assert set(begin(100, None)) == {0.0}
