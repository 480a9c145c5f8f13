"""What to ask a device beyond the system group, so that its rules can speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from discovery.knowledge.enterprises import Enterprise
from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.rules import Origin, Rule
from discovery.knowledge.trees import (
    SHARED,
    enterprise_number,
    is_recognised,
    maker_tree,
    tree_question,
)
from discovery.knowledge.values import Facts

MAX_EVIDENCE_OIDS = 24
MAX_FURTHER_OIDS = 48
MAX_EVIDENCE_COLUMNS = 8
_NOBODY = Enterprise("")


def evidence_oids(
    sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Return the instance OIDs to GET in addition to the system group, most telling first.

    At most `MAX_EVIDENCE_OIDS`. What the device answers belongs into the `evidence` of its system
    section under the same OID: text where the octets are printable, numbers as numbers.

    With `found`, the answers so far, return what those make worth asking, and what found no place
    in the first question; mostly nothing, at most `MAX_FURTHER_OIDS`.
    """
    first = _wanted(_Known(sys_object_id or "", sys_descr or ""))[0][:MAX_EVIDENCE_OIDS]
    if found is None:
        return first
    more = _wanted(_known(sys_object_id, sys_descr, found))[0]
    return tuple(oid for oid in more if oid not in first)[:MAX_FURTHER_OIDS] if found else ()


def evidence_columns(
    sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Return the columns of which one GETNEXT is to be asked, because the row is not known before.

    At most `MAX_EVIDENCE_COLUMNS`. The answer belongs into `evidence` under its own instance OID,
    and only if that lies in the column. With `found`, the answers to the OIDs are considered.
    """
    return _wanted(_known(sys_object_id, sys_descr, found or {}))[1][:MAX_EVIDENCE_COLUMNS]


def evidence_tree(
    sys_object_id: str | None,
    sys_descr: str | None,
    found: Mapping[str, Any],
    answered: Sequence[str],
) -> str | None:
    """Return the OID of the next GETNEXT that looks for the maker's private tree, or nothing.

    To be asked between the two rounds of `evidence_oids`, at most `MAX_TREES` times, until it
    returns nothing or an answer lies in no `private_tree`. The trees that answered belong into
    `evidence` with the value 1.
    """
    knowledge = load_knowledge()
    return tree_question(knowledge, sys_object_id or "", sys_descr or "", found, answered)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a device while it is asked: enough to tell what to ask next.

    Attributes:
        proven: the rules with conditions on the evidence that the answers so far fulfil.
        numbers: the enterprise numbers under which something answered.
    """

    sys_object_id: str
    sys_descr: str
    tree: str = ""
    proven: frozenset[Rule] = frozenset()
    numbers: frozenset[str] = frozenset()


def _known(sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any]) -> _Known:
    object_id, descr = sys_object_id or "", sys_descr or ""
    if not found:
        return _Known(object_id, descr)
    knowledge, facts = load_knowledge(), Facts.of({"evidence": found}, ())
    searched = not is_recognised(knowledge, object_id, descr)
    tree = maker_tree(knowledge, found) if searched else ""
    rules = knowledge.candidates(object_id, descr, tree)
    return _Known(
        object_id,
        descr,
        tree,
        frozenset(rule for rule in rules if rule.evidence and facts.proves(rule.evidence)),
        frozenset(map(enterprise_number, found)) if searched else frozenset(),
    )


@lru_cache(maxsize=4096)
def _wanted(known: _Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return OIDs and columns: of a rule with unproven conditions only what its conditions need.

    Where the maker is still searched, a rule waits until its private tree has answered.
    """
    knowledge = load_knowledge()
    searched = not is_recognised(knowledge, known.sys_object_id, known.sys_descr)
    oids: dict[str, None] = {}
    columns: dict[str, None] = {}
    rules = knowledge.candidates(known.sys_object_id, known.sys_descr, known.tree)
    for rule in rules:
        trees = {enterprise_number(condition.oid) for condition in rule.evidence} - {""}
        answered = searched and bool(trees) and trees <= known.numbers
        if searched and not trees <= known.numbers | SHARED:
            continue
        oids |= dict.fromkeys(condition.oid for condition in rule.evidence)
        if rule.evidence and rule not in known.proven and not answered:
            continue
        for source in rule.sources:
            oids |= dict.fromkeys(source.oids(known.sys_object_id))
            if source.origin is Origin.COLUMN:
                columns.setdefault(source.keys[0])
    if not _tells_class(known, rules):
        answers = [oid for rule in rules for choice in rule.classes for oid in choice.answers]
        oids |= dict.fromkeys(oid for oid in answers if oid.endswith(".0"))
        columns |= dict.fromkeys(oid for oid in answers if not oid.endswith(".0"))
    return tuple(oids), tuple(columns)


def _tells_class(known: _Known, rules: Sequence[Rule]) -> bool:
    """Return whether the class is certain whatever else the device answers."""
    knowledge = load_knowledge()
    numbers = known.sys_object_id, known.tree
    usual = any((knowledge.enterprise_of(oid) or _NOBODY).ci_class for oid in numbers)
    applying = (rule for rule in rules if not rule.evidence or rule in known.proven)
    return usual or any(
        choice.is_unconditional
        for rule in applying
        if not rule.is_general
        for choice in rule.classes
    )


@cache
def serial_oids() -> tuple[str, ...]:
    """Return every OID, instance or column, at which some maker keeps a serial number."""
    sources = [source for rule in load_knowledge().rules for source in rule.serial]
    return tuple(
        sorted(
            {
                key
                for source in sources
                if source.origin in (Origin.OID, Origin.COLUMN)
                for key in source.keys
            }
        )
    )
