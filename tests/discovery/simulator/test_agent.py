"""One agent, asked with raw packets: what RFC 1157 and RFC 3416 say it answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.simulator import Recording, ber
from discovery.simulator.agent import Agent

from .talking import GET, GET_BULK, GET_NEXT, SET, answer, question

TEXT = b"""\
1.3.6.1.2.1.1.1.0|4|A switch
1.3.6.1.2.1.1.5.0|4|sw-1
1.3.6.1.2.1.2.2.1.2.1|4|port 1
1.3.6.1.2.1.2.2.1.2.2|4|port 2
1.3.6.1.2.1.2.2.1.2.130|4|port 130
1.3.6.1.2.1.2.2.1.2.16384|4|port 16384
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.2.1.31.1.1.1.18.1|4|uplink
"""
COLUMN = "1.3.6.1.2.1.2.2.1.2"
COUNTER = "1.3.6.1.2.1.31.1.1.1.6.1"


@pytest.fixture
def agent():
    return Agent(Recording.parse(TEXT), lambda community: community == b"public")


def say(agent, *args, **kwargs):
    packet = agent.answer(question(*args, **kwargs))
    return None if packet is None else answer(packet)


def test_get_returns_values_and_tells_missing_objects_from_missing_instances(agent):
    said = say(agent, GET, "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2.2.1.2.9", "1.3.6.1.9.9.0")
    assert said.varbinds[0] == ("1.3.6.1.2.1.1.5.0", ber.OCTETS, b"sw-1")
    assert [tag for _, tag, _ in said.varbinds[1:]] == [0x81, 0x80]
    assert (said.request_id, said.status) == (77, 0)


def test_get_next_steps_in_the_order_of_arcs_not_of_octets(agent):
    seen, oid = [], COLUMN
    for _ in range(4):
        (oid,) = say(agent, GET_NEXT, oid).oids
        seen.append(oid.rpartition(".")[2])
    assert seen == ["1", "2", "130", "16384"]


def test_get_bulk_fills_rows_of_several_columns_and_ends_with_the_view(agent):
    said = say(agent, GET_BULK, "1.3.6.1.2.1.1.1", COLUMN, COUNTER, numbers=(1, 3))
    assert said.oids == [
        "1.3.6.1.2.1.1.1.0",
        f"{COLUMN}.1",
        "1.3.6.1.2.1.31.1.1.1.18.1",
        f"{COLUMN}.2",
        "1.3.6.1.2.1.31.1.1.1.18.1",
        f"{COLUMN}.130",
        "1.3.6.1.2.1.31.1.1.1.18.1",
    ]
    assert [tag for _, tag, _ in said.varbinds][-1] == 0x82


def test_get_bulk_stops_when_every_column_has_ended(agent):
    said = say(agent, GET_BULK, "1.3.6.1.2.1.31.1.1.1.18", numbers=(0, 50))
    assert [tag for _, tag, _ in said.varbinds] == [ber.OCTETS, 0x82]


def test_negative_and_huge_numbers_of_get_bulk_are_harmless(agent):
    assert say(agent, GET_BULK, COLUMN, numbers=(-5, 3)).oids[0] == f"{COLUMN}.1"
    assert say(agent, GET_BULK, COLUMN, numbers=(0, -1)).varbinds == []
    assert len(say(agent, GET_BULK, "1.3", numbers=(0, 2**31 - 1)).varbinds) == 9


def test_version_1_says_no_such_name_and_returns_what_was_asked(agent):
    said = say(agent, GET, "1.3.6.1.2.1.1.1.0", "1.3.6.1.9.0", version=0)
    assert (said.status, said.index) == (2, 2)
    assert said.oids == ["1.3.6.1.2.1.1.1.0", "1.3.6.1.9.0"]


def test_version_1_never_sees_a_counter64(agent):
    assert say(agent, GET, COUNTER, version=0).status == 2
    assert say(agent, GET_NEXT, "1.3.6.1.2.1.31", version=0).oids == ["1.3.6.1.2.1.31.1.1.1.18.1"]
    assert say(agent, GET_NEXT, "1.3.6.1.2.1.31").oids == [COUNTER]


def test_version_1_knows_no_get_bulk(agent):
    assert say(agent, GET_BULK, COLUMN, version=0) is None


def test_nothing_can_be_set(agent):
    assert say(agent, SET, "1.3.6.1.2.1.1.5.0").status == 17
    assert say(agent, SET, "1.3.6.1.2.1.1.5.0", version=0).status == 4


def test_a_wrong_community_is_met_with_silence(agent):
    assert say(agent, GET, "1.3.6.1.2.1.1.1.0", community="private") is None


def test_an_answer_is_never_larger_than_allowed():
    agent = Agent(Recording.parse(TEXT), lambda _community: True, max_size=160)
    packet = agent.answer(question(GET_BULK, "1.3.6.1", numbers=(0, 20)))
    assert len(packet) <= 160
    assert 0 < len(answer(packet).varbinds) < 8
    everything = [line.split("|")[0] for line in TEXT.decode().splitlines()]
    said = answer(agent.answer(question(GET, *everything)))
    assert (said.status, said.varbinds) == (1, [])


def test_the_same_question_again_is_answered_alike_under_its_own_number(agent):
    first = say(agent, GET_BULK, COLUMN, numbers=(0, 3), request_id=77)
    again = say(agent, GET_BULK, COLUMN, numbers=(0, 3), request_id=2**31 - 1)
    other = say(agent, GET_BULK, COLUMN, numbers=(0, 3), request_id=-9)
    assert first.varbinds == again.varbinds == other.varbinds
    assert (again.request_id, other.request_id) == (2**31 - 1, -9)


@given(st.binary(max_size=120))
def test_octets_that_are_no_question_are_met_with_silence(packet):
    agent = Agent(Recording.parse(TEXT), lambda _community: True)
    agent.answer(packet)


@given(st.data())
def test_a_broken_question_never_breaks_the_agent(data):
    agent = Agent(Recording.parse(TEXT), lambda _community: True)
    packet = bytearray(question(GET_BULK, COLUMN, "1.3.6.1", numbers=(1, 5)))
    for _ in range(data.draw(st.integers(1, 4))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
    said = agent.answer(bytes(packet[: data.draw(st.integers(0, len(packet)))]))
    assert said is None or len(said) <= 4000


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 300)), min_size=2))
def test_keys_sort_as_arcs_do(tails):
    oids = [(1, 3, *tail) for tail in tails]
    by_key = sorted(oids, key=lambda arcs: ber.order_key(ber.encode_oid(arcs)))
    assert by_key == sorted(oids)
