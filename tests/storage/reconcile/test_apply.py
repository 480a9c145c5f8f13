"""From documents to the inventory: what is new, changed, unchanged, and what is never touched."""

import sqlalchemy as sa

from catalog.transactions import unit_of_work
from cmdb.history.models import CiRevision
from cmdb.intake.models import Observation, Subject
from cmdb.items.models import Component, ConfigurationItem, Identifier, Interface, IpAddress
from cmdb.kernel.events import EventRecord
from cmdb.plans.models import RunTarget
from schemas.observation import Problem
from schemas.vocabulary import (
    FindingKind,
    FindingState,
    Lifecycle,
    ProblemCode,
    RunState,
    Section,
    Source,
    Step,
)
from tests.builders import make_item, make_partner, make_plan, make_routing_domain
from tests.observing import make_document, make_interface, make_report, observe


def test_a_new_device_becomes_an_item_with_everything_it_shows(session, house):
    run = house.see(make_document(1, interfaces=3))
    item = house.item()
    assert (item.name, item.class_name, item.vendor) == ("sw-00001", "network.switch", "Cisco")
    assert (item.serial, item.address) == ("FOC00000001", "10.0.0.1")
    assert (item.partner_id, item.site_id) == (house.partner.id, house.site.id)
    assert item.lifecycle is Lifecycle.IN_OPERATION
    names = sorted(row.name for row in house.rows(Interface))
    assert names == ["Gi1/0/1", "Gi1/0/2", "Gi1/0/3"]
    assert [row.address for row in house.rows(IpAddress)] == ["10.0.0.1"]
    assert [row.serial for row in house.rows(Component)] == ["FOC00000001"]
    assert {fact.source for fact in house.facts()} == {Source.SNMP}
    assert {fact.attribute for fact in house.facts()} >= {"name", "serial", "vendor", "model"}
    revision = house.revisions()[0]
    assert revision.changes["serial"] == [None, "FOC00000001"]
    assert revision.run_id == run.id
    assert (run.state, run.created, run.reached) == (RunState.SUCCEEDED, 1, 1)
    kinds = set(session.scalars(sa.select(EventRecord.kind)))
    assert kinds == {"run_requested", "item_discovered", "run_finished"}


def test_an_unchanged_device_leaves_no_trace_but_the_time(session, house):
    house.see(make_document(1))
    before = house.item()
    seen_at, updated_at = before.seen_at, before.updated_at
    run = house.see(make_document(1))
    item = house.item()
    assert (run.created, run.changed, run.unchanged) == (0, 0, 1)
    assert item.seen_at > seen_at
    assert (item.updated_at, item.version) == (updated_at, 1)
    assert len(house.rows(CiRevision)) == 1
    assert len(house.rows(Observation)) == 1
    assert house.rows(Subject)[0].seen_run_id == run.id


def test_unchanged_documents_cost_three_statements_of_reconciliation(engine, house):
    documents = [make_document(n) for n in range(1, 250)]
    house.see(*documents)
    statements: list[str] = []

    def note(_c, _cursor, statement, *_rest):
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    run = house.see(*documents)
    sa.event.remove(engine, "before_cursor_execute", note)
    assert run.unchanged == len(documents)
    about_inventory = [
        one
        for one in statements
        if "section_hashes" in one or one.startswith(("UPDATE subject", "UPDATE configuration"))
    ]
    assert len(about_inventory) == 3
    written = {one.split("(")[0].strip() for one in statements if one.startswith("INSERT")}
    assert written == {
        "INSERT INTO assignment",
        "INSERT INTO envelope_receipt",
        "INSERT INTO event",  # that the run was requested and has finished
        "INSERT INTO run",
        "INSERT INTO run_target",
    }


def test_a_change_is_written_once_with_before_and_after(house):
    house.see(make_document(1))
    run = house.see(
        make_document(
            1,
            name="sw-neu",
            sections={
                Section.INTERFACES: [
                    make_interface(1, 1, oper_status="down"),
                    make_interface(1, 3),
                ]
            },
        )
    )
    assert run.changed == 1
    changes = house.revisions()[-1].changes
    assert changes["name"] == ["sw-00001", "sw-neu"]
    assert changes["interface Gi1/0/1: oper_status"] == ["up", "down"]
    assert changes["interface Gi1/0/3"] == [None, "Gi1/0/3"]
    assert changes["interface Gi1/0/2"] == ["Gi1/0/2", None]
    assert sorted(row.name for row in house.rows(Interface)) == ["Gi1/0/1", "Gi1/0/3"]
    assert house.item().version == 2


