"""What a device is, judged from what it says: rules as data, and the pure code that applies them.

Lives here: vendors' rules (`devices/*.toml`), enterprise numbers, the loader that proves them, and
`classify`. Not here: asking the device (`discovery.collectors`) and storing the answer (`cmdb`).
"""

from discovery.knowledge.classify import Classification, classify
from discovery.knowledge.evidence import (
    MAX_EVIDENCE_OIDS,
    evidence_columns,
    evidence_oids,
    evidence_tree,
    serial_oids,
)
from discovery.knowledge.explain import Explanation, explain
from discovery.knowledge.search import search_position, search_result, search_root
from discovery.knowledge.texts import knowledge_mark
from discovery.knowledge.trees import private_tree

__all__ = [
    "MAX_EVIDENCE_OIDS",
    "Classification",
    "Explanation",
    "classify",
    "evidence_columns",
    "evidence_oids",
    "evidence_tree",
    "explain",
    "knowledge_mark",
    "private_tree",
    "search_position",
    "search_result",
    "search_root",
    "serial_oids",
]
