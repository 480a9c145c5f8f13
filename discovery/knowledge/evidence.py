"""What to ask a device beyond the system group, so that its rules can speak."""

from functools import lru_cache

from discovery.knowledge.loader import load_knowledge
from discovery.knowledge.rules import Origin, Rule

MAX_EVIDENCE_OIDS = 24
MAX_EVIDENCE_COLUMNS = 8


def evidence_oids(sys_object_id: str | None, sys_descr: str | None) -> tuple[str, ...]:
    """Return the instance OIDs to GET in addition to the system group, most telling first.

    At most `MAX_EVIDENCE_OIDS`. What the device answers belongs into the `evidence` of its system
    section under the same OID: text where the octets are printable, numbers as numbers.
    """
    return _wanted(sys_object_id or "", sys_descr or "")[0]


def evidence_columns(sys_object_id: str | None, sys_descr: str | None) -> tuple[str, ...]:
    """Return the columns of which one GETNEXT is to be asked, because the row is not known before.

    At most `MAX_EVIDENCE_COLUMNS`. The answer belongs into `evidence` under its own instance OID,
    and only if that lies in the column.
    """
    return _wanted(sys_object_id or "", sys_descr or "")[1]


@lru_cache(maxsize=4096)
def _wanted(sys_object_id: str, sys_descr: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    oids: dict[str, None] = {}
    columns: dict[str, None] = {}
    for rule in load_knowledge().candidates(sys_object_id, sys_descr):
        _collect(rule, oids, columns)
    return tuple(oids)[:MAX_EVIDENCE_OIDS], tuple(columns)[:MAX_EVIDENCE_COLUMNS]


def _collect(rule: Rule, oids: dict[str, None], columns: dict[str, None]) -> None:
    for condition in rule.evidence:
        oids.setdefault(condition.oid)
    for source in rule.sources:
        if source.origin is Origin.OID:
            for key in source.keys:
                oids.setdefault(key)
        elif source.origin is Origin.COLUMN:
            columns.setdefault(source.keys[0])
