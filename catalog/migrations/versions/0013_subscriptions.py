"""Subscriptions and the items they are used through."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_subscription_quantity")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_subscription_period")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["service_order.id"], name=op.f("fk_subscription_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_subscription_partner_id")
        ),
        sa.ForeignKeyConstraint(["price_id"], ["price.id"], name=op.f("fk_subscription_price_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_subscription_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_subscription_service_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_subscription_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("order_id", name=op.f("uq_subscription_order_id")),
    )
    op.create_index(
        op.f("ix_subscription_partner_id"), "subscription", ["partner_id"], unique=False
    )
    op.create_index(
        op.f("ix_subscription_provider_id"), "subscription", ["provider_id"], unique=False
    )
    op.create_index(
        op.f("ix_subscription_service_id"), "subscription", ["service_id"], unique=False
    )
    op.create_table(
        "subscription_item",
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_subscription_item_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_subscription_item_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "item_id", name=op.f("pk_subscription_item")),
    )
    op.create_index(
        op.f("ix_subscription_item_item_id"), "subscription_item", ["item_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("subscription_item")
    op.drop_table("subscription")
