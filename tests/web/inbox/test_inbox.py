"""The inbox: each kind of question, each answer, and many at once."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.intake.models import Subject
from cmdb.reconcile.declarations import update_item
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, FindingState
from tests.web.conftest import post, signed_in_client
from tests.web.inventory import see_switches


@pytest.fixture
def switches(session, house, partner):
    return see_switches(session, house, partner, 3)


@pytest.fixture
def client(app, switches, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def ask(session, item, kind=FindingKind.CONTRADICTION, **values):
    subject = session.query(Subject).filter_by(item_id=item.id).one()
    wanted = {"attribute": "model", "declared": "On the label", "discovered": "WS-C2960X-48TS-L"}
    with unit_of_work(session):
        finding = Finding(
            partner_id=item.partner_id,
            subject_id=subject.id,
            item_id=item.id,
            run_id=subject.seen_run_id,
            kind=kind,
            fingerprint=str(item.id)[:32],
            **(wanted | values),
        )
        session.add(finding)
    return finding


def state_of(session, finding):
    session.rollback()
    session.expire_all()
    return session.get(Finding, finding.id)


@pytest.fixture
def contradiction(session, house, switches):
    with unit_of_work(session):
        declared = {"model": "On the label"}
        update_item(session, house, switches[0].id, declared, expected_version=None)
    return ask(session, switches[0])


def test_an_empty_inbox_is_good_news(client):
    assert "Everything is reconciled" in client.get("/inbox").text


def test_a_question_shows_both_values_its_source_and_its_reason(client, contradiction):
    page = client.get("/inbox").text
    for text in ("sw-00001", "On the label", "WS-C2960X-48TS-L", "SNMP", "Contradiction"):
        assert text in page


def test_filters_leave_what_was_asked_for(client, contradiction, partner):
    assert "sw-00001" in client.get(f"/inbox?kind=contradiction&partner={partner.id}").text
    assert "No question fits this filter" in client.get("/inbox?kind=missing").text
    assert client.get("/inbox?kind=nonsense&partner=x&item=y").status_code == 200


def test_accepting_believes_what_was_discovered(session, client, contradiction, switches):
    path = f"/inbox/{contradiction.id}"
    assert post(client, f"{path}/accept", {"note": "Label is old"}).status_code == 303
    found = state_of(session, contradiction)
    assert (found.state, found.note) == (FindingState.ACCEPTED, "Label is old")
    session.expire_all()
    assert switches[0].model == "WS-C2960X-48TS-L"
    assert "Label is old" in client.get("/inbox?state=decided").text


def test_keeping_leaves_the_declared_value(session, client, contradiction, switches):
    assert post(client, f"/inbox/{contradiction.id}/keep").status_code == 303
    assert state_of(session, contradiction).state is FindingState.KEPT
    assert switches[0].model == "On the label"


def test_ignoring_needs_a_day_in_the_future(session, client, contradiction):
    path = f"/inbox/{contradiction.id}/ignore"
    past = post(client, path, {"until": "2020-01-01"})
    assert past.status_code == 422
    assert "The day must be in the future." in past.text
    assert post(client, path, {"until": "31.3."}).status_code == 422
    assert state_of(session, contradiction).state is FindingState.OPEN
    assert post(client, path, {"until": "2999-01-01"}).status_code == 303
    assert str(state_of(session, contradiction).ignored_until) == "2999-01-01"


def test_an_ambiguous_question_shows_what_speaks_for_each_device(session, client, switches):
    candidates = [
        {
            "item_id": str(one.id),
            "points": points,
            "agrees": ["serial"],
            "differs": ["sys_name"],
            "is_excluded": False,
        }
        for one, points in zip(switches, (70, 60), strict=False)
    ]
    finding = ask(
        session,
        switches[2],
        FindingKind.AMBIGUOUS,
        attribute="",
        declared=None,
        discovered={"name": "sw-new", "serial": "FOC9"},
        evidence={"identifiers": [{"scheme": "serial", "value": "FOC9"}], "candidates": candidates},
    )
    page = client.get(f"/inbox/{finding.id}").text
    for text in ("70 points", "60 points", "agrees: Serial number", "differs: System name", "FOC9"):
        assert text in page
    foreign = {"item_id": str(switches[2].id)}
    refused = post(client, f"/inbox/{finding.id}/accept", foreign)
    assert refused.status_code == 422
    assert "not one of those that come into question" in refused.text


def test_selected_contradictions_are_answered_at_once_and_the_others_stay(
    session, client, switches, contradiction
):
    second, third = ask(session, switches[1]), ask(session, switches[2])
    form = {"finding": [str(contradiction.id), str(second.id), "nonsense"], "act": "keep"}
    answer = post(client, "/inbox", {**form, "next": "/inbox?kind=contradiction"})
    assert answer.location == "/inbox?kind=contradiction"
    assert state_of(session, contradiction).state is FindingState.KEPT
    assert state_of(session, second).state is FindingState.KEPT
    assert state_of(session, third).state is FindingState.OPEN
    page = client.get("/inbox").text
    assert "2 questions are answered." in page
    assert "1 question could not be answered" in page


def test_an_auditor_reads_but_does_not_decide(app, contradiction, make_person):
    with signed_in_client(app, make_person("auditor", name="rita")) as client:
        page = client.get(f"/inbox/{contradiction.id}").text
        assert 'id="accept"' not in page
        assert post(client, f"/inbox/{contradiction.id}/accept").status_code == 403


def test_what_is_put_aside_is_listed_with_its_day_which_can_be_changed(
    client, session, contradiction
):
    path = f"/inbox/{contradiction.id}"
    post(client, f"{path}/ignore", {"until": "2999-01-01", "note": "known"})
    assert "sw-" in client.get("/inbox?state=ignored").text
    assert "Asked again from 01.01.2999 on." in client.get("/inbox?state=ignored").text
    page = client.get(path).text
    assert 'value="2999-01-01"' in page
    assert "Accept the discovered value" not in page
    assert post(client, f"{path}/ignore", {"until": "", "note": "known"}).status_code == 303
    assert state_of(session, contradiction).ignored_until is None
    assert "Not asked again." in client.get("/inbox?state=ignored").text
    assert "Asked again" not in client.get("/inbox").text
