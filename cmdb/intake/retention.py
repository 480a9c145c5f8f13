"""What is forgotten: raw documents and receipts are kept for a limited time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from cmdb.intake.models import EnvelopeReceipt, Observation, Subject
from schemas.vocabulary import SubjectKind


def forget_observations(session: Session, *, before: datetime) -> int:
    """Delete raw documents older than this; the newest of a device stays, a person's does not.

    The newest document of a device is what an open question about it is answered from.
    """
    newer = aliased(Observation)
    is_device = sa.exists().where(
        Subject.id == Observation.subject_id, Subject.kind == SubjectKind.DEVICE
    )
    has_newer = sa.exists().where(
        newer.subject_id == Observation.subject_id, newer.received_at > Observation.received_at
    )
    result = session.execute(
        sa.delete(Observation)
        .where(Observation.received_at < before, sa.or_(~is_device, has_newer))
        .execution_options(synchronize_session=False)
    )
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count


def forget_receipts(session: Session, *, before: datetime) -> int:
    """Delete the receipts of envelopes older than this; their leases have long ended."""
    result = session.execute(sa.delete(EnvelopeReceipt).where(EnvelopeReceipt.received_at < before))
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue] — a DELETE has a row count
