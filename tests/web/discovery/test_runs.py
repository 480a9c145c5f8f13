"""The page of a run: live while it lasts, told in words afterwards, answered where it was held."""

import re

import pytest
import sqlalchemy as sa

from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.items.models import ConfigurationItem
from cmdb.plans.commands import request_run
from cmdb.reconcile.commands import receive
from cmdb.reconcile.models import HeldRun
from schemas.vocabulary import HoldState, Lifecycle, ProblemCode
from tests.counting import statements
from tests.observing import carrier, make_document, make_envelope, make_report, start_run
from tests.web.conftest import post

KNOWN = range(1, 11)
MOST = 12


def test_results_name_the_device_with_a_link_and_keep_the_address(client, session, see):
    run_id = see(make_document(10), make_document(2))
    page = client.get(f"/discovery/runs/{run_id}").text
    item = session.scalars(
        sa.select(ConfigurationItem).where(ConfigurationItem.name == "sw-00002")
    ).one()
    assert re.search(rf'<a href="/devices/{item.id}">sw-00002</a>', page)
    assert page.index(">10.0.0.2<") < page.index(">10.0.0.10<")


def test_start_end_duration_and_steps_are_shown(client, see):
    page = client.get(f"/discovery/runs/{see(make_document(1), make_document(2))}").text
    assert "not yet" not in page
    duration = re.search(r'id="run-duration"[^>]*>([^<]+)<', page)
    assert duration
    assert "–" not in duration[1]
    funnel = page[page.index('class="v-funnel"') :]
    for step in ("Asked", "Reached", "Authenticated", "Identified", "Matched", "Decided"):
        assert re.search(rf">{step}</span><meter[^>]*value=\"2\"", funnel), step


def test_a_queued_run_refreshes_without_scripts_and_polls_with_them(client, session, plan):
    with unit_of_work(session):
        run_id = request_run(session, carrier(), plan.id).id
    page = client.get(f"/discovery/runs/{run_id}").text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert page.count("not yet") == 2
    answer = client.get(f"/discovery/runs/{run_id}/progress")
    assert (answer.status_code, "hx-trigger" in answer.text) == (200, True)


def test_polling_shows_the_start_and_ends_with_the_run(client, session, plan, see):
    with unit_of_work(session):
        lease = start_run(session, plan)
    path = f"/discovery/runs/{lease.assignment.run_id}"
    running = client.get(f"{path}/progress").text
    assert running.count("not yet") == 1, "it has begun and not ended"
    assert "Running for" in running
    with unit_of_work(session):
        receive(session, carrier(), make_envelope(lease, [make_document(1)]), worker="worker-1")
    ended = client.get(f"{path}/progress")
    assert ended.status_code == 286
    assert "hx-trigger" not in ended.text
    assert "not yet" not in ended.text
    assert "http-equiv" not in client.get(path).text


def test_what_was_recognised_by_is_told_in_words(client, see):
    page = client.get(f"/discovery/runs/{see(make_document(1))}").text
    assert "a device that was not known" in page
    assert "Serial number FOC00000001" in page
    assert "{&#34;" not in page


def test_a_problem_is_told_in_the_language_of_the_reader(client, see):
    client.set_cookie("lang", "de")
    see(make_document(1), make_document(2))
    run_id = see(make_document(1), reports=[make_report("10.0.0.2", ProblemCode.UNREACHABLE)])
    page = client.get(f"/discovery/runs/{run_id}").text
    assert "Früher gesehen, aber nicht in den letzten vollständigen Läufen" in page


@pytest.fixture
def held(see):
    see(*(make_document(n) for n in KNOWN))
    return see(*(make_document(n) for n in range(5, 11)))


def lifecycles(session):
    session.rollback()
    session.expire_all()
    return {one.name: one.lifecycle for one in session.scalars(sa.select(ConfigurationItem))}


def test_a_held_run_asks_and_names_what_did_not_show_up(client, held):
    page = client.get(f"/discovery/runs/{held}").text
    assert "Is it really gone?" in page
    assert "4 of 10 known devices or accounts" in page
    assert all(f"sw-0000{n}" in page for n in range(1, 5))
    assert "to be confirmed" in client.get("/discovery/runs").text
    assert f"/discovery/runs/{held}#hold" in client.get("/inbox").text


def test_confirming_marks_as_missing_and_shows_who_said_so(client, session, held):
    form = {"answer": "confirm", "reason": "Rückbau"}
    answer = post(client, f"/discovery/runs/{held}/hold", form)
    assert answer.status_code == 303
    states = lifecycles(session)
    assert sum(one is Lifecycle.MISSING for one in states.values()) == 4
    page = client.get(f"/discovery/runs/{held}").text
    assert "Confirmed as gone" in page
    assert "«Rückbau»" in page
    assert "Is it really gone?" not in page
    item = session.scalars(
        sa.select(ConfigurationItem).where(ConfigurationItem.name == "sw-00001")
    ).one()
    history = client.get(f"/devices/{item.id}?tab=history").text
    assert "Rückbau" in history
    assert "runs wait" not in client.get("/inbox").text


def test_rejecting_changes_nothing(client, session, held):
    assert post(client, f"/discovery/runs/{held}/hold", {"answer": "reject"}).status_code == 303
    assert set(lifecycles(session).values()) == {Lifecycle.IN_OPERATION}
    assert session.get_one(HeldRun, held).state is HoldState.REJECTED
    late = post(client, f"/discovery/runs/{held}/hold", {"answer": "confirm"})
    assert late.status_code == 409


def test_an_auditor_sees_the_question_and_cannot_answer(auditor, session, held):
    page = auditor.get(f"/discovery/runs/{held}").text
    assert "Is it really gone?" in page
    assert "hold-confirm" not in page
    refused = post(auditor, f"/discovery/runs/{held}/hold", {"answer": "confirm"})
    assert refused.status_code == 403
    assert set(lifecycles(session).values()) == {Lifecycle.IN_OPERATION}


def test_the_page_of_a_held_run_stays_within_its_statements(app, client, held):
    with app.app_context(), statements(db.session) as seen:
        assert client.get(f"/discovery/runs/{held}").status_code == 200
    assert len(seen) <= MOST, "\n".join(seen)
