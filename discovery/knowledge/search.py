"""How the tree of a maker that nobody has taught is read: some first instances of each object.

A few GETBULK requests along the maker's own tree (SMI, RFC 2578) bring the texts in which
`identity` finds model, version and serial. Only those are kept: the rest changes with every look.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from discovery.knowledge.identity import KINDS, find_identity
from discovery.knowledge.loader import ENTERPRISES, Knowledge, load_knowledge
from discovery.knowledge.rules import Origin, is_under
from discovery.knowledge.trees import SHARED, enterprise_number, is_private, maker_tree
from discovery.knowledge.values import Facts, find_value

MAX_QUESTIONS = 8
MAX_READ = 200
_FEW = 3
_ENOUGH = 2
_READ_LATER = (Origin.COMPONENT,)


def search_root(
    sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any]
) -> str | None:
    """Return the tree in which to look for what the rules do not tell; mostly nothing."""
    knowledge, object_id, descr = load_knowledge(), sys_object_id or "", sys_descr or ""
    number = enterprise_number(object_id)
    own = f"{ENTERPRISES}.{number}" if number and number not in SHARED else ""
    root = own or maker_tree(knowledge, found)
    if not root or _tells_enough_unasked(object_id, descr, root):
        return None
    return None if _tells_enough(knowledge, object_id, descr, root, found) else root


@lru_cache(maxsize=4096)
def _tells_enough_unasked(object_id: str, descr: str, tree: str) -> bool:
    """Return whether the rules need no evidence at all; so it is with most devices."""
    return _tells_enough(load_knowledge(), object_id, descr, tree, {})


def _tells_enough(
    knowledge: Knowledge, object_id: str, descr: str, tree: str, found: Mapping[str, Any]
) -> bool:
    """Return whether the rules about the maker already give, or will give, two of three kinds."""
    facts = Facts.of({"sys_object_id": object_id, "sys_descr": descr, "evidence": dict(found)}, ())
    rules = [
        rule
        for rule in knowledge.candidates(object_id, descr, tree)
        if not rule.is_general and facts.proves(rule.evidence)
    ]
    told = 0
    for kind in KINDS:
        sources = [source for rule in rules for source in getattr(rule, kind)]
        later = any(source.origin in _READ_LATER for source in sources)
        told += later or find_value(sources, facts) is not None
    return told >= _ENOUGH


def search_position(root: str, read: Sequence[str], questions: int) -> str | None:
    """Return the OID after which to read on below a root; nothing when enough was read.

    Of an object with many instances the first ones are enough, so the rest is leapt over.

    Args:
        root: of the tree.
        read: the OIDs that came so far, in order.
        questions: how many were put so far.
    """
    if not read:
        return root if questions == 0 else None
    last = read[-1]
    if questions >= MAX_QUESTIONS or len(read) >= MAX_READ or not is_under(last, root):
        return None
    column = last.rsplit(".", 1)[0]
    if sum(is_under(oid, column) for oid in read) < _FEW or column.count(".") <= root.count("."):
        return last
    parent, number = column.rsplit(".", 1)
    return f"{parent}.{int(number) + 1}"


def search_result(read: Mapping[str, Any], sys_descr: str | None) -> dict[str, Any]:
    """Return the answers of a search that identify the device; at most one for each kind."""
    texts = {oid: value for oid, value in read.items() if isinstance(value, str)}
    texts = {oid: value for oid, value in texts.items() if is_private(oid)}
    found = find_identity(texts, sys_descr or "")
    return {one.oid: read[one.oid] for one in found.values()}
