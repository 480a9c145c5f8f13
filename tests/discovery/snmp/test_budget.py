"""What a target may cost, counted over all that ask it."""

import asyncio

import pytest

from discovery.errors import TimeLimitError, TooMuchError
from discovery.protocols.snmp.budget import Budget, Limits
from tests.discovery.leaping import run_leaping

BATCH = {f"1.3.6.1.{number}": number for number in range(10)}


def test_what_a_part_costs_the_whole_pays():
    async def spend():
        whole = Budget(Limits(max_varbinds=25))
        Budget(Limits(), whole).charge(BATCH)
        Budget(Limits(), whole).charge(BATCH)
        with pytest.raises(TooMuchError):
            Budget(Limits(), whole).charge(BATCH)

    run_leaping(spend())


def test_a_part_has_its_own_time_and_no_more_than_the_whole_has_left():
    async def wait():
        whole = Budget(Limits(seconds=15))
        part = Budget(Limits(seconds=10), whole)
        await asyncio.sleep(11)
        with pytest.raises(TimeLimitError):
            await part.wait_for_turn()
        later = Budget(Limits(seconds=10), whole)
        await later.wait_for_turn()
        await asyncio.sleep(5)
        with pytest.raises(TimeLimitError):
            await later.wait_for_turn()

    run_leaping(wait())


def test_each_silence_makes_the_rest_longer_up_to_a_limit():
    async def rest():
        loop, budget, rests = asyncio.get_running_loop(), Budget(Limits(seconds=1000)), []
        for _ in range(6):
            budget.note_silence(1.0)
            before = loop.time()
            await budget.wait_for_turn()
            rests.append(round(loop.time() - before))
        return rests

    assert run_leaping(rest()) == [1, 2, 4, 8, 10, 10]


def test_a_rest_that_would_outlast_the_time_ends_the_look_at_once():
    async def rest():
        budget = Budget(Limits(seconds=3))
        budget.note_silence(4.0)
        with pytest.raises(TimeLimitError):
            await budget.wait_for_turn()
        return asyncio.get_running_loop().time()

    assert run_leaping(rest()) == 0
