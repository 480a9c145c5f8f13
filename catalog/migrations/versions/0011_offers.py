"""Service families, services, prices and dependencies."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "service_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("names", types.JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_family")),
        sa.UniqueConstraint("slug", name=op.f("uq_service_family_slug")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("names", types.JSON, nullable=False),
        sa.Column("descriptions", types.JSON, nullable=False),
        sa.Column("units", types.JSON, nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_unit", sa.String(length=80), nullable=False),
        sa.Column("owner_role", sa.String(length=120), nullable=False),
        sa.Column(
            "sla_class",
            sa.Enum(
                "S1",
                "S2",
                "S3",
                "S4",
                name="slaclass",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("allocation_key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "active",
                "retiring",
                "retired",
                name="servicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_lasting", sa.Boolean(), nullable=False),
        sa.Column("max_quantity", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["service_family.id"], name=op.f("fk_service_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_service_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
    )
    op.create_index(op.f("ix_service_family_id"), "service", ["family_id"], unique=False)
    op.create_index(op.f("ix_service_provider_id"), "service", ["provider_id"], unique=False)
    op.create_index(op.f("ix_service_state"), "service", ["state"], unique=False)
    op.create_table(
        "price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("released_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_price_validity")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_price_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
        sa.UniqueConstraint(
            "service_id", "valid_from", name=op.f("uq_price_service_id_valid_from")
        ),
    )
    op.create_table(
        "service_audience",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["organisation_group.id"], name=op.f("fk_service_audience_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_audience_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "group_id", name=op.f("pk_service_audience")),
    )
    op.create_table(
        "service_dependency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depends_on_id", sa.Uuid(), nullable=True),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(depends_on_id IS NULL) <> (platform = '')",
            name=op.f("ck_service_dependency_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["depends_on_id"], ["service.id"], name=op.f("fk_service_dependency_depends_on_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_dependency_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_dependency")),
        sa.UniqueConstraint(
            "service_id", "position", name=op.f("uq_service_dependency_service_id_position")
        ),
    )
    op.create_index(
        op.f("ix_service_dependency_depends_on_id"),
        "service_dependency",
        ["depends_on_id"],
        unique=False,
    )
    op.create_table(
        "price_component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "one_off",
                "recurring",
                "usage",
                name="pricekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "period",
            sa.Enum(
                "month",
                "year",
                "none",
                name="priceperiod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "quantity",
                "flat",
                "measured",
                name="pricebasis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", types.ExactDecimal(precision=14, scale=4), nullable=False),
        sa.Column("units", types.JSON, nullable=False),
        sa.Column("notes", types.JSON, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_price_component_amount")),
        sa.ForeignKeyConstraint(
            ["price_id"], ["price.id"], name=op.f("fk_price_component_price_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_component")),
        sa.UniqueConstraint(
            "price_id", "position", name=op.f("uq_price_component_price_id_position")
        ),
    )
    op.create_table(
        "service_item",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_service_item_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_service_item_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "item_id", name=op.f("pk_service_item")),
    )
    op.create_index(op.f("ix_service_item_item_id"), "service_item", ["item_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("service_item")
    op.drop_table("price_component")
    op.drop_table("service_dependency")
    op.drop_table("service_audience")
    op.drop_table("price")
    op.drop_table("service")
    op.drop_table("service_family")
