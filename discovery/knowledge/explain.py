"""Why a device was classified as it was: which rules spoke, and which almost did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.knowledge.classify import Classification, applicable_rules, classify
from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.rules import Rule
from discovery.knowledge.values import Facts


@dataclass(frozen=True, slots=True)
class Explanation:
    """The judgement and its reasons.

    Attributes:
        spoke: names of the rules that applied, the most specific first.
        almost: rules of the same sysObjectID that did not apply, each with the reason.
    """

    classification: Classification
    spoke: tuple[str, ...]
    almost: tuple[tuple[str, str], ...]


def explain(system: Mapping[str, Any], components: Sequence[Mapping[str, Any]] = ()) -> Explanation:
    """Classify a device and say why."""
    knowledge = load_knowledge()
    facts = Facts.of(system, components)
    speakers = applicable_rules(knowledge, facts)
    near = dict.fromkeys(
        [*knowledge.under(facts.sys_object_id), *knowledge.candidates("", facts.sys_descr)]
    )
    return Explanation(
        classification=classify(system, components),
        spoke=tuple(rule.name for rule in speakers),
        almost=tuple((rule.name, _reason(rule, facts)) for rule in near if rule not in speakers),
    )


def _reason(rule: Rule, facts: Facts) -> str:
    if rule.sys_descr and not rule.sys_descr.search(facts.sys_descr):
        return f"sysDescr does not contain {rule.sys_descr.pattern!r}"
    for condition in rule.evidence:
        if not facts.proves((condition,)):
            wanted = f" with {condition.pattern.pattern!r}" if condition.pattern else ""
            return f"no answer at {condition.oid}{wanted}"
    return f"a rule of another vendor than {rule.vendor} is more specific"
