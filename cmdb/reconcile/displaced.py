"""Items at whose place another one answers now: a person says what became of them.

Nothing is marked as missing here: the device may only have moved, and then it is seen elsewhere.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from cmdb.intake.models import Subject
from cmdb.items.models import ConfigurationItem
from cmdb.reconcile import rules
from cmdb.reconcile.batch import Batch, Case, Question
from cmdb.reconcile.findings import Asked
from schemas.vocabulary import FindingKind, Lifecycle


def ask_for_displaced(batch: Batch, cases: Sequence[Case]) -> list[Asked]:
    """Return a question for each item that lost its last subject to another item.

    Call it when the subjects are bound to their new items.
    """
    successors = {
        case.sighting.item_id: case
        for case in cases
        if case.item_id is not None
        and case.sighting.item_id is not None
        and case.sighting.item_id != case.item_id
    }
    if not successors:
        return []
    is_seen = sa.exists().where(Subject.item_id == ConfigurationItem.id)
    rows = batch.session.execute(
        sa.select(ConfigurationItem.id, ConfigurationItem.seen_at).where(
            ConfigurationItem.id.in_(successors),
            ConfigurationItem.lifecycle == Lifecycle.IN_OPERATION,
            ~is_seen,
        )
    )
    return [
        Asked(
            successors[row.id].sighting.subject_id,
            row.id,
            _question(row, successors[row.id]),
            batch.plan.partner_id,
            batch.run.id,
        )
        for row in rows
    ]


def _question(row: Any, successor: Case) -> Question:
    return Question(
        FindingKind.MISSING,
        rules.compute_fingerprint(FindingKind.MISSING, str(row.id)),
        "lifecycle",
        Lifecycle.IN_OPERATION.value,
        Lifecycle.MISSING.value,
        {
            "seen_at": row.seen_at.isoformat() if row.seen_at else None,
            "replaced_by": str(successor.item_id),
            "key": successor.sighting.document.key,
        },
    )
