"""What every engine must do with an agent, honest or not."""

from ipaddress import IPv4Address

import pytest

from discovery.errors import (
    IncompleteError,
    MalformedError,
    RefusedError,
    TimeLimitError,
    TooMuchError,
    UnreachableError,
)
from discovery.protocols.snmp.budget import Limits
from discovery.protocols.snmp.engines import Engine
from discovery.secrets import SnmpCommunity
from tests.discovery.snmp.asking import ENGINES, ask
from tests.discovery.snmp.lying_agent import (
    GEN_ERR,
    GET,
    GETBULK,
    TOO_BIG,
    Answer,
    LyingAgent,
    Oid,
    encode,
    failure,
    numbers,
    renamed,
)

TABLE = "1.3.6.1.2.1.2.2.1"
NAME = "1.3.6.1.2.1.1.5.0"
SYSTEM = {
    "1.3.6.1.2.1.1.1.0": b"a switch \xff",
    "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.9.1.1"),
    NAME: b"sw-1",
    "1.3.6.1.2.1.1.7.0": 78,
    "1.3.6.1.2.1.4.20.1.1.10.0.0.1": IPv4Address("10.0.0.1"),
}


def table(columns: int = 10, rows: int = 40) -> dict[str, int]:
    cells = [(c, r) for c in range(1, columns + 1) for r in range(1, rows + 1)]
    return {f"{TABLE}.{column}.{row}": column * 1000 + row for column, row in cells}


def columns_of(walk) -> set[int]:
    return {int(oid.removeprefix(f"{TABLE}.").split(".")[0]) for oid in walk.rows}


@pytest.fixture(params=ENGINES, ids=str)
def engine(request):
    return request.param


def test_values_keep_the_type_that_matters_and_absent_instances_are_left_out(engine):
    with LyingAgent(SYSTEM) as agent:
        found = ask(agent.port, lambda c: c.get([*SYSTEM, "1.3.6.1.2.1.1.99.0"]), engine=engine)
    assert found == {
        "1.3.6.1.2.1.1.1.0": b"a switch \xff",
        "1.3.6.1.2.1.1.2.0": "1.3.6.1.4.1.9.1.1",
        NAME: b"sw-1",
        "1.3.6.1.2.1.1.7.0": 78,
        "1.3.6.1.2.1.4.20.1.1.10.0.0.1": "10.0.0.1",
    }


def test_only_absent_instances_give_an_empty_answer_and_no_error(engine):
    with LyingAgent(SYSTEM) as agent:
        assert ask(agent.port, lambda c: c.get(["1.3.6.1.2.1.1.99.0"]), engine=engine) == {}


def test_a_walk_brings_every_row_in_order(engine):
    rows = table()
    with LyingAgent(SYSTEM | rows) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert walk.failure is None
    assert list(walk.rows.items()) == list(rows.items())


def test_a_walk_of_columns_brings_these_and_leaps_over_the_others(engine):
    with LyingAgent(SYSTEM | table(rows=100)) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE, (2, 3, 9)), engine=engine)
        asked = [numbers(r.first)[9:10] for r in agent.requests if r.kind == GETBULK]
    assert walk.failure is None
    assert len(walk.rows) == 300
    assert columns_of(walk) == {2, 3, 9}
    assert {(5,), (6,), (7,), (8,)}.isdisjoint(asked)


def test_the_last_table_of_an_agent_ends_without_an_error(engine):
    with LyingAgent(table(columns=1, rows=3)) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert (len(walk.rows), walk.failure) == (3, None)


@pytest.mark.parametrize("root", ["1.3.6.1.2.1.47", "1.0.8802", f"{TABLE}.11"])
def test_an_absent_table_is_believed_only_when_asked_again(engine, root):
    with LyingAgent(SYSTEM | table()) as agent:
        walk = ask(agent.port, lambda c: c.walk(root), engine=engine)
        assert len(agent.requests) >= 2
    assert (walk.rows, walk.failure) == ({}, None)


def test_a_table_denied_at_first_and_then_shown_is_no_empty_table(engine):
    def deny_bulk(request, answer):
        if request.kind == GETBULK:
            return Answer(request, [(numbers("1.3.6.1.9.1"), encode(1))]).encode()
        return answer.encode()

    with LyingAgent(table(), deny_bulk) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert isinstance(walk.failure, IncompleteError)


