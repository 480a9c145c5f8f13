"""Plans as people write them."""

import pytest

from cmdb.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
    WrongStateError,
)
from cmdb.kernel.events import EventRecord
from cmdb.plans import commands, queries
from cmdb.plans.drafts import PlanDraft
from cmdb.plans.models import Plan
from schemas.vocabulary import Protocol, RunState
from tests.builders import make_partner, make_plan, make_routing_domain, make_site, make_viewer
from tests.observing import observe

ALL = ("plan.read", "plan.write", "run.read", "run.request")


@pytest.fixture
def everyone():
    return make_viewer(*ALL)


def draft(**values):
    wanted = {"name": "Netz", "protocol": Protocol.SNMP, "targets": ("10.0.0.0/24",)}
    return PlanDraft(**(wanted | values))


def test_a_plan_is_written_with_its_event(session, everyone):
    partner = make_partner(session)
    plan = commands.create_plan(
        session, everyone, partner.id, draft(targets=(" 10.0.0.0/24", "10.0.0.0/24"))
    )
    session.flush()
    assert plan.targets == ["10.0.0.0/24"]
    assert plan.next_due_at is None
    event = session.query(EventRecord).one()
    assert (event.kind, event.subject_id, event.partner_id) == (
        "plan_created",
        plan.id,
        partner.id,
    )


def test_a_plan_with_an_interval_is_due_at_once(session, everyone):
    partner = make_partner(session)
    plan = commands.create_plan(session, everyone, partner.id, draft(interval_minutes=60))
    assert plan.next_due_at is not None


