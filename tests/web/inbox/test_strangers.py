"""A neighbour that nobody knows: where it was met, what is told of it, and what can be done."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.plans.models import Plan
from cmdb.reconcile.models import Finding
from schemas.vocabulary import FindingKind, FindingState, Section
from tests.web.conftest import post, signed_in_client
from tests.web.inventory import see_switches

NEIGHBOUR = {
    "protocol": "lldp",
    "local_interface_index": 1,
    "local_port": "Gi1/0/1",
    "remote_chassis_id": "00:1b:54:00:09:01",
    "remote_port": "Gi0/24",
    "remote_name": "sw-keller",
    "remote_address": "10.9.0.9",
}


@pytest.fixture
def stranger(session, house, partner):
    see_switches(session, house, partner, 1, sections={Section.NEIGHBOURS: [NEIGHBOUR]})
    return session.query(Finding).filter_by(kind=FindingKind.NEIGHBOUR).one()


@pytest.fixture
def client(app, stranger, make_person):
    with signed_in_client(app, make_person("operator")) as client:
        client.set_cookie("lang", "en")
        yield client


def test_the_list_and_the_page_tell_where_it_was_met_and_what_it_is(client, stranger):
    told = ("Unknown neighbour", "sw-00001", "Gi1/0/1", "sw-keller", "10.9.0.9", "Gi0/24")
    for path in ("/inbox", "/inbox?kind=neighbour", f"/inbox/{stranger.id}"):
        page = client.get(path).text
        assert [text for text in told if text not in page] == []
    assert "00:1b:54:00:09:01" in client.get(f"/inbox/{stranger.id}").text


def test_it_is_added_to_the_plan_with_one_click(session, client, stranger):
    assert post(client, f"/inbox/{stranger.id}/accept").status_code == 303
    session.expire_all()
    assert "10.9.0.9" in session.query(Plan).one().targets
    assert session.get(Finding, stranger.id).state is FindingState.ACCEPTED


def test_why_it_cannot_be_added_is_said_on_the_page(session, client, stranger):
    with unit_of_work(session):
        session.query(Plan).one().targets = ["10.0.0.0/24", "10.9.0.0/24"]
    refused = post(client, f"/inbox/{stranger.id}/accept")
    assert refused.status_code == 422
    assert "looks at 10.9.0.9 already, but nothing answers there." in refused.text


def test_it_is_left_out_for_good_or_for_a_time(session, client, stranger):
    assert post(client, f"/inbox/{stranger.id}/ignore", {"until": "2099-01-01"}).status_code == 303
    session.expire_all()
    assert session.get(Finding, stranger.id).state is FindingState.IGNORED
    assert "sw-keller" in client.get("/inbox?state=ignored").text
