"""Which values of a private MIB that nobody has taught yet name the model, version and serial.

MIBs keep what identifies a device side by side: as scalars of one group, or as columns of one row
(SMI, RFC 2578). So a text counts for what it looks like where another one stands beside it that
looks like a further kind; alone it counts only as a scalar that looks like nothing else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from discovery.knowledge.grammar import describe, names_the_host
from discovery.knowledge.likeness import MAY_BE, as_model, as_serial, as_version

KINDS = ("version", "serial", "model")
_ONLY = ("version", "serial")
_ALONE = {"version": 3.0, "serial": 1.9, "model": 2.5}
_LENGTHS = range(3, 97)
_MAX_OID = 255
_MAX_DESCRIPTION = 255
_NEAR = 4
_OCTETS = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2})+")
_OID = re.compile(r"\d{1,10}(?:\.\d{1,10}){6,}", re.ASCII)
_PLACES = (2, 3)
"""Where the OIDs of neighbours differ, counted from the end: behind it stands the index."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may identify the device.

    Attributes:
        values: kind → the value in the text.
        marks: kind → how much it looks like that kind, see `likeness`.
    """

    oid: str
    arcs: tuple[int, ...]
    values: Mapping[str, str]
    marks: Mapping[str, float]

    @property
    def is_scalar(self) -> bool:
        """Whether the text is the only instance of its object."""
        return self.arcs[-1] == 0


def find_identity(texts: Mapping[str, str], sys_descr: str = "") -> dict[str, Candidate]:
    """Return kind → candidate for what the texts of a private tree say; often nothing.

    Args:
        texts: OID → text, in any order.
        sys_descr: of the device; what it repeats is the name of a product, no serial number.
    """
    descr = "" if names_the_host(sys_descr) else sys_descr
    found = [one for oid, text in texts.items() if (one := _judge(oid, text, descr))]
    found.sort(key=lambda one: one.arcs)
    groups = (_share_out(group) for group in _groups(found))
    best = max(filter(_convinces, groups), key=_worth, default={})
    return _told_at_once(texts) | _alone(found, best) | best


def _judge(oid: str, value: str, sys_descr: str) -> Candidate | None:
    text = " ".join(value.strip('"\x00 .').split())
    is_reading = text.startswith(("-", "+")) or _OCTETS.fullmatch(text)
    if len(text) not in _LENGTHS or is_reading:
        return None
    if len(oid) > _MAX_OID or not _OID.fullmatch(oid):
        return None
    likenesses = {
        "version": as_version(text),
        "serial": as_serial(text, sys_descr),
        "model": as_model(text, sys_descr),
    }
    values = {kind: told for kind, (told, mark) in likenesses.items() if mark}
    marks = {kind: mark for kind, (_, mark) in likenesses.items() if mark}
    return Candidate(oid, tuple(map(int, oid.split("."))), values, marks) if marks else None


def _groups(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield the candidates that stand side by side, as scalars or in the first row of a table."""
    groups: dict[tuple[int, ...], list[Candidate]] = {}
    for one in candidates:
        for place in _PLACES:
            at = len(one.arcs) - place
            if all(index <= 1 for index in one.arcs[at + 1 :]):
                groups.setdefault((*one.arcs[:at], -place, *one.arcs[at + 1 :]), []).append(one)
    yield from groups.values()


def _share_out(group: Sequence[Candidate]) -> dict[str, Candidate]:
    """Return kind → the candidate that looks most like it, each candidate once."""
    chosen: dict[str, Candidate] = {}
    for kind in KINDS:
        rest = [one for one in group if kind in one.marks and one not in chosen.values()]
        if rest:
            chosen[kind] = max(rest, key=lambda one: one.marks[kind])
    return chosen


def _convinces(chosen: Mapping[str, Candidate]) -> bool:
    """Return whether a group identifies the device and not one of its many parts or readings."""
    likely = [kind for kind, one in chosen.items() if one.marks[kind] > MAY_BE]
    return len(likely) > 1 or (bool(likely) and _are_close(list(chosen.values())))


def _are_close(chosen: Sequence[Candidate]) -> bool:
    """Return whether these are two or more scalars next to each other."""
    numbers = [one.arcs[-2] for one in chosen if one.is_scalar]
    is_near = len(numbers) > 1 and max(numbers) - min(numbers) < _NEAR
    return is_near and len(numbers) == len(chosen)


def _worth(chosen: Mapping[str, Candidate]) -> tuple[bool, float, list[int]]:
    """Return what a group is compared by: scalars first, then the likeness, then the order."""
    first = next(iter(chosen.values()))
    marks = sum(one.marks[kind] for kind, one in chosen.items())
    return first.is_scalar, marks, [-arc for arc in first.arcs]


def _told_at_once(texts: Mapping[str, str]) -> dict[str, Candidate]:
    """Return what the first scalar says that is worded like a sysDescr, with two kinds or more."""
    sentences = (oid for oid, text in texts.items() if oid.endswith(".0") and " " in text)
    for oid in sorted(filter(_OID.fullmatch, sentences)):
        said = describe(texts[oid][:_MAX_DESCRIPTION])
        values = {kind: value for kind in KINDS if (value := getattr(said, kind))}
        if len(values) > 1:
            one = Candidate(oid, tuple(map(int, oid.split("."))), values, dict.fromkeys(values, 0))
            return dict.fromkeys(values, one)
    return {}


def _alone(candidates: Sequence[Candidate], known: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """Return what single scalars say that look like one kind more than like anything else.

    What is hardly a version or a serial number counts if nothing else in the tree may be one.
    """
    alone: dict[str, Candidate] = {}
    for kind in (kind for kind in KINDS if kind not in known):
        alike = [one for one in candidates if kind in one.marks and one not in known.values()]
        sure = [one for one in alike if one.marks[kind] >= _ALONE[kind] and one.is_scalar]
        only = alike[0] if len(alike) == 1 and kind in _ONLY and alike[0].is_scalar else None
        if chosen := next(iter(sure), only):
            alone[kind] = chosen
    return alone
