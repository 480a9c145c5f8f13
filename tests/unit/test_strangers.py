"""What one device tells of its neighbours becomes questions, each neighbour once."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cmdb.reconcile.marks import marks_of
from cmdb.reconcile.policy import load_policy
from cmdb.reconcile.strangers import strangers_of

ITEM = UUID(int=7)
GENERIC = load_policy().generic
ROWS = st.fixed_dictionaries(
    {
        "protocol": st.sampled_from(("lldp", "cdp")),
        "local_port": st.sampled_from(("", "Gi1", "Gi2")),
        "remote_name": st.sampled_from(("", "sw-1", "sw-1.example.ch", "sw-2", "switch")),
        "remote_port": st.sampled_from(("", "Gi0/1", "00:1b:54:00:00:02")),
        "remote_address": st.sampled_from(("", "10.0.0.1", "10.0.0.2")),
        "remote_chassis_id": st.sampled_from(("", "00:1b:54:00:00:01", "00:1b:54:00:00:02", "x")),
        "remote_description": st.just(""),
    }
)


def strangers(rows, known=()):
    return strangers_of(ITEM, rows, known, GENERIC)


@given(st.lists(ROWS, max_size=8), st.randoms())
def test_the_order_in_which_a_device_tells_does_not_matter(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    once, again = strangers(rows), strangers(shuffled)
    assert {one.fingerprint for one in once} == {one.fingerprint for one in again}
    assert {one.marks for one in once} == {one.marks for one in again}


@given(st.lists(ROWS, max_size=8))
def test_no_two_strangers_share_a_mark_and_none_is_lost(rows):
    found = strangers(rows)
    marks = [mark for one in found for mark in one.marks]
    assert len(marks) == len(set(marks))
    assert set(marks) == {mark for row in rows for mark in marks_of(row, GENERIC)}
    assert bool(found) == bool(rows)
    assert len({one.fingerprint for one in found}) == len(found)


@given(st.lists(ROWS, max_size=8), st.data())
def test_who_has_a_known_mark_is_no_stranger(rows, data):
    marks = sorted({mark for row in rows for mark in marks_of(row, GENERIC)})
    known = set(data.draw(st.lists(st.sampled_from(marks))) if marks else ())
    left = strangers(rows, known)
    assert not any(known & {*one.marks} for one in left)
    assert [one for one in strangers(rows) if not known & {*one.marks}] == left


@given(st.lists(ROWS, max_size=8))
def test_what_tells_most_comes_first(rows):
    has_address = [bool(one.told["remote_address"]) for one in strangers(rows)]
    assert has_address == sorted(has_address, reverse=True)
