"""Reading account records: each time for a purpose, each time logged in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.accounts.filters import AccountFilter, conditions_of
from cmdb.accounts.models import AccountAccess, AccountRecord, Purpose
from cmdb.accounts.queries import READ
from cmdb.accounts.rules import AccountFacts, Hygiene, judge_hygiene
from cmdb.kernel.clock import now, today
from cmdb.kernel.errors import N_, InvalidError, NotFoundError
from cmdb.kernel.ids import new_key
from cmdb.kernel.paging import MAX_LIMIT, Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Viewer, permit, visible
from cmdb.partners.models import Organisation

MAX_REFERENCE: Final = 120
LIST_FIELDS: Final = ("name", "type", "is_enabled", "last_logon", "is_privileged", "org_unit")
ALL_FIELDS: Final = (
    *LIST_FIELDS,
    "directory_key",
    "created_on",
    "disabled_on",
    "expires_on",
    "privileged_reason",
    "seen_at",
    "gone_at",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why account records are read.

    Attributes:
        reference: the number of the order, incident or enquiry, where there is one.
        request_id: which request of the edge it was.
    """

    purpose: Purpose
    reference: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account record with what is to be said of it."""

    record: AccountRecord
    hygiene: tuple[Hygiene, ...]


def read_accounts(
    session: Session,
    actor: Viewer,
    wanted: AccountFilter,
    reason: Reason,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page[AccountView]:
    """Read a page of one partner's accounts by name; every record on it is logged as read.

    Raises:
        InvalidError: no partner is named, or the reference is too long.
        ForbiddenError: the actor may not read accounts of this partner.
        NotFoundError: there is no such partner.
    """
    if wanted.partner_id is None:
        raise InvalidError("account.partner", N_("Choose the partner whose accounts to read."))
    permit(actor, READ, wanted.partner_id)
    if session.get(Organisation, wanted.partner_id) is None:
        raise NotFoundError("partner.not-found", N_("There is no such organisation."))
    _check(reason)
    limit = min(limit, MAX_LIMIT)
    statement = sa.select(AccountRecord).where(*conditions_of(wanted, today()))
    key = SortKey(AccountRecord.name)
    rows = session.scalars(keyset(statement, key, AccountRecord.id, after=after, limit=limit)).all()
    page = page_of(rows, limit, value_of=lambda one: one.name, id_of=lambda one: one.id)
    # Looking and finding nothing is a look too.
    seen: Sequence[UUID | None] = [one.id for one in page.rows] or [None]
    _log(session, actor, wanted.partner_id, seen, reason, names=LIST_FIELDS)
    return Page([_view(one) for one in page.rows], page.next_cursor)


def read_account(session: Session, actor: Viewer, account_id: UUID, reason: Reason) -> AccountView:
    """Read one account record completely; the look is logged.

    Raises:
        NotFoundError: there is none that the actor may read.
    """
    found = session.scalar(
        sa.select(AccountRecord).where(
            AccountRecord.id == account_id, visible(actor, READ, AccountRecord.partner_id)
        )
    )
    if found is None:
        raise NotFoundError("account.not-found", N_("There is no such account."))
    permit(actor, READ, found.partner_id)
    _check(reason)
    _log(session, actor, found.partner_id, [found.id], reason, names=ALL_FIELDS)
    return _view(found)


def _check(reason: Reason) -> None:
    if len(reason.reference) > MAX_REFERENCE:
        raise InvalidError("account.reference", N_("The reference is too long."))


def _log(
    session: Session,
    actor: Viewer,
    partner_id: UUID,
    account_ids: Sequence[UUID | None],
    reason: Reason,
    *,
    names: Sequence[str],
) -> None:
    row: dict[str, Any] = {
        "at": now(),
        "partner_id": partner_id,
        "viewer_id": actor.id,
        "viewer_name": actor.name,
        "purpose": reason.purpose,
        "reference": reason.reference,
        "fields": list(names),
        "request_id": reason.request_id,
    }
    rows = [{**row, "id": new_key(), "account_id": account_id} for account_id in account_ids]
    session.execute(sa.insert(AccountAccess), rows)


def _view(record: AccountRecord) -> AccountView:
    facts = AccountFacts(
        record.is_enabled,
        record.is_privileged,
        record.last_logon,
        record.created_on,
        record.disabled_on,
    )
    return AccountView(record, judge_hygiene(facts, today()))
