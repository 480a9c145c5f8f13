"""Neighbours that are no item: people are asked about them, and nothing is made of them by itself.

They are looked for when a run has ended, because many a neighbour is found later in the same run.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.models import Subject
from cmdb.intake.subjects import forget_sections
from cmdb.items.told import Neighbour
from cmdb.kernel.viewer import Viewer
from cmdb.plans.models import Run
from cmdb.reconcile import rules
from cmdb.reconcile.batch import Question
from cmdb.reconcile.findings import Asked, ask, may_ask_again, resolve
from cmdb.reconcile.marks import Mark, find_marked, marks_of
from cmdb.reconcile.models import Finding
from cmdb.reconcile.policy import GenericValues, Policy
from schemas.vocabulary import FindingKind, FindingState, IdentifierScheme, RunState, Section

Row = Mapping[str, Any]

_TOLD: Final = (
    "remote_name",
    "remote_port",
    "remote_address",
    "remote_chassis_id",
    "remote_description",
)
_COLUMNS: Final = (
    Neighbour.protocol,
    Neighbour.local_port,
    *(getattr(Neighbour, n) for n in _TOLD),
)
_ENDED: Final = (RunState.SUCCEEDED, RunState.PARTIAL)
_LASTING: Final = (FindingState.OPEN, FindingState.KEPT, FindingState.IGNORED)
_BY_WEIGHT: Final = (
    IdentifierScheme.CHASSIS_ID,
    IdentifierScheme.MAC,
    IdentifierScheme.FQDN,
    IdentifierScheme.SYS_NAME,
)


Position = tuple[UUID, UUID]
"""A subject and the item it is."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """One neighbour of a device, however many of its ports and protocols tell of it.

    Attributes:
        marks: by what it would be recognised.
        told: what the device says of it, with the local ports at which it says so.
    """

    fingerprint: str
    marks: tuple[Mark, ...]
    told: dict[str, Any]

    @property
    def weight(self) -> tuple[bool, bool, list[str]]:
        """How much can be done about it: what tells an address and a name comes first."""
        told = self.told
        return not told["remote_address"], not told["remote_name"], told["local_ports"]


@dataclass(frozen=True, slots=True)
class _Conclusion:
    """What is known when a run has ended: the questions so far, and what devices tell now."""

    run: Run
    at: datetime
    findings: Sequence[Finding]
    strangers: Mapping[Position, Sequence[Stranger]]
    known: Collection[Mark]


def strangers_of(
    item_id: UUID, rows: Iterable[Row], known: Collection[Mark], generic: GenericValues
) -> list[Stranger]:
    """Return the neighbours of one device that are no item, those that tell most first."""
    groups: list[tuple[set[Any], list[Row]]] = []
    for row in rows:
        keys: set[Any] = {*marks_of(row, generic)}
        if row["remote_address"]:
            keys.add((row["local_port"], row["remote_address"]))
        keys = keys or {tuple(row.values())}
        same = [one for one in groups if one[0] & keys]
        groups = [one for one in groups if not one[0] & keys]
        groups.append(
            (keys.union(*(one[0] for one in same)), [*(r for one in same for r in one[1]), row])
        )
    told = [_stranger(item_id, some, generic) for _, some in groups]
    # Rows without any mark that say the same are one question.
    found = {one.fingerprint: one for one in told}.values()
    return sorted(
        (one for one in found if not any(mark in known for mark in one.marks)),
        key=lambda one: one.weight,
    )


def ask_about_strangers(
    session: Session, actor: Viewer, run: Run, policy: Policy, at: datetime
) -> None:
    """Ask about the unknown neighbours that a run was told of, and close what is known by now.

    A neighbour that several devices tell of is asked about once.
    """
    if run.state not in _ENDED or run.is_dry_run:
        return
    told = _read_told(session, run)
    findings = session.scalars(
        sa.select(Finding).where(
            Finding.partner_id == run.partner_id, Finding.kind == FindingKind.NEIGHBOUR
        )
    ).all()
    if not told and not findings:
        return
    generic = policy.generic
    marks = {mark for rows in told.values() for row in rows for mark in marks_of(row, generic)}
    marks |= {mark for one in findings for mark in _marks_in(one)}
    known = find_marked(session, run.partner_id, marks).keys()
    strangers = {
        position: strangers_of(position[1], rows, known, generic) for position, rows in told.items()
    }
    conclusion = _Conclusion(run, at, findings, strangers, known)
    _close(session, actor, conclusion)
    asked = _choose(conclusion, policy.relations.strangers)
    run.findings += ask(session, actor, asked, at=at, known=findings)


def _read_told(session: Session, run: Run) -> dict[Position, list[Row]]:
    statement = (
        sa.select(Subject.id, Neighbour.item_id, *_COLUMNS)
        .join(Subject, Subject.id == Neighbour.subject_id)
        .where(Subject.seen_run_id == run.id)
        .order_by(Neighbour.place)
    )
    told: dict[Position, list[Row]] = defaultdict(list)
    for subject_id, item_id, *values in session.execute(statement):
        names = ("protocol", "local_port", *_TOLD)
        told[subject_id, item_id].append(dict(zip(names, values, strict=True)))
    return told


def _stranger(item_id: UUID, rows: Sequence[Row], generic: GenericValues) -> Stranger:
    marks = sorted(
        {mark for row in rows for mark in marks_of(row, generic)},
        key=lambda mark: (_BY_WEIGHT.index(mark[0]), mark[1]),
    )
    told: dict[str, Any] = {
        name: next((row[name] for row in rows if row[name]), "") for name in _TOLD
    }
    told["local_ports"] = sorted({row["local_port"] for row in rows if row["local_port"]})
    told["protocols"] = sorted({row["protocol"] for row in rows})
    about = list(marks[0]) if marks else [str(item_id), *sorted(map(str, told.items()))]
    fingerprint = rules.compute_fingerprint(FindingKind.NEIGHBOUR, *about)
    return Stranger(fingerprint, tuple(marks), told)


def _close(session: Session, actor: Viewer, conclusion: _Conclusion) -> None:
    """Close the questions about neighbours that are items by now, or that nobody tells of."""
    lasting = [one for one in conclusion.findings if one.state in _LASTING]
    if not lasting:
        return
    subjects = {
        row.id: row
        for row in session.execute(
            sa.select(Subject.id, Subject.seen_run_id, Subject.section_hashes).where(
                Subject.id.in_({one.subject_id for one in lasting})
            )
        )
    }
    still = {
        (subject, one.fingerprint)
        for (subject, _), some in conclusion.strangers.items()
        for one in some
    }
    linked: set[UUID] = set()
    for one in lasting:
        is_known = any(mark in conclusion.known for mark in _marks_in(one))
        is_told = subjects[one.subject_id].seen_run_id != conclusion.run.id or (
            (one.subject_id, one.fingerprint) in still
        )
        if is_known or (not is_told and one.state is FindingState.OPEN):
            resolve(one, actor, conclusion.at)
        if is_known:
            linked.add(one.subject_id)
    # The next look at these neighbours is to link them, even if it is equal to the last one.
    forget_sections(
        session, ((key, subjects[key].section_hashes, {Section.NEIGHBOURS}) for key in linked)
    )


def _choose(conclusion: _Conclusion, most: int) -> list[Asked]:
    """Return a question for each stranger that is not asked about or answered yet."""
    run = conclusion.run
    before: dict[str, list[Finding]] = defaultdict(list)
    for one in conclusion.findings:
        before[one.fingerprint].append(one)
    asked: dict[str, Asked] = {}
    for (subject_id, item_id), some in sorted(conclusion.strangers.items()):
        for stranger in some[:most]:
            earlier = before[stranger.fingerprint]
            if stranger.fingerprint in asked or not all(
                may_ask_again(one, conclusion.at) for one in earlier
            ):
                continue
            question = Question(
                FindingKind.NEIGHBOUR,
                stranger.fingerprint,
                discovered=stranger.told,
                evidence={"marks": [[scheme.value, value] for scheme, value in stranger.marks]},
            )
            asked[stranger.fingerprint] = Asked(
                subject_id, item_id, question, run.partner_id, run.id
            )
    return list(asked.values())


def _marks_in(finding: Finding) -> list[Mark]:
    return [
        (IdentifierScheme(scheme), value) for scheme, value in finding.evidence.get("marks", ())
    ]
