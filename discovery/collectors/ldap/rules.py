"""Judge what kind of account this is and which groups give power over a directory."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate

from discovery.collectors.ldap.decoders import INTERDOMAIN_TRUST
from schemas.vocabulary import AccountType

# Relative identifiers that Microsoft fixes ("Well-known SIDs"): of a domain, and of BUILTIN.
PRIVILEGED_DOMAIN_RIDS = {
    512: "Domain Admins",
    518: "Schema Admins",
    519: "Enterprise Admins",
    520: "Group Policy Creator Owners",
    526: "Key Admins",
    527: "Enterprise Key Admins",
}
PRIVILEGED_BUILTIN_RIDS = {
    544: "Administrators",
    548: "Account Operators",
    549: "Server Operators",
    550: "Print Operators",
    551: "Backup Operators",
    552: "Replicator",
}
DOMAIN_CONTROLLER_GROUPS = frozenset({516, 521})
_ADMINISTRATOR, _GUEST, _KRBTGT = 500, 501, 502
_DOMAIN, _BUILTIN = "S-1-5-21-", "S-1-5-32-"

MANAGED_SERVICE_CLASSES = frozenset(
    {"msds-groupmanagedserviceaccount", "msds-managedserviceaccount"}
)
_PERSON_CLASSES = frozenset({"user", "person", "inetorgperson", "posixaccount"})


def compile_patterns(patterns: Iterable[str]) -> re.Pattern[str] | None:
    """Return one expression for shell-like patterns such as `svc-*`, None when there are none."""
    parts = [translate(pattern.casefold()) for pattern in patterns]
    return re.compile("|".join(parts)) if parts else None


@dataclass(frozen=True, slots=True)
class AccountPatterns:
    """How a partner names its accounts and the units that hold them, case-folded."""

    service: re.Pattern[str] | None = None
    admin: re.Pattern[str] | None = None
    shared: re.Pattern[str] | None = None
    guest: re.Pattern[str] | None = None
    service_units: re.Pattern[str] | None = None
    admin_units: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the type of an account is judged by; `classes` and `units` in lower case."""

    name: str
    classes: frozenset[str]
    units: tuple[str, ...] = ()
    control: int = 0
    rid: int | None = None
    has_service_name: bool = False


def decide_account_type(facts: AccountFacts, patterns: AccountPatterns) -> AccountType:
    """Return the type: what the directory itself says first, then names, then units."""
    name = facts.name.casefold()
    judged = (
        (AccountType.GUEST, facts.rid == _GUEST),
        (AccountType.SERVICE, _is_service_by_nature(facts)),
        (AccountType.ADMIN, facts.rid == _ADMINISTRATOR),
        (AccountType.SERVICE, _matches(patterns.service, name)),
        (AccountType.ADMIN, _matches(patterns.admin, name)),
        (AccountType.SHARED, _matches(patterns.shared, name)),
        (AccountType.GUEST, _matches(patterns.guest, name)),
        (AccountType.SERVICE, _matches(patterns.service_units, *facts.units)),
        (AccountType.ADMIN, _matches(patterns.admin_units, *facts.units)),
        (AccountType.SERVICE, facts.has_service_name),
        (AccountType.PERSON, not _PERSON_CLASSES.isdisjoint(facts.classes)),
    )
    return next((kind for kind, is_so in judged if is_so), AccountType.UNKNOWN)


def _is_service_by_nature(facts: AccountFacts) -> bool:
    return (
        facts.rid == _KRBTGT
        or bool(facts.control & INTERDOMAIN_TRUST)
        or not MANAGED_SERVICE_CLASSES.isdisjoint(facts.classes)
    )


def _matches(pattern: re.Pattern[str] | None, *texts: str) -> bool:
    return pattern is not None and any(pattern.match(text) for text in texts)


def relative_id(sid: str | None) -> int | None:
    """Return the last part of a domain account's or group's SID."""
    return int(sid.rpartition("-")[2]) if sid and sid.startswith(_DOMAIN) else None


def is_privileged_sid(sid: str | None) -> bool:
    """Return whether this is one of the groups that Microsoft ships with power over a domain."""
    if not sid:
        return False
    if sid.startswith(_BUILTIN):
        return int(sid[len(_BUILTIN) :]) in PRIVILEGED_BUILTIN_RIDS
    return relative_id(sid) in PRIVILEGED_DOMAIN_RIDS
