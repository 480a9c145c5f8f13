"""Questions about neighbours that are no item."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BEFORE = ("ambiguous", "contradiction", "missing")


def upgrade() -> None:
    """Allow the new kind of finding."""
    _allow(*_BEFORE, "neighbour")


def downgrade() -> None:
    """Forget the findings of the new kind."""
    finding = sa.table("finding", sa.column("kind", sa.String()))
    op.execute(sa.delete(finding).where(finding.c.kind == "neighbour"))
    _allow(*_BEFORE)


def _allow(*kinds: str) -> None:
    # The check of 0009 has this name; SQLite changes a check by rebuilding the table.
    with op.batch_alter_table("finding") as finding:
        finding.drop_constraint(op.f("ck_finding_findingkind"), type_="check")
        finding.create_check_constraint(
            op.f("ck_finding_findingkind"), sa.column("kind").in_(kinds)
        )
