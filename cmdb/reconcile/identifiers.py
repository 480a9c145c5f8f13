"""By what a device can be recognised, cleaned of what many devices say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from cmdb.plans.targets import address_of_key
from cmdb.reconcile.policy import GenericValues
from schemas.vocabulary import IdentifierScheme

IdentifierKey = tuple[IdentifierScheme, str, UUID]
"""Scheme, value and the scope in which the value is unique."""

LLDP_LOCAL_CHASSIS_ID = "1.0.8802.1.1.2.1.3.2.0"
MAX_ADDRESSES = 32
MAX_SERIALS = 16
MAX_VALUE = 255
_SHORTEST_SERIAL = 4

_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
_HEX = re.compile(r"(?:0x)?([0-9a-f]{12})")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where values are unique: names and serials at a partner, addresses in a routing domain."""

    partner: UUID
    addresses: UUID


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one look shows that may identify a device; sections as they are validated."""

    key: str
    serial: str | None = None
    system: Mapping[str, Any] | None = None
    components: Sequence[Mapping[str, Any]] = ()
    interfaces: Sequence[Mapping[str, Any]] = ()
    addresses: Sequence[Mapping[str, Any]] = ()
    directory: Mapping[str, Any] | None = None


def compute_identifiers(
    evidence: Evidence, scopes: Scopes, generic: GenericValues
) -> frozenset[IdentifierKey]:
    """Return everything by which the device can be recognised, each with its scope."""
    found: set[IdentifierKey] = set()

    def add(scheme: IdentifierScheme, values: Iterable[str | None], scope: UUID) -> None:
        found.update((scheme, value[:MAX_VALUE], scope) for value in values if value)

    names = _names(evidence)
    add(IdentifierScheme.SERIAL, _serials(evidence, generic), scopes.partner)
    add(IdentifierScheme.CHASSIS_ID, [_chassis_id(evidence, generic)], scopes.partner)
    add(IdentifierScheme.MAC, [_lowest_mac(evidence.interfaces, generic)], scopes.partner)
    add(IdentifierScheme.SYS_NAME, (short_name(name, generic) for name in names), scopes.partner)
    add(IdentifierScheme.FQDN, (full_name(name) for name in names), scopes.partner)
    if evidence.directory is not None:
        add(IdentifierScheme.DIRECTORY_ID, [evidence.key], scopes.partner)
    else:
        add(IdentifierScheme.ADDRESS, _addresses(evidence), scopes.addresses)
    return frozenset(found)


def usable_serial(text: str | None, generic: GenericValues) -> str | None:
    """Return a serial number in its common form, None when it is no one's in particular."""
    value = " ".join((text or "").split()).upper()
    is_one_character = len(set(value.replace("-", "").replace(".", ""))) <= 1
    if len(value) < _SHORTEST_SERIAL or is_one_character or value.lower() in generic.serial:
        return None
    return value


def usable_mac(text: str | None, generic: GenericValues) -> str | None:
    """Return a MAC address as `aa:bb:…`, None for those that do not belong to one device.

    That is what redundancy protocols share, and what is multicast, zero or locally administered.
    """
    value = (text or "").strip().lower().replace("-", ":")
    bare = _HEX.fullmatch(value.replace(":", "").replace(".", ""))
    if not _MAC.fullmatch(value):
        if bare is None:
            return None
        value = ":".join(bare[1][i : i + 2] for i in range(0, 12, 2))
    is_group_or_local = int(value[:2], 16) & 0b11
    if is_group_or_local or value == "00:00:00:00:00:00" or value.startswith(generic.mac_prefixes):
        return None
    return value


def short_name(name: str | None, generic: GenericValues) -> str | None:
    """Return the first label of a name in lower case, None when it says nothing."""
    text = (name or "").strip().rstrip(".").lower()
    if _is_address(text) or text in generic.name:
        return None
    label = text.split(".", 1)[0]
    return label if _LABEL.fullmatch(label) and label not in generic.name else None


def full_name(name: str | None) -> str | None:
    """Return a fully qualified name in lower case, None when it has no domain."""
    text = (name or "").strip().rstrip(".").lower()
    labels = text.split(".")
    is_usable = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not is_usable or _is_address(text) or labels[0] == "localhost":
        return None
    return text if labels[-1] not in {"local", "localdomain", "lan", "home"} else None


def _names(evidence: Evidence) -> list[str]:
    names = [(evidence.system or {}).get("sys_name")]
    directory = evidence.directory or {}
    names += [directory.get("dns_name"), directory.get("name")]
    return [name for name in names if name]


def _serials(evidence: Evidence, generic: GenericValues) -> list[str | None]:
    chassis = [row.get("serial") for row in evidence.components if row["kind"] == "chassis"]
    return [usable_serial(one, generic) for one in [evidence.serial, *chassis[:MAX_SERIALS]]]


def _chassis_id(evidence: Evidence, generic: GenericValues) -> str | None:
    told = ((evidence.system or {}).get("evidence") or {}).get(LLDP_LOCAL_CHASSIS_ID)
    return usable_mac(told if isinstance(told, str) else None, generic)


def _lowest_mac(interfaces: Sequence[Mapping[str, Any]], generic: GenericValues) -> str | None:
    """The lowest address is usually the one that the manufacturer printed on the label."""
    texts = sorted({row["mac"] for row in interfaces if row.get("mac")})
    return next((mac for text in texts if (mac := usable_mac(text, generic))), None)


def _addresses(evidence: Evidence) -> list[str]:
    own = [row["address"] for row in evidence.addresses]
    shared = [one for one in own if not (one.is_loopback or one.is_link_local or one.is_multicast)]
    asked = address_of_key(evidence.key)
    # With a port of its own the key is what tells two agents at one address apart.
    first = [str(asked) if asked is not None and str(asked) == evidence.key else evidence.key]
    return first + [str(one) for one in shared if not one.is_unspecified][:MAX_ADDRESSES]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
