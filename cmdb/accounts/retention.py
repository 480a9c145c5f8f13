"""What is forgotten: accounts that left their directory, and the log of who read what."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.accounts.models import AccountAccess, AccountRecord


def forget_gone_accounts(session: Session, *, before: datetime) -> int:
    """Delete the records of accounts that left their directory before this moment."""
    result = session.execute(
        sa.delete(AccountRecord)
        .where(AccountRecord.gone_at < before)
        .execution_options(synchronize_session=False)
    )
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count


def forget_accesses(session: Session, *, before: datetime) -> int:
    """Delete entries of the access log older than this; the law says how long they are kept."""
    result = session.execute(sa.delete(AccountAccess).where(AccountAccess.at < before))
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count
