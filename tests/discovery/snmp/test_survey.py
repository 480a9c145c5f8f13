"""Finding out cheaply which tables there are."""

from discovery.collectors.snmp.survey import take_survey
from tests.discovery.snmp.asking import ask
from tests.discovery.snmp.lying_agent import GEN_ERR, LyingAgent, failure

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
