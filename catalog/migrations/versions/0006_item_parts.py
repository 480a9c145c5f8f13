"""Interfaces, addresses, components and relations of items."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("index", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=1024), nullable=False),
        sa.Column("vendor", sa.String(length=255), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("serial", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.String(length=255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_component_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_component_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint(
            "item_id", "origin", "index", name=op.f("uq_component_item_id_origin_index")
        ),
    )
    op.create_table(
        "interface",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.String(length=1024), nullable=False),
        sa.Column("alias", sa.String(length=1024), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("speed", sa.BigInteger(), nullable=True),
        sa.Column("mtu", sa.BigInteger(), nullable=True),
        sa.Column("admin_status", sa.String(length=32), nullable=False),
        sa.Column("oper_status", sa.String(length=32), nullable=False),
        sa.Column("duplex", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_interface_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_interface_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interface")),
        sa.UniqueConstraint("item_id", "index", name=op.f("uq_interface_item_id_index")),
    )
    op.create_index("ix_interface_mac", "interface", ["mac"], unique=False)
    op.create_table(
        "ip_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("routing_domain_id", sa.Uuid(), nullable=True),
        sa.Column("address", types.AddressText(length=64), nullable=False),
        sa.Column("prefix_length", sa.Integer(), nullable=True),
        sa.Column("interface_index", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f("fk_ip_address_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["routing_domain_id"],
            ["routing_domain.id"],
            name=op.f("fk_ip_address_routing_domain_id"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_ip_address_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_address")),
        sa.UniqueConstraint("item_id", "address", name=op.f("uq_ip_address_item_id_address")),
    )
    op.create_index("ix_ip_address_address", "ip_address", ["address"], unique=False)
    op.create_table(
        "relation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_item_id", sa.Uuid(), nullable=False),
        sa.Column("target_item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "depends_on",
                "runs_on",
                "connected_to",
                "contains",
                "uses",
                name="relationtype",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
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
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=255), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name=op.f("ck_relation_confidence")),
        sa.ForeignKeyConstraint(
            ["source_item_id"],
            ["configuration_item.id"],
            name=op.f("fk_relation_source_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_relation_subject_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_item_id"],
            ["configuration_item.id"],
            name=op.f("fk_relation_target_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            "source_item_id",
            "target_item_id",
            "type",
            "detail",
            name=op.f("uq_relation_source_item_id_target_item_id_type_detail"),
        ),
    )
    op.create_index(
        op.f("ix_relation_target_item_id"), "relation", ["target_item_id"], unique=False
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("relation")
    op.drop_table("ip_address")
    op.drop_table("interface")
    op.drop_table("component")
