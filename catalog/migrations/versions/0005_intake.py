"""Subjects, raw observations and receipts of envelopes."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "device",
                "account",
                "group",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(length=1024), nullable=False),
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
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("section_hashes", types.JSON, nullable=False),
        sa.Column("credential", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_run_id", sa.Uuid(), nullable=False),
        sa.Column("missed_runs", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["configuration_item.id"], name=op.f("fk_subject_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_subject_partner_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_subject_plan_id")),
        sa.ForeignKeyConstraint(["seen_run_id"], ["run.id"], name=op.f("fk_subject_seen_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("plan_id", "kind", "key", name=op.f("uq_subject_plan_id_kind_key")),
    )
    op.create_index(op.f("ix_subject_item_id"), "subject", ["item_id"], unique=False)
    op.create_index(op.f("ix_subject_partner_id"), "subject", ["partner_id"], unique=False)
    op.create_index("ix_subject_plan_id_target", "subject", ["plan_id", "target"], unique=False)
    op.create_table(
        "envelope_receipt",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_envelope_receipt_assignment_id")
        ),
        sa.PrimaryKeyConstraint(
            "assignment_id", "attempt", "sequence", name=op.f("pk_envelope_receipt")
        ),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_observation_run_id")),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_observation_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(
        "ix_observation_subject_id_received_at",
        "observation",
        ["subject_id", "received_at"],
        unique=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("observation")
    op.drop_table("envelope_receipt")
    op.drop_table("subject")
