"""Unknown neighbours are asked about, once and not too many, and become no items by themselves."""

from datetime import timedelta

import pytest
import time_machine

from catalog.transactions import unit_of_work
from cmdb.intake.models import Subject
from cmdb.items.models import Relation
from cmdb.kernel.clock import now
from cmdb.kernel.errors import ForbiddenError, InvalidError
from cmdb.kernel.events import EventRecord
from cmdb.plans.models import Plan
from cmdb.reconcile import commands
from cmdb.reconcile.models import Finding
from cmdb.reconcile.policy import load_policy
from schemas.vocabulary import FindingKind, FindingState, ProblemCode, RunState, Section
from tests.builders import make_partner, make_plan, make_viewer
from tests.observing import make_document, make_report

OPEN = Finding.state == FindingState.OPEN


@pytest.fixture
def anna():
    permissions = ("finding.read", "finding.decide", "plan.read", "plan.write")
    return make_viewer(*permissions, name="Anna Muster")


def neighbour(number=9, port="Gi1/0/1", **values):
    return {
        "protocol": "lldp",
        "local_interface_index": 1,
        "local_port": port,
        "remote_chassis_id": f"00:1b:54:00:{number:02x}:01",
        "remote_port": "Gi0/24",
        "remote_name": f"sw-{number:05}",
        "remote_address": f"10.0.1.{number}",
    } | values


def telling(*rows, number=1, **values):
    return make_document(number, sections={Section.NEIGHBOURS: list(rows)}, **values)


def test_an_unknown_neighbour_is_a_question_and_no_item(house):
    run = house.see(telling(neighbour()))
    (finding,) = house.findings()
    assert (finding.kind, finding.item_id) == (FindingKind.NEIGHBOUR, house.item().id)
    assert finding.discovered == {
        "remote_name": "sw-00009",
        "remote_port": "Gi0/24",
        "remote_address": "10.0.1.9",
        "remote_chassis_id": "00:1b:54:00:09:01",
        "remote_description": "",
        "local_ports": ["Gi1/0/1"],
        "protocols": ["lldp"],
    }
    assert run.findings == 1
    assert len(house.items()) == 1
    assert len(house.rows(EventRecord, EventRecord.kind == "finding_opened")) == 1


def test_the_same_look_and_a_changed_one_ask_no_second_time(house):
    house.see(telling(neighbour()))
    assert house.see(telling(neighbour())).findings == 0
    assert house.see(telling(neighbour(), name="renamed")).findings == 0
    assert len(house.findings()) == 1


def test_who_is_found_later_in_the_run_is_not_asked_about(house):
    run = house.see(telling(neighbour(2)), make_document(2))
    assert (run.findings, house.findings()) == (0, [])


def test_one_neighbour_at_several_ports_and_by_several_protocols_is_one_question(house):
    by_cdp = neighbour(protocol="cdp", remote_chassis_id="", remote_name="sw-00009.example.ch")
    house.see(telling(neighbour(), neighbour(port="Gi1/0/2"), by_cdp))
    (finding,) = house.findings()
    assert finding.discovered["local_ports"] == ["Gi1/0/1", "Gi1/0/2"]
    assert finding.discovered["protocols"] == ["cdp", "lldp"]


def test_a_neighbour_of_several_devices_is_asked_about_once(house):
    run = house.see(telling(neighbour()), telling(neighbour(), number=2))
    assert (run.findings, len(house.findings())) == (1, 1)


def test_about_one_device_only_so_much_is_asked_and_what_tells_most_comes_first(house):
    most = load_policy().relations.strangers
    vague = [neighbour(n, remote_address="", remote_name="") for n in range(20, 20 + most)]
    house.see(telling(*vague, neighbour()))
    assert len(house.findings()) == most
    assert "sw-00009" in {one.discovered["remote_name"] for one in house.findings()}


def test_it_is_closed_when_the_neighbour_is_found_and_the_cable_is_drawn(house):
    house.see(telling(neighbour(2)))
    house.see(telling(neighbour(2)), make_document(2))
    (finding,) = house.findings()
    assert finding.state is FindingState.RESOLVED
    house.see(telling(neighbour(2)), make_document(2))
    assert len(house.rows(Relation)) == 1


