"""Requests that programs may send again, because an answer can be lost on its way.

A program gives a request a key of its own. The key is written down in the transaction of what the
request does: either both are there or neither is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.access.models import SentRequest
from cmdb.kernel.errors import N_, InvalidError

MAX_KEY: Final = 64


def claim_key(
    session: Session, person_id: UUID, key: str, fingerprint: str
) -> tuple[SentRequest, bool]:
    """Return what is known of a request, and whether it is the first of its key.

    Of two that arrive at the same time, the second waits for the first one to be finished.

    Raises:
        InvalidError: the key was used for another request.
    """
    found = _find(session, person_id, key)
    if found is None:
        new = SentRequest(person_id=person_id, key=key, fingerprint=fingerprint, made=[])
        try:
            with session.begin_nested():
                session.add(new)
        except IntegrityError:
            found = _find(session, person_id, key)
            if found is None:
                raise
        else:
            return new, True
    if found.fingerprint != fingerprint:
        raise InvalidError(
            "api.idempotency-key-used",
            N_("This Idempotency-Key was already used for another request; choose a new one."),
        )
    return found, False


def note_made(request: SentRequest, keys: Sequence[UUID]) -> None:
    """Write down what a request has made, so that its repetition can be answered."""
    request.made = [str(one) for one in keys]


def forget_requests(session: Session, *, before: datetime) -> int:
    """Delete the keys of requests that nobody sends again any more."""
    result = session.execute(sa.delete(SentRequest).where(SentRequest.at < before))
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count


def _find(session: Session, person_id: UUID, key: str) -> SentRequest | None:
    return session.scalar(
        sa.select(SentRequest).where(SentRequest.person_id == person_id, SentRequest.key == key)
    )
