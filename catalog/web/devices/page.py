"""What the page of one device says, put together from the rooms of the CMDB."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from catalog.web.devices.words import Words, by_name
from cmdb.history.queries import AttributeFacts
from cmdb.items.detail import ItemDetail, PartCounts, RelationRow
from cmdb.items.models import CiClass
from cmdb.items.rules import COLUMNS
from cmdb.items.visibility import INSIDE
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

NETWORK: Final = "network."
"""Begins the classes of what others are plugged into."""

MONOSPACED: Final = {"serial", "address", "os_version"}


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
    """One value with who says so and since when; `claims` only where sources disagree.

    Attributes:
        has_past: whether something else was once said.
    """

    name: str
    label: str
    text: str | None
    source: Source | None
    seen_at: datetime | None
    is_mono: bool
    claims: tuple[ShownClaim, ...] = ()
    has_past: bool = False


def words_of(found: ItemDetail, classes: Iterable[CiClass]) -> Words:
    """Return the words in which the values of this item are told."""
    named = [one for one in (found.partner, found.user_partner, found.operator) if one]
    names = {str(one.id): one.name for one in named}
    if found.item.site_id:
        names[str(found.item.site_id)] = found.site_name
    return Words(by_name(classes), found.definitions, names)


def facts_of(
    found: ItemDetail, facts: Mapping[str, AttributeFacts], past: Container[str], words: Words
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
        shown.append(replace(_fact(name, value, told, words), has_past=name in past))
    return shown


def by_port(relations: Iterable[RelationRow]) -> dict[int, list[RelationRow]]:
    """Return what is behind each interface of an item, the surest first."""
    found: dict[int, list[RelationRow]] = {}
    for one in sorted(relations, key=_sureness, reverse=True):
        if one.protocol and one.interface_index is not None:
            found.setdefault(one.interface_index, []).append(one)
    return found


def place_of(relations: Iterable[RelationRow]) -> RelationRow | None:
    """Return the link that says best where a device is: what it is plugged into."""
    links = [one for one in relations if one.protocol and one.other_class.startswith(NETWORK)]
    return max(links, key=_sureness, default=None)


def _sureness(relation: RelationRow) -> tuple[int, datetime, UUID]:
    return relation.confidence, relation.seen_at, relation.id


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
