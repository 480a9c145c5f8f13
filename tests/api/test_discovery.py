"""Plans, runs, the intake, findings and the numbers of accounts."""

import gzip
from datetime import timedelta
from urllib.parse import quote

import pytest

from catalog.transactions import unit_of_work
from cmdb.kernel.clock import now
from schemas.messages import say
from schemas.observation import MAX_ENVELOPE_BYTES, Problem, TargetReport, dump_envelope
from schemas.sentences.snmp import SnmpSentence
from schemas.vocabulary import ProblemCode, Step
from tests.api.conftest import complaints
from tests.builders import make_account, make_classes, make_plan, make_run
from tests.observing import WORKER, make_document, make_envelope, observe, start_run

PLAN = {"name": "Rathaus", "protocol": "snmp", "targets": ["10.0.0.0/28"]}


@pytest.fixture
def plan(session, world):
    with unit_of_work(session):
        make_classes(session)
        return make_plan(session, world.own)


@pytest.fixture
def foreign_plan(session, world):
    with unit_of_work(session):
        return make_plan(session, world.foreign, targets=["10.77.0.0/24"])


def test_a_plan_is_made_read_changed_paused_and_resumed(operator, world):
    body = PLAN | {"partner_id": str(world.own.id), "interval_minutes": 60}
    created = operator.post("/plans", json=body)
    assert created.status_code == 201, created.text
    path, tag = created.headers["Location"], created.headers["ETag"]
    assert operator.get(path).json == created.json
    changed = operator.patch(path, json={"rate": 5.5}, headers={"If-Match": tag})
    assert changed.json["rate"] == 5.5
    assert changed.json["targets"] == PLAN["targets"]
    late = operator.patch(path, json={"rate": 1}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert not operator.post(f"{path}/pause").json["is_active"]
    assert operator.post(f"{path}/resume").json["is_active"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"targets": ["10.0.0.0/99"]}, 422),
        ({"targets": []}, 422),
        ({"interval_minutes": 1}, 422),
        ({"protocol": "telepathy"}, 422),
        ({"credentials": ["a secret with spaces"]}, 422),
        ({"password": "x"}, 422),
        ({"targets": ["10.0.0.0/15"]}, 422),
        ({"targets": ["10.77.0.0/25"]}, 409),
    ],
)
def test_a_plan_that_cannot_be_is_refused(operator, world, foreign_plan, change, status):
    body = PLAN | {"partner_id": str(world.own.id)} | change
    answer = operator.post("/plans", json=body)
    assert answer.status_code == status, answer.text
    assert operator.get("/plans").json["items"] == []


def test_foreign_plans_and_runs_do_not_exist(operator, session, world, foreign_plan):
    with unit_of_work(session):
        run = make_run(session, foreign_plan)
    assert operator.get(f"/plans/{foreign_plan.id}").status_code == 404
    assert operator.post("/runs", json={"plan_id": str(foreign_plan.id)}).status_code == 404
    assert operator.get(f"/runs/{run.id}").status_code == 404
    assert operator.get(f"/runs/{run.id}/targets").status_code == 404
    assert operator.post(f"/runs/{run.id}/cancel").status_code == 404
    body = PLAN | {"partner_id": str(world.foreign.id)}
    assert operator.post("/plans", json=body).status_code == 404


def test_an_auditor_reads_plans_and_requests_nothing(auditor, plan):
    assert auditor.get(f"/plans/{plan.id}").status_code == 200
    assert auditor.post("/runs", json={"plan_id": str(plan.id)}).status_code == 403
    assert auditor.post(f"/plans/{plan.id}/pause").status_code == 403


def test_a_run_is_requested_once_watched_and_cancelled(operator, plan):
    created = operator.post("/runs", json={"plan_id": str(plan.id), "is_dry_run": True})
    assert created.status_code == 201, created.text
    assert created.json["state"] == "queued"
    assert created.json["is_dry_run"]
    again = operator.post("/runs", json={"plan_id": str(plan.id)})
    assert (again.status_code, again.json["id"]) == (200, created.json["id"])
    path = created.headers["Location"]
    assert operator.get("/runs?state=queued").json["items"] == [operator.get(path).json]
    assert operator.post(f"{path}/cancel").json["state"] == "cancelled"
    assert operator.post(f"{path}/cancel").status_code == 409


