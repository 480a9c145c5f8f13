"""Taking envelopes in: each is refused as a whole, or taken in exactly once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.intake import rules
from cmdb.intake.judging import judgement_mark
from cmdb.intake.locking import lock_partner
from cmdb.intake.models import EnvelopeReceipt, Subject
from cmdb.intake.rules import PlanScope, Sighting
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.errors import N_, ConflictError, ForbiddenError, InvalidError, NotFoundError
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer
from cmdb.plans.leases import lease_lost
from cmdb.plans.models import Assignment, Plan, Run
from cmdb.plans.rules import check_targets
from schemas.envelope import MalformedEnvelopeError, load_envelope
from schemas.observation import MAX_ENVELOPE_BYTES, Document, Envelope, dump_envelope
from schemas.vocabulary import AssignmentState

# An escaped NUL whose backslash is not itself escaped; PostgreSQL stores no NUL in a text.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True)
class Accepted:
    """An envelope that has been taken in, and the rows it belongs to.

    Attributes:
        is_replay: it had been taken in before, and nothing has to be done.
    """

    envelope: Envelope
    assignment: Assignment
    run: Run
    plan: Plan
    is_replay: bool
    sightings: Sequence[Sighting] = ()


def accept(
    session: Session,
    actor: Viewer,
    raw: bytes | Envelope,
    *,
    worker: str,
    at: datetime,
    attempt: int | None = None,
) -> Accepted:
    """Take an envelope in: check it, give a receipt, compare it with what is known.

    Nothing is written unless the whole envelope is right. Of a dry run only the receipt is kept.

    Args:
        session: inside a transaction; on refusal the caller rolls back.
        actor: who sends; needs `intake.submit` for the partner.
        raw: the wire form, or the envelope itself inside one process.
        worker: who holds the lease.
        at: when it arrived.
        attempt: which lease it is, where the worker knows.

    Raises:
        InvalidError: malformed, too large, or about something outside the plan.
        NotFoundError: there is no such assignment.
        ForbiddenError: the actor may not speak for the partner.
        WrongStateError: the lease has ended or is somebody else's.
        ConflictError: another envelope has been taken in under these numbers.
    """
    envelope, digest = _read(raw)
    assignment, run, plan = _find(session, actor, envelope)
    if _is_replay(session, envelope, assignment, digest):
        return Accepted(envelope, assignment, run, plan, is_replay=True)
    _check_lease(assignment, worker, attempt, at)
    scope = scope_of(plan)
    for document in envelope.documents:
        rules.check_scope(scope, document)
    _give_receipt(session, assignment, envelope.sequence, digest, at)
    sightings = _compare(session, plan, envelope.documents)
    return Accepted(envelope, assignment, run, plan, is_replay=False, sightings=sightings)


def scope_of(plan: Plan) -> PlanScope:
    """Return what a plan may speak of."""
    addresses = check_targets(plan.protocol, plan.targets, plan.exclusions, plan.options)
    return PlanScope(plan.protocol, frozenset(plan.targets), addresses)


def _read(raw: bytes | Envelope) -> tuple[Envelope, str]:
    wire = raw if isinstance(raw, bytes) else dump_envelope(raw)
    if len(wire) > MAX_ENVELOPE_BYTES:
        raise InvalidError(
            "intake.too-large",
            N_("The envelope has {size} bytes; at most {limit} are accepted."),
            size=len(wire),
            limit=MAX_ENVELOPE_BYTES,
        )
    digest = blake2b(wire, digest_size=16).hexdigest()
    has_nul = b"\\u0000" in wire
    if isinstance(raw, Envelope) and not has_nul:
        return raw, digest
    if has_nul:
        wire = _NUL.sub(rb"\1", wire)
    try:
        return load_envelope(wire), digest
    except MalformedEnvelopeError as error:
        raise InvalidError("intake.malformed", N_("{reason}"), reason=str(error)) from error


def _find(session: Session, actor: Viewer, envelope: Envelope) -> tuple[Assignment, Run, Plan]:
    found = session.execute(
        sa.select(Assignment, Run, Plan)
        .join(Run, Run.id == Assignment.run_id)
        .join(Plan, Plan.id == Run.plan_id)
        .where(Assignment.id == envelope.assignment_id)
        .with_for_update(of=(Assignment, Run))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or found[1].id != envelope.run_id:
        raise NotFoundError("intake.unknown-assignment", N_("There is no such assignment."))
    assignment, run, plan = found
    if not actor.may("intake.submit", run.partner_id):
        raise ForbiddenError(
            "intake.foreign", N_("This assignment belongs to a partner you may not speak for.")
        )
    lock_partner(session, run.partner_id)
    return assignment, run, plan


def _is_replay(session: Session, envelope: Envelope, assignment: Assignment, digest: str) -> bool:
    known = session.scalar(
        sa.select(EnvelopeReceipt.digest).where(
            EnvelopeReceipt.assignment_id == assignment.id,
            EnvelopeReceipt.attempt == assignment.attempts,
            EnvelopeReceipt.sequence == envelope.sequence,
        )
    )
    if known is not None and known != digest:
        raise ConflictError(
            "intake.other-content",
            N_("Envelope {sequence} of this assignment has been taken in with other content."),
            sequence=envelope.sequence,
        )
    return known is not None


def _give_receipt(
    session: Session, assignment: Assignment, sequence: int, digest: str, at: datetime
) -> None:
    session.execute(
        sa.insert(EnvelopeReceipt),
        {
            "assignment_id": assignment.id,
            "attempt": assignment.attempts,
            "sequence": sequence,
            "received_at": at,
            "digest": digest,
        },
    )


def _check_lease(assignment: Assignment, worker: str, attempt: int | None, at: datetime) -> None:
    holds = (
        assignment.state is AssignmentState.LEASED
        and assignment.leased_by == worker
        and attempt in {None, assignment.attempts}
        and assignment.lease_until is not None
        and assignment.lease_until >= at
    )
    if not holds:
        raise lease_lost()


def _compare(session: Session, plan: Plan, documents: Sequence[Document]) -> list[Sighting]:
    # Of two documents about one subject the later one counts.
    latest = {(document.kind, document.key): document for document in documents}
    rows = session.execute(
        sa.select(
            Subject.id,
            Subject.kind,
            Subject.key,
            Subject.item_id,
            Subject.section_hashes,
            Subject.credential,
            Subject.target,
            ConfigurationItem.lifecycle,
        )
        .outerjoin(ConfigurationItem, ConfigurationItem.id == Subject.item_id)
        .where(
            Subject.plan_id == plan.id,
            Subject.kind.in_({kind for kind, _ in latest}),
            Subject.key.in_([key for _, key in latest]),
        )
    )
    known = {(row.kind, row.key): row for row in rows}
    mark = judgement_mark()
    return [_sighting(one, known.get(position), mark) for position, one in latest.items()]


def _sighting(document: Document, row: Any, mark: str) -> Sighting:
    hashes = rules.compute_hashes(document, mark)
    if row is None:
        sighting = Sighting(document, new_key(), hashes, tuple(document.sections), is_new=True)
    else:
        sighting = Sighting(
            document,
            row.id,
            # What this look did not ask for is still what the last one saw.
            row.section_hashes | hashes,
            rules.find_changed(row.section_hashes, hashes),
            item_id=row.item_id,
            lifecycle=row.lifecycle,
            is_elsewhere=(row.target, row.credential)
            != (document.target, document.credential or ""),
        )
    sighting.problems.extend(document.problems)
    for name in sighting.changed:
        sighting.section(name)
    return sighting
