"""Finding out cheaply which tables there are."""

from dataclasses import replace

import pytest

from discovery.collectors.snmp.inquiry import EXPECTED, Inquiry
from discovery.collectors.snmp.survey import take_survey
from tests.discovery.snmp.asking import ask
from tests.discovery.snmp.lying_agent import (
    GEN_ERR,
    GETNEXT,
    LyingAgent,
    encode,
    failure,
    numbers,
)

LAST = (numbers("1.3.7.1"), encode(1))
ROOTS = [f"1.3.6.1.4.1.9.{number}" for number in range(1, 60)]


def test_one_question_passes_over_all_tables_that_are_missing():
    with LyingAgent({"1.3.6.1.4.1.9.20.1.1": 1, "1.3.6.1.4.1.9.50.7": b"x"}) as agent:
        found = ask(agent.port, lambda client: take_survey(client, ROOTS))
        questions = len(agent.requests)
    assert found == {"1.3.6.1.4.1.9.20", "1.3.6.1.4.1.9.50"}
    assert questions <= 5


def test_roots_may_come_in_any_order_and_twice():
    with LyingAgent({"1.3.6.1.4.1.9.2.1": 1}) as agent:
        asked = ["1.3.6.1.4.1.9.10", "1.3.6.1.4.1.9.2", "1.3.6.1.4.1.9.2"]
        assert ask(agent.port, lambda client: take_survey(client, asked)) == {"1.3.6.1.4.1.9.2"}


def test_what_cannot_be_found_out_counts_as_present():
    def refuse(request, _):
        return failure(request, GEN_ERR).encode()

    with LyingAgent({"1.3.6.1.4.1.9.2.1": 1}, refuse) as agent:
        assert ask(agent.port, lambda client: take_survey(client, ROOTS[:3])) == set(ROOTS[:3])


def test_what_most_devices_have_is_not_asked_for_and_lacks_only_where_an_answer_shows_it():
    expected = ["1.3.6.1.4.1.9.3", "1.3.6.1.4.1.9.30"]
    with LyingAgent({"1.3.6.1.4.1.9.20.1.1": 1}) as agent:
        found = ask(agent.port, lambda client: take_survey(client, ROOTS[4:25], expected))
        asked = {request.first for request in agent.requests}
        unasked = ask(agent.port, lambda client: take_survey(client, [], expected))
    assert found == {"1.3.6.1.4.1.9.3", "1.3.6.1.4.1.9.20"}
    assert asked.isdisjoint(expected)
    assert unasked == set(expected)


def passes_over_tables_once():
    """Leap over everything in the answer to the first question, and be honest from then on."""
    is_first = True

    def lie(request, answer):
        nonlocal is_first
        told = replace(answer, bindings=[LAST]) if is_first else answer
        is_first = False
        return told.encode()

    return lie


async def survey_and_walk(client, table):
    inquiry = await Inquiry.begin(client, "", ["1.3.6.1.2.1.2"])
    return (await inquiry.walk_expected(table, (2, 3))).rows


@pytest.mark.parametrize("table", EXPECTED)
def test_a_table_that_seems_to_lack_is_asked_for_once_more(table):
    with LyingAgent({f"{table}.2.1": 5, "1.3.7.1": 1}, passes_over_tables_once()) as agent:
        rows = ask(agent.port, lambda client: survey_and_walk(client, table))
    assert rows == {f"{table}.2.1": 5}
    with LyingAgent({"1.3.7.1": 1}) as agent:
        assert ask(agent.port, lambda client: survey_and_walk(client, table)) == {}
    asked = [request.first for request in agent.requests]
    assert asked.count(table) == 1
    assert {request.kind for request in agent.requests} == {GETNEXT}
