"""From what a device says to what it is: the rules that apply speak, the most specific first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.knowledge.loader import Knowledge, load_knowledge
from discovery.knowledge.rules import Rule
from discovery.knowledge.values import Facts, find_class, find_value

UNKNOWN_CLASS = "unknown.device"


@dataclass(frozen=True, slots=True)
class Classification:
    """What a device is, as far as the knowledge can tell.

    Attributes:
        ci_class: the name of a configuration item class, such as `network.switch`.
        rules: the names of the rules that said something, the most specific first.
    """

    vendor: str | None = None
    model: str | None = None
    os_version: str | None = None
    serial: str | None = None
    ci_class: str = UNKNOWN_CLASS
    rules: tuple[str, ...] = ()


def classify(
    system: Mapping[str, Any], components: Sequence[Mapping[str, Any]] = ()
) -> Classification:
    """Judge a device by its system section and its components (see `schemas.sections`).

    Never raises for what a device says: unreadable values count as not said.
    """
    knowledge = load_knowledge()
    facts = Facts.of(system, components)
    speakers = applicable_rules(knowledge, facts)
    values: dict[str, str | None] = {
        "vendor": next((rule.vendor for rule in speakers if rule.vendor), None)
        or knowledge.vendor_of(facts.sys_object_id)
        or facts.chassis.get("vendor"),
    }
    spoke: dict[str, None] = {rule.name: None for rule in speakers[:1]}
    for name in ("model", "version", "serial"):
        values[name] = None
        for rule in speakers:
            value = find_value(getattr(rule, name), facts)
            if value is not None:
                values[name] = value
                spoke.setdefault(rule.name)
                break
    ci_class = UNKNOWN_CLASS
    for rule in speakers:
        found = find_class(rule.classes, facts, values["model"])
        if found is not None:
            ci_class = found
            spoke.setdefault(rule.name)
            break
    return Classification(
        vendor=values["vendor"],
        model=values["model"],
        os_version=values["version"],
        serial=values["serial"],
        ci_class=ci_class,
        rules=tuple(spoke),
    )


def applicable_rules(knowledge: Knowledge, facts: Facts) -> list[Rule]:
    """Return the rules that may speak about a device; a rule of another vendor is silenced."""
    speakers: list[Rule] = []
    vendor: str | None = None
    for rule in knowledge.candidates(facts.sys_object_id, facts.sys_descr):
        if not facts.proves(rule.evidence):
            continue
        if rule.vendor is not None:
            if vendor is not None and rule.vendor != vendor:
                continue
            vendor = rule.vendor
        speakers.append(rule)
    return speakers
