"""What a device is, judged from what it says: rules as data, and the pure code that applies them.

Lives here: vendors' rules (`devices/*.toml`), enterprise numbers, the loader that proves them, and
`classify`, and what to `ask` a device for it. Not here: carrying the questions to the device
(`discovery.collectors`) and storing the answer (`cmdb`).
"""

from discovery.knowledge.asking import Question, Verb, ask
from discovery.knowledge.classify import Classification, classify
from discovery.knowledge.evidence import serial_oids
from discovery.knowledge.explain import Explanation, explain
from discovery.knowledge.texts import knowledge_mark
from discovery.knowledge.trees import private_tree

__all__ = [
    "Classification",
    "Explanation",
    "Question",
    "Verb",
    "ask",
    "classify",
    "explain",
    "knowledge_mark",
    "private_tree",
    "serial_oids",
]
