"""How each section of a document becomes rows of a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from typing import Any

from cmdb.items.models import Component, Interface, IpAddress
from cmdb.items.told import AttachedDevice, Gauge, Neighbour, Software, Supply, Vlan
from schemas.vocabulary import Section

Row = dict[str, Any]


class Telling(Enum):
    """When a change of parts is named in the revision of the item."""

    ALWAYS = "always"
    ONCE_KNOWN = "once known"
    """Not when the parts of an item are seen for the first time."""
    NEVER = "never"
    """What moves by itself, or what the revision tells in other words."""


@dataclass(frozen=True, slots=True)
class PartKind:
    """How one section becomes rows of one table.

    Attributes:
        key: the columns that tell the parts of one item apart.
        columns: what is compared.
        read: from the validated section to rows of these columns.
        origin: which rows of the table belong to the section, where it shares the table.
        telling: when the revision names what changed.
    """

    label: str
    section: Section
    table: type[Any]
    key: str
    columns: tuple[str, ...]
    read: Callable[[Any], Iterable[Row]]
    origin: str | None = None
    telling: Telling = Telling.ALWAYS


def _text(row: Mapping[str, Any], name: str) -> str:
    return row.get(name) or ""


_INTERFACE_NUMBERS = ("speed", "mtu", "untagged_vlan", "aggregate_index", "poe_class")
_INTERFACE_TEXTS = (
    *("description", "alias", "type", "mac", "admin_status", "oper_status", "duplex"),
    *("tagged_vlans", "poe_status"),
)


def _interfaces(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield (
            {"index": row["index"], "name": row["name"]}
            | {name: row.get(name) for name in _INTERFACE_NUMBERS}
            | {name: _text(row, name) for name in _INTERFACE_TEXTS}
        )


def _addresses(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {
            "address": str(row["address"]),
            "prefix_length": row.get("prefix_length"),
            "interface_index": row.get("interface_index"),
        }


def _components(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        revision = _text(row, "software_revision") or _text(row, "firmware_revision")
        yield {
            "index": row["index"],
            "kind": row["kind"],
            "name": _text(row, "name") or _text(row, "description"),
            "revision": revision or _text(row, "hardware_revision"),
            "size_bytes": None,
        } | {name: _text(row, name) for name in ("parent", "vendor", "model", "serial")}


def _storages(section: Mapping[str, Any]) -> Iterable[Row]:
    for row in section.get("storages") or ():
        yield {
            "index": row["index"],
            "kind": row["kind"],
            "name": _text(row, "name"),
            "size_bytes": row.get("size_bytes"),
            "parent": "",
            "vendor": "",
            "model": "",
            "serial": "",
            "revision": "",
        }


def _vlans(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {"number": row["number"], "name": _text(row, "name")}


_NEIGHBOUR_TEXTS = (
    *("local_port", "remote_chassis_id", "remote_port", "remote_name"),
    *("remote_description", "remote_address"),
)


def _neighbours(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        texts = {name: _text(row, name) for name in _NEIGHBOUR_TEXTS}
        index = row.get("local_interface_index")
        parts = (row["protocol"], str(index), *list(texts.values())[:4])
        yield {
            "place": blake2b("\0".join(parts).encode(), digest_size=16).hexdigest(),
            "protocol": row["protocol"],
            "local_interface_index": index,
        } | texts


_ATTACHED_TEXTS = ("name", "model", "serial", "mac", "address", "version", "system")


def _attached(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {"index": row["index"], "kind": row["kind"]} | {
            name: _text(row, name) for name in _ATTACHED_TEXTS
        }


def _supplies(section: Mapping[str, Any]) -> Iterable[Row]:
    for row in section.get("supplies") or ():
        yield {
            "index": row["index"],
            "kind": row["kind"],
            "name": _text(row, "name"),
            "color": _text(row, "color"),
            "is_receptacle": bool(row.get("is_receptacle")),
            "level_percent": row.get("level_percent"),
        }


_POWER_GAUGES = (
    *("battery_status", "charge_percent", "load_percent"),
    *("must_replace_battery", "battery_replaced_on"),
)


def _gauges(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Iterable[Row]]:
    def read(section: Mapping[str, Any]) -> Iterable[Row]:
        for name in names:
            value = section.get(name)
            if value is not None:
                yield {"name": name, "value": str(value).lower()}

    return read


def _software(rows: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    for row in rows:
        yield {"name": row["name"]}


_COMPONENT = ("parent", "kind", "name", "vendor", "model", "serial", "revision", "size_bytes")
KINDS = (
    PartKind(
        "interface",
        Section.INTERFACES,
        Interface,
        "index",
        ("name", *_INTERFACE_TEXTS, *_INTERFACE_NUMBERS),
        _interfaces,
    ),
    PartKind(
        "address",
        Section.ADDRESSES,
        IpAddress,
        "address",
        ("prefix_length", "interface_index"),
        _addresses,
    ),
    PartKind(
        "component",
        Section.COMPONENTS,
        Component,
        "index",
        _COMPONENT,
        _components,
        Section.COMPONENTS.value,
    ),
    PartKind(
        "storage", Section.HOST, Component, "index", _COMPONENT, _storages, Section.HOST.value
    ),
    PartKind(
        "VLAN",
        Section.VLANS,
        Vlan,
        "number",
        ("name",),
        _vlans,
        telling=Telling.ONCE_KNOWN,
    ),
    PartKind(
        "neighbour",
        Section.NEIGHBOURS,
        Neighbour,
        "place",
        ("protocol", "local_interface_index", *_NEIGHBOUR_TEXTS),
        _neighbours,
        telling=Telling.NEVER,
    ),
    PartKind(
        "attached device",
        Section.ATTACHED,
        AttachedDevice,
        "index",
        ("kind", *_ATTACHED_TEXTS),
        _attached,
        telling=Telling.ONCE_KNOWN,
    ),
    PartKind(
        "supply",
        Section.PRINTER,
        Supply,
        "index",
        ("kind", "name", "color", "is_receptacle", "level_percent"),
        _supplies,
        telling=Telling.NEVER,
    ),
    PartKind(
        "gauge",
        Section.PRINTER,
        Gauge,
        "name",
        ("value",),
        _gauges(("pages",)),
        Section.PRINTER.value,
        Telling.NEVER,
    ),
    PartKind(
        "gauge",
        Section.POWER,
        Gauge,
        "name",
        ("value",),
        _gauges(_POWER_GAUGES),
        Section.POWER.value,
        Telling.NEVER,
    ),
    PartKind(
        "software",
        Section.SOFTWARE,
        Software,
        "name",
        (),
        _software,
        telling=Telling.ONCE_KNOWN,
    ),
)
