"""Whom to believe, which cable is which, and when so much vanishes that the look is doubted."""

import tomllib
from importlib import resources
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.history.precedence import order_of
from cmdb.intake import rules as intake
from cmdb.reconcile.policy import load_policy, parse_policy
from cmdb.reconcile.rules import (
    Belief,
    compute_fingerprint,
    compute_link,
    decide_belief,
    is_same_link,
    must_hold,
)
from schemas.vocabulary import FindingKind, ProblemCode, Section, Source

A, B = UUID(int=1), UUID(int=2)


def test_a_declared_value_wins_where_it_leads_and_is_contradicted_aloud():
    facts = {Source.DECLARED: "Core Rathaus", Source.SNMP: "sw-01"}
    assert decide_belief(facts, order_of("name")) == Belief(
        "Core Rathaus", Source.DECLARED, "sw-01", Source.SNMP
    )


def test_a_discovered_serial_is_believed_and_nobody_is_asked():
    facts = {Source.DECLARED: "OLD", Source.SNMP: "FOC1"}
    assert decide_belief(facts, order_of("serial")) == Belief("FOC1", Source.SNMP)


def test_case_and_spaces_contradict_nothing():
    facts = {Source.DECLARED: " SW-01 ", Source.SNMP: "sw-01"}
    assert decide_belief(facts, order_of("name")) == Belief(" SW-01 ", Source.DECLARED)


def test_nothing_is_believed_where_nobody_speaks():
    assert decide_belief({Source.SNMP: None}, order_of("name")) is None


def test_the_same_question_has_the_same_fingerprint_and_another_one_another():
    one = compute_fingerprint(FindingKind.CONTRADICTION, "item", "name", "a", "b")
    assert one == compute_fingerprint(FindingKind.CONTRADICTION, "item", "name", "a", "b")
    assert one != compute_fingerprint(FindingKind.CONTRADICTION, "item", "name", "a", "c")
    assert one != compute_fingerprint(FindingKind.MISSING, "item", "name", "a", "b")


def test_both_ends_of_a_cable_report_the_same_link():
    from_a = compute_link(A, "Gi1/0/1", B, "Gi1/0/24")
    from_b = compute_link(B, "Gi1/0/24", A, "GigabitEthernet1/0/1")
    assert is_same_link(from_a, from_b)
    assert not is_same_link(from_a, compute_link(A, "Gi1/0/2", B, "Gi1/0/23"))
    assert not is_same_link(from_a, compute_link(A, "Gi1/0/1", UUID(int=3), "Gi1/0/24"))


def test_ports_without_names_are_no_proof_of_the_same_cable():
    assert not is_same_link(compute_link(A, "", B, ""), compute_link(A, "", B, ""))


@given(known=st.integers(0, 10_000), vanished=st.integers(0, 10_000))
def test_more_than_a_tenth_at_once_is_doubted_but_three_may_always_go(known, vanished):
    policy = load_policy().missing
    expected = vanished > max(3, known // 10)
    assert must_hold(known, vanished, policy) is expected


def test_a_policy_that_lacks_something_is_refused():
    text = resources.files("config").joinpath("reconciliation.toml").read_text("utf-8")
    data = tomllib.loads(text)
    del data["identify"]["weights"]["mac"]
    with pytest.raises(ValueError, match="mac"):
        parse_policy(data)


def test_a_section_of_100000_rows_is_refused_before_it_is_read():
    rows = [{"index": 1, "name": "x"}] * 100_000
    content, problem = intake.read_section(Section.INTERFACES, rows)
    assert content is None
    assert problem is not None
    assert problem.code is ProblemCode.TOO_MUCH
    assert "100,000 rows" in problem.message


def test_a_section_that_lies_is_named_with_the_place():
    content, problem = intake.read_section(Section.INTERFACES, [{"index": "one", "name": "x"}])
    assert content is None
    assert problem is not None
    assert problem.code is ProblemCode.MALFORMED
    assert "0.index" in problem.message
