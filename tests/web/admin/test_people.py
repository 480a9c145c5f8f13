"""The pages of people and roles, as an administrator of one partner uses them."""

import re
from uuid import UUID

import pytest

from catalog.access.models import Person, RoleAssignment
from catalog.transactions import unit_of_work
from tests.builders import make_partner
from tests.web.conftest import post, signed_in_client

PASSWORD = re.compile(r'id="new-password">([^<]+)<')


@pytest.fixture
def admin(client, make_person, sign_in, partner):
    person = make_person("administrator", partner.id, works_for=partner.id, name="admin")
    sign_in(person)
    client.set_cookie("lang", "en")
    return person


@pytest.fixture
def foreign(session):
    with unit_of_work(session):
        return make_partner(session, "Gemeinde Birkental")


def send(client, path, form=None):
    return post(client, path, form, form_page="/admin/people/new")


def create(client, partner, **values):
    form = {"name": "Anna Meier", "sign_in_name": "anna", "organisation_id": str(partner.id)}
    return send(client, "/admin/people/new", {**form, **values})


def test_a_person_is_made_given_a_role_and_signs_in(app, client, session, admin, partner):
    answer = create(client, partner)
    assert answer.status_code == 201
    password = PASSWORD.search(answer.text)[1]
    anna = session.query(Person).filter_by(sign_in_name="anna").one()
    form = {"role": "operator", "organisation_id": str(partner.id)}
    assert send(client, f"/admin/people/{anna.id}/roles", form).status_code == 303
    page = client.get(f"/admin/people/{anna.id}").text
    assert "Operator" in page
    assert password not in page
    with signed_in_client(app, Newcomer("anna", password)) as hers:
        assert hers.get("/account").location == "/account/password"


class Newcomer:
    def __init__(self, sign_in_name, password):
        self.sign_in_name, self.password = sign_in_name, password


def test_the_list_shows_only_the_own_people_and_finds_them(client, admin, make_person, foreign):
    make_person("operator", foreign.id, works_for=foreign.id, name="zora")
    page = client.get("/admin/people").text
    assert "Admin" in page
    assert "Zora" not in page
    assert "Nobody found" in client.get("/admin/people?q=zora").text
    assert client.get("/admin/people?after=garbage").status_code == 422


def test_only_the_own_partner_can_be_chosen(client, admin, foreign):
    page = client.get("/admin/people/new").text
    assert "Gemeinde Aarfeld" in page
    assert "Gemeinde Birkental" not in page
    assert create(client, foreign).status_code == 422


def test_a_name_that_is_taken_is_told(client, admin, partner):
    answer = create(client, partner, sign_in_name="ADMIN")
    assert answer.status_code == 409
    assert "Somebody signs in under this name already" in answer.text


def test_a_role_can_be_taken_again(client, session, admin, partner, make_person):
    anna = make_person("operator", partner.id, works_for=partner.id)
    role = session.query(RoleAssignment).filter_by(person_id=anna.id).one()
    assert send(client, f"/admin/roles/{role.id}/revoke").status_code == 303
    assert "No role yet" in client.get(f"/admin/people/{anna.id}").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"role": "emperor"}, 422),
        ({"role": ""}, 422),
        ({"organisation_id": ""}, 422),
        ({"organisation_id": "all"}, 422),
        ({"organisation_id": str(UUID(int=0))}, 422),
        ({"valid_from": "2027-02-01", "valid_until": "2027-01-01"}, 422),
        ({"valid_from": "morgen"}, 422),
        ({"role": "auditor"}, 409),
    ],
)
@pytest.mark.usefixtures("admin")
def test_a_role_that_cannot_be_given_is_explained(client, partner, make_person, form, status):
    anna = make_person("auditor", partner.id, works_for=partner.id)
    given = {"role": "operator", "organisation_id": str(partner.id), **form}
    answer = send(client, f"/admin/people/{anna.id}/roles", given)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


def test_a_new_password_and_deactivation_end_the_persons_sessions(
    app, client, admin, partner, make_person
):
    anna = make_person(works_for=partner.id)
    with signed_in_client(app, anna) as hers:
        answer = send(client, f"/admin/people/{anna.id}/password")
        assert hers.get("/account").location.startswith("/sign-in")
    fresh = Newcomer("anna", PASSWORD.search(answer.text)[1])
    with signed_in_client(app, fresh) as hers:
        assert send(client, f"/admin/people/{anna.id}/deactivate").status_code == 303
        assert hers.get("/account").location.startswith("/sign-in")
    assert "inactive" in client.get(f"/admin/people/{anna.id}").text
    assert send(client, f"/admin/people/{anna.id}/reactivate").status_code == 303
    assert "inactive" not in client.get(f"/admin/people/{anna.id}").text


def test_ones_own_page_offers_nothing_that_is_refused(client, admin):
    page = client.get(f"/admin/people/{admin.id}").text
    assert "another administrator" in page
    for name in ("deactivate", "reset-password"):
        assert f'id="{name}"' not in page
    assert send(client, f"/admin/people/{admin.id}/deactivate").status_code == 403


def test_who_does_not_administer_gets_a_clear_refusal(app, partner, make_person):
    anna = make_person("partner_coordinator", partner.id)
    with signed_in_client(app, anna) as hers:
        answer = hers.get("/admin/people")
    assert answer.status_code == 403
    assert "Personen und Rollen verwalten" in answer.text


def test_the_list_costs_the_same_for_one_and_for_many(app, client, admin, partner, make_person):
    import sqlalchemy as sa

    from catalog.extensions import db

    with app.app_context():
        engine = db.engine
    counts = []
    for number in range(2):
        seen = []
        listener = lambda *args, seen=seen: seen.append(args[2])  # noqa: E731 — removed below
        sa.event.listen(engine, "before_cursor_execute", listener)
        client.get("/admin/people")
        sa.event.remove(engine, "before_cursor_execute", listener)
        counts.append(len([text for text in seen if text.startswith("SELECT")]))
        for index in range(5):
            make_person("auditor", partner.id, works_for=partner.id, name=f"p{number}{index}")
    assert counts[0] == counts[1] <= 12
