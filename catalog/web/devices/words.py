"""How items and their values are told in words, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import get_locale, gettext

from catalog.web.components import word
from catalog.web.formatting import UNKNOWN, format_date, format_memory, format_number
from cmdb.items.models import CiClass
from cmdb.items.rules import PARTNER_COLUMNS, AttributeDefinition, AttributeType
from cmdb.kernel.errors import N_
from schemas.vocabulary import Lifecycle, RelationType

LABELS: Final[dict[str, str]] = {
    "name": N_("Name"),
    "class_name": N_("Class"),
    "lifecycle": N_("State"),
    "partner_id": N_("Belongs to"),
    "user_partner_id": N_("Used by"),
    "operator_id": N_("Operated by"),
    "site_id": N_("Site"),
    "vendor": N_("Vendor"),
    "model": N_("Model"),
    "serial": N_("Serial number"),
    "os_version": N_("Version"),
    "address": N_("Management address"),
}
"""What the common columns of items are called."""

UNKNOWN_CLASS_ICON: Final = "box"


DISCOVERY_ACTOR: Final = "discovery"
"""How the job that carries discovery out signs what it writes."""
CONSOLE: Final = " (console)"
"""With this ends how the command line signs, after the name of who typed."""


def actor(name: str) -> str:
    """Return how somebody who acted is called: people by their name, jobs in words."""
    if name.endswith(CONSOLE):
        return gettext("console of the server (%(user)s)", user=name.removesuffix(CONSOLE))
    return gettext("Discovery") if name == DISCOVERY_ACTOR else name


def is_german() -> bool:
    """Tell whether the reader reads German."""
    locale = get_locale()
    return locale is None or locale.language == "de"


def class_label(one: CiClass) -> str:
    """Return what a class is called."""
    return one.label_de if is_german() else one.label_en


def attribute_label(one: AttributeDefinition) -> str:
    """Return what an attribute is called."""
    return one.label_de if is_german() else one.label_en


@dataclass(frozen=True, slots=True)
class Words:
    """Puts the values of items into words.

    Attributes:
        classes: all classes by name.
        definitions: the attributes of the item's class by name.
        names: what keys of organisations and sites stand for.
    """

    classes: Mapping[str, CiClass]
    definitions: Mapping[str, AttributeDefinition] = field(
        default_factory=dict[str, AttributeDefinition]
    )
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def class_name(self, name: str) -> str:
        """Return what the class of this name is called."""
        found = self.classes.get(name)
        return class_label(found) if found else name

    def icon(self, name: str) -> str:
        """Return the symbol of a class."""
        found = self.classes.get(name)
        return found.icon if found else UNKNOWN_CLASS_ICON

    def label(self, name: str) -> str:
        """Return what a column or attribute is called."""
        if name in LABELS:
            return gettext(LABELS[name])
        if name in self.definitions:
            return attribute_label(self.definitions[name])
        return name.replace("_", " ")

    def text(self, name: str, value: Any) -> str | None:
        """Return a value in words, None where there is none."""
        if value is None or value == "":
            return None
        if name == "class_name":
            return self.class_name(str(value))
        if name == "lifecycle":
            return word(Lifecycle(value))
        if name in PARTNER_COLUMNS or name == "site_id":
            return self.names.get(str(value), UNKNOWN)
        return self._attribute(name, value)

    def _attribute(self, name: str, value: Any) -> str:
        definition = self.definitions.get(name)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if definition is None:
            return str(value)
        if definition.type is AttributeType.DATE:
            return format_date(date.fromisoformat(str(value)))
        if definition.unit == "B":
            return format_memory(value)
        if definition.type in {AttributeType.INTEGER, AttributeType.DECIMAL}:
            number = format_number(value if isinstance(value, int) else float(value))
            return f"{number} {definition.unit}".strip()
        return str(value)


def by_name(classes: Iterable[CiClass]) -> dict[str, CiClass]:
    """Return classes by their name."""
    return {one.name: one for one in classes}


_KINDS: Final[dict[str, str]] = {
    "backplane": N_("Backplane"),
    "battery": N_("Battery"),
    "chassis": N_("Chassis"),
    "compactDisc": N_("Optical disc"),
    "container": N_("Slot"),
    "cpu": N_("Processor"),
    "energyObject": N_("Power meter"),
    "fan": N_("Fan"),
    "fixedDisk": N_("Disk"),
    "flashMemory": N_("Flash memory"),
    "floppyDisk": N_("Floppy disk"),
    "memory": N_("Memory"),
    "module": N_("Module"),
    "networkDisk": N_("Network disk"),
    "other": N_("Other"),
    "port": N_("Port"),
    "powerSupply": N_("Power supply"),
    "ram": N_("Memory"),
    "removableDisk": N_("Removable disk"),
    "sensor": N_("Sensor"),
    "stack": N_("Stack"),
    "storageDrive": N_("Disk"),
    "unknown": N_("Unknown"),
}
"""The kinds of components (ENTITY-MIB and HOST-RESOURCES-MIB)."""

_REVERSED: Final[dict[str, str]] = {
    RelationType.DEPENDS_ON: N_("is needed by"),
    RelationType.RUNS_ON: N_("carries"),
    RelationType.CONNECTED_TO: N_("connected to"),
    RelationType.CONTAINS: N_("is part of"),
    RelationType.USES: N_("is used by"),
}


def component_kind(name: str) -> str:
    """Return what a kind of component is called."""
    return gettext(_KINDS[name]) if name in _KINDS else name


def reverse_relation(kind: RelationType) -> str:
    """Return how a relation reads from its target."""
    return gettext(_REVERSED[kind])
