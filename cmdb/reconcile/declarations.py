"""What people say of items that are there, and what it contradicts of what discovery knows.

A declaration opens and closes the same questions as a look at the device, in its own transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.history.precedence import order_of
from cmdb.items import commands
from cmdb.items.changes import Changed, ItemPatch
from cmdb.kernel.clock import now
from cmdb.kernel.viewer import Viewer
from cmdb.reconcile import rules
from cmdb.reconcile.findings import Asked, ask, resolve
from cmdb.reconcile.models import Finding
from cmdb.reconcile.values import contradiction
from schemas.vocabulary import FindingKind, FindingState, Source

_ANSWERED_BY_A_PERSON = "lifecycle"
"""Asked about when a retired device is seen; whatever a person says of it then is the answer."""


def update_item(
    session: Session,
    actor: Viewer,
    item_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None,
    reason: str = "",
) -> int:
    """Change an item as a person declares it and return its version.

    Values that are as they were leave no trace; None withdraws what was declared, so that what
    discovery says is believed again.

    Raises:
        NotFoundError: there is no such item that the actor may see.
        ForbiddenError: the actor may not change it.
        StaleError: somebody else changed it since `expected_version` was read.
        InvalidError: with a complaint for each value that is not in order.
    """
    patch = ItemPatch(item_id, changes, expected_version)
    return bulk_update(session, actor, [patch], reason=reason)[item_id]


def bulk_update(
    session: Session, actor: Viewer, patches: Sequence[ItemPatch], *, reason: str = ""
) -> dict[UUID, int]:
    """Change several items, all or none, in a fixed number of statements; return their versions.

    Raises:
        InvalidError: too many items, one of them twice, or a value is not in order.
    """
    changed = commands.change_items(session, actor, patches, reason=reason)
    _ask_about(session, actor, changed, now())
    return {one.item_id: one.version for one in changed}


def _ask_about(session: Session, actor: Viewer, changed: Sequence[Changed], at: datetime) -> None:
    """Ask about the changed values that contradict discovery, and close what is answered now."""
    about = {
        (one.item_id, name)
        for one in changed
        for name, said in one.said.items()
        if name == _ANSWERED_BY_A_PERSON or said.keys() - {Source.DECLARED}
    }
    if not about:
        return
    statement = sa.select(Finding).where(
        Finding.item_id.in_({item_id for item_id, _ in about}),
        Finding.attribute.in_({name for _, name in about}),
        Finding.kind == FindingKind.CONTRADICTION,
    )
    with session.no_autoflush:
        findings = session.scalars(statement).all()
    asked = [question for one in changed for question in _questions(one)]
    still = {one.question.fingerprint for one in asked}
    for finding in findings:
        is_open = finding.state is FindingState.OPEN and finding.fingerprint not in still
        if is_open and (finding.item_id, finding.attribute) in about:
            resolve(finding, actor, at)
    ask(session, actor, asked, at=at, known=findings)


def _questions(changed: Changed) -> list[Asked]:
    asked: list[Asked] = []
    for name, said in changed.said.items():
        belief = rules.decide_belief(said, order_of(name))
        if belief is None or belief.contradicting is None:
            continue
        subject_id = changed.subjects.get((changed.item_id, name, belief.contradicting))
        if subject_id is not None:
            question = contradiction(changed.item_id, name, belief)
            asked.append(Asked(subject_id, changed.item_id, question, changed.partner_id))
    return asked
