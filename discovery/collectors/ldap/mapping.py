"""Read one entry of a directory into a section; only the attributes of the minimal list."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from discovery.collectors.ldap import decoders
from discovery.collectors.ldap.membership import Group
from discovery.collectors.ldap.options import MappingOptions
from discovery.collectors.ldap.rules import (
    DOMAIN_CONTROLLER_GROUPS,
    MANAGED_SERVICE_CLASSES,
    AccountFacts,
    decide_account_type,
    is_privileged_sid,
    relative_id,
)
from discovery.protocols.ldap import Entry, normalise_dn, parse_dn
from schemas.vocabulary import AccountType

_MAX_NAME = 255
_MAX_UNIT = 1024
_LOCKED_FOR_EVER = b"000001010000Z"

Value = TypeVar("Value")


def _first(entry: Entry, *names: str) -> bytes | None:
    for name in names:
        values = entry.attributes.get(name)
        if values:
            return values[0]
    return None


def _read(decode: Callable[[bytes], Value], entry: Entry, *names: str) -> Value | None:
    """Return the first of these attributes, None when it is absent or not of its form."""
    value = _first(entry, *names)
    if value is None:
        return None
    try:
        return decode(value)
    except ValueError:
        return None


def classes_of(entry: Entry) -> frozenset[str]:
    """Return the object classes in lower case."""
    return _lower_classes(tuple(entry.attributes.get("objectClass", ())))


@lru_cache(maxsize=256)
def _lower_classes(values: tuple[bytes, ...]) -> frozenset[str]:
    return frozenset(value.decode("ascii", "replace").lower() for value in values)


def is_computer(classes: frozenset[str]) -> bool:
    """Return whether this is a machine; managed service accounts only inherit from computer."""
    return "computer" in classes and MANAGED_SERVICE_CLASSES.isdisjoint(classes)


def key_of(entry: Entry) -> str:
    """Return what the directory calls the entry for ever: `ldap:` and its GUID or UUID.

    Raises:
        ValueError: the entry shows no such identifier.
    """
    guid = _first(entry, "objectGUID")
    if guid is not None:
        return f"ldap:{decoders.decode_guid(guid)}"
    uuid = _first(entry, "entryUUID")
    if uuid is not None:
        return f"ldap:{decoders.decode_uuid(uuid)}"
    other = _read(decoders.decode_text, entry, "nsUniqueId")
    if other and len(other) <= _MAX_NAME:
        return f"ldap:{other.lower()}"
    raise ValueError(
        "it shows neither objectGUID nor entryUUID; let the bind account read one of them."
    )


@lru_cache(maxsize=4096)
def units_of(parent: str) -> tuple[str, ...]:
    """Return the names of the units that hold an entry, from the top, without the domain."""
    rdns = reversed(parse_dn(parent))
    return tuple(rdn[0][1] for rdn in rdns if rdn[0][0] != "dc")


def _parent(dn: str) -> str:
    """Return the name without its leaf."""
    position = dn.find(",")
    while position > 0 and _is_escaped(dn, position):
        position = dn.find(",", position + 1)
    return dn[position + 1 :] if position >= 0 else ""


def _is_escaped(dn: str, position: int) -> bool:
    before = dn[:position]
    return bool((len(before) - len(before.rstrip("\\"))) % 2)


def _org_unit(dn: str) -> str | None:
    return " / ".join(units_of(_parent(dn)))[:_MAX_UNIT] or None


def _name(entry: Entry, *names: str) -> str:
    name = _read(decoders.decode_text, entry, *names)
    if not name or len(name) > _MAX_NAME:
        raise ValueError(f"it has no usable name in {' or '.join(names)}.")
    return name


def _text(entry: Entry, name: str) -> str | None:
    text = _read(decoders.decode_text, entry, name)
    return text[:_MAX_NAME] if text else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _present(section: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the directory does not say."""
    return {name: value for name, value in section.items() if value is not None}


def _control(entry: Entry) -> int | None:
    return _read(decoders.decode_integer, entry, "userAccountControl")


def _sid(entry: Entry) -> str | None:
    return _read(decoders.decode_sid, entry, "objectSid")


def primary_group(entry: Entry) -> int | None:
    """Return the relative identifier of the group that memberOf never shows."""
    return _read(decoders.decode_integer, entry, "primaryGroupID")


