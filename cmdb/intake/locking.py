"""What envelopes and answers of one partner wait for, so that two never judge at once."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.partners.models import Organisation


def lock_partner(session: Session, partner_id: UUID) -> None:
    """Let envelopes of one partner wait for one another: two must not create the same item.

    `key_share` leaves foreign keys to the partner free. SQLite's transactions wait as a whole.
    """
    session.execute(
        sa.select(Organisation.id)
        .where(Organisation.id == partner_id)
        .with_for_update(key_share=True)
    )