def test_the_targets_of_a_run_are_explained(operator, session, plan):
    with unit_of_work(session):
        receipt = observe(session, plan, [make_document(n) for n in (1, 2, 3)])
    path = f"/runs/{receipt.run_id}/targets"
    first = operator.get(f"{path}?limit=2")
    rest = operator.get(f"{path}?limit=2&after={first.json['next']}")
    targets = [one["target"] for one in first.json["items"] + rest.json["items"]]
    assert targets == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    assert {one["decision"] for one in first.json["items"]} == {"created"}
    assert operator.get(f"{path}?decision=unchanged").json["items"] == []


def test_what_happened_is_told_as_code_parameters_and_sentence(operator, session, plan):
    told = say(SnmpSentence.NO_ANSWER, endpoint="10.0.0.9")
    report = TargetReport("10.0.0.9", Step.REACHED, Problem.of(ProblemCode.TIMEOUT, [told]))
    with unit_of_work(session):
        receipt = observe(session, plan, [make_document()], reports=[report])
    path = f"/runs/{receipt.run_id}/targets"
    for language, sentence in (
        ("en", "No answer from 10.0.0.9."),
        ("de", "Keine Antwort von 10.0.0.9."),
    ):
        answer = operator.get(path, headers={"Accept-Language": language}).json
        target = next(one for one in answer["items"] if one["target"] == "10.0.0.9")
        assert target["message"] == sentence
        assert target["messages"] == [
            {
                "code": "snmp.no-answer",
                "parameters": {"endpoint": "10.0.0.9"},
                "sentence": sentence,
            }
        ]


@pytest.fixture
def held(session, plan):
    with unit_of_work(session):
        observe(session, plan, [make_document(n) for n in range(1, 11)])
    with unit_of_work(session):
        return observe(session, plan, [make_document(n) for n in range(5, 11)]).run_id


def test_a_held_run_is_confirmed_once_and_its_items_are_missing(operator, auditor, held):
    path = f"/runs/{held}"
    hold = operator.get(path).json["hold"]
    assert (hold["state"], hold["known"], hold["vanished"]) == ("open", 10, 4)
    answer = {"answer": "confirm", "reason": "Rückbau"}
    assert auditor.post(f"{path}/hold", json=answer).status_code == 403
    for _ in range(2):
        confirmed = operator.post(f"{path}/hold", json=answer)
        assert confirmed.status_code == 200, confirmed.text
        assert confirmed.json["hold"]["state"] == "confirmed"
        assert confirmed.json["hold"]["reason"] == "Rückbau"
    assert len(operator.get("/items?lifecycle=missing").json["items"]) == 4
    assert operator.post(f"{path}/hold", json={"answer": "reject"}).status_code == 409


def test_a_held_run_is_rejected_and_nothing_changes(operator, held):
    path = f"/runs/{held}/hold"
    assert complaints(operator.post(path, json={"answer": "maybe"})) == {"answer"}
    assert operator.post(path, json={"answer": "reject"}).json["hold"]["state"] == "rejected"
    assert operator.get("/items?lifecycle=missing").json["items"] == []
    assert operator.get("/findings").json["items"] == []


def test_a_run_that_was_not_held_has_nothing_to_answer(operator, session, plan):
    with unit_of_work(session):
        run_id = observe(session, plan, [make_document()]).run_id
    assert operator.get(f"/runs/{run_id}").json["hold"] is None
    assert operator.post(f"/runs/{run_id}/hold", json={"answer": "confirm"}).status_code == 404


@pytest.fixture
def lease(session, plan):
    with unit_of_work(session):
        return start_run(session, plan)


def hand_in(client, raw, worker=WORKER, **headers):
    headers = {"Content-Type": "application/json"} | headers
    return client.post(f"/intake?worker={quote(worker)}", data=raw, headers=headers)


def test_an_envelope_is_taken_in_once_and_its_replay_gets_the_same_receipt(operator, lease):
    raw = dump_envelope(make_envelope(lease, [make_document()]))
    first = hand_in(operator, raw)
    assert first.status_code == 202, first.text
    assert first.json["documents"] == 1
    assert first.json["run_state"] == "succeeded"
    again = hand_in(operator, gzip.compress(raw), **{"Content-Encoding": "gzip"})
    assert again.status_code == 202
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(operator.get("/items").json["items"]) == 1


