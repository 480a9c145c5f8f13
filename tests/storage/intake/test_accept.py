"""The desk: an envelope is refused as a whole with its reason, or taken in exactly once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa
import time_machine

from catalog.transactions import unit_of_work
from cmdb.intake.models import EnvelopeReceipt, Observation, Subject
from cmdb.intake.retention import forget_observations, forget_receipts
from cmdb.items.models import ConfigurationItem
from cmdb.kernel.clock import now
from cmdb.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    WrongStateError,
)
from cmdb.plans.leases import claim_assignment, expire_leases
from cmdb.plans.models import Run, RunTarget
from cmdb.reconcile.commands import receive
from schemas.observation import MAX_ENVELOPE_BYTES, dump_envelope
from schemas.vocabulary import RunState, Section, SubjectKind
from tests.builders import make_classes, make_partner, make_plan, make_viewer
from tests.observing import (
    LEASE,
    WORKER,
    carrier,
    make_document,
    make_envelope,
    observe,
    start_run,
)


@pytest.fixture
def plan(session):
    with unit_of_work(session):
        make_classes(session)
        return make_plan(session, targets=["10.0.0.0/24"], exclusions=["10.0.0.200/29"])


@pytest.fixture
def lease(session, plan):
    with unit_of_work(session):
        return start_run(session, plan)


def count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def refuse(session, raw, error, match, *, worker=WORKER, actor=None):
    """Send something that must be refused, and assure that nothing of it stays."""
    models = (EnvelopeReceipt, Subject, Observation, ConfigurationItem, RunTarget)
    before = [count(session, model) for model in models]
    with pytest.raises(error, match=match), unit_of_work(session):
        receive(session, actor or carrier(), raw, worker=worker)
    assert [count(session, model) for model in models] == before


def test_what_is_not_an_envelope_is_refused_with_the_reason(session, lease):
    right = dump_envelope(make_envelope(lease, [make_document()]))
    for raw, reason in [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not of the form observation/1"),
        (right.replace(b"observation/1", b"observation/9"), "not of the form"),
        (right.replace(b'"sequence":0', b'"sequence":-1'), "sequence"),
        (right.replace(b'"sequence":0', b'"sequenc":0'), "lacks 'sequence'"),
        (right.replace(b'"kind":"device"', b'"kind":"cat"'), "malformed"),
        (right.replace(b'"system":', b'"sistem":'), "malformed"),
        (right.replace(b"2027-03-01T06:00:00+00:00", b"2027-03-01T06:00:00"), "no UTC offset"),
    ]:
        refuse(session, raw, InvalidError, reason)


def test_an_envelope_that_is_too_large_is_refused(session, lease):
    raw = dump_envelope(make_envelope(lease, [make_document()]))
    refuse(session, raw + b" " * MAX_ENVELOPE_BYTES, InvalidError, "at most 16777216 are accepted")


def test_more_documents_than_allowed_are_refused(session, lease):
    documents = [make_document(1, address=f"10.0.0.{n % 190 + 1}") for n in range(1001)]
    raw = dump_envelope(make_envelope(lease, documents))
    refuse(session, raw, InvalidError, "more than 1000 documents")


def test_an_envelope_of_a_foreign_partner_is_refused(session, lease):
    actor = make_viewer("intake.submit", partners={make_partner(session).id})
    session.commit()
    refuse(session, make_envelope(lease), ForbiddenError, "may not speak for", actor=actor)
    refuse(session, make_envelope(lease), ForbiddenError, "may not", actor=make_viewer())


def test_an_unknown_assignment_or_run_is_refused(session, lease):
    unknown = replace(make_envelope(lease), assignment_id=UUID(int=7))
    refuse(session, unknown, NotFoundError, "no such assignment")
    other_run = replace(make_envelope(lease), run_id=UUID(int=7))
    refuse(session, other_run, NotFoundError, "no such assignment")


def test_who_does_not_hold_the_lease_is_refused(session, lease):
    refuse(session, make_envelope(lease), WrongStateError, "lease", worker="somebody else")


def test_an_expired_lease_is_refused(session, lease):
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=False):
        refuse(session, make_envelope(lease), WrongStateError, "lease")


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ("10.0.1.1", "10.0.1.1"),
        ("10.0.0.1", "10.0.1.1"),
        ("10.0.0.201", "10.0.0.201"),
        ("10.0.0.1", "nonsense"),
    ],
)
def test_one_document_outside_the_plan_refuses_the_whole_envelope(session, lease, target, key):
    documents = [make_document(1), replace(make_document(2), target=target, key=key)]
    refuse(session, make_envelope(lease, documents), InvalidError, "not among the targets")


def test_a_network_plan_takes_no_accounts_and_no_other_source(session, lease):
    account = make_document(1, kind=SubjectKind.ACCOUNT)
    refuse(session, make_envelope(lease, [account]), InvalidError, "not among the targets")


def test_an_envelope_that_comes_twice_is_answered_and_not_applied_again(session, lease):
    envelope = make_envelope(lease, [make_document(1)], is_last=False)
    with unit_of_work(session):
        first = receive(session, carrier(), envelope, worker=WORKER)
    with unit_of_work(session):
        second = receive(session, carrier(), dump_envelope(envelope), worker=WORKER)
    assert (first.is_replay, second.is_replay) == (False, True)
    run = session.get_one(Run, lease.assignment.run_id, populate_existing=True)
    assert (run.created, run.targets_done) == (1, 1)
    assert count(session, Observation) == 1


def test_the_last_envelope_may_come_twice_too(session, lease):
    envelope = make_envelope(lease, [make_document(1)])
    with unit_of_work(session):
        receive(session, carrier(), envelope, worker=WORKER)
    with unit_of_work(session):
        answer = receive(session, carrier(), envelope, worker=WORKER)
    assert answer.is_replay
    assert answer.run_state is RunState.SUCCEEDED


def test_other_content_under_the_same_numbers_is_refused(session, lease):
    with unit_of_work(session):
        receive(
            session,
            carrier(),
            make_envelope(lease, [make_document(1)], is_last=False),
            worker=WORKER,
        )
    other = make_envelope(lease, [make_document(2)], is_last=False)
    refuse(session, other, ConflictError, "with other content")


def test_half_a_run_is_finished_by_another_lease_nothing_twice_nothing_lost(session, plan, lease):
    """The first worker dies after half of its envelopes; the second looks at everything again."""
    documents = [make_document(n) for n in range(1, 11)]
    with unit_of_work(session):
        receive(
            session, carrier(), make_envelope(lease, documents[:5], is_last=False), worker=WORKER
        )
    with time_machine.travel(now() + LEASE + timedelta(seconds=1), tick=True):
        with unit_of_work(session):
            expire_leases(session, carrier(), at=now())
            second = claim_assignment(session, carrier(), worker="two", lease=LEASE, at=now())
        late = make_envelope(lease, documents[5:], sequence=1)
        with pytest.raises(WrongStateError), unit_of_work(session):
            receive(session, carrier(), late, worker=WORKER)
        for number, some in enumerate([documents[:7], documents[7:]]):
            envelope = make_envelope(second, some, sequence=number, is_last=number == 1)
            with unit_of_work(session):
                receive(session, carrier(), envelope, worker="two")
    run = session.get_one(Run, lease.assignment.run_id, populate_existing=True)
    assert run.state is RunState.SUCCEEDED
    assert (run.created, run.unchanged, run.reached, run.targets_done) == (10, 0, 10, 10)
    assert count(session, ConfigurationItem) == 10
    assert count(session, Subject) == 10


def test_a_bad_section_costs_itself_and_never_its_document(session, plan):
    rows = [{"index": 1, "name": "x"}] * 100_000
    with unit_of_work(session):
        observe(session, plan, [make_document(1, sections={Section.INTERFACES: rows})])
    item = session.scalars(sa.select(ConfigurationItem)).one()
    assert item.serial == "FOC00000001"
    fate = session.scalars(sa.select(RunTarget)).one()
    assert fate.code == "too_much"
    assert "100,000 rows" in fate.message
    assert fate.explanation["problems"][0]["section"] == "interfaces"
    with unit_of_work(session):
        observe(session, plan, [make_document(1)])
    session.expire_all()
    subject = session.scalars(sa.select(Subject)).one()
    assert "interfaces" in subject.section_hashes


def test_a_hash_that_a_sender_claims_counts_for_nothing(session, lease):
    raw = orjson.loads(dump_envelope(make_envelope(lease, [make_document(1)])))
    raw["envelope"]["documents"][0]["hashes"] = {"system": "0" * 32}
    with unit_of_work(session):
        receive(session, carrier(), orjson.dumps(raw), worker=WORKER)
    hashes = session.scalars(sa.select(Subject)).one().section_hashes
    assert "0" * 32 not in hashes.values()


def test_a_text_with_nul_is_stored_without_it_on_every_database(session, lease):
    document = make_document(1, name="sw\x00-\\u0000-01")
    with unit_of_work(session):
        receive(session, carrier(), dump_envelope(make_envelope(lease, [document])), worker=WORKER)
    assert session.scalars(sa.select(ConfigurationItem)).one().name == "sw-\\u0000-01"


def test_of_two_documents_about_one_device_the_later_one_counts(session, plan):
    with unit_of_work(session):
        observe(session, plan, [make_document(1, name="old"), make_document(1, name="new")])
    assert session.scalars(sa.select(ConfigurationItem)).one().name == "new"


def test_raw_documents_are_kept_for_changes_only_and_forgotten_in_time(session, plan):
    for name in ("a", "a", "b"):
        with unit_of_work(session):
            observe(session, plan, [make_document(1, name=name)])
    assert count(session, Observation) == 2
    with unit_of_work(session):
        assert forget_observations(session, before=now()) == 1
        assert forget_receipts(session, before=now()) == 3
    assert count(session, Observation) == 1