def test_an_agent_that_repeats_itself_is_left_with_what_it_gave(engine):
    def loop(request, answer):
        rows = [(numbers(f"{TABLE}.1.{row}"), encode(row)) for row in (1, 2, 3)]
        return Answer(request, rows[: request.max_repetitions or 1]).encode()

    with LyingAgent({}, loop) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
        assert len(agent.requests) < 10
    assert isinstance(walk.failure, IncompleteError)
    assert "loops" in str(walk.failure)


def test_an_agent_whose_oids_decrease_is_left(engine):
    def decrease(request, answer):
        last = max(request.oids[0][-1] - 1, 1) if len(request.oids[0]) > 10 else 1000
        return Answer(request, [(numbers(f"{TABLE}.1.{last}"), encode(last))]).encode()

    with LyingAgent({}, decrease) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
        assert len(agent.requests) < 10
    assert isinstance(walk.failure, IncompleteError)


def test_rows_from_elsewhere_in_the_middle_of_an_answer_are_dropped(engine):
    def mix(request, answer):
        rows = [(numbers(oid), encode(1)) for oid in (f"{TABLE}.1.1", "1.9.9", f"{TABLE}.1.2")]
        return (
            answer.encode() if request.oids[0] > numbers(TABLE) else Answer(request, rows).encode()
        )

    with LyingAgent(table(columns=1, rows=5), mix) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert [oid for oid in walk.rows if not oid.startswith(TABLE)] == []
    assert len(walk.rows) == 5


def test_an_agent_that_finds_answers_too_big_is_asked_for_less(engine):
    def too_big(request, answer):
        is_large = request.max_repetitions > 5 or len(request.oids) > 2
        return (failure(request, TOO_BIG) if is_large else answer).encode()

    with LyingAgent(SYSTEM | table(), too_big) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
        assert (len(walk.rows), walk.failure) == (400, None)
        found = ask(agent.port, lambda c: c.get(list(SYSTEM)), engine=engine)
        assert len(found) == len(SYSTEM)


def test_an_error_in_the_middle_of_a_table_is_seen_and_the_rows_before_it_kept(engine):
    def fail_after(request, answer):
        is_behind = any(oid >= numbers(f"{TABLE}.1.31") for oid, _ in answer.bindings)
        return (failure(request, GEN_ERR) if is_behind else answer).encode()

    with LyingAgent(table(columns=1), fail_after) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert isinstance(walk.failure, RefusedError)
    assert "genErr" in str(walk.failure)
    assert len(walk.rows) == 30


def test_an_error_instead_of_a_value_is_raised(engine):
    with (
        LyingAgent(SYSTEM, lambda request, _: failure(request, GEN_ERR).encode()) as agent,
        pytest.raises(RefusedError, match="genErr"),
    ):
        ask(agent.port, lambda c: c.get([NAME]), engine=engine)


def test_an_agent_that_drops_bulk_requests_is_walked_step_by_step(engine):
    def drop_bulk(request, answer):
        return None if request.kind == GETBULK else answer.encode()

    with LyingAgent(table(columns=1), drop_bulk) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine, timeout=0.5)
    assert (len(walk.rows), walk.failure) == (40, None)


def test_answers_of_more_than_four_kilobytes_are_read(engine):
    rows = {f"{TABLE}.1.{row}": b"x" * 700 for row in range(1, 61)}
    with LyingAgent(rows) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine)
    assert (len(walk.rows), walk.failure) == (60, None)


def test_a_single_value_of_more_than_four_kilobytes_is_read_by_the_second_engine():
    rows = {f"{TABLE}.1.{row}": b"x" * 9000 for row in range(1, 4)} | SYSTEM
    with LyingAgent(rows) as agent:
        alone = ask(agent.port, lambda c: c.walk(TABLE), engine=Engine.GUFO)
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=Engine.AUTO)
        found = ask(agent.port, lambda c: c.get([f"{TABLE}.1.1", NAME]), engine=Engine.AUTO)
    assert isinstance(alone.failure, MalformedError)
    assert (len(walk.rows), walk.failure) == (3, None)
    assert set(found) == {f"{TABLE}.1.1", NAME}


