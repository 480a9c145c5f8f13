"""How findings are told in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, ngettext

from catalog.web.components import age, word
from catalog.web.devices.words import Words
from catalog.web.formatting import format_date
from cmdb.kernel.errors import N_
from cmdb.reconcile.queries import FindingRow
from schemas.vocabulary import FindingKind, IdentifierScheme

TOLD: Final = ("name", "class_name", "vendor", "model", "serial", "address", "os_version")
"""What is told of a device that discovery could not place."""

QUESTIONS: Final = {
    FindingKind.AMBIGUOUS: N_("Which device is this?"),
    FindingKind.CONTRADICTION: N_("Which value is right?"),
    FindingKind.MISSING: N_("Is it gone?"),
    FindingKind.NEIGHBOUR: N_("Does this neighbour belong to the inventory?"),
}
ACCEPTS: Final = {
    FindingKind.AMBIGUOUS: N_("Bind to this device"),
    FindingKind.CONTRADICTION: N_("Accept the discovered value"),
    FindingKind.MISSING: N_("Retire the device"),
    FindingKind.NEIGHBOUR: N_("Add it to the plan"),
}
KEEPS: Final = {
    FindingKind.AMBIGUOUS: N_("Leave it open"),
    FindingKind.CONTRADICTION: N_("Keep the declared value"),
    FindingKind.MISSING: N_("Keep the device"),
    FindingKind.NEIGHBOUR: N_("Leave it out"),
}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One question with its values in words."""

    row: FindingRow
    question: str
    accept: str
    keep: str
    label: str
    declared: str | None
    discovered: str | None
    explanation: str
    aside: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that comes into question, with what speaks for and against it.

    Attributes:
        is_excluded: whether something speaks against it that cannot be.
    """

    item_id: UUID
    name: str
    class_name: str
    points: int
    agrees: str
    differs: str
    is_excluded: bool


def shown(row: FindingRow, words: Words) -> ShownFinding:
    """Return a finding with its values in words."""
    return ShownFinding(
        row,
        gettext(QUESTIONS[row.kind]),
        gettext(ACCEPTS[row.kind]),
        gettext(KEEPS[row.kind]),
        words.label(row.attribute) if row.attribute else gettext("Device"),
        words.text(row.attribute, row.declared),
        _discovered(row, words),
        _explanation(row),
        _aside(row),
    )


def discovered_pairs(row: FindingRow, words: Words) -> list[tuple[str, str]]:
    """Return what was seen of a device that could not be placed, label by label."""
    values: dict[str, Any] = row.discovered if isinstance(row.discovered, dict) else {}
    pairs = [(words.label(name), words.text(name, values.get(name))) for name in TOLD]
    return [(label, text) for label, text in pairs if text]


def neighbour_pairs(row: FindingRow) -> list[tuple[str, str]]:
    """Return what a device tells of a neighbour that is no item, label by label."""
    told: dict[str, Any] = row.discovered if isinstance(row.discovered, dict) else {}
    pairs = [
        (gettext("Reported by"), row.item_name or row.subject_key),
        (gettext("Local port"), ", ".join(told.get("local_ports", ()))),
        (gettext("Name"), told.get("remote_name", "")),
        (gettext("Address"), told.get("remote_address", "")),
        (gettext("Port of the neighbour"), told.get("remote_port", "")),
        (gettext("Chassis"), told.get("remote_chassis_id", "")),
        (gettext("Description"), told.get("remote_description", "")),
    ]
    return [(label, text) for label, text in pairs if text]


def identifiers_of(row: FindingRow) -> list[tuple[str, str]]:
    """Return by what the device could be recognised."""
    return [
        (_scheme(one["scheme"]), str(one["value"])) for one in row.evidence.get("identifiers", ())
    ]


def candidates_of(row: FindingRow, named: Sequence[tuple[UUID, str, str]]) -> list[Candidate]:
    """Return the devices in question with their scores, the best first."""
    names = {key: (name, class_name) for key, name, class_name in named}
    found: list[Candidate] = []
    for one in row.evidence.get("candidates", ()):
        key = UUID(one["item_id"])
        if key in names:
            name, class_name = names[key]
            agrees, differs = (_schemes(one[side]) for side in ("agrees", "differs"))
            found.append(
                Candidate(key, name, class_name, one["points"], agrees, differs, one["is_excluded"])
            )
    return found


def _discovered(row: FindingRow, words: Words) -> str | None:
    if row.kind is FindingKind.AMBIGUOUS:
        return " · ".join(text for _, text in discovered_pairs(row, words)[:4]) or None
    if row.kind is FindingKind.NEIGHBOUR:
        return " · ".join(text for _, text in neighbour_pairs(row)[1:5]) or None
    return words.text(row.attribute, row.discovered)


def _explanation(row: FindingRow) -> str:
    if row.kind is FindingKind.MISSING:
        seen_at = row.evidence.get("seen_at")
        if seen_at:
            last = age(datetime.fromisoformat(seen_at))
            return gettext("Last seen %(age)s; the latest complete runs did not meet it.", age=last)
        return gettext("The latest complete runs did not meet it.")
    if row.kind is FindingKind.NEIGHBOUR:
        return gettext("The device tells of a neighbour that is none of your devices.")
    if row.kind is FindingKind.CONTRADICTION:
        return gettext("A person declared one value, the device says another.")
    number = sum(not one["is_excluded"] for one in row.evidence.get("candidates", ()))
    return ngettext(
        "%(num)s device comes into question, but not clearly enough.",
        "%(num)s devices come into question, none clearly enough.",
        number,
    )


def _aside(row: FindingRow) -> str:
    """Return until when a question is put aside; it is asked again by the first run after that."""
    if row.ignored_until is None:
        return gettext("Not asked again.")
    return gettext("Asked again from %(day)s on.", day=format_date(row.ignored_until))


def _schemes(names: Sequence[str]) -> str:
    return ", ".join(_scheme(one) for one in names)


def _scheme(name: str) -> str:
    return word(IdentifierScheme(name)) if name in set(IdentifierScheme) else name
