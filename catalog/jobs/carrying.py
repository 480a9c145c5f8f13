"""Carrying out one assignment: claim, run, submit; or hand back what cannot be finished."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from uuid import UUID

import structlog
from marshmallow import ValidationError

from catalog.jobs.workplace import Workplace
from cmdb.kernel.clock import now
from cmdb.kernel.errors import HausError, WrongStateError
from cmdb.plans.leases import (
    Hold,
    Lease,
    claim_assignment,
    extend_lease,
    fail_assignment,
    hand_back,
    is_wanted,
)
from cmdb.reconcile.commands import receive
from discovery.run import Progress, run
from discovery.transport.local import LocalSink
from schemas.assignment import Assignment
from schemas.base import first_message
from schemas.messages import Message, say
from schemas.observation import Envelope
from schemas.sentences.run import RunSentence
from schemas.vocabulary import Protocol

SECONDS_BETWEEN_LOOKS = 1.0

log = structlog.get_logger()


class StoppingError(Exception):
    """The carrier stops: what is on its way is not submitted any more."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One thread that carries out assignments.

    Attributes:
        is_stopping: tells whether the carrier has been asked to stop.
        progress: is told how far the collector has come.
    """

    name: str
    is_stopping: Callable[[], bool] = lambda: False
    progress: Callable[[Progress], object] = lambda _: None


def carry_next(place: Workplace, worker: Worker, *, run_id: UUID | None = None) -> bool:
    """Carry out the assignment that has been due longest; returns whether there was one."""
    with place.transaction() as session:
        lease = claim_assignment(
            session,
            place.actor,
            worker=worker.name,
            lease=place.lease,
            at=now(),
            longest=place.longest,
            run_id=run_id,
        )
    if lease is None:
        return False
    _carry(place, worker, lease)
    return True


def _carry(place: Workplace, worker: Worker, lease: Lease) -> None:
    hold = lease.hold
    pulse = _Pulse(place, worker, hold)
    try:
        run(
            _placed(place, lease.assignment),
            place.secrets,
            LocalSink(lambda envelope: _submit(place, worker, pulse, envelope)),
            progress=worker.progress,
            is_cancelled=pulse.is_cancelled,
            name=worker.name,
        )
    except StoppingError:
        _hand_back(place, hold)
    except WrongStateError:
        # Cancelled by a person or taken over by another worker: nothing of it is ours any more.
        log.info("assignment left", assignment=str(hold.assignment_id))
    except ValidationError as error:
        _fail(place, hold, say(RunSentence.OPTIONS_WRONG, reason=first_message(error)))
    except HausError as error:
        _fail(place, hold, say(RunSentence.NOT_TAKEN_IN, reason=str(error)))
    except Exception as error:
        log.exception("assignment failed", assignment=str(hold.assignment_id))
        _fail(place, hold, say(RunSentence.ASSIGNMENT_FAILED, error=type(error).__name__))


def _submit(place: Workplace, worker: Worker, pulse: "_Pulse", envelope: Envelope) -> None:
    if worker.is_stopping():
        raise StoppingError
    hold = pulse.hold
    # After the last look only envelopes show that the worker lives.
    pulse.beat()
    with place.transaction() as session:
        receive(session, place.actor, envelope, worker=hold.worker, attempt=hold.attempt)


def _placed(place: Workplace, assignment: Assignment) -> Assignment:
    """Say where files lie; a plan names a file, never the folder."""
    if assignment.protocol is not Protocol.LDIF:
        return assignment
    options = assignment.options | {"directory": str(place.ldif_folder)}
    return replace(assignment, options=options)


class _Pulse:
    """The sign of life of a worker: extends its lease, and learns whether it is still wanted.

    The collector asks several times a second; the database is not asked more than once. A worker
    that died, or a collector that hangs, gives no sign, and its lease runs out.
    """

    def __init__(self, place: Workplace, worker: Worker, hold: Hold) -> None:
        self.hold = hold
        self._place = place
        self._worker = worker
        self._looked_at = self._extended_at = monotonic()

    def is_cancelled(self) -> bool:
        """Tell whether to stop: the carrier stops, a person cancelled, or another took over."""
        if self._worker.is_stopping():
            return True
        if monotonic() - self._looked_at < SECONDS_BETWEEN_LOOKS:
            return False
        self._looked_at = monotonic()
        try:
            self.beat()
        except WrongStateError:
            return True
        with self._place.session_factory() as session:
            return not is_wanted(session, self._place.actor, self.hold)

    def beat(self) -> None:
        """Extend the lease where a third of it has gone by.

        Raises:
            WrongStateError: the lease is no longer this worker's.
        """
        lease = self._place.lease
        if monotonic() - self._extended_at < lease.total_seconds() / 3:
            return
        with self._place.transaction() as session:
            extend_lease(session, self._place.actor, self.hold, by=lease, at=now())
        self._extended_at = monotonic()


def _fail(place: Workplace, hold: Hold, message: Message) -> None:
    try:
        with place.transaction() as session:
            fail_assignment(session, place.actor, hold, message=message, at=now())
    except WrongStateError:
        log.info("lease ended before its failure", assignment=str(hold.assignment_id))


def _hand_back(place: Workplace, hold: Hold) -> None:
    try:
        with place.transaction() as session:
            hand_back(session, place.actor, hold, at=now())
    except WrongStateError:
        log.info("lease ended before it was handed back", assignment=str(hold.assignment_id))
