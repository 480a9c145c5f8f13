"""Signing in and out: one message for all failures, no planted sessions, no way out of the site."""

from datetime import timedelta

import pytest
import time_machine

from catalog.access.models import Person, WebSession
from cmdb.kernel.clock import now
from tests.web.conftest import form_token, post

SENTENCE = "Name and password do not match"


@pytest.fixture(autouse=True)
def english(client):
    client.set_cookie("lang", "en")


def session_cookie(client):
    cookie = client.get_cookie("haus_session")
    return cookie.value if cookie else None


def test_the_right_password_opens_the_account(client, make_person, sign_in):
    anna = make_person()
    answer = sign_in(anna)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Anna" in client.get("/account").text


def test_the_name_is_taken_in_any_case_and_with_spaces(client, make_person):
    anna = make_person(name="anna@aarfeld.example")
    form = {"name": " Anna@Aarfeld.example ", "password": anna.password}
    assert post(client, "/sign-in", form).status_code == 303


def test_every_failure_is_told_by_the_same_page(client, session, make_person, sign_in):
    anna, berta = make_person(name="anna"), make_person(name="berta")
    session.get(Person, berta.id).is_active = False
    session.commit()
    pages = set()
    for name, password in [
        ("anna", "wrong password"),
        ("berta", berta.password),
        ("nobody", "wrong password"),
        ("anna", "x" * 256),
    ]:
        answer = post(client, "/sign-in", {"name": name, "password": password})
        assert answer.status_code == 401
        assert session_cookie(client) is None
        pages.add(answer.text.split('role="alert"')[1].split("</div>")[0])
    assert len(pages) == 1
    assert SENTENCE in pages.pop()
    assert sign_in(anna).status_code == 303


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(make_person, sign_in):
    anna = make_person()
    for _ in range(5):
        assert sign_in(anna, "a wrong password").status_code == 401
    assert sign_in(anna).status_code == 401
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sign_in(anna).status_code == 303


def test_many_tries_from_one_address_are_stopped(client):
    token = form_token(client)
    form = {"csrf_token": token, "name": "nobody", "password": "guess"}
    states = [client.post("/sign-in", data=form).status_code for _ in range(21)]
    assert states == [401] * 20 + [429]


def test_a_session_from_before_is_not_carried_on(client, make_person, sign_in):
    anna, berta = make_person(name="anna"), make_person(name="berta")
    sign_in(anna)
    planted = session_cookie(client)
    client.delete_cookie("haus_session")
    token = form_token(client)
    client.set_cookie("haus_session", "planted-by-somebody-else")
    client.post("/sign-in", data={"csrf_token": token, "name": "berta", "password": berta.password})
    assert session_cookie(client) not in {planted, "planted-by-somebody-else", None}


def test_signing_in_again_ends_the_session_the_browser_had(app, session, client, make_person):
    anna = make_person()
    form = {"name": "anna", "password": anna.password}
    post(client, "/sign-in", form)
    first = session_cookie(client)
    post(client, "/sign-in", form, form_page="/account/password")
    other = app.test_client()
    other.set_cookie("haus_session", first)
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_only_a_hash_of_the_session_is_stored(client, session, make_person, sign_in):
    sign_in(make_person())
    stored = session.query(WebSession).one()
    assert session_cookie(client) not in str(vars(stored))
    assert len(stored.token_hash) == 64


def test_signing_out_ends_the_session_on_the_server(client, make_person, sign_in):
    sign_in(make_person())
    stolen = session_cookie(client)
    assert post(client, "/sign-out", form_page="/account").location == "/sign-in"
    assert session_cookie(client) is None
    client.set_cookie("haus_session", stolen)
    assert client.get("/account").status_code == 303


def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_a_day(
    client, make_person, sign_in
):
    sign_in(make_person())
    start = now()
    for hours in (7, 14, 21):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get("/account").status_code == 200
    with time_machine.travel(start + timedelta(hours=25)):
        assert client.get("/account").status_code == 303


def test_an_unused_session_ends_after_eight_hours(client, make_person, sign_in):
    sign_in(make_person())
    with time_machine.travel(now() + timedelta(hours=8, minutes=1)):
        assert client.get("/account").status_code == 303


def test_reading_pages_writes_at_most_every_five_minutes(client, session, make_person, sign_in):
    sign_in(make_person())
    start = session.query(WebSession).one().seen_at
    for minutes, is_noted in ((4, False), (6, True)):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            client.get("/account")
        session.rollback()  # what was read belongs to an older snapshot
        assert (session.query(WebSession).one().seen_at > start) == is_noted


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
    ],
)
def test_signing_in_never_leads_out_of_the_site(client, make_person, target):
    anna = make_person()
    form = {"name": "anna", "password": anna.password, "next": target}
    answer = post(client, "/sign-in", form)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_stranger_is_led_to_the_form_and_back(client, make_person):
    anna = make_person()
    answer = client.get("/account/tokens?x=1")
    assert answer.location == "/sign-in?next=/account/tokens?x%3D1"
    form = {"name": "anna", "password": anna.password, "next": "/account/tokens?x=1"}
    assert post(client, "/sign-in", form).location == "/account/tokens?x=1"


def test_a_part_of_a_page_sends_the_whole_browser_to_the_form(client):
    answer = client.get("/account", headers={"HX-Request": "true", "HX-Current-URL": "http://x/a"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=/a")


def test_a_form_without_its_token_is_refused(client, make_person, sign_in):
    anna = make_person()
    for _ in range(2):
        answer = client.post("/sign-in", data={"name": "anna", "password": anna.password})
        assert answer.status_code == 400
        assert "<h1>" in answer.text
        sign_in(anna)


def test_the_form_token_of_before_signing_in_does_not_hold_after(client, make_person):
    anna = make_person()
    token = form_token(client)
    client.post("/sign-in", data={"csrf_token": token, "name": "anna", "password": anna.password})
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_somebody_else_is_not_told_that_a_page_needs_more_than_signing_in(client):
    assert client.get("/admin/people").status_code == 303
    assert client.get("/no-such-page").status_code == 404


def test_behind_https_the_cookie_is_bound_to_host_and_channel(make_app, make_person):
    anna = make_person()
    secure = make_app(is_secure=True).test_client()
    origin = {"base_url": "https://haus.example"}
    page = secure.get("/sign-in", **origin)
    token = page.text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    answer = secure.post(
        "/sign-in",
        data={"csrf_token": token, "name": "anna", "password": anna.password},
        headers={"Referer": "https://haus.example/sign-in"},
        **origin,
    )
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-haus="))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_every_answer_is_careful(client):
    for path in ("/sign-in", "/no-such-page", "/api/v1/nothing"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    with client.get("/static/haus.css") as style:
        assert "no-store" not in style.headers.get("Cache-Control", "")


def test_the_look_of_the_profile_comes_along_to_a_new_browser(app, client, make_person, sign_in):
    anna = make_person()
    sign_in(anna)
    form = {"language": "en", "theme": "dark", "density": "comfortable"}
    assert post(client, "/account", form, form_page="/account").status_code == 303
    other = app.test_client()
    post(other, "/sign-in", {"name": "anna", "password": anna.password})
    page = other.get("/account").text
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert 'data-density="comfortable"' in page
