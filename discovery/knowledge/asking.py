"""In what order a device is asked what it is, whoever carries the questions.

A collector puts them to the device over SNMP, a test and the tools for operators to a recording.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from discovery.knowledge.evidence import evidence_columns, evidence_oids, evidence_tree
from discovery.knowledge.search import search_position, search_result, search_root
from discovery.knowledge.trees import private_tree

Answers = Mapping[str, Any]
"""OID → value, in the order of the device."""


class Verb(StrEnum):
    """How is asked: for these instances, for the next one, or for the next ones."""

    GET = "get"
    NEXT = "next"
    FOLLOWING = "following"


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a device.

    Attributes:
        is_optional: a device that gives no answer tells no more; nothing is missing then.
    """

    verb: Verb
    oids: tuple[str, ...]
    is_optional: bool = False


Conversation = Generator[Question, Answers, None]


def ask(identity: tuple[Any, Any], evidence: dict[str, Any]) -> Conversation:
    """Yield the questions to a device of this sysObjectID and sysDescr; each is sent its answer.

    What the answers tell is in `evidence` as soon as they are sent.
    """
    if oids := evidence_oids(*identity):
        evidence |= yield Question(Verb.GET, oids)
    trees: dict[str, Any] = {}
    while (oid := evidence_tree(*identity, evidence, list(trees))) is not None:
        following = yield Question(Verb.NEXT, (oid,))
        tree = next(map(private_tree, following), "")
        if not tree or tree in trees:
            break
        trees[tree] = 1
    evidence |= trees
    if oids := evidence_oids(*identity, evidence):
        evidence |= yield Question(Verb.GET, oids)
    for column in evidence_columns(*identity, evidence):
        following = yield Question(Verb.NEXT, (column,))
        evidence |= {o: v for o, v in following.items() if o.startswith(column + ".")}
    yield from _search(identity, evidence)


def _search(identity: tuple[Any, Any], evidence: dict[str, Any]) -> Conversation:
    """Look through the tree of a maker about whose device the rules know too little."""
    root = search_root(*identity, evidence)
    read: dict[str, Any] = {}
    questions = 0
    while root and (oid := search_position(root, tuple(read), questions)) is not None:
        questions += 1
        count = len(read)
        read |= yield Question(Verb.FOLLOWING, (oid,), is_optional=True)
        if len(read) == count:
            break
    evidence |= search_result(read, identity[1])
