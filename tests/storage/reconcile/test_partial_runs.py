"""A run of single addresses sees what it looks at and says nothing about anything else."""

from catalog.transactions import unit_of_work
from cmdb.intake.models import Subject
from cmdb.kernel.clock import now
from cmdb.plans.commands import request_look
from cmdb.plans.leases import claim_assignment
from cmdb.plans.models import Run
from cmdb.reconcile.commands import receive
from schemas.vocabulary import RunState
from tests.observing import LEASE, WORKER, carrier, make_document, make_envelope


def test_what_a_partial_run_does_not_look_at_is_not_missed(session, house):
    house.see(*(make_document(number) for number in range(1, 6)))
    for _ in range(4):
        with unit_of_work(session):
            request_look(session, carrier(), house.plan.id, {"10.0.0.2"})
            lease = claim_assignment(session, carrier(), worker=WORKER, lease=LEASE, at=now())
            envelope = make_envelope(lease, [make_document(2)])
            receipt = receive(session, carrier(), envelope, worker=WORKER)
        session.expire_all()
        assert session.get_one(Run, receipt.run_id).state is RunState.SUCCEEDED
    assert {row.missed_runs for row in house.rows(Subject)} == {0}
    assert house.findings() == []
