"""Which accounts to look for, and how their hygiene is asked of the database."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from cmdb.accounts.models import AccountRecord
from cmdb.accounts.rules import DELETE_AFTER, UNUSED_AFTER, Hygiene
from schemas.vocabulary import AccountType, LogonBucket

Condition = sa.ColumnElement[bool]
_ACCOUNT = AccountRecord


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts to count or read; what is not given does not matter.

    Attributes:
        text: a piece of the account's name.
        hygiene: only accounts that somebody should look at for this reason.
        has_gone: whether they are no longer in the directory.
    """

    partner_id: UUID | None = None
    text: str = ""
    types: tuple[AccountType, ...] = ()
    last_logons: tuple[LogonBucket, ...] = ()
    is_enabled: bool | None = None
    is_privileged: bool | None = None
    hygiene: Hygiene | None = None
    has_gone: bool | None = False


PRESENT_ACCOUNTS: Final = AccountFilter()


def conditions_of(wanted: AccountFilter, today: date) -> list[Condition]:
    """Return the conditions of a filter."""
    conditions: list[Condition] = []
    if wanted.partner_id is not None:
        conditions.append(_ACCOUNT.partner_id == wanted.partner_id)
    if wanted.text:
        conditions.append(_ACCOUNT.name.icontains(wanted.text, autoescape=True))
    if wanted.types:
        conditions.append(_ACCOUNT.type.in_(wanted.types))
    if wanted.last_logons:
        conditions.append(_ACCOUNT.last_logon.in_(wanted.last_logons))
    if wanted.is_enabled is not None:
        conditions.append(_ACCOUNT.is_enabled == wanted.is_enabled)
    if wanted.is_privileged is not None:
        conditions.append(_ACCOUNT.is_privileged == wanted.is_privileged)
    if wanted.hygiene is not None:
        conditions.append(needs_attention(wanted.hygiene, today))
    if wanted.has_gone is not None:
        gone = _ACCOUNT.gone_at.is_not(None)
        conditions.append(gone if wanted.has_gone else ~gone)
    return conditions


def needs_attention(reason: Hygiene, today: date) -> Condition:
    """Return the condition that `rules.judge_hygiene` names this reason for an account."""
    if reason == Hygiene.PRIVILEGED:
        return sa.and_(_ACCOUNT.is_enabled, _ACCOUNT.is_privileged)
    if reason == Hygiene.DISABLED_LONG:
        return sa.and_(~_ACCOUNT.is_enabled, _ACCOUNT.disabled_on < today - DELETE_AFTER)
    never_used = sa.and_(
        _ACCOUNT.last_logon == LogonBucket.NEVER,
        sa.or_(_ACCOUNT.created_on.is_(None), _ACCOUNT.created_on < today - UNUSED_AFTER),
    )
    return sa.and_(
        _ACCOUNT.is_enabled, (_ACCOUNT.last_logon == LogonBucket.OVER_90_DAYS) | never_used
    )
