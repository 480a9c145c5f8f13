"""Why a device was classified as it was: which rules spoke, and which almost did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from discovery.knowledge.classify import (
    UNKNOWN_CLASS,
    Classification,
    applicable_rules,
    choose_class,
    classify,
    enterprise_behind,
    name_vendors,
)
from discovery.knowledge.loader import Knowledge, load_knowledge
from discovery.knowledge.mib_names import mib_name
from discovery.knowledge.rules import Origin, Rule, Source
from discovery.knowledge.values import Facts, find_value

_FIELDS = {"model": "model", "os_version": "version", "serial": "serial"}
"""Field of a classification to the field of a rule."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Where one value of a classification comes from.

    Attributes:
        field: `vendor`, `model`, `os_version`, `serial` or `ci_class`.
        place: where it was read and which rule did so, in words.
    """

    field: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The judgement and its reasons.

    Attributes:
        spoke: names of the rules that applied, the most specific first.
        reasons: where each value comes from.
        almost: rules of the same sysObjectID that did not apply, each with the reason.
    """

    classification: Classification
    spoke: tuple[str, ...]
    reasons: tuple[Reason, ...]
    almost: tuple[tuple[str, str], ...]


def explain(system: Mapping[str, Any], components: Sequence[Mapping[str, Any]] = ()) -> Explanation:
    """Classify a device and say why."""
    knowledge = load_knowledge()
    facts = Facts.of(system, components)
    speakers = applicable_rules(knowledge, facts)
    near = dict.fromkeys(
        [*knowledge.under(facts.sys_object_id), *knowledge.candidates("", facts.sys_descr)]
    )
    spoke = tuple(rule.name for rule in speakers)
    return Explanation(
        classification=classify(system, components),
        spoke=spoke,
        reasons=tuple(_reasons(knowledge, speakers, facts)),
        almost=tuple((rule.name, _why_not(rule, facts)) for rule in near if rule.name not in spoke),
    )


def _reasons(knowledge: Knowledge, speakers: Sequence[Rule], facts: Facts) -> Iterator[Reason]:
    model = None
    enterprise = enterprise_behind(knowledge, facts)
    vendors = name_vendors(knowledge, facts, speakers, enterprise)
    yield from (Reason("vendor", *told) for told in islice(vendors, 1))
    for field, part in _FIELDS.items():
        found = (
            Reason(field, value, f"{_place(source, facts)}, “{rule.name}”")
            for rule in speakers
            for source in getattr(rule, part)
            if (value := find_value((source,), facts)) is not None
        )
        if reason := next(found, None):
            model = reason.value if field == "model" else model
            yield reason
    ci_class, rule = choose_class(speakers, facts, model, enterprise)
    if ci_class != UNKNOWN_CLASS:
        by = f"the rule “{rule.name}”" if rule else "what the maker makes, by the enterprise number"
        yield Reason("ci_class", ci_class, by)


def _place(source: Source, facts: Facts) -> str:
    match source.origin:
        case Origin.OID | Origin.BELOW:
            place = " and ".join(map(mib_name, source.oids(facts.sys_object_id)))
        case Origin.COLUMN:
            place = f"the first row of {mib_name(source.keys[0])}"
        case Origin.COMPONENT:
            place = f"{source.keys[0]} of the chassis (ENTITY-MIB)"
        case Origin.TEXT:
            place = "the rule itself"
        case Origin.DESCRIBED:
            place = "described: read in sysDescr by its usual forms"
        case Origin.PRIVATE:
            place = "private: a guess in the tree of the maker"
        case _:
            place = source.origin.value
    cut = f" by {source.pattern.pattern!r}" if source.pattern else ""
    return f"{place}{cut}{' through a table' if source.values else ''}"


def _why_not(rule: Rule, facts: Facts) -> str:
    if rule.sys_descr and not rule.sys_descr.search(facts.sys_descr):
        return f"sysDescr does not contain {rule.sys_descr.pattern!r}"
    for condition in rule.evidence:
        if not facts.proves((condition,)):
            wanted = f" with {condition.pattern.pattern!r}" if condition.pattern else ""
            return f"no answer at {mib_name(condition.oid)}{wanted}"
    return f"a rule of another vendor than {rule.vendor} is more specific"
