"""What a look says about a device: its class and its values, attribute by attribute."""

from dataclasses import dataclass, field
from typing import Any

from cmdb.intake.rules import Sighting
from cmdb.plans.targets import address_of_key
from schemas.vocabulary import Section

UNKNOWN_CLASS = "unknown.device"
COLUMNS = ("class_name", "name", "vendor", "model", "serial", "os_version", "address")
"""The attributes that are columns of an item; all others are in its `attributes`."""

_LIMITS = {"vendor": 120, "name": 255, "model": 255, "serial": 255, "os_version": 255}


@dataclass(frozen=True, slots=True)
class Description:
    """What one look says of a device.

    Attributes:
        values: attribute → value; what is not said is not in it.
        serial: the serial number as the device writes it.
        rules: the names of the device rules that spoke.
    """

    values: dict[str, Any]
    serial: str | None = None
    rules: tuple[str, ...] = field(default=())


def describe(sighting: Sighting) -> Description:
    """Judge the sections of a device; what a source does not say is left out, never emptied."""
    if sighting.section(Section.DIRECTORY) is not None:
        return _from_directory(sighting.section(Section.DIRECTORY))
    # What is known of devices is loaded with the first of them, not when a server starts.
    from discovery.knowledge import classify

    system = sighting.section(Section.SYSTEM) or {}
    found = classify(system, sighting.section(Section.COMPONENTS) or ())
    host = sighting.section(Section.HOST) or {}
    address = address_of_key(sighting.document.key)
    values = {
        "class_name": None if found.ci_class == UNKNOWN_CLASS else found.ci_class,
        "name": system.get("sys_name"),
        "vendor": found.vendor,
        "model": found.model,
        "serial": found.serial,
        "os_version": found.os_version,
        "address": None if address is None else str(address),
        "location": system.get("sys_location"),
        "memory_bytes": host.get("memory_bytes"),
        "processors": host.get("processors"),
    }
    return Description(_said(values), found.serial, found.rules)


def _from_directory(section: dict[str, Any]) -> Description:
    system = section.get("operating_system") or ""
    version = section.get("operating_system_version") or ""
    is_server = "server" in system.lower() or bool(section.get("is_domain_controller"))
    values = {
        "class_name": "server" if is_server else "client.workstation",
        "name": section["name"],
        "os_version": f"{system} {version}".strip(),
        "org_unit": section.get("org_unit"),
    }
    return Description(_said(values))


def _said(values: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in values.items():
        clean = value.strip() if isinstance(value, str) else value
        if clean not in {None, ""}:
            limit = _LIMITS.get(name)
            said[name] = clean[:limit] if limit else clean
    return said
