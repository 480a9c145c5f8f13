"""Counts of accounts, for which no purpose is needed, and the log of who read which record.

Reading a record is an act that is logged; it is found among the commands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.accounts.filters import (
    PRESENT_ACCOUNTS,
    AccountFilter,
    conditions_of,
    needs_attention,
)
from cmdb.accounts.models import AccountAccess, AccountRecord, DirectoryGroup
from cmdb.accounts.rules import SMALLEST_TOLD, Hygiene, suppress_small
from cmdb.kernel.clock import today
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, visible

COUNT: Final = "account.count"
STATISTICS: Final = "account.statistics"
READ: Final = "account.read"
_ACCOUNT = AccountRecord


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """How many accounts one partner has; None where so few would point at persons."""

    total: int | None
    enabled: int | None
    privileged: int | None
    stale: int | None
    disabled_long: int | None


def count_accounts_by_partner(session: Session, viewer: Viewer) -> dict[UUID, AccountCounts]:
    """Return the counts of each partner's present accounts, in one statement.

    Whoever may only see statistics is not told numbers below five.
    """
    day = today()
    reasons = (Hygiene.PRIVILEGED, Hygiene.STALE, Hygiene.DISABLED_LONG)
    statement = (
        sa.select(
            _ACCOUNT.partner_id,
            sa.func.count(),
            _sum(_ACCOUNT.is_enabled),
            *(_sum(needs_attention(reason, day)) for reason in reasons),
        )
        .where(_counted_for(viewer), _ACCOUNT.gone_at.is_(None))
        .group_by(_ACCOUNT.partner_id)
    )
    return {
        partner_id: AccountCounts(*_told(viewer, partner_id, counts))
        for partner_id, *counts in session.execute(statement)
    }


def count_accounts(
    session: Session, viewer: Viewer, wanted: AccountFilter = PRESENT_ACCOUNTS
) -> int | None:
    """Return how many accounts there are; None where so few would point at persons."""
    statement = sa.select(sa.func.count(_ACCOUNT.id)).where(
        _scope(viewer, wanted), *conditions_of(_without_text(wanted), today())
    )
    count = session.scalar(statement) or 0
    return count if _is_exact(viewer, wanted) or count >= SMALLEST_TOLD or not count else None


def count_account_facets(
    session: Session, viewer: Viewer, wanted: AccountFilter = PRESENT_ACCOUNTS
) -> dict[str, Mapping[str, int | None]]:
    """Return how many accounts there are by type, state, privilege, last use and hygiene.

    The keys are `types`, `is_enabled`, `is_privileged`, `last_logons` and `hygiene`; one statement.
    """
    day = today()
    columns = (_ACCOUNT.type, _ACCOUNT.is_enabled, _ACCOUNT.is_privileged, _ACCOUNT.last_logon)
    reasons = tuple(needs_attention(reason, day) for reason in Hygiene)
    statement = (
        sa.select(*columns, *(_sum(one) for one in reasons), sa.func.count())
        .where(_scope(viewer, wanted), *conditions_of(_without_text(wanted), day))
        .group_by(*columns)
    )
    found: dict[str, dict[str, int]] = {
        "types": {},
        "is_enabled": {},
        "is_privileged": {},
        "last_logons": {},
        "hygiene": dict.fromkeys((str(one) for one in Hygiene), 0),
    }
    for kind, is_enabled, is_privileged, logon, *sums, count in session.execute(statement):
        keys = (str(kind), _yes_or_no(is_enabled), _yes_or_no(is_privileged), str(logon))
        for name, key in zip(found, keys, strict=False):
            found[name][key] = found[name].get(key, 0) + count
        for reason, part in zip(Hygiene, sums, strict=True):
            found["hygiene"][reason] += part
    if _is_exact(viewer, wanted):
        return dict(found)
    return {name: suppress_small(counts) for name, counts in found.items()}


def check_account(session: Session, viewer: Viewer, account_id: UUID) -> None:
    """Refuse keys of accounts that the viewer could not read; nothing of an account is told.

    Raises:
        NotFoundError: there is none that the viewer may read.
    """
    statement = sa.select(_ACCOUNT.id).where(
        _ACCOUNT.id == account_id, visible(viewer, READ, _ACCOUNT.partner_id)
    )
    if session.scalar(statement) is None:
        raise NotFoundError("account.not-found", N_("There is no such account."))


def list_directory_groups(
    session: Session,
    viewer: Viewer,
    *,
    partner_id: UUID | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[DirectoryGroup]:
    """Return a page of directory groups by name; a group is no person and needs no purpose."""
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(DirectoryGroup).where(
        visible(viewer, READ, DirectoryGroup.partner_id), DirectoryGroup.gone_at.is_(None)
    )
    if partner_id is not None:
        statement = statement.where(DirectoryGroup.partner_id == partner_id)
    key = SortKey(DirectoryGroup.name)
    statement = keyset(statement, key, DirectoryGroup.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.name, id_of=lambda one: one.id)


def list_accesses(
    session: Session,
    viewer: Viewer,
    *,
    partner_id: UUID | None = None,
    account_id: UUID | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[AccountAccess]:
    """Return a page of who read account records, the latest first."""
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(AccountAccess).where(
        visible(viewer, "event.read", AccountAccess.partner_id)
    )
    if partner_id is not None:
        statement = statement.where(AccountAccess.partner_id == partner_id)
    if account_id is not None:
        statement = statement.where(AccountAccess.account_id == account_id)
    key = SortKey(AccountAccess.at, datetime, is_descending=True)
    statement = keyset(statement, key, AccountAccess.id, after=after, limit=limit)
    rows = session.scalars(statement).all()
    return page_of(rows, limit, value_of=lambda one: one.at, id_of=lambda one: one.id)


def _without_text(wanted: AccountFilter) -> AccountFilter:
    # Counting by a piece of a name would be a search for a person without a purpose.
    return AccountFilter(
        wanted.partner_id,
        "",
        wanted.types,
        wanted.last_logons,
        wanted.is_enabled,
        wanted.is_privileged,
        wanted.hygiene,
        wanted.has_gone,
    )


def _sum(condition: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _counted_for(viewer: Viewer) -> sa.ColumnElement[bool]:
    return visible(viewer, COUNT, _ACCOUNT.partner_id) | visible(
        viewer, STATISTICS, _ACCOUNT.partner_id
    )


def _scope(viewer: Viewer, wanted: AccountFilter) -> sa.ColumnElement[bool]:
    permission = COUNT if _is_exact(viewer, wanted) else STATISTICS
    return visible(viewer, permission, _ACCOUNT.partner_id)


def _is_exact(viewer: Viewer, wanted: AccountFilter) -> bool:
    """Tell whether exact numbers are shown: of those partners that the viewer may count."""
    return viewer.may(COUNT, wanted.partner_id)


def _told(viewer: Viewer, partner_id: UUID, counts: Sequence[int]) -> Sequence[int | None]:
    if viewer.may(COUNT, partner_id):
        return counts
    return [count if count == 0 or count >= SMALLEST_TOLD else None for count in counts]


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
