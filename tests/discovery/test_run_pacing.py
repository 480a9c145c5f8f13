"""How fast a run begins new targets, measured on a clock that the test moves."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.pacing import SubnetPace, mix_subnets, subnet_of
from tests.discovery.leaping import run_leaping


def begin(
    targets: list[str], per_second: float | None, in_subnet: float | None = None
) -> list[tuple[str, float]]:
    """Return the targets as they began, each with its time."""

    async def work():
        loop = asyncio.get_running_loop()
        pace = SubnetPace(per_second, in_subnet)
        begun: list[tuple[str, float]] = []

        async def one(target):
            await pace.wait(target)
            begun.append((target, loop.time()))

        await asyncio.gather(*(one(target) for target in targets))
        return begun

    return run_leaping(work())


def times(begun) -> list[float]:
    return [round(at, 6) for _, at in begun]


def test_targets_begin_evenly_at_the_agreed_rate():
    begun = begin(["a name"] * 21, 10)
    assert times(begun) == [round(number / 10, 6) for number in range(21)]


def test_less_than_one_target_a_second_is_possible():
    assert times(begin(["a name"] * 3, 0.5)) == [0, 2, 4]


def test_without_a_rate_everything_begins_at_once():
    assert set(times(begin(["10.0.0.1"] * 100, None))) == {0.0}


def test_a_subnet_has_a_pace_of_its_own_and_others_need_not_wait_for_it():
    near = [f"10.0.0.{number}" for number in range(1, 6)]
    far = [f"10.0.{number}.1" for number in range(1, 6)]
    begun = begin([*near, *far], None, 10)
    assert [at for target, at in begun if target in far] == [0.0] * 5
    assert [round(at, 6) for target, at in begun if target in near] == [0, 0.1, 0.2, 0.3, 0.4]


@given(
    st.lists(
        st.sampled_from(["10.0.0.1", "10.0.0.9", "10.0.1.1", "fd00::1", "a name"]), max_size=60
    ),
    st.sampled_from([0.5, 5, 50]),
    st.sampled_from([0.3, 4, 70]),
)
def test_neither_the_run_nor_a_subnet_is_ever_faster_than_agreed(targets, whole, in_subnet):
    begun = begin(targets, whole, in_subnet)
    assert sorted(target for target, _ in begun) == sorted(targets)
    _check_spacing([at for _, at in begun], 1 / whole)
    for subnet in {subnet_of(target) for target in targets} - {None}:
        _check_spacing([at for target, at in begun if subnet_of(target) == subnet], 1 / in_subnet)


def _check_spacing(moments, least):
    assert all(later - sooner > least * 0.999 for sooner, later in pairwise(moments))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("10.0.0.1", "10.0.0.254", True),
        ("10.0.0.1", "10.0.1.1", False),
        ("fd00::1", "fd00::ffff:1", True),
        ("fd00::1", "fd00:0:0:1::1", False),
        ("10.0.0.1", "::a00:1", False),
    ],
)
def test_a_subnet_is_a_24_of_ipv4_or_a_64_of_ipv6(one, other, is_same):
    assert (subnet_of(one) == subnet_of(other)) is is_same


def test_subnets_take_turns_and_every_target_stays():
    targets = [(f"10.0.{net}.{host}", "10.0.0.0/22") for net in range(4) for host in range(3)]
    mixed = mix_subnets([*targets, ("sw.example.ch", "sw.example.ch")])
    assert sorted(mixed) == sorted([*targets, ("sw.example.ch", "sw.example.ch")])
    assert [single for single, _ in mixed[:5]] == [
        "10.0.0.0",
        "10.0.1.0",
        "10.0.2.0",
        "10.0.3.0",
        "sw.example.ch",
    ]
