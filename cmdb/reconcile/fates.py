"""What a run tells about each of its targets: how far it came, what was decided, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa

from cmdb.intake.commands import Accepted
from cmdb.intake.models import Subject
from cmdb.intake.rules import Sighting
from cmdb.plans.progress import (
    AMBIGUOUS,
    CHANGED,
    CREATED,
    MISSED,
    UNCHANGED,
    TargetFate,
)
from cmdb.plans.rules import is_blocking
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.rules import explain
from schemas.messages import MAX_MESSAGES
from schemas.observation import Problem, TargetReport
from schemas.vocabulary import ProblemCode, Protocol, Step


@dataclass(slots=True)
class Reports:
    """What the reports of an envelope mean.

    Attributes:
        done: how many single targets are finished with this envelope.
        is_partial: something that may not be missing was not read to its end.
    """

    fates: list[TargetFate] = field(default_factory=list[TargetFate])
    done: int = 0
    is_partial: bool = False


def device_fate(sighting: Sighting, case: Case | None, *, is_dry_run: bool) -> TargetFate:
    """Tell what was decided about a device."""
    decision = _decision(case)
    if decision == UNCHANGED and is_dry_run and sighting.changed:
        decision = CHANGED
    item_id = sighting.item_id if case is None else case.item_id
    is_written = not (is_dry_run and decision == CREATED)
    return TargetFate(
        target=sighting.document.target,
        key=sighting.document.key,
        step=Step.IDENTIFIED if decision == AMBIGUOUS else Step.DECIDED,
        decision=decision,
        item_id=item_id if is_written else None,
        **_told(sighting.problems),
        explanation=_explanation(sighting, case),
    )


def record_fate(sighting: Sighting, decision: str | None) -> TargetFate:
    """Tell what was decided about an account or a group; whose it is stays in the record."""
    if decision is None:
        decision = CREATED if sighting.is_new else CHANGED if sighting.changed else UNCHANGED
    return TargetFate(
        target=sighting.document.target,
        key=sighting.document.key,
        step=Step.DECIDED,
        decision=decision,
        **_told(sighting.problems),
    )


def report_fates(batch: Batch, accepted: Accepted) -> Reports:
    """Tell what became of targets without a document; silence in a range is only counted."""
    reports = accepted.envelope.reports
    known = _known_keys(batch, [one.target for one in reports if one.problem is not None])
    result = Reports(done=_count_done(batch, accepted))
    seen = {document.target for document in accepted.envelope.documents}
    for report in reports:
        if report.problem is None:
            continue
        is_listed = report.target in batch.plan.targets or "/" in report.target
        key = known.get(report.target)
        code = report.problem.code
        result.is_partial |= is_blocking(
            batch.plan.protocol, code, is_known=is_listed or key is not None
        )
        is_silent = code is ProblemCode.UNREACHABLE
        if report.target in seen and batch.plan.protocol is Protocol.SNMP:
            continue
        if is_listed or key is not None or not is_silent:
            result.fates.append(_report_fate(report, report.problem, key, is_silent=is_silent))
    return result


def _report_fate(
    report: TargetReport, problem: Problem, key: str | None, *, is_silent: bool
) -> TargetFate:
    return TargetFate(
        target=report.target,
        key=key or "",
        step=report.step,
        decision=MISSED if key is not None and is_silent else "",
        **_told([problem]),
    )


def _count_done(batch: Batch, accepted: Accepted) -> int:
    """Count single targets: a device is done with its document, a directory with its report."""
    envelope = accepted.envelope
    targets = {report.target for report in envelope.reports if "/" not in report.target}
    if batch.plan.protocol is Protocol.SNMP:
        targets |= {document.target for document in envelope.documents}
    return len(targets)


def _known_keys(batch: Batch, targets: list[str]) -> dict[str, str]:
    """Return the key of what the plan has seen before at some of these targets."""
    if not targets or batch.plan.protocol is not Protocol.SNMP:
        return {}
    rows = batch.session.execute(
        sa.select(Subject.target, Subject.key).where(
            Subject.plan_id == batch.plan.id, Subject.target.in_(targets)
        )
    )
    return {row.target: row.key for row in rows}


def _decision(case: Case | None) -> str:
    if case is None:
        return UNCHANGED
    if case.is_ambiguous:
        return AMBIGUOUS
    if case.is_created:
        return CREATED
    return CHANGED if case.changes else UNCHANGED


def _told(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what went wrong, each thing once; in English alone where a problem has no codes."""
    if not problems:
        return {}
    by_text = {one.message: one for one in problems}
    has_codes = all(one.messages for one in by_text.values())
    messages = (message for one in by_text.values() for message in one.messages)
    return {
        "code": problems[0].code.value,
        "message": " ".join(by_text),
        "messages": tuple(islice(messages, MAX_MESSAGES)) if has_codes else (),
    }


def _explanation(sighting: Sighting, case: Case | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if case is not None and case.outcome is not None:
        told = explain(case.outcome, case.observed)
    if case is not None and case.description is not None:
        told["rules"] = list(case.description.rules)
    if sighting.changed:
        told["changed_sections"] = [section.value for section in sighting.changed]
    if sighting.problems:
        told["problems"] = [
            {
                "code": problem.code.value,
                "section": problem.section.value if problem.section else None,
                "message": problem.message,
                "messages": [one.as_json() for one in problem.messages],
            }
            for problem in sighting.problems
        ]
    return told
