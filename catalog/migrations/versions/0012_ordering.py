"""Orders, approvals and their transitions."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "order_sequence",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_order_sequence")),
    )
    op.create_table(
        "service_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "rejected",
                "withdrawn",
                "in_fulfilment",
                "delivered",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("price_snapshot", types.JSON, nullable=False),
        sa.Column("one_off_total", types.ExactDecimal(precision=14, scale=4), nullable=False),
        sa.Column("yearly_total", types.ExactDecimal(precision=14, scale=4), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_name", sa.String(length=120), nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_service_order_quantity")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_service_order_partner_id")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["price.id"], name=op.f("fk_service_order_price_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_service_order_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_order_service_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_service_order_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_order")),
        sa.UniqueConstraint("number", name=op.f("uq_service_order_number")),
        sa.UniqueConstraint(
            "partner_id", "request_key", name=op.f("uq_service_order_partner_id_request_key")
        ),
    )
    op.create_index(
        "ix_service_order_partner_id_created_at",
        "service_order",
        ["partner_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_service_order_provider_id_created_at",
        "service_order",
        ["provider_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_order_service_id"), "service_order", ["service_id"], unique=False
    )
    op.create_index(
        "ix_service_order_state_wanted_on",
        "service_order",
        ["state", "wanted_on", "id"],
        unique=False,
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("decided_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=120), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["service_order.id"],
            name=op.f("fk_approval_step_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
        sa.UniqueConstraint(
            "order_id", "position", name=op.f("uq_approval_step_order_id_position")
        ),
    )
    op.create_table(
        "order_transition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "submit",
                "approve",
                "reject",
                "withdraw",
                "start_fulfilment",
                "deliver",
                "cancel",
                name="orderaction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "rejected",
                "withdrawn",
                "in_fulfilment",
                "delivered",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "rejected",
                "withdrawn",
                "in_fulfilment",
                "delivered",
                "cancelled",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "requester",
                "approver",
                "fulfiller",
                name="orderparty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["service_order.id"],
            name=op.f("fk_order_transition_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_transition")),
        sa.UniqueConstraint(
            "order_id", "position", name=op.f("uq_order_transition_order_id_position")
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("order_transition")
    op.drop_table("approval_step")
    op.drop_table("service_order")
    op.drop_table("order_sequence")
