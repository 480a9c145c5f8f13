"""What is behind the ports of switches, and who reports each link."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_INDEXES = ("source_interface_index", "target_interface_index")
_SURE = 100


def upgrade() -> None:
    """Create the tables, widen the relations, and say who reports those that there are."""
    protocol = sa.Column("protocol", sa.String(length=16), nullable=False, server_default="")
    op.add_column("relation", protocol)
    for name in _INDEXES:
        op.add_column("relation", sa.Column(name, sa.BigInteger(), nullable=True))
    _create(
        "forwarding_entry",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("interface_index", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("vlan", sa.BigInteger(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        key="place",
    )
    op.create_index("ix_forwarding_entry_mac", "forwarding_entry", ["mac"])
    _create(
        "spanning_tree_port",
        sa.Column("interface_index", sa.BigInteger(), nullable=False),
        sa.Column("designated_bridge", sa.String(length=32), nullable=False),
        sa.Column("designated_port", sa.String(length=16), nullable=False),
        sa.Column("root_bridge", sa.String(length=32), nullable=False),
        sa.Column("is_root_port", sa.Boolean(), nullable=False),
        sa.Column("is_designated", sa.Boolean(), nullable=False),
        key="interface_index",
    )
    op.create_index(
        "ix_spanning_tree_port_segment",
        "spanning_tree_port",
        ["designated_bridge", "designated_port"],
    )
    _create(
        "arp_entry",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("interface_index", sa.BigInteger(), nullable=True),
        key="address",
    )
    op.create_index("ix_arp_entry_mac", "arp_entry", ["mac"])
    op.create_table(
        "link_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("relation_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("protocol", sa.String(length=16), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relation_id"],
            ["relation.id"],
            name=op.f("fk_link_report_relation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_link_report_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_report")),
        sa.UniqueConstraint(
            "relation_id",
            "subject_id",
            "protocol",
            name=op.f("uq_link_report_relation_id_subject_id_protocol"),
        ),
    )
    op.create_index("ix_link_report_subject_id", "link_report", ["subject_id"])
    _report_known_links()


def downgrade() -> None:
    """Drop the tables and the columns."""
    for name in ("link_report", "arp_entry", "spanning_tree_port", "forwarding_entry"):
        op.drop_table(name)
    with op.batch_alter_table("relation") as relation:
        for name in ("protocol", *_INDEXES):
            relation.drop_column(name)


def _create(name: str, *columns: sa.Column[object], key: str) -> None:
    """Create a table of rows that belong to an item and go with it."""
    op.create_table(
        name,
        *columns,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["configuration_item.id"],
            name=op.f(f"fk_{name}_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f(f"fk_{name}_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("item_id", key, name=op.f(f"uq_{name}_item_id_{key}")),
    )


def _report_known_links() -> None:
    """Enter the devices of both ends where both reported a link, else the one that did."""
    uuid = sa.Uuid()
    relation = sa.table(
        "relation",
        *(sa.column(name, uuid) for name in ("id", "source_item_id", "target_item_id")),
        sa.column("subject_id", uuid),
        *(sa.column(name) for name in ("type", "source", "confidence", "protocol")),
    )
    subject = sa.table("subject", *(sa.column(name, uuid) for name in ("id", "item_id")))
    is_link = sa.and_(relation.c.type == "connected_to", relation.c.source == "snmp")
    is_end = sa.or_(
        subject.c.id == relation.c.subject_id,
        sa.and_(
            relation.c.confidence == _SURE,
            subject.c.item_id.in_([relation.c.source_item_id, relation.c.target_item_id]),
        ),
    )
    pairs = op.get_bind().execute(
        sa.select(relation.c.id, subject.c.id).join(subject, is_end).where(is_link)
    )
    rows = [
        {"id": uuid4(), "relation_id": one, "subject_id": by, "protocol": "lldp", "missed": 0}
        for one, by in pairs.all()
    ]
    report = sa.table(
        "link_report",
        *(sa.column(name, uuid) for name in ("id", "relation_id", "subject_id")),
        *(sa.column(name) for name in ("protocol", "missed")),
    )
    op.bulk_insert(report, rows)
    op.execute(sa.update(relation).where(is_link).values(protocol="lldp"))