def test_an_incomplete_section_adds_and_changes_but_never_removes(house):
    house.see(make_document(1, interfaces=3))
    cut = make_document(
        1,
        interfaces=1,
        incomplete=(Section.INTERFACES,),
        problems=(Problem(ProblemCode.TIMEOUT, "Took too long.", Section.INTERFACES),),
    )
    run = house.see(cut)
    assert len(house.rows(Interface)) == 3
    assert house.fates(run)[0].code == "timeout"
    house.see(make_document(1, interfaces=1))
    assert len(house.rows(Interface)) == 1


def test_a_section_that_was_not_asked_for_removes_nothing(house):
    house.see(make_document(1))
    run = house.see(make_document(1, without=[Section.INTERFACES, Section.ADDRESSES]))
    assert run.unchanged == 1
    assert len(house.rows(Interface)) == 2


def test_rows_with_one_index_twice_do_not_stop_the_envelope(house):
    rows = [make_interface(1, 1, name="first"), make_interface(1, 1, name="second")]
    house.see(make_document(1, sections={Section.INTERFACES: rows}))
    assert [row.name for row in house.rows(Interface)] == ["second"]


def test_a_device_at_two_addresses_is_one_item(house):
    run = house.see(make_document(1), make_document(1, address="10.0.0.9"))
    assert len(house.items()) == 1
    assert len(house.rows(Subject)) == 2
    assert len(house.rows(Interface)) == 2
    assert run.created == 1


def test_a_device_that_moved_is_the_same_item_at_its_new_address(house):
    house.see(make_document(1))
    house.see(make_document(1, address="10.0.0.77"))
    assert house.item().address == "10.0.0.77"
    assert len(house.items()) == 1


def test_a_person_is_asked_what_became_of_the_device_that_was_replaced(house):
    house.see(make_document(1))
    old = house.item()
    house.see(make_document(1, serial="FOC99999999"))
    (finding,) = house.findings()
    assert (finding.kind, finding.item_id) == (FindingKind.MISSING, old.id)
    assert finding.evidence["key"] == "10.0.0.1"
    assert {one.lifecycle for one in house.items()} == {Lifecycle.IN_OPERATION}


def test_a_device_that_only_moved_is_asked_about_no_longer(house):
    house.see(make_document(1))
    house.see(make_document(1, serial="FOC99999999"))
    house.see(make_document(1, address="10.0.0.9"))
    (finding,) = house.findings()
    assert finding.state is FindingState.RESOLVED


def test_a_device_that_was_replaced_is_a_new_item_with_its_own_parts(house):
    house.see(make_document(1))
    run = house.see(make_document(1, serial="FOC99999999"))
    old, new = house.items()
    assert run.created == 1
    assert (old.serial, new.serial) == ("FOC00000001", "FOC99999999")
    assert house.rows(Subject)[0].item_id == new.id
    assert len(house.rows(Interface, Interface.item_id == new.id)) == 2


def test_the_same_network_at_two_partners_gives_two_items(session, house):
    with unit_of_work(session):
        other = make_partner(session)
        domain = make_routing_domain(session, other)
        plan = make_plan(session, other, targets=["10.0.0.0/24"], routing_domain_id=domain.id)
    house.see(make_document(1))
    house.see(make_document(1), at=plan)
    first, second = house.items()
    assert {first.partner_id, second.partner_id} == {house.partner.id, other.id}
    scopes = {row.scope for row in house.rows(Identifier, Identifier.item_id == second.id)}
    assert scopes == {other.id, domain.id}


def test_a_planned_item_is_recognised_by_its_serial_and_goes_into_operation(session, house):
    from cmdb.items.identifiers import declare_identifiers

    with unit_of_work(session):
        item = make_item(session, house.partner, lifecycle=Lifecycle.PLANNED, name="geplant")
        declare_identifiers(session, {item.id: (house.partner.id, {}, {"serial": "foc00000001"})})
    run = house.see(make_document(1))
    assert [one.id for one in house.items()] == [item.id]
    assert house.item().lifecycle is Lifecycle.IN_OPERATION
    assert run.changed == 1
    assert house.revisions()[0].changes["lifecycle"] == ["planned", "in_operation"]