def test_who_may_not_write_plans_of_a_partner_writes_none(session):
    partner, other = make_partner(session), make_partner(session)
    actor = make_viewer(*ALL, partners={other.id})
    with pytest.raises(ForbiddenError):
        commands.create_plan(session, actor, partner.id, draft())
    plan = make_plan(session, partner)
    for act in (
        lambda: commands.update_plan(session, actor, plan.id, draft(), version=1),
        lambda: commands.pause_plan(session, actor, plan.id),
        lambda: commands.delete_plan(session, actor, plan.id),
        lambda: commands.request_run(session, actor, plan.id),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert queries.list_plans(session, actor).rows == []


def test_ranges_of_two_partners_must_not_overlap_without_routing_domains(session, everyone):
    ebikon, kriens = make_partner(session, "Ebikon"), make_partner(session, "Kriens")
    commands.create_plan(session, everyone, ebikon.id, draft(name="Rathaus"))
    with pytest.raises(ConflictError, match="different routing domains") as caught:
        commands.create_plan(session, everyone, kriens.id, draft(targets=("10.0.0.64/26",)))
    assert "10.0.0.64/26 overlaps 10.0.0.0/24" in str(caught.value)
    assert "«Rathaus» of Ebikon" in str(caught.value)
    domain = make_routing_domain(session, kriens)
    commands.create_plan(session, everyone, kriens.id, draft(routing_domain_id=domain.id))


def test_an_overlap_never_names_a_partner_that_the_actor_may_not_see(session, everyone):
    ebikon, kriens = make_partner(session, "Ebikon"), make_partner(session, "Kriens")
    commands.create_plan(session, everyone, ebikon.id, draft(name="Rathaus"))
    actor = make_viewer(*ALL, partners={kriens.id})
    with pytest.raises(ConflictError) as caught:
        commands.create_plan(session, actor, kriens.id, draft())
    told = str(caught.value) + str(caught.value.details)
    assert "another partner" in told
    assert "Ebikon" not in told
    assert "Rathaus" not in told
    assert "10.0.0.0/24" in told  # the actor's own range


def test_a_paused_plan_overlaps_nobody_until_it_is_resumed(session, everyone):
    ebikon, kriens = make_partner(session), make_partner(session)
    first = commands.create_plan(session, everyone, ebikon.id, draft())
    commands.pause_plan(session, everyone, first.id)
    commands.create_plan(session, everyone, kriens.id, draft())
    with pytest.raises(ConflictError):
        commands.resume_plan(session, everyone, first.id)


def test_site_and_routing_domain_must_be_the_partners_own(session, everyone):
    ebikon, kriens = make_partner(session), make_partner(session)
    site, domain = make_site(session, kriens), make_routing_domain(session, kriens)
    with pytest.raises(InvalidError, match="no such site"):
        commands.create_plan(session, everyone, ebikon.id, draft(site_id=site.id))
    with pytest.raises(InvalidError, match="no such routing domain"):
        commands.create_plan(session, everyone, ebikon.id, draft(routing_domain_id=domain.id))


def test_a_name_is_taken_once_per_partner(session, everyone):
    partner = make_partner(session)
    commands.create_plan(session, everyone, partner.id, draft())
    with pytest.raises(ConflictError, match="already has a plan"):
        commands.create_plan(session, everyone, partner.id, draft(targets=("10.5.0.0/24",)))


def test_exclusions_that_leave_nothing_are_refused(session, everyone):
    with pytest.raises(InvalidError, match="leave no target"):
        commands.create_plan(
            session, everyone, make_partner(session).id, draft(exclusions=("10.0.0.0/16",))
        )


def test_an_update_tells_what_changed_and_refuses_an_old_version(session, everyone):
    plan = commands.create_plan(session, everyone, make_partner(session).id, draft())
    commands.update_plan(session, everyone, plan.id, draft(name="Neu"), version=1)
    session.flush()
    assert (plan.name, plan.version) == ("Neu", 2)
    event = session.query(EventRecord).filter_by(kind="plan_changed").one()
    assert event.body["changes"] == {"name": ["Netz", "Neu"]}
    with pytest.raises(StaleError):
        commands.update_plan(session, everyone, plan.id, draft(), version=1)


def test_the_same_draft_again_changes_nothing(session, everyone):
    plan = commands.create_plan(session, everyone, make_partner(session).id, draft())
    commands.update_plan(session, everyone, plan.id, draft(), version=1)
    assert plan.version == 1


def test_a_plan_that_never_ran_is_deleted_and_one_that_ran_rests(session, everyone):
    fresh, used = make_plan(session), make_plan(session)
    commands.request_run(session, everyone, used.id)
    assert commands.delete_plan(session, everyone, fresh.id)
    assert not commands.delete_plan(session, everyone, used.id)
    session.flush()
    assert session.get(Plan, fresh.id) is None
    assert not session.get_one(Plan, used.id).is_active


def test_a_second_request_returns_the_run_that_is_on_its_way(session, everyone):
    plan = make_plan(session)
    first = commands.request_run(session, everyone, plan.id)
    assert commands.request_run(session, everyone, plan.id).id == first.id
    assert first.state is RunState.QUEUED
    assert first.targets_total == 254


def test_a_paused_plan_does_not_run(session, everyone):
    plan = make_plan(session)
    commands.pause_plan(session, everyone, plan.id)
    with pytest.raises(WrongStateError, match="paused"):
        commands.request_run(session, everyone, plan.id)


def test_a_cancelled_run_ends_and_cannot_be_cancelled_again(session, everyone):
    run = commands.request_run(session, everyone, make_plan(session).id)
    commands.cancel_run(session, everyone, run.id)
    assert run.state is RunState.CANCELLED
    with pytest.raises(WrongStateError, match="already ended"):
        commands.cancel_run(session, everyone, run.id)


def test_the_protocol_of_a_plan_that_has_run_stays(session, everyone):
    plan = make_plan(session)
    commands.request_run(session, everyone, plan.id)
    with pytest.raises(WrongStateError, match="protocol"):
        commands.update_plan(
            session,
            everyone,
            plan.id,
            draft(protocol=Protocol.LDAP, targets=("dc=a,dc=b",)),
            version=1,
        )


def test_lists_page_by_key_and_show_own_partners_only(session, everyone):
    mine, theirs = make_partner(session), make_partner(session)
    for number in range(5):
        make_plan(session, mine, name=f"Plan {number}")
        make_plan(session, theirs)
    viewer = make_viewer(*ALL, partners={mine.id})
    first = queries.list_plans(session, viewer, limit=3)
    rest = queries.list_plans(session, viewer, limit=3, after=first.next_cursor)
    assert [plan.name for plan in [*first.rows, *rest.rows]] == [f"Plan {n}" for n in range(5)]
    assert rest.next_cursor is None
    assert queries.count_plans(session, viewer) == 5


def test_runs_are_listed_newest_first_and_progress_is_one_statement(session, everyone):
    plan = make_plan(session, targets=["10.0.0.1"])
    seen = [observe(session, plan, reports=[]).run_id for _ in range(3)]
    page = queries.list_runs(session, everyone)
    assert [run.id for run in page.rows] == list(reversed(seen))
    progress = queries.get_run_progress(session, everyone, seen[0])
    assert progress.is_finished
    assert progress.percent == 100
    with pytest.raises(NotFoundError):
        queries.get_run_progress(session, make_viewer(), seen[0])
