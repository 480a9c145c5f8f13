"""Taking in what collectors send, and what people answer to findings."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cmdb.history.commands import Claim, record_facts, record_revision
from cmdb.intake import rules as intake_rules
from cmdb.intake.commands import accept
from cmdb.intake.judging import judgement_mark
from cmdb.intake.models import Subject
from cmdb.intake.queries import get_latest_document
from cmdb.intake.rules import Sighting
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, InvalidError, WrongStateError
from cmdb.kernel.events import record
from cmdb.kernel.ids import new_key
from cmdb.kernel.viewer import Viewer, permit
from cmdb.plans.additions import add_target
from cmdb.plans.leases import Hold, finish_assignment
from cmdb.plans.models import Plan, Run
from cmdb.reconcile import queries
from cmdb.reconcile.apply import apply, write
from cmdb.reconcile.batch import Batch, Case
from cmdb.reconcile.classification import COLUMNS, describe
from cmdb.reconcile.events import FindingDecided
from cmdb.reconcile.missing import conclude_run
from cmdb.reconcile.models import Finding
from cmdb.reconcile.policy import load_policy
from cmdb.reconcile.recognition import observe
from cmdb.reconcile.strangers import ask_about_strangers
from cmdb.reconcile.values import read_classes
from schemas.observation import Envelope
from schemas.vocabulary import FindingKind, FindingState, Lifecycle, RunState, Section, Source

MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to whoever sent an envelope.

    Attributes:
        is_replay: it had been taken in before; nothing was done again.
        run_state: where the run stands now.
    """

    assignment_id: UUID
    run_id: UUID
    sequence: int
    documents: int
    is_replay: bool
    run_state: RunState


def receive(
    session: Session,
    actor: Viewer,
    raw: bytes | Envelope,
    *,
    worker: str,
    attempt: int | None = None,
) -> Receipt:
    """Take an envelope in, apply it, and end its assignment when nothing follows.

    The one door for every carrier; all of it or nothing happens.

    Raises:
        InvalidError: malformed, too large, or about something outside the plan.
        NotFoundError: there is no such assignment.
        ForbiddenError: the actor may not speak for the partner.
        WrongStateError: the lease has ended or is somebody else's.
        ConflictError: another envelope has been taken in under these numbers.
    """
    at = now()
    accepted = accept(session, actor, raw, worker=worker, attempt=attempt, at=at)
    envelope, run = accepted.envelope, accepted.run
    permit(actor, "intake.submit", run.partner_id)
    if not accepted.is_replay:
        apply(session, actor, accepted, at=at)
        if envelope.is_last:
            hold = Hold(accepted.assignment.id, worker, accepted.assignment.attempts)
            run = finish_assignment(session, actor, hold, at=at)
            conclude_run(session, actor, run, load_policy(), at)
            ask_about_strangers(session, actor, run, load_policy(), at)
    return Receipt(
        assignment_id=envelope.assignment_id,
        run_id=envelope.run_id,
        sequence=envelope.sequence,
        documents=len(envelope.documents),
        is_replay=accepted.is_replay,
        run_state=run.state,
    )


def accept_finding(
    session: Session,
    actor: Viewer,
    finding_id: UUID,
    *,
    item_id: UUID | None = None,
    note: str = "",
) -> Finding:
    """Follow the discovery: believe the value, bind the device, retire the item, or look there.

    Args:
        session: the transaction.
        actor: needs `finding.decide` for the partner.
        finding_id: the finding.
        item_id: of an ambiguous finding: which item it is; None makes a new one.
        note: why.

    Raises:
        WrongStateError: the finding has been decided before.
        InvalidError: the item is not one of the candidates.
    """
    finding = _open_finding(session, actor, finding_id, note)
    permit(actor, "finding.decide", finding.partner_id)
    match finding.kind:
        case FindingKind.CONTRADICTION:
            _follow_discovery(session, actor, finding)
        case FindingKind.MISSING:
            _retire(session, actor, finding)
        case FindingKind.AMBIGUOUS:
            _bind(session, actor, finding, item_id)
        case FindingKind.NEIGHBOUR:
            _look_there(session, actor, finding)
    return _decide(session, actor, finding, FindingState.ACCEPTED)


def keep_declared(session: Session, actor: Viewer, finding_id: UUID, *, note: str = "") -> Finding:
    """Leave everything as it is; the same question is not asked again.

    Raises:
        WrongStateError: the finding has been decided before.
    """
    finding = _open_finding(session, actor, finding_id, note)
    permit(actor, "finding.decide", finding.partner_id)
    return _decide(session, actor, finding, FindingState.KEPT)