def test_a_packed_envelope_is_unpacked_within_its_limit(operator, lease):
    bomb = gzip.compress(b" " * (MAX_ENVELOPE_BYTES + 1))
    answer = hand_in(operator, bomb, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 422
    assert answer.json["type"] == "urn:haus:problem:intake.too-large"
    whole = gzip.compress(dump_envelope(make_envelope(lease, [make_document()])))
    cut = hand_in(operator, whole[:-9], **{"Content-Encoding": "gzip"})
    assert cut.status_code == 400
    assert hand_in(operator, b"no gzip", **{"Content-Encoding": "gzip"}).status_code == 400
    assert hand_in(operator, b"{}", **{"Content-Encoding": "br"}).status_code == 415
    assert hand_in(operator, b"{}", **{"Content-Type": "text/plain"}).status_code == 415
    assert hand_in(operator, whole, **{"Content-Encoding": "gzip"}).status_code == 202


def test_what_is_no_envelope_or_from_somebody_else_is_refused(operator, lease):
    raw = dump_envelope(make_envelope(lease, [make_document()]))
    assert hand_in(operator, b"{}").json["type"] == "urn:haus:problem:intake.malformed"
    assert hand_in(operator, raw, worker="another").status_code == 409
    assert complaints(operator.post("/intake", json={})) == {"worker"}
    outside = dump_envelope(make_envelope(lease, [make_document(address="10.1.1.1")]))
    assert hand_in(operator, outside).json["type"] == "urn:haus:problem:intake.out-of-scope"
    assert operator.get("/items").json["items"] == []


def test_nobody_speaks_for_a_foreign_partner(enter, world, lease, auditor):
    raw = dump_envelope(make_envelope(lease, [make_document()]))
    assert hand_in(enter("operator", world.foreign), raw).status_code in {403, 404}
    assert hand_in(auditor, raw).status_code == 403


@pytest.fixture
def finding(operator, session, plan):
    """A declared serial number that discovery contradicts."""
    with unit_of_work(session):
        observe(session, plan, [make_document()])
    (item,) = operator.get("/items").json["items"]
    operator.patch(
        f"/items/{item['id']}",
        json={"site_id": None, "name": "declared"},
        headers={"If-Match": "*"},
    )
    with unit_of_work(session):
        observe(session, plan, [make_document(name="discovered")])
    found = operator.get("/findings").json["items"]
    assert found, "this declaration is not contradicted"
    return found[0]


def test_a_finding_is_read_and_decided_once(operator, enter, world, finding):
    path = f"/findings/{finding['id']}"
    assert operator.get(path).json == finding
    assert finding["kind"] == "contradiction"
    assert (
        enter("auditor", world.own).post(f"{path}/decision", json={"decision": "keep"}).status_code
        == 403
    )
    assert enter("operator", world.foreign).get(path).status_code == 404
    assert complaints(operator.post(f"{path}/decision", json={"decision": "guess"})) == {"decision"}
    decided = operator.post(f"{path}/decision", json={"decision": "accept", "note": "as seen"})
    assert decided.json["state"] == "accepted", decided.text
    assert decided.json["note"] == "as seen"
    assert operator.post(f"{path}/decision", json={"decision": "keep"}).status_code == 409
    assert operator.get("/findings").json["items"] == []
    assert len(operator.get("/findings?state=accepted").json["items"]) == 1


def test_a_finding_is_put_aside_until_a_day_ahead(operator, finding):
    path = f"/findings/{finding['id']}/decision"
    past = {"decision": "ignore", "until": "2020-01-01"}
    assert operator.post(path, json=past).status_code == 422
    ahead = {"decision": "ignore", "until": (now().date() + timedelta(days=9)).isoformat()}
    decided = operator.post(path, json=ahead).json
    assert (decided["state"], decided["ignored_until"]) == ("ignored", ahead["until"])
    later = {"decision": "ignore", "until": (now().date() + timedelta(days=99)).isoformat()}
    assert operator.post(path, json=later).json["ignored_until"] == later["until"]
    assert operator.post(path, json={"decision": "keep"}).status_code == 409
    assert len(operator.get("/findings?state=ignored").json["items"]) == 1


def test_accounts_are_counted_and_small_numbers_told_to_those_who_may_count(
    operator, session, world
):
    with unit_of_work(session):
        for number in range(6):
            make_account(session, world.own, is_enabled=number > 1)
            make_account(session, world.foreign)
    (counts,) = operator.get("/accounts/counts").json["items"]
    assert counts["partner"] == {"id": str(world.own.id), "name": "Gemeinde Aarfeld"}
    assert (counts["total"], counts["enabled"]) == (6, 4)
    answer = operator.get(f"/accounts/statistics?partner_id={world.own.id}").json
    assert answer["total"] == 6
    assert answer["is_enabled"] == {"yes": 4, "no": 2}
    foreign = operator.get(f"/accounts/statistics?partner_id={world.foreign.id}").json
    assert foreign["total"] == 0
