"""From an accepted envelope to the inventory, in a number of statements that does not depend on it.

What is unchanged costs one comparison and a share of two updates. What is new or changed is
recognised, believed or questioned, and only what really differs is written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake.commands import Accepted
from cmdb.intake.models import Subject
from cmdb.intake.rules import Sighting
from cmdb.intake.subjects import remember_subjects
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Viewer
from cmdb.plans.progress import record_progress
from cmdb.reconcile.accounts import apply_records
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.displaced import ask_for_displaced
from cmdb.reconcile.events import ItemDiscovered, ItemReconciled
from cmdb.reconcile.fates import device_fate, record_fate, report_fates
from cmdb.reconcile.findings import Asked, ask, resolve_missing, settle
from cmdb.reconcile.links import apply_links, touch_links
from cmdb.reconcile.parts import apply_parts
from cmdb.reconcile.policy import load_policy
from cmdb.reconcile.recognition import recognise
from cmdb.reconcile.values import apply_values, write_revisions
from schemas.vocabulary import Lifecycle, SubjectKind


def apply(session: Session, actor: Viewer, accepted: Accepted, *, at: datetime) -> None:
    """Apply what an envelope has shown; a dry run only tells what would have happened."""
    batch = Batch(session, actor, accepted.plan, accepted.run, at, load_policy())
    devices = [one for one in accepted.sightings if one.document.kind is SubjectKind.DEVICE]
    cases = [Case(one, one.item_id) for one in devices if not one.is_unchanged or _must_wake(one)]
    recognise(batch, [case for case in cases if case.must_be_recognised])
    decisions: Mapping[UUID, str] = {}
    if accepted.run.is_dry_run:
        findings = sum(len(case.questions) for case in cases)
    else:
        remember_subjects(session, accepted, at=at)
        findings = write(batch, cases)
        decisions = apply_records(batch, accepted.sightings)
        _touch_items(batch, devices, cases)
        touch_links(batch, devices)
    of_subject = {case.sighting.subject_id: case for case in cases}
    fates = [
        device_fate(one, of_subject.get(one.subject_id), is_dry_run=batch.run.is_dry_run)
        if one.document.kind is SubjectKind.DEVICE
        else record_fate(one, decisions.get(one.subject_id))
        for one in accepted.sightings
    ]
    reports = report_fates(batch, accepted)
    accepted.assignment.is_partial |= reports.is_partial
    record_progress(
        session,
        accepted.run,
        accepted.assignment,
        [*fates, *reports.fates],
        done=reports.done,
        findings=findings,
    )


def write(batch: Batch, cases: Sequence[Case]) -> int:
    """Write what these devices have shown, and return how many questions were opened."""
    if not cases:
        return 0
    clear = [case for case in cases if case.item_id is not None and not case.is_ambiguous]
    apply_values(batch, clear)
    _bind_subjects(batch, cases)
    apply_parts(batch, clear)
    apply_links(batch, clear)
    write_revisions(batch, clear)
    _tell(batch, clear)
    found = [
        case.item_id
        for case in clear
        if case.item_id and ("lifecycle" in case.changes or case.is_rebound)
    ]
    resolve_missing(batch.session, batch.actor, found, batch.at)
    settle(batch, cases)
    asked = [
        Asked(case.sighting.subject_id, case.item_id, question, batch.plan.partner_id, batch.run.id)
        for case in cases
        for question in case.questions
    ]
    asked += ask_for_displaced(batch, clear)
    return ask(batch.session, batch.actor, asked, at=batch.at)


def _must_wake(sighting: Sighting) -> bool:
    return sighting.lifecycle not in {None, Lifecycle.IN_OPERATION}


def _bind_subjects(batch: Batch, cases: Sequence[Case]) -> None:
    """Remember which item each subject is."""
    rows = [
        {"id": case.sighting.subject_id, "item_id": case.item_id}
        for case in cases
        if case.is_rebound
    ]
    if rows:
        batch.session.execute(sa.update(Subject), rows)


def _touch_items(batch: Batch, devices: Sequence[Sighting], cases: Sequence[Case]) -> None:
    """Note when the items were seen, all in one statement; new ones know already."""
    items = {one.item_id for one in devices if one.is_unchanged}
    items |= {case.item_id for case in cases if not case.is_created}
    items.discard(None)
    if items:
        batch.session.execute(
            sa.update(ConfigurationItem)
            .where(ConfigurationItem.id.in_(items))
            .values(seen_at=batch.at)
            .execution_options(synchronize_session=False)
        )


def _tell(batch: Batch, cases: Sequence[Case]) -> None:
    for case in cases:
        if case.is_created and case.description is not None:
            name = case.description.values.get("name") or case.sighting.document.key
            event = ItemDiscovered(
                subject_id=case.item_id,
                partner_id=batch.plan.partner_id,
                name=name,
                class_name=case.changes["class_name"][1],
                run_id=batch.run.id,
            )
        elif case.changes:
            event = ItemReconciled(
                subject_id=case.item_id,
                partner_id=batch.plan.partner_id,
                attributes=sorted(case.changes),
                run_id=batch.run.id,
            )
        else:
            continue
        record(batch.session, batch.actor, event)
