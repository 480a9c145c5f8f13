"""Runs of single addresses: beside whole runs, and never a word about what they do not look at."""

import pytest

from cmdb.kernel.clock import now
from cmdb.kernel.errors import InvalidError, WrongStateError
from cmdb.plans import commands
from cmdb.plans.leases import claim_assignment, release_due
from cmdb.plans.models import Assignment
from cmdb.plans.senders import list_listening_plans
from schemas.vocabulary import AssignmentState, Protocol, RunState
from tests.builders import make_plan, make_routing_domain, make_viewer
from tests.observing import LEASE

NOW = now()

ACTOR = make_viewer("plan.read", "plan.write", "run.read", "run.request", "intake.submit")


def test_a_look_is_a_run_of_its_addresses_alone(session):
    plan = make_plan(session, options={"crawl": {"ranges": ["10.9.0.0/16"]}, "port": 1161})
    run = commands.request_look(session, ACTOR, plan.id, {"10.0.0.9", "10.0.0.7"})
    assert (run.only_targets, run.targets_total) == (["10.0.0.7", "10.0.0.9"], 2)
    lease = claim_assignment(session, ACTOR, worker="w", lease=LEASE, at=run.requested_at)
    assert lease.assignment.targets == ("10.0.0.7", "10.0.0.9")
    assert lease.assignment.options == {"port": 1161}


def test_what_the_plan_does_not_look_at_is_refused(session):
    plan = make_plan(session, exclusions=["10.0.0.5"])
    for address in ("10.9.9.9", "10.0.0.5", "no address"):
        with pytest.raises(InvalidError):
            commands.request_look(session, ACTOR, plan.id, {address})


def test_a_paused_plan_looks_at_nobody(session):
    plan = make_plan(session)
    commands.pause_plan(session, ACTOR, plan.id)
    with pytest.raises(WrongStateError):
        commands.request_look(session, ACTOR, plan.id, {"10.0.0.7"})


def test_a_look_waits_while_another_run_is_under_way(session):
    plan = make_plan(session)
    whole = commands.request_run(session, ACTOR, plan.id)
    assert commands.request_look(session, ACTOR, plan.id, {"10.0.0.7"}) is None
    commands.cancel_run(session, ACTOR, whole.id)
    look = commands.request_look(session, ACTOR, plan.id, {"10.0.0.7"})
    assert look is not None
    assert commands.request_look(session, ACTOR, plan.id, {"10.0.0.8"}) is None


def test_a_look_gives_way_to_the_whole_plan(session):
    plan = make_plan(session, interval_minutes=60, next_due_at=NOW)
    look = commands.request_look(session, ACTOR, plan.id, {"10.0.0.7"})
    (run_id,) = release_due(session, ACTOR, at=NOW)
    session.flush()
    assert run_id != look.id
    session.refresh(look)
    assert look.state is RunState.CANCELLED
    assert {row.state for row in session.query(Assignment).filter_by(run_id=look.id)} == {
        AssignmentState.CANCELLED
    }
    assert commands.request_run(session, ACTOR, plan.id).id == run_id


def test_only_devices_of_active_plans_are_known_and_by_the_address_of_the_plan(session):
    near = make_plan(session, name="near", targets=["10.0.0.0/24"], exclusions=["10.0.0.5"])
    partner = near.partner
    domain = make_routing_domain(session, partner)
    apart = make_plan(
        session,
        name="apart",
        partner=partner,
        targets=["10.20.0.0/16"],
        routing_domain_id=domain.id,
        options={"translate": {"10.20.0.0/16": "100.64.0.0/16"}},
    )
    make_plan(session, name="paused", partner=partner, is_active=False)
    directory = make_plan(session, name="ldap", partner=partner, protocol=Protocol.LDAP)
    plans = {plan.id: plan for plan in list_listening_plans(session, ACTOR)}
    assert plans.keys() == {near.id, apart.id}
    assert directory.id not in plans
    asked = ["10.0.0.7", "10.0.0.5", "10.20.3.4", "100.64.3.4", "192.0.2.1"]
    assert [plans[near.id].device_of(one) for one in asked] == ["10.0.0.7", *[None] * 4]
    found = [plans[apart.id].device_of(one) for one in asked]
    assert found == [None, None, None, "10.20.3.4", None]


def test_a_device_is_known_by_its_host_name_unless_its_address_is_excluded(session):
    make_plan(session, targets=["sw.example.ch", "10.0.0.0/24"], exclusions=["10.9.0.5"])
    (plan,) = list_listening_plans(session, ACTOR)
    names = {"sw.example.ch", "other.example.ch"}
    assert plan.device_of("10.9.0.4", names) == "sw.example.ch"
    assert plan.device_of("10.9.0.5", names) is None
    assert plan.device_of("10.9.0.4", {"other.example.ch"}) is None
    assert plan.device_of("10.0.0.4", names) == "10.0.0.4"
    run = commands.request_look(session, ACTOR, plan.id, ["sw.example.ch"])
    assert run is not None
    assert run.only_targets == ["sw.example.ch"]
