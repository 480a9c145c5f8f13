"""Whether every rule is proven: there is a recording in which this rule has the first word."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from discovery.knowledge.classify import applicable_rules
from discovery.knowledge.loader import Knowledge
from discovery.knowledge.rules import Rule
from discovery.knowledge.values import Facts, find_class, find_value

Reading = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]
"""The system section and the component rows of a device."""


def find_unproven(
    knowledge: Knowledge,
    read: Callable[[str], Reading | None],
    rules: Sequence[Rule] | None = None,
) -> Iterator[tuple[Rule, str]]:
    """Yield the rules whose proof does not prove them, each with the reason.

    Args:
        knowledge: the rules.
        read: returns what the recording of a name says, or nothing if there is none.
        rules: only these are looked at; all without it.
    """
    for rule in knowledge.rules if rules is None else rules:
        reading = read(rule.proof)
        if reading is None:
            yield rule, f"the recording {rule.proof} does not exist"
            continue
        facts = Facts.of(*reading)
        speakers = applicable_rules(knowledge, facts)
        if not speakers or speakers[0] is not rule:
            first = f"“{speakers[0].name}”" if speakers else "no rule"
            yield rule, f"in {rule.proof} {first} has the first word"
            continue
        if (other := _equal(speakers, facts)) is not None:
            yield rule, f"in {rule.proof} “{other.name}” ({other.file}) matches as closely"
            continue
        yield from ((rule, reason) for reason in _silent(rule, facts))


def _equal(speakers: Sequence[Rule], facts: Facts) -> Rule | None:
    """Return a rule that is as specific as the first one, so that only chance puts it second."""
    first, *others = (one.precedence(facts.sys_object_id) for one in speakers)
    if others and others[0] == first and not speakers[0].is_general:
        return speakers[1]
    return None


def _silent(rule: Rule, facts: Facts) -> Iterator[str]:
    """Yield what a rule promises and its own proof does not show."""
    for name in ("model", "version", "serial"):
        sources = getattr(rule, name)
        if sources and find_value(sources, facts) is None:
            yield f"its proof shows no {name}"
    if rule.classes and find_class(rule.classes, facts, find_value(rule.model, facts)) is None:
        yield "its proof shows no class"