def test_a_dry_run_tells_everything_and_writes_no_inventory(session, house):
    house.see(make_document(1))
    run = house.see(
        make_document(1, name="neu"), make_document(2), make_document(3), is_dry_run=True
    )
    assert (run.created, run.changed, run.state) == (2, 1, RunState.SUCCEEDED)
    decisions = sorted(fate.decision for fate in house.fates(run))
    assert decisions == ["changed", "created", "created"]
    assert all(fate.item_id is None for fate in house.fates(run) if fate.decision == "created")
    assert [item.name for item in house.items()] == ["sw-00001"]
    assert len(house.rows(Subject)) == 1
    assert house.findings() == []


def test_a_run_explains_each_target(house):
    house.see(make_document(1))
    run = house.see(make_document(1, name="neu"))
    fate = house.fates(run)[0]
    assert (fate.step, fate.decision, fate.item_id) == (Step.DECIDED, "changed", house.item().id)
    told = fate.explanation
    assert told["outcome"] == "same"
    assert told["changed_sections"] == ["system"]
    assert {"scheme": "serial", "value": "FOC00000001"} in told["identifiers"]
    assert told["candidates"][0]["agrees"] == ["address", "mac", "serial"]
    assert told["rules"]


def test_silent_addresses_of_a_range_are_counted_and_known_ones_are_listed(house):
    house.see(make_document(1))
    silent = [make_report(f"10.0.0.{n}", ProblemCode.UNREACHABLE) for n in (1, 50, 51)]
    run = house.see(make_document(2), reports=silent)
    assert (run.targets_done, run.targets_total, run.reached) == (4, 4, 1)
    assert run.state is RunState.SUCCEEDED
    assert {(fate.target, fate.decision) for fate in house.fates(run)} == {
        ("10.0.0.1", "missed"),
        ("10.0.0.2", "created"),
    }


def test_what_refuses_us_is_listed_with_its_reason(house):
    refused = make_report("10.0.0.9", ProblemCode.REFUSED, step=Step.REACHED)
    run = house.see(reports=[refused])
    fate = house.fates(run)[0]
    assert (fate.step, fate.code, fate.decision) == (Step.REACHED, "refused", "")
    assert (run.problems, run.reached) == (1, 1)
    assert run.state is RunState.SUCCEEDED


def test_a_missing_secret_fails_the_run(house):
    reports = [make_report(f"10.0.0.{n}", ProblemCode.SECRET_MISSING) for n in range(1, 4)]
    assert house.see(reports=reports).state is RunState.FAILED


def test_a_known_device_that_could_not_be_read_makes_the_run_partial(house):
    house.see(make_document(1))
    run = house.see(make_document(2), reports=[make_report("10.0.0.1", ProblemCode.TIMEOUT)])
    assert run.state is RunState.PARTIAL


def test_a_range_that_was_not_looked_at_to_its_end_makes_the_run_partial(house):
    run = house.see(make_document(2), reports=[make_report("10.0.0.0/24", ProblemCode.TIMEOUT)])
    assert run.state is RunState.PARTIAL
    assert run.targets_total == 254


def test_identifiers_follow_the_device_and_old_ones_are_forgotten(session, house):
    house.see(make_document(1))
    house.see(make_document(1, name="sw-neu"))
    names = {row.value for row in house.rows(Identifier, Identifier.scheme == "sys_name")}
    assert names == {"sw-neu"}


def test_an_unknown_class_of_the_knowledge_falls_back(session, house):
    session.execute(sa.delete(RunTarget))
    document = make_document(
        1,
        sections={
            Section.SYSTEM: {"sys_descr": "?", "sys_object_id": "1.3.6.1.4.1.99999.1"},
            Section.COMPONENTS: [],
        },
    )
    house.see(document)
    assert house.item().class_name == "unknown.device"
    assert house.item().name == "10.0.0.1"


def test_many_devices_of_one_envelope_cost_a_fixed_number_of_statements(session, engine, house):
    counts = []
    for number in (3, 40):
        with unit_of_work(session):
            plan = make_plan(session, targets=[f"10.{number}.0.0/24"])
        documents = [
            make_document(number * 1000 + n, address=f"10.{number}.0.{n}") for n in range(1, number)
        ]
        statements: list[str] = []

        def note(_c, _cursor, statement, *_rest, into=statements):
            into.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        with unit_of_work(session):
            observe(session, plan, documents)
        sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 3
    assert session.scalar(sa.select(sa.func.count()).select_from(ConfigurationItem)) == 41
