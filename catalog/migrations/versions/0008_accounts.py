"""Account records, directory groups and the log of their reading."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("viewer_id", sa.Uuid(), nullable=True),
        sa.Column("viewer_name", sa.String(length=120), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "licence_count",
                "security",
                "order_fulfilment",
                "incident",
                "audit",
                "right_of_access",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("fields", types.JSON, nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_account_access_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_access")),
    )
    op.create_index(
        op.f("ix_account_access_account_id"), "account_access", ["account_id"], unique=False
    )
    op.create_index(op.f("ix_account_access_at"), "account_access", ["at"], unique=False)
    op.create_index(
        op.f("ix_account_access_partner_id"), "account_access", ["partner_id"], unique=False
    )
    op.create_table(
        "account_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("directory_key", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "person",
                "admin",
                "service",
                "shared",
                "guest",
                "unknown",
                name="accounttype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=True),
        sa.Column("disabled_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column(
            "last_logon",
            sa.Enum(
                "under_30_days",
                "under_90_days",
                "over_90_days",
                "never",
                "unknown",
                name="logonbucket",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("org_unit", sa.String(length=1024), nullable=False),
        sa.Column("is_privileged", sa.Boolean(), nullable=False),
        sa.Column("privileged_reason", sa.String(length=255), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("gone_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_account_record_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_account_record_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_record")),
        sa.UniqueConstraint(
            "partner_id", "directory_key", name=op.f("uq_account_record_partner_id_directory_key")
        ),
    )
    op.create_index(
        "ix_account_record_partner_id_name",
        "account_record",
        ["partner_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_account_record_subject_id"), "account_record", ["subject_id"], unique=False
    )
    op.create_table(
        "directory_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("directory_key", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("org_unit", sa.String(length=1024), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=True),
        sa.Column("is_privileged", sa.Boolean(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("gone_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_directory_group_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_directory_group_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_group")),
        sa.UniqueConstraint(
            "partner_id", "directory_key", name=op.f("uq_directory_group_partner_id_directory_key")
        ),
    )
    op.create_index(
        op.f("ix_directory_group_subject_id"), "directory_group", ["subject_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("directory_group")
    op.drop_table("account_record")
    op.drop_table("account_access")
