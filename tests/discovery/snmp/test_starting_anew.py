"""Agents that start anew, change their engine or turn their clock while they are looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.collectors.snmp.uptime import is_another_start
from schemas.vocabulary import ProblemCode, Section
from tests.discovery.snmp.asking import ENGINES
from tests.discovery.snmp.leaping_look import look_at
from tests.discovery.snmp.looking import MemorySecrets
from tests.discovery.snmp.lying_agent import LyingAgent
from tests.discovery.snmp.lying_v3 import USER, LyingV3Agent
from tests.discovery.snmp.test_lies import DEVICE, HONEST

UP_TIME = "1.3.6.1.2.1.1.3.0"
SECONDS = 120


def look_v3(turn=lambda _: None, values=DEVICE, **options):
    agent = LyingV3Agent(values, turn)
    options = {"seconds": SECONDS, "engine": "gufo"} | options
    return agent, look_at(agent, secrets=MemorySecrets({"lab": USER}), **options)


def check_truth(agent, looked):
    """See that what counts as complete is what an honest agent says, and that an end was found."""
    assert looked.seconds <= SECONDS + 10
    assert agent.messages < 1000
    if looked.document is None:
        assert looked.report.problem is not None
        return
    for section in looked.document.sections.keys() - looked.incomplete:
        assert looked.document.sections[section] == HONEST.document.sections[section]


def test_an_honest_agent_of_version_3_says_the_same():
    agent, looked = look_v3()
    assert looked.incomplete == set()
    assert looked.document.sections == HONEST.document.sections
    check_truth(agent, looked)


def once(number, change):
    """Return a turn that happens before the answer of this number."""
    left = iter(range(number, -(10**6), -1))

    def turn(agent):
        if next(left) == 0:
            change(agent)

    return turn


def restart(agent):
    agent.boots += 1
    agent.time = 1


def leap(agent):
    agent.time += 100_000


def turn_back(agent):
    agent.time -= 900


def replace(agent):
    agent.engine_id, agent.boots, agent.time = b"\x80\x00\x1f\x88\x04two", 1, 5


@pytest.mark.parametrize("change", [restart, leap, turn_back, replace])
@pytest.mark.parametrize("number", [1, 5, 9, 12])
def test_a_clock_or_an_engine_that_changes_once_costs_no_truth(change, number):
    agent, looked = look_v3(once(number, change))
    check_truth(agent, looked)
    assert looked.document is not None


def test_a_restart_that_keeps_the_engine_costs_nothing_where_the_uptime_goes_on():
    agent, looked = look_v3(once(6, restart))
    assert looked.incomplete == set()
    assert looked.document.sections == HONEST.document.sections
    check_truth(agent, looked)


@pytest.mark.parametrize("change", [restart, leap, turn_back])
def test_a_clock_that_changes_at_every_answer_is_given_up(change):
    agent, looked = look_v3(change)
    check_truth(agent, looked)
    assert looked.document is None or looked.incomplete


@pytest.mark.parametrize("engine", ENGINES, ids=str)
def test_answers_with_a_forged_digest_are_not_taken(engine):
    def forge(agent):
        agent.is_forging = True

    agent, looked = look_v3(once(5, forge), engine=engine.value)
    check_truth(agent, looked)
    assert looked.incomplete >= {Section.INTERFACES, Section.COMPONENTS}


def test_what_was_read_around_a_restart_is_dropped_but_for_who_the_device_is():
    agent = LyingAgent(DEVICE)

    def start_anew(request, answer):
        is_second = len([r for r in agent.requests if r.first == UP_TIME]) > 0
        return answer.encode() if not is_second else _with_uptime(request, 7)

    agent.lie = start_anew
    looked = look_at(agent)
    assert looked.document.sections == {Section.SYSTEM: HONEST.document.sections[Section.SYSTEM]}
    (problem,) = looked.document.problems
    assert problem.code is ProblemCode.INCOMPLETE
    assert "started anew" in problem.message


def _with_uptime(request, ticks):
    return LyingAgent(DEVICE | {UP_TIME: ticks}).answer(request).encode()


@pytest.mark.parametrize(
    ("before", "after", "seconds", "expected"),
    [
        (1000, 1500, 5.0, False),
        (1000, 1000, 60.0, False),
        (2**32 - 100, 400, 5.0, False),
        (1000, 900, 5.0, False),
        (500_000, 300, 5.0, True),
        (1000, 2**31, 5.0, True),
        (1000, 1000 + 30 * 60 * 100, 5.0, False),
    ],
)
def test_a_new_start_shows_in_an_uptime_that_goes_back_or_leaps(before, after, seconds, expected):
    assert is_another_start(before, after, seconds) is expected


@given(st.integers(0, 2**32 - 1), st.floats(0, 3600))
def test_an_uptime_that_runs_on_is_no_new_start(before, seconds):
    after = (before + int(seconds * 100)) % 2**32
    assert not is_another_start(before, after, seconds)


@given(st.integers(10_000, 2**31 - 1), st.floats(0, 60))
def test_an_uptime_that_begins_at_nothing_is_one(before, seconds):
    assert is_another_start(before, int(seconds * 50), seconds) or before < seconds * 50 + 501
