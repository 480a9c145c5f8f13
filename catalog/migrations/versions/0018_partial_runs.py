"""Runs that look at some targets of their plan only."""

import sqlalchemy as sa
from alembic import op

from cmdb.kernel import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every run before looked at its whole plan."""
    column = sa.Column("only_targets", types.JSON, nullable=False, server_default="[]")
    op.add_column("run", column)


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("run", "only_targets")
