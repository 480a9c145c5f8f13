"""What devices tell of VLANs, neighbours, attached devices, supplies, batteries and software."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLES = ("vlan", "neighbour", "attached_device", "supply", "gauge", "software")
_INTERFACE_COLUMNS = ("untagged_vlan", "tagged_vlans", "aggregate_index", "poe_status", "poe_class")


def upgrade() -> None:
    """Create the tables and widen the interfaces."""
    empty = {"nullable": False, "server_default": ""}
    for column in (
        sa.Column("untagged_vlan", sa.BigInteger(), nullable=True),
        sa.Column("tagged_vlans", sa.Text(), **empty),
        sa.Column("aggregate_index", sa.BigInteger(), nullable=True),
        sa.Column("poe_status", sa.String(length=32), **empty),
        sa.Column("poe_class", sa.Integer(), nullable=True),
    ):
        op.add_column("interface", column)
    _create(
        "vlan",
        sa.Column("number", sa.BigInteger(), nullable=False),
        _text("name", 255),
        key=("number",),
    )
    _create(
        "neighbour",
        _text("place", 64),
        _text("protocol", 16),
        sa.Column("local_interface_index", sa.BigInteger(), nullable=True),
        *(
            _text(name, 255)
            for name in ("local_port", "remote_chassis_id", "remote_port", "remote_name")
        ),
        _text("remote_description", 1024),
        _text("remote_address", 64),
        key=("place",),
    )
    _create(
        "attached_device",
        _text("index", 64),
        _text("kind", 32),
        *(_text(name, 255) for name in ("name", "model", "serial")),
        _text("mac", 32),
        _text("address", 64),
        *(_text(name, 255) for name in ("version", "system")),
        key=("index",),
    )
    _create(
        "supply",
        _text("index", 64),
        _text("kind", 32),
        _text("name", 255),
        _text("color", 64),
        sa.Column("is_receptacle", sa.Boolean(), nullable=False),
        sa.Column("level_percent", sa.Integer(), nullable=True),
        key=("index",),
    )
    _create(
        "gauge",
        _text("origin", 32),
        _text("name", 64),
        _text("value", 64),
        key=("origin", "name"),
    )
    _create("software", _text("name", 255), key=("name",))


def downgrade() -> None:
    """Drop the tables and the columns."""
    for name in reversed(_TABLES):
        op.drop_table(name)
    with op.batch_alter_table("interface") as interface:
        for name in _INTERFACE_COLUMNS:
            interface.drop_column(name)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _create(name: str, *columns: sa.Column[object], key: tuple[str, ...]) -> None:
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
        sa.UniqueConstraint("item_id", *key, name=op.f(f"uq_{name}_item_id_{'_'.join(key)}")),
    )
