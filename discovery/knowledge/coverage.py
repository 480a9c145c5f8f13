"""What the devices that are not fully known have in common, so that one rule helps most of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from discovery.knowledge.classify import UNKNOWN_CLASS, classify
from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.rules import MIN_ARCS
from discovery.knowledge.trees import private_tree
from discovery.knowledge.values import Facts

Described = tuple[str, Mapping[str, Any], Sequence[Mapping[str, Any]]]
"""What the caller calls a device, its system section and its component rows."""

_MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """Devices of which the same is missing for the same visible cause.

    Attributes:
        trait: what they share, written as the match of a rule.
        missing: what is not known, with the number of devices that lack it.
        devices: what the caller calls them, sorted.
        sys_descr: what one of them says of itself.
    """

    trait: str
    missing: Mapping[str, int]
    devices: tuple[str, ...]
    sys_descr: str


@dataclass(frozen=True, slots=True)
class _Unknown:
    name: str
    missing: tuple[str, ...]
    traits: tuple[tuple[int, str], ...]
    sys_descr: str


def find_gaps(devices: Iterable[Described]) -> Iterator[Gap]:
    """Yield what is missing, the trait shared by most devices first; each device once."""
    unknown = [found for device in devices if (found := _look_at(*device)).missing]
    while unknown:
        carriers: dict[tuple[int, str], list[_Unknown]] = defaultdict(list)
        for one in unknown:
            for trait in one.traits:
                carriers[trait].append(one)
        # Of traits of equally many devices the narrower one makes the safer rule.
        best = max(carriers, key=lambda trait: (len(carriers[trait]), trait))
        shared = carriers[best]
        yield Gap(
            trait=best[1],
            missing=dict(Counter(field for one in shared for field in one.missing)),
            devices=tuple(sorted(one.name for one in shared)),
            sys_descr=shared[0].sys_descr,
        )
        unknown = [one for one in unknown if best not in one.traits]


def _look_at(
    name: str, system: Mapping[str, Any], components: Sequence[Mapping[str, Any]]
) -> _Unknown:
    found = classify(system, components)
    facts = Facts.of(system, components)
    known = {
        "vendor": found.vendor,
        "model": found.model,
        "os_version": found.os_version,
        "serial": found.serial,
        "class": None if found.ci_class == UNKNOWN_CLASS else found.ci_class,
    }
    missing = tuple(field for field, value in known.items() if value is None)
    return _Unknown(name, missing, tuple(_traits(facts)), facts.sys_descr)


def _traits(facts: Facts) -> Iterator[tuple[int, str]]:
    """Yield what a rule could match, each with how narrow it is.

    The sysObjectID of an agent's software is on devices of many makers and is no match for one.
    """
    arcs = facts.sys_object_id.split(".")
    is_of_agent = any(rule.is_agent for rule in load_knowledge().under(facts.sys_object_id))
    is_telling = len(arcs) > MIN_ARCS and not is_of_agent
    if is_telling:
        for length in range(MIN_ARCS + 1, len(arcs) + 1):
            yield length, f'sys_object_id = "{".".join(arcs[:length])}"'
        return
    trees = [oid for oid in facts.evidence if private_tree(oid) == oid]
    for tree in trees:
        yield MIN_ARCS, f'evidence = {{ oid = "{tree}.…" }}'
    words = facts.sys_descr.split()
    if not trees:
        for length in range(1, min(len(words), _MAX_WORDS) + 1):
            yield length, f"sys_descr = '^{re.escape(' '.join(words[:length]))}'"
        if not words:
            yield 0, "nothing: neither sysObjectID nor sysDescr"
