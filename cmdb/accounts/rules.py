"""Which accounts need attention, and which numbers are too small to be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from schemas.vocabulary import LogonBucket

UNUSED_AFTER: Final = timedelta(days=90)
DELETE_AFTER: Final = timedelta(days=180)
SMALLEST_TOLD: Final = 5
"""A statistic of fewer persons than this points at them."""


class Hygiene(StrEnum):
    """Why somebody should look at an account."""

    STALE = "stale"
    PRIVILEGED = "privileged"
    DISABLED_LONG = "disabled_long"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What hygiene is judged by."""

    is_enabled: bool
    is_privileged: bool
    last_logon: LogonBucket
    created_on: date | None = None
    disabled_on: date | None = None


def judge_hygiene(account: AccountFacts, today: date) -> tuple[Hygiene, ...]:
    """Return why somebody should look at an account, nothing where all is well.

    An account that was never used only counts as stale once it is older than 90 days, or where
    nobody knows how old it is. Of a disabled one whose day is unknown nothing is said.
    """
    found: list[Hygiene] = []
    if account.is_enabled and _is_unused(account, today):
        found.append(Hygiene.STALE)
    if account.is_enabled and account.is_privileged:
        found.append(Hygiene.PRIVILEGED)
    if not account.is_enabled and _is_before(account.disabled_on, today - DELETE_AFTER):
        found.append(Hygiene.DISABLED_LONG)
    return tuple(found)


def suppress_small(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return counts that point at nobody: those of one to four persons are not told.

    Where one alone is withheld, the next larger one is too: the total would give it away.
    """
    told: dict[str, int | None] = {
        name: count if count == 0 or count >= SMALLEST_TOLD else None
        for name, count in counts.items()
    }
    withheld = [name for name, count in told.items() if count is None]
    rest = sorted((count, name) for name, count in told.items() if count)
    if len(withheld) == 1 and rest:
        told[rest[0][1]] = None
    return told


def _is_unused(account: AccountFacts, today: date) -> bool:
    if account.last_logon == LogonBucket.NEVER:
        return account.created_on is None or _is_before(account.created_on, today - UNUSED_AFTER)
    return account.last_logon == LogonBucket.OVER_90_DAYS


def _is_before(day: date | None, limit: date) -> bool:
    return day is not None and day < limit
