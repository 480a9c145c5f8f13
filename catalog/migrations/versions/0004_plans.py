"""Discovery plans, runs, leases and targets."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "protocol",
            sa.Enum(
                "snmp",
                "ldap",
                "ldif",
                name="protocol",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("targets", types.JSON, nullable=False),
        sa.Column("exclusions", types.JSON, nullable=False),
        sa.Column("credentials", types.JSON, nullable=False),
        sa.Column("options", types.JSON, nullable=False),
        sa.Column("routing_domain_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("interval_minutes", sa.Integer(), nullable=True),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("next_due_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_plan_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["routing_domain_id"], ["routing_domain.id"], name=op.f("fk_plan_routing_domain_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_plan_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("partner_id", "name", name=op.f("uq_plan_partner_id_name")),
    )
    op.create_index(op.f("ix_plan_next_due_at"), "plan", ["next_due_at"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "succeeded",
                "partial",
                "failed",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.String(length=120), nullable=False),
        sa.Column("requested_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("targets_total", sa.Integer(), nullable=False),
        sa.Column("targets_done", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_run_partner_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_run_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index(op.f("ix_run_partner_id"), "run", ["partner_id"], unique=False)
    op.create_index("ix_run_plan_id_requested_at", "run", ["plan_id", "requested_at"], unique=False)
    op.create_index(op.f("ix_run_state"), "run", ["state"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("targets", types.JSON, nullable=False),
        sa.Column("target_count", sa.Integer(), nullable=False),
        sa.Column("targets_done", sa.Integer(), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "leased",
                "done",
                "failed",
                "cancelled",
                name="assignmentstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_until", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=120), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_assignment_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_run_id"), "assignment", ["run_id"], unique=False)
    op.create_index("ix_assignment_state_due_at", "assignment", ["state", "due_at"], unique=False)
    op.create_table(
        "run_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(length=1024), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "asked",
                "reached",
                "authenticated",
                "identified",
                "matched",
                "decided",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("explanation", types.JSON, nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["configuration_item.id"], name=op.f("fk_run_target_item_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_target_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_target")),
        sa.UniqueConstraint(
            "run_id", "target", "key", name=op.f("uq_run_target_run_id_target_key")
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("run_target")
    op.drop_table("assignment")
    op.drop_table("run")
    op.drop_table("plan")