def has_admin_count(entry: Entry) -> bool:
    """Return whether Active Directory protects, or once protected, this account."""
    return bool(_read(decoders.decode_integer, entry, "adminCount"))


def _created_on(entry: Entry) -> str | None:
    return _day(_read(decoders.decode_generalized_time, entry, "whenCreated", "createTimestamp"))


def _last_logon(entry: Entry, today: date, *, is_recorded: bool) -> str:
    last_on = _read(decoders.decode_filetime, entry, "lastLogonTimestamp") or _read(
        decoders.decode_generalized_time, entry, "pwdLastSuccess", "authTimestamp"
    )
    return decoders.logon_bucket(last_on, today, is_recorded=is_recorded).value


def _is_enabled(entry: Entry, control: int | None) -> bool:
    if control is not None:
        return not control & decoders.DISABLED
    if (_first(entry, "nsAccountLock") or b"").lower() == b"true":
        return False
    return _first(entry, "pwdAccountLockedTime") != _LOCKED_FOR_EVER


def directory_section(entry: Entry, today: date) -> dict[str, Any]:
    """Return the section of a computer."""
    control = _control(entry)
    is_controller = bool(control is not None and control & decoders.SERVER_TRUST)
    return _present(
        {
            "name": _name(entry, "sAMAccountName", "dNSHostName", "uid").removesuffix("$"),
            "dns_name": _text(entry, "dNSHostName"),
            "sid": _sid(entry),
            "operating_system": _text(entry, "operatingSystem"),
            "operating_system_version": _text(entry, "operatingSystemVersion"),
            "org_unit": _org_unit(entry.dn),
            "is_enabled": _is_enabled(entry, control),
            "is_domain_controller": is_controller
            or primary_group(entry) in DOMAIN_CONTROLLER_GROUPS,
            "last_logon": _last_logon(entry, today, is_recorded=control is not None),
            "created_on": _created_on(entry),
        }
    )


def account_section(
    entry: Entry, classes: frozenset[str], options: MappingOptions, today: date
) -> dict[str, Any]:
    """Return the section of an account, still without what groups say about it."""
    control = _control(entry)
    wanted = options.account_name_attribute
    name = _name(entry, *((wanted,) if wanted else ("sAMAccountName", "uid")))
    expires_on = _read(decoders.decode_filetime, entry, "accountExpires") or _read(
        decoders.decode_shadow_day, entry, "shadowExpire"
    )
    return _present(
        {
            "name": name,
            "type": _account_type(entry, name, classes, options).value,
            "is_enabled": _is_enabled(entry, control),
            "created_on": _created_on(entry),
            "expires_on": _day(expires_on),
            "last_logon": _last_logon(entry, today, is_recorded=control is not None),
            "org_unit": _org_unit(entry.dn),
        }
    )


def _account_type(
    entry: Entry, name: str, classes: frozenset[str], options: MappingOptions
) -> AccountType:
    facts = AccountFacts(
        name=name,
        classes=classes,
        units=tuple(unit.casefold() for unit in units_of(_parent(entry.dn))),
        control=_control(entry) or 0,
        rid=relative_id(_sid(entry)),
        has_service_name="servicePrincipalName" in entry.attributes,
    )
    return decide_account_type(facts, options.patterns)


def read_group(entry: Entry, options: MappingOptions) -> Group:
    """Return a group with its members and whether it gives privileges by itself."""
    name = _name(entry, "sAMAccountName", "cn")
    sid = _sid(entry)
    attributes = entry.attributes
    return Group(
        dn=normalise_dn(entry.dn),
        name=name,
        members=(*attributes.get("member", ()), *attributes.get("uniqueMember", ())),
        member_names=tuple(
            value.decode("utf-8", "replace") for value in attributes.get("memberUid", ())
        ),
        rid=relative_id(sid),
        is_privileged=is_privileged_sid(sid) or name.casefold() in options.privileged_groups,
    )


def group_section(entry: Entry, group: Group) -> dict[str, Any]:
    """Return the section of a group, still without what other groups say about it."""
    return _present(
        {
            "name": group.name,
            "org_unit": _org_unit(entry.dn),
            "member_count": len(group.members) + len(group.member_names),
            "is_privileged": group.is_privileged,
        }
    )
