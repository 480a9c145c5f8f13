"""Facts with their source, and revisions."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ci_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "declared",
                "snmp",
                "ldap",
                "ldif",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changes", types.JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["configuration_item.id"], name=op.f("fk_ci_revision_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ci_revision")),
    )
    op.create_index("ix_ci_revision_item_id_at", "ci_revision", ["item_id", "at"], unique=False)
    op.create_table(
        "ci_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("attribute", sa.String(length=64), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "declared",
                "snmp",
                "ldap",
                "ldif",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", types.JSON, nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("since_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["configuration_item.id"], name=op.f("fk_ci_fact_item_id")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_ci_fact_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ci_fact")),
    )
    op.create_index(
        "ix_ci_fact_item_id_attribute", "ci_fact", ["item_id", "attribute"], unique=False
    )
    op.create_index(
        "uq_ci_fact_open",
        "ci_fact",
        ["item_id", "attribute", "source"],
        unique=True,
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("ci_fact")
    op.drop_table("ci_revision")
