"""How the changes of a device, and what was once said of a value, are told in words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext

from catalog.extensions import db
from catalog.web.components import word
from catalog.web.devices.words import Words, component_kind
from catalog.web.formatting import format_bytes, format_number, format_speed
from catalog.web.guard import current_viewer
from cmdb.history.models import CiFact, CiRevision
from cmdb.items.rules import PARTNER_COLUMNS, AttributeDefinition, definitions_of
from cmdb.kernel.errors import N_
from cmdb.partners.names import list_names
from schemas.vocabulary import RelationType, Source

REFERENCES: Final = frozenset({*PARTNER_COLUMNS, "site_id"})

_PART: Final = re.compile(
    r"(?P<kind>link|interface|address|component|storage) (?P<name>.+?)(: (?P<column>[a-z_]+))?"
)
_KINDS: Final = {
    "link": N_("Link %(name)s"),
    "interface": N_("Interface %(name)s"),
    "address": N_("Address %(name)s"),
    "component": N_("Component %(name)s"),
    "storage": N_("Storage %(name)s"),
}
_COLUMNS: Final = {
    "name": N_("Name"),
    "description": N_("Description"),
    "alias": N_("Alias"),
    "type": N_("Type"),
    "mac": N_("MAC address"),
    "speed": N_("Speed"),
    "mtu": N_("MTU"),
    "admin_status": N_("Switched"),
    "oper_status": N_("Status"),
    "duplex": N_("Duplex"),
    "prefix_length": N_("Prefix length"),
    "interface_index": N_("Interface number"),
    "parent": N_("Part of"),
    "kind": N_("Kind"),
    "vendor": N_("Vendor"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "revision": N_("Revision"),
    "size_bytes": N_("Size"),
}
_STATES: Final = {
    "up": N_("up"),
    "down": N_("down"),
    "testing": N_("being tested"),
    "dormant": N_("dormant"),
    "notPresent": N_("not present"),
    "lowerLayerDown": N_("down, because a layer below is down"),
    "unknown": N_("Unknown"),
    "full": N_("full duplex"),
    "half": N_("half duplex"),
    "fullDuplex": N_("full duplex"),
    "halfDuplex": N_("half duplex"),
}
_RELATIONS: Final = frozenset(one.value for one in RelationType)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change with its rows for the diff macro: label, before, after."""

    revision: CiRevision
    rows: list[tuple[str, str | None, str | None]]


@dataclass(frozen=True, slots=True)
class PastValue:
    """What a source once said of one value."""

    text: str | None
    source: Source
    actor_name: str
    since_at: datetime
    until_at: datetime | None


def steps_of_change(revisions: Sequence[CiRevision], words: Words) -> list[ShownChange]:
    """Return changes with their values in words."""
    changes = [one.changes for one in revisions]
    words = _with_definitions(_with_names(words, changes), changes)
    return [
        ShownChange(one, [_row(words, name, pair) for name, pair in one.changes.items()])
        for one in revisions
    ]


def past_values(facts: Sequence[CiFact], words: Words) -> list[PastValue]:
    """Return what was once said of one attribute, in words."""
    words = _with_names(words, [{one.attribute: [one.value]} for one in facts])
    return [
        PastValue(
            words.text(one.attribute, one.value),
            one.source,
            one.actor_name,
            one.since_at,
            one.until_at,
        )
        for one in facts
    ]


def _row(words: Words, name: str, pair: Sequence[Any]) -> tuple[str, str | None, str | None]:
    before, after = pair
    if name == "further":
        return gettext("Further changes"), None, format_number(after)
    part = _PART.fullmatch(name)
    if part is None:
        return words.label(name), words.text(name, before), words.text(name, after)
    kind, column, about = part["kind"], part["column"], part["name"]
    if column is not None and column not in _COLUMNS:
        about, column = f"{about}: {column}", None
    label = gettext(_KINDS[kind], name=about)
    if column is not None:
        label = f"{label}: {gettext(_COLUMNS[column])}"
    return label, _value(column, before), _value(column, after)


def _value(column: str | None, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if column is None and value in _RELATIONS:
        return word(RelationType(value))
    return _WRITTEN.get(column or "", str)(value)


def _state(value: str) -> str:
    return gettext(_STATES[value]) if value in _STATES else value


_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "speed": format_speed,
    "size_bytes": format_bytes,
    "mtu": format_bytes,
    "admin_status": _state,
    "oper_status": _state,
    "duplex": _state,
    "kind": component_kind,
}


def _with_names(words: Words, changes: Sequence[Mapping[str, Sequence[Any]]]) -> Words:
    """Add the names of the organisations and sites that changes speak of, in one look-up."""
    keys = {
        str(value)
        for one in changes
        for name, values in one.items()
        if name in REFERENCES
        for value in values
        if value
    }
    unknown = {UUID(key) for key in keys - words.names.keys()}
    found = list_names(db.session(), current_viewer(), unknown)
    return replace(words, names={**words.names, **{str(key): name for key, name in found.items()}})


def _with_definitions(words: Words, changes: Sequence[Mapping[str, Sequence[Any]]]) -> Words:
    """Add the attributes of the classes that the device once had."""
    once = {value for one in changes for value in one.get("class_name", ()) if value}
    entries = {name: one.attributes for name, one in words.classes.items()}
    older: dict[str, AttributeDefinition] = {}
    for name in sorted(once & entries.keys()):
        older |= definitions_of(name, entries)
    return replace(words, definitions={**older, **words.definitions})
