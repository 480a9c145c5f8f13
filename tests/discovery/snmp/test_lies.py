"""One lie about one table at a time: the rest of the document is as it always is."""

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address
from itertools import count, pairwise

import pytest

from discovery.secrets import SnmpCommunity
from schemas.vocabulary import ProblemCode, Section
from tests.discovery.snmp.leaping_look import look_at
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import (
    GEN_ERR,
    GET,
    GETBULK,
    TOO_BIG,
    LyingAgent,
    Oid,
    encode,
    failure,
    numbers,
    renamed,
)

PORTS = 60
IF_ENTRY = "1.3.6.1.2.1.2.2.1"
TABLE = numbers(IF_ENTRY)
DEVICE = {
    "1.3.6.1.2.1.1.1.0": b"Example OS 1.2",
    "1.3.6.1.2.1.1.2.0": Oid("1.3.6.1.4.1.99999.1"),
    "1.3.6.1.2.1.1.3.0": 12_345,
    "1.3.6.1.2.1.1.5.0": b"sw-1",
    **{f"{IF_ENTRY}.{c}.{n}": v for n in range(1, PORTS + 1)
       for c, v in {2: b"Port %d" % n, 3: 6, 5: 10**9, 6: b"\2\0\0\0\0%c" % n, 7: 1}.items()},
    "1.3.6.1.2.1.4.20.1.1.10.0.0.1": IPv4Address("10.0.0.1"),
    "1.3.6.1.2.1.4.20.1.2.10.0.0.1": 1,
    "1.3.6.1.2.1.4.20.1.3.10.0.0.1": IPv4Address("255.255.255.0"),
    **{f"1.3.6.1.2.1.47.1.1.1.1.{c}.1": v for c, v in
       {2: b"Chassis", 4: 0, 5: 3, 7: b"chassis", 11: b"SN1", 13: b"X-1"}.items()},
}  # fmt: skip
HONEST = look_at(LyingAgent(DEVICE))
SECONDS = 120
MOST_ROWS = 1000
MOST_REQUESTS = 4 * len(DEVICE)


def is_about_ports(request) -> bool:
    return request.kind != GET and request.oids[0][: len(TABLE)] == TABLE


def about_ports(lie):
    """Return a lie that is told only when the table of the ports is asked for."""
    return lambda request, answer: (
        lie(request, answer) if is_about_ports(request) else answer.encode()
    )


def loop(request, answer):
    rows = [(numbers(f"{IF_ENTRY}.2.{row}"), encode(b"again")) for row in (1, 2, 3)]
    return replace(answer, bindings=rows[: request.max_repetitions or 1]).encode()


def decrease(request, answer):
    last = request.oids[0][-1] if len(request.oids[0]) > 10 else 1000
    return replace(answer, bindings=[((*TABLE, 2, max(last - 1, 1)), encode(b"x"))]).encode()


def endless(request, answer):
    oid = request.oids[0]
    column, last = oid[9], oid[10] if len(oid) > 10 else 0
    rows = range(last + 1, last + 1 + max(request.max_repetitions, 1))
    return replace(answer, bindings=[((*TABLE, column, r), encode(r)) for r in rows]).encode()


def silent_behind(row):
    def lie(request, answer):
        return None if any(oid[-1] > row for oid, _ in answer.bindings) else answer.encode()

    return lie


def gen_err_in_one_column(request, answer):
    is_there = any(oid[9:10] == (6,) for oid, _ in answer.bindings)
    return (failure(request, GEN_ERR) if is_there else answer).encode()


def huge(request, answer):
    return replace(answer, bindings=[((*TABLE, 2, 1), encode(b"x" * 64_000))]).encode()