@pytest.mark.parametrize(
    "garble",
    [
        lambda message: b"\x00" * 40,
        lambda message: message[: len(message) // 2],
        lambda message: b"HTTP/1.1 400 Bad Request\r\n\r\n",
        lambda message: message[:10] + b"\xff" * 20 + message[30:],
    ],
    ids=["zeros", "truncated", "other protocol", "broken"],
)
def test_garbage_is_a_failure_and_never_a_value(engine, garble):
    with (
        LyingAgent(SYSTEM, lambda _, answer: garble(answer.encode())) as agent,
        pytest.raises((MalformedError, TimeLimitError)),
    ):
        ask(agent.port, lambda c: c.get([NAME]), engine=engine, timeout=0.1, retries=0)


def test_an_endless_table_is_cut_and_said_to_be_cut(engine):
    def endless(request, answer):
        last = request.oids[0][-1] if len(request.oids[0]) > 10 else 0
        count = request.max_repetitions or 1
        rows = range(last + 1, last + 1 + count)
        return Answer(request, [(numbers(f"{TABLE}.1.{r}"), encode(r)) for r in rows]).encode()

    limits = Limits(max_rows=500)
    with LyingAgent({}, endless) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine, limits=limits)
    assert isinstance(walk.failure, TooMuchError)
    assert 500 <= len(walk.rows) <= 525


def test_a_target_may_not_send_more_bytes_than_its_budget(engine):
    rows = {f"{TABLE}.1.{row}": b"x" * 100 for row in range(1, 100)}
    with LyingAgent(rows) as agent:
        walk = ask(
            agent.port, lambda c: c.walk(TABLE), engine=engine, limits=Limits(max_bytes=5000)
        )
    assert isinstance(walk.failure, TooMuchError)


def test_a_target_may_not_take_longer_than_its_time(engine):
    with LyingAgent(table()) as agent:
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine, limits=Limits(seconds=-1))
    assert isinstance(walk.failure, TimeLimitError)


def test_answers_to_other_requests_are_not_taken(engine):
    def stale_first(request, answer):
        return [renamed(failure(request, GEN_ERR), request.id - 1), answer.encode()]

    with LyingAgent(SYSTEM, stale_first) as agent:
        assert ask(agent.port, lambda c: c.get([NAME]), engine=engine) == {NAME: b"sw-1"}


def test_only_answers_to_other_requests_are_silence(engine):
    with (
        LyingAgent(SYSTEM, lambda request, a: renamed(a, request.id ^ 1)) as agent,
        pytest.raises(TimeLimitError),
    ):
        ask(agent.port, lambda c: c.get([NAME]), engine=engine, timeout=0.1, retries=0)


def test_a_lost_packet_is_asked_for_again(engine):
    with LyingAgent(SYSTEM) as agent:
        agent.lie = lambda _, answer: answer.encode() if len(agent.requests) > 1 else None
        found = ask(agent.port, lambda c: c.get([NAME]), engine=engine, timeout=0.5, retries=3)
    assert found == {NAME: b"sw-1"}


def test_silence_is_asked_as_often_as_agreed(engine):
    with LyingAgent(SYSTEM, lambda *_: None) as agent:
        with pytest.raises(TimeLimitError):
            ask(agent.port, lambda c: c.get([NAME]), engine=engine, timeout=0.1, retries=2)
        assert [request.kind for request in agent.requests] == [GET] * 3


def test_an_agent_that_falls_silent_is_not_waited_for_table_after_table(engine):
    async def walk_many(client):
        return [await client.walk(f"1.3.6.1.2.1.{number}") for number in range(20, 30)]

    with LyingAgent(SYSTEM, lambda *_: None) as agent:
        walks = ask(agent.port, walk_many, engine=engine, timeout=0.1, retries=0)
        assert len(agent.requests) < 12
    assert all(isinstance(walk.failure, TimeLimitError) for walk in walks)


def test_version_1_knows_absent_instances_and_the_end_of_a_table(engine):
    old = SnmpCommunity("public", "1")
    with LyingAgent(SYSTEM | table(columns=2)) as agent:
        found = ask(
            agent.port, lambda c: c.get([NAME, "1.3.6.1.2.1.1.99.0"]), engine=engine, credential=old
        )
        walk = ask(agent.port, lambda c: c.walk(TABLE), engine=engine, credential=old)
        assert GETBULK not in {request.kind for request in agent.requests}
    assert found == {NAME: b"sw-1"}
    assert (len(walk.rows), walk.failure) == (80, None)


def test_a_wrong_community_is_silence(engine):
    wrong = SnmpCommunity("wrong")
    impatient = {"timeout": 0.1, "retries": 0}
    with LyingAgent(SYSTEM) as agent, pytest.raises(TimeLimitError):
        ask(agent.port, lambda c: c.get([NAME]), engine=engine, credential=wrong, **impatient)


def test_a_closed_port_is_told_at_once():
    with LyingAgent(SYSTEM) as agent:
        port = agent.port
    with pytest.raises(UnreachableError, match="Nothing listens"):
        ask(port, lambda c: c.get([NAME]), timeout=5)
