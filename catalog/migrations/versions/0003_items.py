"""Configuration items, their classes and identifiers."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types
from cmdb.kernel.search import SearchIndex

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SEARCH = SearchIndex(
    "configuration_item", ("name", "serial", "model", "vendor", "os_version", "address")
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ci_class",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("label_de", sa.String(length=80), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("attributes", types.JSON, nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ci_class")),
    )
    op.create_table(
        "configuration_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_name", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "lifecycle",
            sa.Enum(
                "planned",
                "in_operation",
                "missing",
                "retired",
                name="lifecycle",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("user_partner_id", sa.Uuid(), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("vendor", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("serial", sa.String(length=255), nullable=False),
        sa.Column("os_version", sa.String(length=255), nullable=False),
        sa.Column("address", types.AddressText(length=64), nullable=False),
        sa.Column("attributes", types.JSON, nullable=False),
        sa.Column("created_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "lower(name || ' ' || serial || ' ' || model || ' ' || vendor || ' ' || os_version || ' ' || replace(replace('.' || address, '.0', '.'), '.0', '.'))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["class_name"], ["ci_class.name"], name=op.f("fk_configuration_item_class_name")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["organisation.id"], name=op.f("fk_configuration_item_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_configuration_item_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_configuration_item_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_partner_id"],
            ["organisation.id"],
            name=op.f("fk_configuration_item_user_partner_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_item")),
    )
    op.create_index(
        "ix_configuration_item_address_id", "configuration_item", ["address", "id"], unique=False
    )
    op.create_index(
        "ix_configuration_item_class_name_id",
        "configuration_item",
        ["class_name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_configuration_item_lifecycle"), "configuration_item", ["lifecycle"], unique=False
    )
    op.create_index(
        "ix_configuration_item_model_id", "configuration_item", ["model", "id"], unique=False
    )
    op.create_index(
        "ix_configuration_item_name_id", "configuration_item", ["name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_configuration_item_operator_id"),
        "configuration_item",
        ["operator_id"],
        unique=False,
    )
    op.create_index(
        "ix_configuration_item_partner_id_name",
        "configuration_item",
        ["partner_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        "ix_configuration_item_seen_at_id", "configuration_item", ["seen_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_configuration_item_site_id"), "configuration_item", ["site_id"], unique=False
    )
    op.create_index(
        "ix_configuration_item_updated_at_id",
        "configuration_item",
        ["updated_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_configuration_item_user_partner_id"),
        "configuration_item",
        ["user_partner_id"],
        unique=False,
    )
    op.create_index(
        "ix_configuration_item_vendor_id", "configuration_item", ["vendor", "id"], unique=False
    )
    op.create_table(
        "identifier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum(
                "serial",
                "mac",
                "chassis_id",
                "sys_name",
                "fqdn",
                "address",
                "directory_id",
                name="identifierscheme",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_identifier_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifier")),
        sa.UniqueConstraint(
            "item_id",
            "scheme",
            "value",
            "scope",
            name=op.f("uq_identifier_item_id_scheme_value_scope"),
        ),
    )
    op.create_index(
        "ix_identifier_scope_scheme_value", "identifier", ["scope", "scheme", "value"], unique=False
    )
    SEARCH.install(op.get_bind())


def downgrade() -> None:
    """Drop the tables."""
    SEARCH.uninstall(op.get_bind())
    op.drop_table("identifier")
    op.drop_table("configuration_item")
    op.drop_table("ci_class")
