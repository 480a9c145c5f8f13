"""How a value is cut out of what a device said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from discovery.knowledge.grammar import describe
from discovery.knowledge.identity import find_identity
from discovery.knowledge.rules import ClassChoice, EvidenceCondition, Origin, Source, is_under
from discovery.knowledge.trees import is_private

_TELLING = ("serial", "model")
_UNTOLD = (None, "unknown")
MAX_TEXT = 4096
MAX_VALUE = 255

# What manufacturers and agents write when they have nothing to say; longer than a hardware address
# in hexadecimal digits are octets that are no text.
_EMPTY = re.compile(
    r"(?i)(n/?a|none|null|unknown|undefined|not (specified|available|applicable|set|present)"
    r"|to be filled by o\.?e\.?m\.?|default string|system serial number|0123456789|[0x. -]*|\?+"
    r"|1\.3\.6\.1\.[\d.]+|(?:[\da-f]{2}:){8,}[\da-f]{0,2})"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a device said, cleaned: the system group, the evidence and the chassis row."""

    sys_object_id: str
    sys_descr: str
    sys_name: str
    evidence: Mapping[str, str]
    chassis: Mapping[str, str]

    @classmethod
    def of(cls, system: Mapping[str, Any], components: Sequence[Mapping[str, Any]]) -> Self:
        """Read the facts out of a system section and component rows."""
        evidence = system.get("evidence")
        pairs: Iterable[tuple[Any, Any]] = evidence.items() if isinstance(evidence, Mapping) else ()
        return cls(
            sys_object_id=_text(system.get("sys_object_id")).strip("."),
            sys_descr=_text(system.get("sys_descr")),
            sys_name=_text(system.get("sys_name")),
            evidence={str(oid).strip("."): _text(value) for oid, value in pairs},
            chassis=_chassis(components),
        )

    def proves(self, conditions: Iterable[EvidenceCondition]) -> bool:
        """Return whether every condition on the evidence holds."""
        for condition in conditions:
            text = self.evidence.get(condition.oid, "")
            if not text or (condition.pattern and not condition.pattern.search(text)):
                return False
        return True

    def answered(self, oids: Iterable[str]) -> bool:
        """Return whether any of the instances, or a row of any of the columns, was answered."""
        return any(self.evidence.get(oid) or self.in_column(oid) for oid in oids)

    def in_column(self, column: str) -> str:
        """Return the value of the lowest row of a column, or nothing."""
        rows = [oid for oid in self.evidence if is_under(oid, column) and self.evidence[oid]]
        return self.evidence[min(rows, key=_order)] if rows else ""

    def private_texts(self) -> dict[str, str]:
        """Return what the device answered below the tree of its maker."""
        return {oid: text for oid, text in self.evidence.items() if is_private(oid)}


def find_value(sources: Iterable[Source], facts: Facts) -> str | None:
    """Return the first value that any of the sources gives."""
    for source in sources:
        value = _value(source, facts)
        if value is not None:
            return value
    return None


def find_class(choices: Iterable[ClassChoice], facts: Facts, model: str | None) -> str | None:
    """Return the first class whose patterns are found."""
    for choice in choices:
        if choice.model and not choice.model.search(model or ""):
            continue
        if choice.sys_descr and not choice.sys_descr.search(facts.sys_descr):
            continue
        if choice.sys_object_id and not any(
            is_under(facts.sys_object_id, prefix) for prefix in choice.sys_object_id
        ):
            continue
        if choice.answers and not facts.answered(choice.answers):
            continue
        return choice.name
    return None


def clean(value: str | None) -> str | None:
    """Return a value without padding and control characters; nothing if it says nothing."""
    if value is None:
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    text = text.strip("\"' ,;:")[:MAX_VALUE]
    return None if _EMPTY.fullmatch(text) else text


def _value(source: Source, facts: Facts) -> str | None:
    texts = _texts(source, facts)
    if not texts or not all(texts):
        return None
    if source.pattern is not None:
        match = source.pattern.search(texts[0])
        if match is None:
            return None
        texts = [texts[0][slice(*match.span())], *(group or "" for group in match.groups())]
        if source.format is None:
            texts = [next((text for text in texts[1:] if text), texts[0])]
    if source.format is not None:
        # Without a pattern the OIDs are counted from 1, as the groups of a pattern are.
        numbered = texts if source.pattern is not None else ["", *texts]
        result = source.format.format(*numbered)
    else:
        result = texts[0]
    if source.values:
        result = source.values.get(result.strip(), "")
    return clean(result)


def _texts(source: Source, facts: Facts) -> list[str]:
    match source.origin:
        case Origin.OID | Origin.BELOW:
            return [facts.evidence.get(oid, "") for oid in source.oids(facts.sys_object_id)]
        case Origin.COLUMN:
            text = facts.in_column(source.keys[0])
        case Origin.SYS_DESCR:
            text = facts.sys_descr
        case Origin.SYS_NAME:
            text = facts.sys_name
        case Origin.SYS_OBJECT_ID:
            text = facts.sys_object_id
        case Origin.COMPONENT:
            text = facts.chassis.get(source.keys[0], "")
        case Origin.TEXT:
            text = source.keys[0]
        case Origin.DESCRIBED:
            text = getattr(describe(facts.sys_descr), source.keys[0]) or ""
            # Who administers a device may have put its name there.
            text = "" if text == facts.sys_name else text
        case Origin.PRIVATE:
            found = find_identity(facts.private_texts(), facts.sys_descr).get(source.keys[0])
            text = found.values[source.keys[0]] if found else ""
    return [text]


def _chassis(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the row of the whole device: the stack's first chassis, or the part that holds all."""
    # The index of a part from a maker's own table has a colon; it is seldom the whole device.
    standard = [row for row in components if ":" not in str(row.get("index") or "")]
    components = standard or [row for row in components if row.get("kind") == "chassis"]
    rows = [row for row in components if row.get("kind") == "chassis"] or [
        row for row in components if str(row.get("parent") or "0") == "0"
    ]
    telling = [row for row in rows if any(clean(_text(row.get(key))) for key in _TELLING)]
    if not telling and not rows:
        # Some agents tell neither what a part is nor what holds it; the first one counts.
        telling = [row for row in components if any(clean(_text(row.get(k))) for k in _TELLING)]
    best = next((row for row in telling if clean(_text(row.get("serial")))), None)
    if best is None:
        best = telling[0] if telling else rows[0] if rows else {}
    found = {key: _text(value) for key, value in best.items()}
    if all(row.get("kind") in _UNTOLD for row in components):
        for key in _TELLING:
            if not clean(found.get(key)):
                values = (_text(row.get(key)) for row in components)
                found[key] = next(filter(clean, values), "")
    return found


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).replace("\x00", "").strip()[:MAX_TEXT]


def _order(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.split(".") if part.isdecimal() and len(part) < MAX_TEXT)
