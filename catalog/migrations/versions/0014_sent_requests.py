"""Requests that programs may send again."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sent_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made", types.JSON, nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_sent_request_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_request")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_sent_request_person_id_key")),
    )
    op.create_index(op.f("ix_sent_request_at"), "sent_request", ["at"], unique=False)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("sent_request")
