"""Messages of runs as codes, targets in the order of their addresses, and runs that were held."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types
from cmdb.plans.models import POSITION
from cmdb.plans.progress import sort_position

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TOLD = ("run", "assignment", "run_target")
CHUNK = 5000


def upgrade() -> None:
    """Add the columns and the table; what was told before stays as it was."""
    for table in TOLD:
        column = sa.Column("messages", types.JSON, nullable=False, server_default="[]")
        op.add_column(table, column)
    op.add_column("run_target", sa.Column("position", POSITION, nullable=False, server_default=""))
    _fill_positions(op.get_bind())
    op.create_index("ix_run_target_run_id_position", "run_target", ["run_id", "position", "id"])
    op.create_table(
        "held_run",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("vanished", sa.Integer(), nullable=False),
        sa.Column("held_at", types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "rejected",
                "superseded",
                name="holdstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organisation.id"], name=op.f("fk_held_run_partner_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_held_run_plan_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_held_run_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_held_run")),
    )
    op.create_index("ix_held_run_plan_id_held_at", "held_run", ["plan_id", "held_at"])


def downgrade() -> None:
    """Drop the columns and the table."""
    op.drop_table("held_run")
    op.drop_index("ix_run_target_run_id_position", "run_target")
    op.drop_column("run_target", "position")
    for table in TOLD:
        op.drop_column(table, "messages")


def _fill_positions(connection: sa.Connection) -> None:
    """Give the targets that are there already their place, some thousand at a time."""
    target = sa.table(
        "run_target",
        sa.column("id", sa.Uuid()),
        sa.column("target", sa.String()),
        sa.column("key", sa.String()),
        sa.column("position", sa.String()),
    )
    filled = (
        sa.update(target)
        .where(target.c.id == sa.bindparam("of_id"))
        .values(position=sa.bindparam("at"))
    )
    next_rows = sa.select(target.c.id, target.c.target, target.c.key).order_by(target.c.id)
    rows = connection.execute(next_rows.limit(CHUNK)).all()
    while rows:
        connection.execute(
            filled,
            [{"of_id": row.id, "at": sort_position(row.target, row.key)} for row in rows],
        )
        rest = next_rows.where(target.c.id > rows[-1].id)
        rows = connection.execute(rest.limit(CHUNK)).all()
