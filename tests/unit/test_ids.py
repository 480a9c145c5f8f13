"""Keys of one process sort in the order of their making, whatever the clock does (RFC 9562)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cmdb.kernel.ids import CHANCE_BITS, key_at, new_key, next_position

MILLISECONDS = st.integers(0, 2**47)
CHANCES = st.integers(0, 2**80 - 1)


@given(st.lists(st.tuples(MILLISECONDS, CHANCES), min_size=2))
def test_positions_grow_whatever_clock_and_chance_do(ticks):
    positions = [0]
    for milliseconds, chance in ticks:
        positions.append(next_position(positions[-1], milliseconds, chance))
    assert all(one < other for one, other in pairwise(positions))
    keys = [key_at(one) for one in positions]
    assert all(one < other and one.hex < other.hex for one, other in pairwise(keys))


@given(MILLISECONDS.filter(bool), CHANCES)
def test_a_new_millisecond_stands_in_the_key(milliseconds, chance):
    position = next_position((milliseconds - 1) << CHANCE_BITS, milliseconds, chance)
    assert key_at(position).int >> 80 == milliseconds


@given(st.integers(0, 2**122 - 1))
def test_every_position_is_a_key_of_version_7(position):
    key = key_at(position)
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"


def test_a_full_millisecond_flows_over_into_the_next_one():
    last = (7 << CHANCE_BITS) | (2**CHANCE_BITS - 1)
    assert next_position(last, 7, 0) == 8 << CHANCE_BITS


def test_a_turned_back_clock_is_waited_for():
    last = 1_000 << CHANCE_BITS
    assert next_position(last, 400, 5) == last + 6


def test_the_example_of_the_standard_is_made():
    # RFC 9562, appendix A.6
    position = (0x17F22E279B0 << CHANCE_BITS) | (0xCC3 << 62) | 0x18C4DC0C0C07398F
    assert key_at(position) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")


def test_keys_of_several_threads_are_all_different():
    with ThreadPoolExecutor(4) as pool:
        made = [key for keys in pool.map(_many, [2_000] * 4) for key in keys]
    assert len(set(made)) == len(made)


def test_keys_made_one_after_another_are_in_order():
    keys = _many(5_000)
    assert keys == sorted(keys)


def _many(count):
    return [new_key() for _ in range(count)]
