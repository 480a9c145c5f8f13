"""Who may do what: pure judgement on role assignments, token scopes and passwords."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final
from uuid import UUID

from cmdb.kernel.errors import N_
from cmdb.kernel.viewer import EVERYWHERE, NOWHERE, Everywhere, Reach

Grants = Mapping[str, Reach]
"""Permission → the partners for which it holds."""

Roles = Mapping[str, frozenset[str]]
"""Role → its permissions."""

GIVE: Final = "give:"
"""Before a permission: it may be given to others, not used. So an administrator makes operators
without being able to read account records (separation of duties)."""

MIN_PASSWORD: Final = 12
MAX_PASSWORD: Final = 256
MAX_FAILURES: Final = 5
LOCK: Final = timedelta(minutes=15)
REFRESH: Final = timedelta(minutes=5)
MAX_TOKEN_DAYS: Final = 366
SHORTEST_TELLING_NAME: Final = 3
"""A shorter name, such as "Al", is found in many good passwords."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a role assignment says; no organisation stands for all of them."""

    role: str
    organisation_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """How many wrong passwords were tried in a row and until when no further is accepted."""

    failures: int = 0
    until: datetime | None = None


def is_valid_on(day: date, valid_from: date | None, valid_until: date | None) -> bool:
    """Tell whether a day lies in a period, first and last day included."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def grants_of(assignments: Iterable[Assignment], roles: Roles, today: date) -> dict[str, Reach]:
    """Return what the assignments in force allow, each permission with its partners.

    A role that no longer exists grants nothing.
    """
    grants: dict[str, Reach] = {}
    for one in assignments:
        if not is_valid_on(today, one.valid_from, one.valid_until):
            continue
        reach = EVERYWHERE if one.organisation_id is None else frozenset({one.organisation_id})
        for permission in roles.get(one.role, frozenset()):
            grants[permission] = union(grants.get(permission, NOWHERE), reach)
    return grants


def token_grants(
    held: Grants, scopes: Collection[str], organisation_id: UUID | None
) -> dict[str, Reach]:
    """Return what a token allows: its scopes, as far as its person holds them."""
    limit = EVERYWHERE if organisation_id is None else frozenset({organisation_id})
    usable = [name for name in scopes if not name.startswith(GIVE)]
    narrowed = {name: intersection(held.get(name, NOWHERE), limit) for name in usable}
    return {name: reach for name, reach in narrowed.items() if reach}


def role_grants(permissions: Iterable[str], organisation_id: UUID | None) -> dict[str, Reach]:
    """Return what a role allows when it is assigned for this organisation, or for all."""
    reach = EVERYWHERE if organisation_id is None else frozenset({organisation_id})
    return dict.fromkeys(permissions, reach)


def covers(held: Grants, wanted: Grants) -> bool:
    """Tell whether somebody holds everything wanted, as far as to give it to others."""
    return all(includes(_giveable(held, name), reach) for name, reach in wanted.items())


def _giveable(held: Grants, permission: str) -> Reach:
    return union(held.get(permission, NOWHERE), held.get(GIVE + permission, NOWHERE))


def union(one: Reach, other: Reach) -> Reach:
    """Return the partners of either reach."""
    if isinstance(one, Everywhere) or isinstance(other, Everywhere):
        return EVERYWHERE
    return one | other


def intersection(one: Reach, other: Reach) -> Reach:
    """Return the partners that both reaches have in common."""
    if isinstance(one, Everywhere):
        return other
    if isinstance(other, Everywhere):
        return one
    return one & other


def includes(outer: Reach, inner: Reach) -> bool:
    """Tell whether one reach contains all partners of the other, future ones too."""
    if isinstance(outer, Everywhere):
        return True
    return not isinstance(inner, Everywhere) and inner <= outer


def reach_of(grants: Grants) -> Reach:
    """Return all partners for which anything at all is granted."""
    return reduce(union, grants.values(), NOWHERE)


def is_locked(lock: Lock, now: datetime) -> bool:
    """Tell whether no password is accepted at the moment."""
    return lock.until is not None and now < lock.until


def lock_after_failure(lock: Lock, now: datetime) -> Lock:
    """Return the lock after one more wrong password.

    Tries during a lock do not lengthen it: otherwise anybody could keep a person out for ever.
    """
    if is_locked(lock, now):
        return lock
    failures = 1 if lock.until is not None else lock.failures + 1
    return Lock(failures, now + LOCK if failures >= MAX_FAILURES else None)


def complaints_about_password(password: str, names: Iterable[str]) -> list[str]:
    """Return what is wrong with a new password, as sentences; nothing if it is good.

    Length is what counts (NIST SP 800-63B, §3.1.1.2); the person's own names are guessed first.
    """
    if len(password) < MIN_PASSWORD:
        return [N_("Use at least 12 characters.")]
    if len(password) > MAX_PASSWORD:
        return [N_("Use at most 256 characters.")]
    lowered = password.casefold()
    words = {word for name in names for word in _words(name.casefold())}
    if any(word in lowered for word in words):
        return [N_("Do not use your own name in the password.")]
    if len(set(lowered)) < MIN_PASSWORD // 2:
        return [N_("Use more different characters.")]
    return []


def _words(name: str) -> list[str]:
    parts = "".join(letter if letter.isalnum() else " " for letter in name).split()
    return [part for part in parts if len(part) >= SHORTEST_TELLING_NAME]