def ignore_finding(
    session: Session, actor: Viewer, finding_id: UUID, *, until: date | None, note: str = ""
) -> Finding:
    """Put a question aside until a day, or for good; of one that is aside, choose another day.

    Raises:
        WrongStateError: the finding has been decided otherwise before.
        InvalidError: the day is not in the future.
    """
    finding = _open_finding(session, actor, finding_id, note, and_in=FindingState.IGNORED)
    permit(actor, "finding.decide", finding.partner_id)
    if until is not None and until <= now().date():
        raise InvalidError("finding.past-day", N_("The day must be in the future."))
    finding.ignored_until = until
    return _decide(session, actor, finding, FindingState.IGNORED)


def _open_finding(
    session: Session,
    actor: Viewer,
    finding_id: UUID,
    note: str,
    *,
    and_in: FindingState = FindingState.OPEN,
) -> Finding:
    queries.get_finding(session, actor, finding_id)
    finding = session.get_one(Finding, finding_id, with_for_update=True, populate_existing=True)
    if finding.state not in {FindingState.OPEN, and_in}:
        raise WrongStateError(
            "finding.decided",
            N_("This has been decided by {name} already."),
            name=finding.decided_by,
        )
    finding.note = note.strip()[:MAX_NOTE]
    return finding


def _decide(session: Session, actor: Viewer, finding: Finding, state: FindingState) -> Finding:
    finding.state = state
    finding.decided_at = now()
    finding.decided_by = actor.name
    record(
        session,
        actor,
        FindingDecided(
            subject_id=finding.id,
            partner_id=finding.partner_id,
            finding_kind=finding.kind.value,
            decision=state.value,
            item_id=finding.item_id,
            note=finding.note,
        ),
    )
    return finding


def _follow_discovery(session: Session, actor: Viewer, finding: Finding) -> None:
    """Withdraw the declared value, so that the discovered one is believed from now on."""
    if finding.item_id is None:
        return
    withdrawn = Claim(finding.item_id, finding.attribute, Source.DECLARED, None)
    record_facts(session, [withdrawn], at=now())
    _change_item(session, actor, finding, finding.discovered)


def _retire(session: Session, actor: Viewer, finding: Finding) -> None:
    if finding.item_id is not None:
        retired = Lifecycle.RETIRED.value
        claim = Claim(finding.item_id, "lifecycle", Source.DECLARED, retired, actor_name=actor.name)
        record_facts(session, [claim], at=now())
        _change_item(session, actor, finding, retired)


def _look_there(session: Session, actor: Viewer, finding: Finding) -> None:
    """Add a neighbour to the plan that met it."""
    address = finding.discovered.get("remote_address")
    if not address:
        raise InvalidError(
            "finding.no-address",
            N_("Nobody tells the address of this neighbour. Write it into a plan yourself."),
        )
    subject = session.get_one(Subject, finding.subject_id)
    add_target(session, actor, subject.plan_id, address)


def _change_item(session: Session, actor: Viewer, finding: Finding, value: Any) -> None:
    """Give the attribute that a finding is about a new value, with a revision."""
    item = session.get_one(
        ConfigurationItem, finding.item_id, with_for_update={"of": ConfigurationItem}
    )
    attribute, at = finding.attribute, now()
    if attribute == "lifecycle":
        value = Lifecycle(value)
    elif attribute == "class_name":
        value = read_classes(session).known(value)
    if attribute in COLUMNS or attribute == "lifecycle":
        before = getattr(item, attribute)
        setattr(item, attribute, value)
    else:
        before = item.attributes.get(attribute)
        item.attributes = item.attributes | {attribute: value}
    if before == value:
        return
    item.version += 1
    item.updated_at = at
    record_revision(
        session,
        actor,
        item_id=item.id,
        changes={attribute: [before, value]},
        source=Source.DECLARED,
        at=at,
        run_id=finding.run_id,
        reason=finding.note,
    )


def _bind(session: Session, actor: Viewer, finding: Finding, item_id: UUID | None) -> None:
    """Apply the kept document to the item a person has chosen, or to a new one."""
    candidates = finding.evidence.get("candidates", ())
    allowed = {UUID(one["item_id"]) for one in candidates if not one["is_excluded"]}
    if item_id is not None and item_id not in allowed:
        raise InvalidError(
            "finding.no-candidate", N_("This item is not one of those that come into question.")
        )
    subject = session.get_one(Subject, finding.subject_id, with_for_update=True)
    document = get_latest_document(session, actor, subject.id)
    plan = session.get_one(Plan, subject.plan_id)
    run = session.get_one(Run, subject.seen_run_id)
    batch = Batch(session, actor, plan, run, now(), load_policy())
    hashes = intake_rules.compute_hashes(document, judgement_mark())
    changed = tuple(Section(name) for name in hashes)
    sighting = Sighting(document, subject.id, hashes, changed, item_id=subject.item_id)
    case = Case(sighting, item_id or new_key(), is_created=item_id is None)
    case.description = describe(sighting)
    case.observed = observe(batch, sighting, case.description)
    write(batch, [case])
    finding.item_id = case.item_id
