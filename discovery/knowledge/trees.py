"""Whose private MIBs a device implements, when its sysObjectID names nobody.

Many makers ship net-snmp with its own sysObjectID, or none at all, and add their MIB under their
enterprise number. A few GETNEXT along 1.3.6.1.4.1 (SMI, RFC 2578) tell which numbers there are.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from discovery.knowledge.loader import ENTERPRISES, Knowledge
from discovery.knowledge.rules import is_under

MAX_TREES = 5
_MIN_NAME = 5
_WORDS = re.compile(r"\w+")
_NUMBER = ENTERPRISES.count(".") + 1
# Agent software, switch chips and parts of servers: devices of any maker implement their MIBs.
SHARED = frozenset({"0", "1", "89", "2021", "2238", "3582", "4413", "8072", "10876", "12325"})


def tree_question(
    knowledge: Knowledge,
    sys_object_id: str,
    sys_descr: str,
    found: Iterable[str],
    answered: Sequence[str],
) -> str | None:
    """Return the OID to put as the next GETNEXT in search of the maker's tree; mostly nothing.

    Args:
        knowledge: the rules and the enterprise numbers.
        sys_object_id: of the device, or an empty text.
        sys_descr: of the device, or an empty text.
        found: the OIDs of the evidence so far.
        answered: the private trees that answered the questions before, in order.
    """
    if is_recognised(knowledge, sys_object_id, sys_descr) or len(answered) >= MAX_TREES:
        return None
    if maker_tree(knowledge, [*found, *answered]):
        return None
    if not answered:
        return ENTERPRISES
    number = enterprise_number(answered[-1])
    return f"{ENTERPRISES}.{int(number) + 1}" if number else None


def maker_tree(knowledge: Knowledge, found: Iterable[str]) -> str:
    """Return the lowest tree of a known maker among answered OIDs, or an empty text."""
    numbers = {enterprise_number(oid) for oid in found} - SHARED
    known = [number for number in numbers if number in knowledge.enterprises]
    return f"{ENTERPRISES}.{min(known, key=int)}" if known else ""


def is_recognised(knowledge: Knowledge, sys_object_id: str, sys_descr: str) -> bool:
    """Return whether sysObjectID or sysDescr tell the maker without any further question."""
    if knowledge.enterprise_of(sys_object_id) is not None:
        return True
    rules = knowledge.candidates(sys_object_id, sys_descr)
    return any(rule.vendor and not rule.is_agent and not rule.evidence for rule in rules)


def maker_in_words(knowledge: Knowledge, text: str) -> str | None:
    """Return the maker whose name a sysDescr begins with, or nothing.

    Only names of at least five letters count: shorter ones are ordinary words too often.
    """
    words = _WORDS.findall(text.casefold())[:3]
    names = _names(knowledge)
    return next((names[n] for k in (3, 2, 1) if (n := "".join(words[:k])) in names), None)


@cache
def _names(knowledge: Knowledge) -> dict[str, str]:
    makers = [maker.vendor for maker in knowledge.enterprises.values()]
    makers += [rule.vendor for rule in knowledge.rules if rule.vendor]
    names = {"".join(_WORDS.findall(maker.casefold())): maker for maker in makers}
    return {name: maker for name, maker in names.items() if len(name) >= _MIN_NAME}


def private_tree(oid: str) -> str:
    """Return the enterprise's own tree in which an OID lies, or an empty text.

    Evidence keeps the tree and not the answer, which is often a counter and never the same twice.
    """
    number = enterprise_number(oid)
    return f"{ENTERPRISES}.{number}" if number else ""


def is_private(oid: str) -> bool:
    """Return whether an OID lies in the tree of the maker of the device, not of its agent."""
    number = enterprise_number(oid)
    return bool(number) and number not in SHARED and oid.count(".") > _NUMBER


def enterprise_number(oid: str) -> str:
    """Return the enterprise number under which an OID lies, or an empty text."""
    parts = oid.split(".")
    below = is_under(oid, ENTERPRISES) and len(parts) > _NUMBER and parts[_NUMBER].isdecimal()
    return parts[_NUMBER] if below else ""
