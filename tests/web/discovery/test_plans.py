"""The pages of plans: wrong input explained in German, files of one folder, a question first."""

import socket

import pytest
import sqlalchemy as sa

from catalog.transactions import unit_of_work
from cmdb.plans.models import Plan
from schemas.vocabulary import Protocol
from tests.builders import make_partner, make_plan
from tests.observing import make_document
from tests.web.conftest import post

RIGHT = {
    "name": "Werkhof",
    "protocol": "snmp",
    "targets": "10.9.0.0/24",
    "credentials": "",
    "interval": "",
    "routing_domain_id": "",
    "site_id": "",
}


@pytest.fixture
def form(partner):
    return RIGHT | {"partner_id": str(partner.id)}


@pytest.fixture
def german(client):
    client.set_cookie("lang", "de")
    return client


@pytest.fixture
def folder(app):
    path = app.config["HAUS"].directory_path
    path.mkdir(parents=True, exist_ok=True)
    return path


def plans(session):
    session.rollback()
    return session.scalars(sa.select(Plan.name).order_by(Plan.name)).all()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"targets": "10.9.0.0/99"}, "«10.9.0.0/99» ist weder eine Adresse"),
        ({"targets": "10.9.0.300"}, "«10.9.0.300» ist"),
        ({"targets": "10.9.0.5/24"}, "10.9.0.0/24"),
        ({"targets": ""}, "Bitte ausfüllen."),
        ({"targets": "10.0.0.0/8"}, "16’777’216"),
        ({"exclusions": "10.9.0.0/99"}, "«10.9.0.0/99»"),
        ({"credentials": "a secret with spaces"}, "Zugangsdaten werden mit Buchstaben"),
        ({"rate": "fast"}, "Zahl"),
        ({"rate": "0"}, "zwischen 0 und"),
        (
            {"protocol": "ldap", "targets": "no dn", "servers": "ldaps://dc1.example"},
            "«no dn»",
        ),
        ({"protocol": "ldif", "targets": "../secrets.toml"}, "«../secrets.toml»"),
        ({"name": ""}, "Bitte ausfüllen."),
    ],
)
def test_wrong_input_is_refused_in_german_at_its_field(
    german, session, plan, form, change, complaint
):
    answer = post(german, "/discovery/plans", form | change)
    assert answer.status_code == 422
    field = next(iter(change))
    field = "targets" if field == "protocol" else field
    assert f'href="#{field}"' in answer.text, answer.text
    assert complaint in answer.text
    assert plans(session) == ["Rathaus"]


def test_ranges_of_another_partner_need_a_routing_domain(german, session, plan, form):
    with unit_of_work(session):
        make_plan(session, make_partner(session, "Birkental"), targets=["10.9.0.0/16"], name="B")
    answer = post(german, "/discovery/plans", form)
    assert answer.status_code == 422
    assert "10.9.0.0/24" in answer.text
    assert "Adressraum" in answer.text or "Routing" in answer.text


def test_a_host_name_without_address_is_told_when_the_plan_is_saved(
    german, session, form, monkeypatch
):
    def nobody(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    answer = post(german, "/discovery/plans", form | {"targets": "nowhere.invalid\n10.9.0.1"})
    assert answer.status_code == 303
    page = german.get(answer.headers["Location"]).text
    assert "Der Hostname «nowhere.invalid» hat keine Adresse." in page


def test_a_secret_that_is_not_here_is_told_on_the_page_of_the_plan(german, form):
    answer = post(german, "/discovery/plans", form | {"credentials": "snmp-unknown"})
    assert answer.status_code == 303
    page = german.get(answer.headers["Location"]).text
    assert "Diesem Plan fehlt hier etwas" in page
    assert "Die Geheimnisdatei" in page


def test_who_may_not_write_plans_is_not_told_what_is_missing(auditor, plan):
    page = auditor.get(f"/discovery/plans/{plan.id}").text
    assert "needs something" not in page


def test_the_form_names_the_folder_and_lists_its_files(client, folder, form):
    assert "no file with the ending .ldif" in client.get("/discovery/plans/new").text
    (folder / "aarfeld.ldif").write_text("dn: dc=a\n", "utf-8")
    (folder / "notes.txt").write_text("no", "utf-8")
    (folder / "link.ldif").symlink_to("/etc/hostname")
    page = client.get("/discovery/plans/new").text
    assert str(folder) in page
    assert "aarfeld.ldif" in page
    assert "notes.txt" not in page
    assert "link.ldif" not in page


@pytest.mark.parametrize("name", ["absent.ldif", "link.ldif"])
def test_a_file_that_is_not_in_the_folder_is_refused_with_those_that_are(
    client, session, folder, form, name
):
    (folder / "aarfeld.ldif").write_text("dn: dc=a\n", "utf-8")
    (folder / "link.ldif").symlink_to("/etc/hostname")
    wanted = form | {"protocol": "ldif", "targets": name}
    refused = post(client, "/discovery/plans", wanted)
    assert refused.status_code == 422
    assert f"There is no file «{name}»" in refused.text
    assert "there are: aarfeld.ldif." in refused.text
    taken = post(client, "/discovery/plans", wanted | {"targets": "aarfeld.ldif"})
    assert taken.status_code == 303
    (folder / "aarfeld.ldif").unlink()
    assert "no file «aarfeld.ldif»" in client.get(taken.headers["Location"]).text


def test_a_plan_that_never_ran_is_deleted_after_a_question(client, session, plan):
    page = client.get(f"/discovery/plans/{plan.id}/delete").text
    assert "has never run" in page
    assert plans(session) == ["Rathaus"]
    assert post(client, f"/discovery/plans/{plan.id}/delete").status_code == 303
    assert plans(session) == []


def test_a_plan_that_has_run_is_paused_and_the_page_says_what_is_kept(client, session, plan, see):
    run_id = see(make_document(1))
    page = client.get(f"/discovery/plans/{plan.id}/delete").text
    assert "Its runs and their results stay readable." in page
    answer = post(client, f"/discovery/plans/{plan.id}/delete")
    assert answer.headers["Location"].endswith(f"/discovery/plans/{plan.id}")
    session.rollback()
    session.expire_all()
    assert not session.get_one(Plan, plan.id).is_active
    assert client.get(f"/discovery/runs/{run_id}").status_code == 200


def test_an_auditor_is_not_asked_to_delete(auditor, plan):
    assert auditor.get(f"/discovery/plans/{plan.id}/delete").status_code == 403
    assert 'id="delete"' not in auditor.get(f"/discovery/plans/{plan.id}").text


def test_the_protocols_of_the_form_are_those_of_the_vocabulary(client):
    page = client.get("/discovery/plans/new").text
    assert all(f'value="{one.value}"' in page for one in Protocol)
