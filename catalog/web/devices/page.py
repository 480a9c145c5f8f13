"""What the page of one device says, put together from the rooms of the CMDB."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from catalog.extensions import db
from catalog.web.devices.words import Words, by_name
from catalog.web.guard import current_viewer
from cmdb.history.models import CiRevision
from cmdb.history.queries import AttributeFacts
from cmdb.items.detail import ItemDetail, PartCounts
from cmdb.items.models import CiClass
from cmdb.items.rules import COLUMNS, PARTNER_COLUMNS
from cmdb.items.visibility import INSIDE
from cmdb.partners.names import list_names
from schemas.vocabulary import Source

SHOWN: Final = (
    "name",
    "class_name",
    "lifecycle",
    "vendor",
    "model",
    "serial",
    "os_version",
    "address",
    "site_id",
    "partner_id",
    "user_partner_id",
    "operator_id",
)
"""The common columns in the order of the page."""

MONOSPACED: Final = {"serial", "address", "os_version"}
_REFERENCES: Final = {*PARTNER_COLUMNS, "site_id"}


@dataclass(frozen=True, slots=True)
class DevicePage:
    """What every tab of the page needs."""

    found: ItemDetail
    counts: PartCounts
    words: Words


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """What one source says of a value."""

    source: Source
    text: str | None
    seen_at: datetime
    actor_name: str


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One value with who says so and since when; `claims` only where sources disagree."""

    name: str
    label: str
    text: str | None
    source: Source | None
    seen_at: datetime | None
    is_mono: bool
    claims: tuple[ShownClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change with its rows for the diff macro: label, before, after."""

    revision: CiRevision
    rows: list[tuple[str, str | None, str | None]]


def words_of(found: ItemDetail, classes: Iterable[CiClass]) -> Words:
    """Return the words in which the values of this item are told."""
    named = [one for one in (found.partner, found.user_partner, found.operator) if one]
    names = {str(one.id): one.name for one in named}
    if found.item.site_id:
        names[str(found.item.site_id)] = found.site_name
    return Words(by_name(classes), found.definitions, names)


def facts_of(
    found: ItemDetail, facts: Mapping[str, AttributeFacts], words: Words
) -> list[ShownFact]:
    """Return every value of an item with its source, those without a value at the end left out."""
    item = found.item
    names = [name for name in SHOWN if found.may_inspect or name not in INSIDE]
    extra = [name for name in found.definitions if name not in COLUMNS]
    shown: list[ShownFact] = []
    for name in [*names, *extra]:
        value = getattr(item, name) if name in COLUMNS else item.attributes.get(name)
        told = facts.get(name)
        if value in (None, "") and told is None and name not in SHOWN:
            continue
        shown.append(_fact(name, value, told, words))
    return shown


def steps_of_change(revisions: Sequence[CiRevision], words: Words) -> list[ShownChange]:
    """Return changes with their values in words."""
    words = _with_names(words, revisions)
    return [
        ShownChange(
            one,
            [
                (words.label(name), words.text(name, before), words.text(name, after))
                for name, (before, after) in one.changes.items()
            ],
        )
        for one in revisions
    ]


def _fact(name: str, value: Any, told: AttributeFacts | None, words: Words) -> ShownFact:
    text = words.text(name, value)
    is_mono = name in MONOSPACED
    if told is None:
        return ShownFact(name, words.label(name), text, None, None, is_mono)
    claims = tuple(
        ShownClaim(one.source, words.text(name, one.value), one.confirmed_at, one.actor_name)
        for one in told.facts
    )
    believed = told.believed
    return ShownFact(
        name,
        words.label(name),
        text,
        believed.source,
        believed.confirmed_at,
        is_mono,
        claims if told.is_disputed else (),
    )


def _with_names(words: Words, revisions: Sequence[CiRevision]) -> Words:
    """Add the names of the organisations and sites that changes speak of, in one look-up."""
    keys = {
        str(value)
        for one in revisions
        for name, values in one.changes.items()
        if name in _REFERENCES
        for value in values
        if value
    }
    unknown = {UUID(key) for key in keys - words.names.keys()}
    found = list_names(db.session(), current_viewer(), unknown)
    names = {**words.names, **{str(key): name for key, name in found.items()}}
    return Words(words.classes, words.definitions, names)
