"""From what a device says to what it is: the rules that apply speak, the most specific first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from discovery.knowledge.enterprises import Enterprise
from discovery.knowledge.loader import Knowledge, load_knowledge
from discovery.knowledge.rules import ClassChoice, Rule
from discovery.knowledge.trees import is_recognised, maker_in_words, maker_tree
from discovery.knowledge.values import Facts, clean, find_class, find_value

UNKNOWN_CLASS = "unknown.device"
_COMPUTER = "server.physical"


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
    enterprise = enterprise_behind(knowledge, facts)
    vendors = name_vendors(knowledge, facts, speakers, enterprise)
    model, by_model = _first(speakers, facts, "model")
    version, by_version = _first(speakers, facts, "version")
    serial, by_serial = _first(speakers, facts, "serial")
    ci_class, by_class = choose_class(speakers, facts, model, enterprise)
    spoke = (*speakers[:1], by_model, by_version, by_serial, by_class)
    return Classification(
        vendor=next((vendor for vendor, _ in vendors), None),
        model=model,
        os_version=version,
        serial=serial,
        ci_class=ci_class,
        rules=tuple(dict.fromkeys(rule.name for rule in spoke if rule)),
    )


def enterprise_behind(knowledge: Knowledge, facts: Facts) -> Enterprise | None:
    """Return who registered the number in sysObjectID, or that of the private tree."""
    return knowledge.enterprise_of(facts.sys_object_id) or knowledge.enterprise_of(
        own_tree(knowledge, facts)
    )


def name_vendors(
    knowledge: Knowledge, facts: Facts, speakers: Sequence[Rule], enterprise: Enterprise | None
) -> Iterator[tuple[str, str]]:
    """Yield who may have made the device, the surest first, each with what says so."""
    for rule in speakers:
        if rule.vendor:
            yield rule.vendor, f"the rule “{rule.name}”"
    if enterprise:
        yield enterprise.vendor, "the enterprise number"
    if maker := maker_in_words(knowledge, facts.sys_descr):
        yield maker, "the words of sysDescr"
    maker, rule = _first(speakers, facts, "maker")
    if maker and rule:
        yield maker, f"the rule “{rule.name}”"
    if maker := clean(facts.chassis.get("vendor")):
        yield maker, "vendor of the chassis (ENTITY-MIB)"


def _first(speakers: Sequence[Rule], facts: Facts, name: str) -> tuple[str | None, Rule | None]:
    """Return the first value that a rule gives for a kind of value, and the rule."""
    for rule in speakers:
        value = find_value(getattr(rule, name), facts)
        if value is not None:
            return value, rule
    return None, None


def choose_class(
    speakers: Sequence[Rule], facts: Facts, model: str | None, enterprise: Enterprise | None
) -> tuple[str, Rule | None]:
    """Return the class and the rule behind it; what the maker makes counts more than sysDescr.

    What most of a maker's devices are counts less than those words, but more than that a device
    runs a general operating system or implements a MIB.
    """
    usual = enterprise.ci_class if enterprise else None
    mostly = enterprise.main_class if enterprise else None
    for rule in speakers:
        if rule.is_general and usual:
            return usual, None
        choices = _words_only(rule.classes) if rule.is_general and mostly else rule.classes
        found = find_class(choices, facts, model)
        if found is not None:
            return found, rule
    return usual or mostly or UNKNOWN_CLASS, None


def _words_only(choices: Iterable[ClassChoice]) -> list[ClassChoice]:
    return [one for one in choices if not one.answers and one.name != _COMPUTER]


def applicable_rules(knowledge: Knowledge, facts: Facts) -> list[Rule]:
    """Return the rules that may speak about a device; a rule of another vendor is silenced.

    Where the maker is known only by its tree, the rule about its agent software speaks last, and of
    the operating system only.
    """
    speakers: list[Rule] = []
    agents: list[Rule] = []
    tree = own_tree(knowledge, facts)
    maker = knowledge.enterprise_of(tree)
    vendor: str | None = None
    for rule in knowledge.candidates(facts.sys_object_id, facts.sys_descr, tree):
        if not facts.proves(rule.evidence):
            continue
        if rule.is_agent and maker and vendor is None:
            vendor = maker.vendor
            agents.append(replace(rule, vendor=None, classes=()))
        is_of_other = rule.vendor != vendor and (rule.is_agent or rule.vendor is not None)
        if vendor is not None and is_of_other:
            continue
        vendor = vendor or rule.vendor
        speakers.append(rule)
    return speakers + agents


def own_tree(knowledge: Knowledge, facts: Facts) -> str:
    """Return the tree of the maker whose MIBs answered, if nothing better tells the maker."""
    if is_recognised(knowledge, facts.sys_object_id, facts.sys_descr):
        return ""
    return maker_tree(knowledge, facts.evidence)
