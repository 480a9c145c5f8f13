"""Opening and closing questions to people; none is asked twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer
from cmdb.reconcile.batch import Batch, Case, Question
from cmdb.reconcile.events import FindingOpened
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, FindingState


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one subject and, where it is known, one item.

    Attributes:
        partner_id: whose people are asked.
        run_id: the run that led to it, None where a person's declaration did.
    """

    subject_id: UUID
    item_id: UUID | None
    question: Question
    partner_id: UUID
    run_id: UUID | None = None


def ask(
    session: Session,
    actor: Viewer,
    asked: Sequence[Asked],
    *,
    at: datetime,
    known: Iterable[Finding] | None = None,
) -> int:
    """Open a finding for each question that is not open or answered yet; returns how many.

    `known` are the findings of these subjects where the caller has read them already.
    """
    if not asked:
        return 0
    if known is None:
        known = _find(session, asked)
    findings = {(one.subject_id, one.fingerprint): one for one in known}
    opened = 0
    for one in asked:
        position = one.subject_id, one.question.fingerprint
        finding = findings.get(position)
        if finding is None:
            findings[position] = finding = _new_finding(one, at)
            session.add(finding)
        elif not may_ask_again(finding, at):
            continue
        else:
            finding.state = FindingState.OPEN
            finding.opened_at = at
            finding.run_id = one.run_id
            finding.item_id = one.item_id
        opened += 1
        told = FindingOpened(
            subject_id=finding.id,
            partner_id=one.partner_id,
            finding_kind=finding.kind.value,
            item_id=finding.item_id,
        )
        record(session, actor, told)
    return opened


def settle(batch: Batch, cases: Iterable[Case]) -> None:
    """Resolve the open questions that have answered themselves, all in one look-up."""
    by_subject = {case.sighting.subject_id: case for case in cases if not case.sighting.is_new}
    if not by_subject:
        return
    statement = sa.select(Finding).where(
        Finding.subject_id.in_(by_subject), Finding.state == FindingState.OPEN
    )
    for finding in batch.session.scalars(statement):
        if _is_settled(finding, by_subject[finding.subject_id]):
            resolve(finding, batch.actor, batch.at)


def resolve(finding: Finding, actor: Viewer, at: datetime) -> None:
    """Close a question that has answered itself."""
    finding.state = FindingState.RESOLVED
    finding.decided_at = at
    finding.decided_by = actor.name


def resolve_missing(session: Session, actor: Viewer, items: Iterable[UUID], at: datetime) -> None:
    """Resolve the question whether an item is gone: it was seen."""
    keys = list(items)
    if keys:
        session.execute(
            sa.update(Finding)
            .where(
                Finding.item_id.in_(keys),
                Finding.kind == FindingKind.MISSING,
                Finding.state.in_((FindingState.OPEN, FindingState.KEPT, FindingState.IGNORED)),
            )
            .values(state=FindingState.RESOLVED, decided_at=at, decided_by=actor.name)
            .execution_options(synchronize_session="fetch")
        )


def _is_settled(finding: Finding, case: Case) -> bool:
    asked_again = any(one.fingerprint == finding.fingerprint for one in case.questions)
    if asked_again or case.outcome is None:
        return False
    if finding.kind is FindingKind.AMBIGUOUS:
        return not case.is_ambiguous
    is_same_question = any(one.attribute == finding.attribute for one in case.questions)
    return (
        finding.kind is FindingKind.CONTRADICTION
        and not case.is_ambiguous
        and (finding.attribute in case.settled or is_same_question or case.is_rebound)
    )


def may_ask_again(finding: Finding, at: datetime) -> bool:
    """Tell whether a question that is not open may be put once more."""
    if finding.state is FindingState.IGNORED:
        return finding.ignored_until is not None and finding.ignored_until <= at.date()
    # Answered for good, unless the answer was to follow the discovery and the matter came back.
    return finding.state in {FindingState.RESOLVED, FindingState.ACCEPTED}


def _find(session: Session, asked: Sequence[Asked]) -> Iterable[Finding]:
    statement = sa.select(Finding).where(
        Finding.subject_id.in_({one.subject_id for one in asked}),
        Finding.fingerprint.in_({one.question.fingerprint for one in asked}),
    )
    return session.scalars(statement)


def _new_finding(one: Asked, at: datetime) -> Finding:
    question = one.question
    return Finding(
        id=new_key(),
        partner_id=one.partner_id,
        subject_id=one.subject_id,
        item_id=one.item_id,
        run_id=one.run_id,
        kind=question.kind,
        state=FindingState.OPEN,
        fingerprint=question.fingerprint,
        attribute=question.attribute,
        declared=question.declared,
        discovered=question.discovered,
        evidence=question.evidence,
        opened_at=at,
    )