def test_it_is_closed_when_nobody_tells_of_it_any_more(house):
    house.see(telling(neighbour()))
    house.see(telling())
    assert house.findings(OPEN) == []
    house.see(telling(neighbour()))
    assert len(house.findings(OPEN)) == 1, "the matter came back"


def test_a_device_that_was_not_seen_says_nothing_about_its_neighbours(session, house):
    house.see(telling(neighbour()))
    house.see(make_document(2))
    assert len(house.findings(OPEN)) == 1


def test_another_plan_that_finds_it_closes_the_question(session, house):
    house.see(telling(neighbour(2)))
    with unit_of_work(session):
        plan = make_plan(session, house.partner, targets=["10.0.0.2"])
    house.see(make_document(2), at=plan)
    assert house.findings(OPEN) == []


def test_a_foreign_device_is_not_looked_at(session, house):
    with unit_of_work(session):
        other = make_partner(session)
        plan = make_plan(session, other, targets=["10.0.0.2"])
    house.see(make_document(2), at=plan)
    assert house.see(telling(neighbour(2))).findings == 1


def test_a_partial_run_asks_too_and_a_dry_one_does_not(house):
    report = make_report("10.0.0.7", ProblemCode.SECRET_MISSING)
    assert house.see(telling(neighbour()), is_dry_run=True).findings == 0
    run = house.see(telling(neighbour()), reports=[report])
    assert (run.state, run.findings) == (RunState.PARTIAL, 1)


def test_what_is_left_out_is_never_asked_again_whoever_tells_of_it(session, house, anna):
    house.see(telling(neighbour()))
    with unit_of_work(session):
        commands.keep_declared(session, anna, house.findings()[0].id)
    assert house.see(telling(neighbour()), telling(neighbour(), number=2)).findings == 0
    assert house.see(telling(), telling(neighbour(), number=2)).findings == 0


def test_what_is_put_aside_is_asked_again_on_its_day(session, house, anna):
    house.see(telling(neighbour()))
    day = now().date() + timedelta(days=7)
    with unit_of_work(session):
        commands.ignore_finding(session, anna, house.findings()[0].id, until=day)
    assert house.see(telling(neighbour())).findings == 0
    with time_machine.travel(now() + timedelta(days=8)):
        assert house.see(telling(neighbour())).findings == 1
    assert len(house.findings()) == 1


def test_accepting_adds_its_address_to_the_plan_that_met_it(session, house, anna):
    house.see(telling(neighbour()))
    with unit_of_work(session):
        commands.accept_finding(session, anna, house.findings()[0].id)
    plan = session.get_one(Plan, house.plan.id)
    assert plan.targets == ["10.0.0.0/24", "10.0.1.9"]
    assert house.findings()[0].state is FindingState.ACCEPTED
    assert len(house.rows(EventRecord, EventRecord.kind == "plan_changed")) == 1


@pytest.mark.parametrize(
    ("address", "exclusions", "sentence"),
    [
        ("", [], "Nobody tells the address"),
        ("10.0.0.9", [], "looks at 10.0.0.9 already"),
        ("10.0.1.9", ["10.0.1.0/24"], "excludes 10.0.1.9"),
    ],
)
def test_what_cannot_be_added_says_why(session, house, anna, address, exclusions, sentence):
    with unit_of_work(session):
        session.get_one(Plan, house.plan.id).exclusions = exclusions
    house.see(telling(neighbour(remote_address=address)))
    with pytest.raises(InvalidError, match=sentence):
        commands.accept_finding(session, anna, house.findings()[0].id)


def test_adding_needs_the_right_to_write_plans(session, house):
    house.see(telling(neighbour()))
    decider = make_viewer("finding.read", "finding.decide", "plan.read")
    with pytest.raises(ForbiddenError):
        commands.accept_finding(session, decider, house.findings()[0].id)


def test_the_hash_of_other_sections_is_kept(house):
    house.see(telling(neighbour(2)))
    house.see(telling(neighbour(2)), make_document(2))
    subject = house.rows(Subject, Subject.key == "10.0.0.1")[0]
    assert set(subject.section_hashes) == {
        "system",
        "components",
        "interfaces",
        "addresses",
    }
