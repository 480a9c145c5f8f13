"""The pages of one's own account: password, API tokens, roles, navigation."""

import re

import pytest

from catalog.access import commands
from catalog.access.guards import guarded
from catalog.access.models import ApiToken, Person
from catalog.api.guard import current_viewer
from catalog.transactions import unit_of_work
from tests.web.conftest import post

GOOD = "vier Wörter sind genug"


@pytest.fixture
def anna(client, make_person, sign_in, partner):
    client.set_cookie("lang", "en")
    person = make_person("operator", partner.id, works_for=partner.id)
    sign_in(person)
    client.set_cookie("lang", "en")
    return person


def send(client, path, form):
    return post(client, path, form, form_page="/account/password")


def test_the_profile_shows_ones_roles_and_for_whom(client, anna):
    page = client.get("/account").text
    assert "Operator" in page
    assert "Gemeinde Aarfeld" in page


def test_the_frame_says_for_whom_somebody_acts(client, anna):
    frame = client.get("/account/tokens").text.split("<main")[0]
    assert "Gemeinde Aarfeld" in frame
    assert "All partners" not in frame


def test_the_navigation_offers_only_what_may_be_opened(app, client, anna, make_person):
    page = client.get("/account").text
    assert 'href="/admin/people"' not in page
    offered = set(re.findall(r'class="v-nav-link" href="([^"]+)"', page))
    assert offered
    for path in offered:
        assert client.get(path).status_code == 200, path


def test_changing_the_password(client, anna, sign_in):
    form = {"current": anna.password, "new": GOOD}
    assert send(client, "/account/password", form).status_code == 303
    assert client.get("/account").status_code == 200
    assert sign_in(anna, GOOD).status_code == 303


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"current": "wrong", "new": GOOD}, "This is not your current password."),
        ({"new": "kurz"}, "Use at least 12 characters."),
        ({"new": ""}, "This is needed."),
        ({"new": "x" * 300}, "Write at most 256 characters."),
    ],
)
def test_a_password_that_cannot_be_set_is_explained_at_its_field(client, anna, form, sentence):
    answer = send(client, "/account/password", {"current": anna.password, **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert anna.password not in answer.text


def test_who_was_given_a_password_must_change_it_first(client, session, house, anna, sign_in):
    with unit_of_work(session):
        made = commands.reset_password(session, house, anna.id)
    assert client.get("/account").status_code == 303  # the old session has ended
    sign_in(anna, made.password)
    for path in ("/account", "/account/tokens", "/services"):
        assert client.get(path).location == "/account/password"
    page = client.get("/account/password").text
    assert "v-nav-link" not in page
    send(client, "/account/password", {"current": made.password, "new": GOOD})
    assert client.get("/account").status_code == 200


def test_who_must_change_the_password_can_sign_out(client, session, house, anna, sign_in):
    with unit_of_work(session):
        made = commands.reset_password(session, house, anna.id)
    sign_in(anna, made.password)
    assert send(client, "/sign-out", {}).location == "/sign-in"


def make_token(client, **values):
    form = {"name": "Monitoring", "scopes": ["item.read"], "organisation_id": "", "days": "30"}
    return send(client, "/account/tokens", {**form, **values})


def token_text(answer):
    return re.search(r"haus_[\w-]{43}", answer.text)[0]


@pytest.fixture
def echo(app):
    """A resource that says who asks; added before the app has answered anything."""
    app.add_url_rule("/api/v1/echo", "echo", guarded("item.read")(lambda: current_viewer().name))


def test_a_token_is_shown_once_and_opens_the_interface(echo, app, client, session, anna):
    answer = make_token(client)
    assert answer.status_code == 201
    text = token_text(answer)
    assert text not in client.get("/account/tokens").text
    assert text[:12] in client.get("/account/tokens").text
    headers = {"Authorization": f"Bearer {text}"}
    assert app.test_client().get("/api/v1/echo", headers=headers).text == "Anna · Monitoring"
    session.rollback()
    assert session.query(ApiToken).one().last_used_at is not None


def test_the_interface_takes_no_cookie_of_a_browser(echo, client, anna):
    answer = client.get("/api/v1/echo")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="haus"'
    answer = client.get("/api/v1/echo", headers={"Authorization": "Bearer haus_wrong"})
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "values",
    [
        {"scopes": ["account.read", "admin.users"]},
        {"scopes": []},
        {"name": ""},
        {"days": "0"},
        {"days": "400"},
        {"days": "x"},
        {"organisation_id": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_a_token_that_cannot_be_made_is_refused(client, session, anna, values):
    answer = make_token(client, **values)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert session.query(ApiToken).count() == 0


def test_revoking_a_token(client, session, anna):
    make_token(client)
    token = session.query(ApiToken).one()
    assert send(client, f"/account/tokens/{token.id}/revoke", {}).status_code == 303
    page = client.get("/account/tokens").text
    assert "revoked" in page
    assert f'id="revoke-{token.id}"' not in page


def test_nothing_but_the_three_choices_is_kept_of_the_look(client, session, anna):
    form = {"language": "xx", "theme": "pink", "density": "compact"}
    assert send(client, "/account", form).status_code == 422
    assert session.get(Person, anna.id).theme == "auto"