CUTTING = {
    "loops": loop,
    "decreases": decrease,
    "never ends": endless,
    "is silent from the start": lambda *_: None,
    "falls silent in the middle": silent_behind(30),
    "fails in one column": gen_err_in_one_column,
    "finds every answer too big": lambda request, _: failure(request, TOO_BIG).encode(),
    "sends garbage": lambda *_: b"\x30\x82\xff\xff garbage",
    "sends zeros": lambda *_: bytes(40),
    "cuts its messages": lambda _, answer: answer.encode()[:-7],
    "sends only half": lambda _, answer: answer.encode()[: len(answer.encode()) // 2],
    "answers another question": lambda request, answer: renamed(answer, request.id ^ 0x55),
    "sends 64 KB": huge,
    "speaks of another table": lambda request, answer: replace(
        answer, bindings=[(numbers("1.3.6.1.2.1.1.9.1.2.1"), encode(1))]
    ).encode(),
}


@pytest.mark.parametrize("lie", CUTTING.values(), ids=CUTTING)
@pytest.mark.parametrize("engine", ["gufo", "auto"])
def test_a_lie_costs_its_own_table_and_nothing_else(lie, engine):
    agent = LyingAgent(DEVICE, about_ports(lie))
    looked = look_at(agent, engine=engine, seconds=SECONDS, max_rows=MOST_ROWS)
    assert looked.incomplete == {Section.INTERFACES}
    assert [problem.section for problem in looked.document.problems] == [Section.INTERFACES]
    others = HONEST.document.sections.keys() - {Section.INTERFACES}
    for section in others:
        assert looked.document.sections[section] == HONEST.document.sections[section]
    assert looked.seconds < SECONDS
    assert len(agent.requests) < MOST_REQUESTS + MOST_ROWS


def test_what_came_before_the_lie_is_kept_and_true():
    looked = look_at(LyingAgent(DEVICE, about_ports(silent_behind(30))))
    kept = looked.document.sections[Section.INTERFACES]
    honest = HONEST.document.sections[Section.INTERFACES]
    assert [row["index"] for row in kept] == list(range(1, 31))
    for row, truth in zip(kept, honest, strict=False):
        assert row.items() <= truth.items()
    assert looked.document.problems[0].code is ProblemCode.TIMEOUT


def test_an_agent_that_falls_silent_altogether_is_left_soon_and_nothing_counts_as_complete():
    left = count(6, -1)
    agent = LyingAgent(DEVICE, lambda _, answer: answer.encode() if next(left) > 0 else None)
    looked = look_at(agent, timeout=2.0, retries=1)
    assert looked.incomplete >= {Section.INTERFACES, Section.ADDRESSES, Section.COMPONENTS}
    assert looked.seconds < 60
    assert len(agent.requests) < 40


def repeat_late():
    earlier = []

    def lie(_, answer):
        earlier.append(answer.encode())
        return [*earlier[-3:-1], earlier[-1]]

    return lie


def lose_every_third():
    number = count()
    return lambda _, answer: None if next(number) % 3 == 1 else answer.encode()


def small_answers(request, answer):
    is_large = request.max_repetitions > 3 or len(request.oids) > 2
    return (failure(request, TOO_BIG) if is_large else answer).encode()


HARMLESS = {
    "repeats its last answers late": repeat_late,
    "loses every third packet": lose_every_third,
    "sends everything twice": lambda: lambda _, answer: [answer.encode()] * 2,
    "manages small answers only": lambda: small_answers,
    "drops GETBULK": lambda: lambda r, a: None if r.kind == GETBULK else a.encode(),
}


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_what_networks_do_changes_nothing(make):
    looked = look_at(LyingAgent(DEVICE, make()), seconds=3600)
    assert looked.incomplete == set()
    assert looked.document.sections == HONEST.document.sections


def test_a_late_error_may_cost_a_section_but_never_falsify_it():
    def stale_errors(request, answer):
        return [renamed(failure(request, GEN_ERR), request.id - 1), answer.encode()]

    looked = look_at(LyingAgent(DEVICE, stale_errors), seconds=3600)
    for section in looked.document.sections.keys() - looked.incomplete:
        assert looked.document.sections[section] == HONEST.document.sections[section]


@pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
def test_a_look_ends_with_its_time_however_often_a_question_may_be_repeated(engine):
    left = count(3, -1)
    agent = LyingAgent(DEVICE, lambda _, answer: answer.encode() if next(left) > 0 else None)
    looked = look_at(agent, timeout=20.0, retries=5, seconds=30, engine=engine)
    assert looked.incomplete >= {Section.INTERFACES}
    assert looked.seconds <= 31


def test_the_size_that_an_agent_manages_is_found_once_for_the_whole_look():
    agent = LyingAgent(DEVICE, small_answers)
    look_at(agent)
    refused = [r.max_repetitions for r in agent.requests if r.kind == GETBULK]
    # Every size twice: the second time the error status is read.
    assert [size for size in refused if size > 3] == [25, 25, 10, 10, 5, 5]


def test_a_silent_device_is_left_in_peace_for_longer_each_time():
    asked = []

    def lie(request, answer):
        if is_about_ports(request):
            asked.append(asyncio.get_running_loop().time())
            return None
        return answer.encode()

    look_at(LyingAgent(DEVICE, lie), timeout=1.0, retries=0)
    pauses = [round(later - sooner, 2) for sooner, later in pairwise(asked)]
    assert pauses[:2] == [2.0, 3.0]
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(
    "wrong",
    [-1, 2**70, b"", b"\xff" * 300, Oid("0.0"), IPv4Address("1.2.3.4"), b"\x00" * 6],
    ids=repr,
)
def test_values_of_a_wrong_type_are_left_out_and_never_misread(wrong):
    device = {oid: wrong if numbers(oid)[:9] == TABLE else v for oid, v in DEVICE.items()}
    looked = look_at(LyingAgent(device), max_rows=500)
    for section in HONEST.document.sections.keys() - {Section.INTERFACES}:
        assert looked.document.sections[section] == HONEST.document.sections[section]
    for row in looked.document.sections[Section.INTERFACES]:
        assert row.get("speed", 0) >= 0


def test_an_answer_to_questions_that_were_not_asked_is_not_taken():
    def answer_more(request, answer):
        if request.kind != GET:
            return answer.encode()
        others = [(numbers("1.3.6.1.2.1.1.5.0"), encode(b"another"))]
        bindings = [pair for pair in answer.bindings if pair[0] in request.oids]
        is_name = numbers("1.3.6.1.2.1.1.5.0") in request.oids
        return replace(answer, bindings=bindings + ([] if is_name else others)).encode()

    looked = look_at(LyingAgent(DEVICE, answer_more))
    assert looked.document.sections[Section.SYSTEM] == HONEST.document.sections[Section.SYSTEM]


def test_a_device_may_not_cost_more_values_or_bytes_than_the_plan_allows():
    few = look_at(LyingAgent(DEVICE), max_values=200)
    assert Section.INTERFACES in few.incomplete
    assert {p.code for p in few.document.problems} == {ProblemCode.TOO_MUCH}
    small = look_at(LyingAgent(DEVICE), max_bytes=1500)
    assert Section.INTERFACES in small.incomplete


@pytest.mark.parametrize("engine", ["gufo", "pysnmp", "auto"])
def test_a_number_that_version_1_does_not_know_hangs_nobody(engine):
    def too_wide(request, answer):
        bindings = [(oid, encode(2**40)) for oid, _ in answer.bindings]
        return replace(answer, bindings=bindings).encode()

    secrets = MemorySecrets({"lab": SnmpCommunity("public", "1")})
    agent = LyingAgent(DEVICE, about_ports(too_wide))
    looked = look_at(agent, secrets=secrets, engine=engine, seconds=SECONDS)
    assert looked.seconds < SECONDS + 10
    for section in looked.document.sections.keys() - looked.incomplete - {Section.INTERFACES}:
        assert looked.document.sections[section] == HONEST.document.sections[section]
