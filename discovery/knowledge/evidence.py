"""What to ask a device beyond the system group, so that its rules can speak."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.rules import Origin, Rule
from discovery.knowledge.values import Facts

MAX_EVIDENCE_OIDS = 24
MAX_EVIDENCE_COLUMNS = 8


def evidence_oids(
    sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Return the instance OIDs to GET in addition to the system group, most telling first.

    At most `MAX_EVIDENCE_OIDS`. What the device answers belongs into the `evidence` of its system
    section under the same OID: text where the octets are printable, numbers as numbers.

    With `found`, the answers so far, return what those make worth asking; mostly nothing.
    """
    first = _wanted(sys_object_id or "", sys_descr or "", frozenset())[0]
    if found is None:
        return first[:MAX_EVIDENCE_OIDS]
    proven = _proven(sys_object_id or "", sys_descr or "", found)
    more = _wanted(sys_object_id or "", sys_descr or "", proven)[0]
    asked = frozenset(first[:MAX_EVIDENCE_OIDS])
    return tuple(oid for oid in more if oid not in asked)[:MAX_EVIDENCE_OIDS] if proven else ()


def evidence_columns(
    sys_object_id: str | None, sys_descr: str | None, found: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """Return the columns of which one GETNEXT is to be asked, because the row is not known before.

    At most `MAX_EVIDENCE_COLUMNS`. The answer belongs into `evidence` under its own instance OID,
    and only if that lies in the column. With `found`, the answers to the OIDs are considered.
    """
    proven = _proven(sys_object_id or "", sys_descr or "", found or {})
    return _wanted(sys_object_id or "", sys_descr or "", proven)[1][:MAX_EVIDENCE_COLUMNS]


def _proven(sys_object_id: str, sys_descr: str, found: Mapping[str, Any]) -> frozenset[Rule]:
    """Return the rules with conditions on the evidence that the answers so far fulfil."""
    if not found:
        return frozenset()
    facts = Facts.of({"evidence": found}, ())
    rules = load_knowledge().candidates(sys_object_id, sys_descr)
    return frozenset(rule for rule in rules if rule.evidence and facts.proves(rule.evidence))


@lru_cache(maxsize=4096)
def _wanted(
    sys_object_id: str, sys_descr: str, proven: frozenset[Rule]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return OIDs and columns: of a rule with unproven conditions only what its conditions need."""
    oids: dict[str, None] = {}
    columns: dict[str, None] = {}
    for rule in load_knowledge().candidates(sys_object_id, sys_descr):
        oids |= dict.fromkeys(condition.oid for condition in rule.evidence)
        if rule.evidence and rule not in proven:
            continue
        for source in rule.sources:
            oids |= dict.fromkeys(source.oids(sys_object_id))
            if source.origin is Origin.COLUMN:
                columns.setdefault(source.keys[0])
    return tuple(oids), tuple(columns)


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
