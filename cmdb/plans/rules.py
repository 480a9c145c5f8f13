"""Judgement on plans and runs: are the targets right, what is due, how did a run end."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdb.kernel.errors import N_, InvalidError
from cmdb.plans.targets import (
    MAX_ENTRIES,
    PIECE,
    AddressScope,
    Piece,
    check_address_targets,
    split,
)
from cmdb.plans.translation import inside_exclusions
from schemas.vocabulary import AssignmentState, ProblemCode, Protocol, RunState

MAX_ATTEMPTS = 3
MIN_INTERVAL = 5
MAX_INTERVAL = 366 * 24 * 60
MAX_RATE = 10_000
MAX_CRAWL_SEEDS = 1024

_FILE_NAME = re.compile(r"[\w][\w .-]{0,200}\.ldif", re.IGNORECASE)
_SECRET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

# These say that the look itself failed, whatever is at the other end.
_ALWAYS_BLOCKING = frozenset({ProblemCode.SECRET_MISSING, ProblemCode.TLS_REFUSED})
# These say nothing about an address where nothing was ever seen; silence is an answer of its own.
_BLOCKING_WHERE_KNOWN = frozenset(
    {
        ProblemCode.INCOMPLETE,
        ProblemCode.TIMEOUT,
        ProblemCode.MALFORMED,
        ProblemCode.TOO_MUCH,
        ProblemCode.REFUSED,
        ProblemCode.UNRESOLVED,
    }
)


def check_targets(
    protocol: Protocol,
    targets: Sequence[str],
    exclusions: Sequence[str],
    options: Mapping[str, Any],
) -> AddressScope | None:
    """Check the targets of a plan, and return their addresses where the protocol has addresses.

    Exclusions may name devices behind an address translation by either of their addresses.

    Raises:
        InvalidError: there is none, there are too many, or one has the wrong form.
        TooMuchError: the plan would look at too many addresses.
    """
    if not targets:
        raise InvalidError("plan.no-targets", N_("Name at least one target."))
    excluded = (*exclusions, *inside_exclusions(exclusions, options))
    if len(targets) > MAX_ENTRIES or len(excluded) > MAX_ENTRIES:
        raise InvalidError(
            "plan.too-many-entries",
            N_("A plan has at most {limit} targets and as many exclusions."),
            limit=MAX_ENTRIES,
        )
    if protocol is Protocol.SNMP:
        return _check_addresses(targets, excluded, options)
    form = _is_base_dn if protocol is Protocol.LDAP else _FILE_NAME.fullmatch
    for entry in targets:
        if not form(entry):
            raise InvalidError(
                "plan.malformed-target",
                N_("«{entry}» is not a base DN such as dc=example,dc=ch.")
                if protocol is Protocol.LDAP
                else N_("«{entry}» is not the name of an LDIF file such as export.ldif."),
                entry=entry,
            )
    return None


def _check_addresses(
    targets: Sequence[str], exclusions: Sequence[str], options: Mapping[str, Any]
) -> AddressScope:
    ranges = crawl_ranges(options)
    scope = check_address_targets(targets, exclusions, ranges)
    count = sum(one.num_addresses for one in scope.networks)
    if ranges and count > MAX_CRAWL_SEEDS:
        raise InvalidError(
            "plan.too-large-to-crawl",
            N_("A plan that follows neighbours begins at {limit} addresses at most."),
            limit=MAX_CRAWL_SEEDS,
        )
    return scope


def crawl_ranges(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ranges into which a plan follows neighbours; the collector checks the rest."""
    crawl = options.get("crawl")
    ranges = crawl.get("ranges") if isinstance(crawl, Mapping) else None
    if not isinstance(ranges, list | tuple):
        return ()
    return tuple(str(one) for one in ranges[:MAX_ENTRIES])


def check_settings(
    credentials: Sequence[str], interval_minutes: int | None, rate: float | None
) -> None:
    """Check the names of secrets, the interval and the rate of a plan.

    Raises:
        InvalidError: one of them has the wrong form or lies outside its limits.
    """
    for name in credentials:
        if not _SECRET_NAME.fullmatch(name):
            raise InvalidError(
                "plan.malformed-credential",
                N_("A secret is named with letters, digits, dots and dashes; its value stays out."),
            )
    if interval_minutes is not None and not MIN_INTERVAL <= interval_minutes <= MAX_INTERVAL:
        raise InvalidError(
            "plan.bad-interval",
            N_("The interval is between {least} minutes and one year."),
            least=MIN_INTERVAL,
        )
    if rate is not None and not 0 < rate <= MAX_RATE:
        raise InvalidError(
            "plan.bad-rate",
            N_("The rate is between 0 and {most} targets per second."),
            most=MAX_RATE,
        )


def compute_pieces(
    protocol: Protocol,
    targets: Sequence[str],
    exclusions: Sequence[str],
    options: Mapping[str, Any],
) -> list[Piece]:
    """Divide the targets of a plan into what single assignments look at.

    A base DN or a file is one piece: only who read all of it may say that something is missing.
    """
    scope = check_targets(protocol, targets, exclusions, options)
    if scope is not None:
        return split(scope)
    return [Piece((target,), 1) for target in dict.fromkeys(targets)]


def compute_next_due(
    previous: datetime | None, interval_minutes: int | None, now: datetime
) -> datetime | None:
    """Return when a plan is due next; what was missed meanwhile is not made up for.

    The rhythm of the previous date is kept, so that a nightly plan stays nightly.
    """
    if interval_minutes is None:
        return None
    interval = timedelta(minutes=interval_minutes)
    if previous is None or previous > now:
        return previous or now
    missed = (now - previous) // interval
    return previous + interval * (missed + 1)


def is_blocking(protocol: Protocol, code: ProblemCode, *, is_known: bool) -> bool:
    """Tell whether a problem of one target keeps a run from being complete.

    An address may be silent; a directory or a file that is not read to its end may not.
    """
    if protocol is not Protocol.SNMP:
        return code is not ProblemCode.OUT_OF_SCOPE
    return code in _ALWAYS_BLOCKING or (is_known and code in _BLOCKING_WHERE_KNOWN)


@dataclass(frozen=True, slots=True)
class AssignmentEnd:
    """How one assignment of a run stands."""

    state: AssignmentState
    is_partial: bool


def decide_run_state(ends: Iterable[AssignmentEnd], *, reached: int) -> RunState | None:
    """Decide how a run ended, None while something is still to be done.

    Only a run whose every part was read to its end has succeeded.
    """
    parts = list(ends)
    states = {part.state for part in parts}
    if states & {AssignmentState.DUE, AssignmentState.LEASED}:
        return None
    if AssignmentState.CANCELLED in states:
        return RunState.CANCELLED
    if all(part.state is AssignmentState.DONE and not part.is_partial for part in parts):
        return RunState.SUCCEEDED
    return RunState.PARTIAL if reached else RunState.FAILED


def _is_base_dn(text: str) -> bool:
    parts = re.split(r"(?<!\\),", text)
    return len(text) <= 1024 and all(  # noqa: PLR2004 — the column's length
        re.fullmatch(r"\s*[A-Za-z][A-Za-z0-9-]*\s*=\s*.+", part) for part in parts
    )


__all__ = [
    "MAX_ATTEMPTS",
    "PIECE",
    "AssignmentEnd",
    "check_settings",
    "check_targets",
    "compute_next_due",
    "compute_pieces",
    "decide_run_state",
    "is_blocking",
]
