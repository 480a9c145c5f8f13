"""Whatever goes wrong is a problem document, and keeps the headers of its status."""

import base64
import json

import pytest
from werkzeug.exceptions import TooManyRequests

from catalog.api.problem import http_problem
from catalog.transactions import unit_of_work
from tests.builders import make_item
from tests.web.conftest import post


def is_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    return answer.json


def test_an_address_that_is_none(operator):
    is_problem(operator.get("/nothing"), 404)
    is_problem(operator.get("/items/not-a-key"), 404)


def test_a_method_that_is_none_is_answered_with_those_that_are(operator):
    answer = operator.put("/items", json={})
    is_problem(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_token_that_is_none(client):
    answer = client.get("/api/v1/items", headers={"Authorization": "Bearer haus_wrong"})
    is_problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_session_opens_no_door(client, make_person):
    person = make_person("operator", None)
    form = {"name": person.sign_in_name, "password": person.password}
    assert post(client, "/sign-in", form).status_code == 303
    assert client.get("/api/v1/items").status_code == 401
    assert client.get("/api/v1/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("raw", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b'{"name": "a\\u0000b"}', "application/json", 422),
        (b'{"attributes": {"a\\u0000": 1}}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
    ],
)
def test_a_body_that_cannot_be_read(operator, raw, media, status):
    is_problem(operator.post("/items", data=raw, headers={"Content-Type": media}), status)


def test_a_body_that_is_too_large(operator):
    raw = b'{"name": "' + b"x" * (18 * 1024 * 1024) + b'"}'
    headers = {"Content-Type": "application/json"}
    is_problem(operator.post("/items", data=raw, headers=headers), 413)


@pytest.mark.parametrize("path", ["/items?vendor=a%00b", "/items?text=%00", "/classes/%00"])
def test_a_nul_in_an_address_is_refused(operator, path):
    is_problem(operator.get(path), 400)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("name", "a\0b"),
        ("name", 7),
        ("name", None),
        ("seen_at", "2026-11-24T06:00:00"),
        ("seen_at", "0001-01-01T00:00:00+14:00"),
        ("seen_at", "soon"),
        ("seen_at", 2**70),
    ],
)
def test_a_cursor_that_somebody_made_up_is_refused(operator, sort, value):
    raw = json.dumps([value, "01a20c00-0000-7000-8000-000000000001"]).encode()
    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    problem = is_problem(operator.get(f"/items?sort={sort}&after={cursor}"), 422)
    assert problem["type"] == "urn:haus:problem:paging.bad-cursor"


def test_a_number_in_a_cursor_fits_into_its_column(operator, session, world):
    with unit_of_work(session):
        item = make_item(session, world.own)
    raw = json.dumps([2**64 - 1, str(item.id)]).encode()
    cursor = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    is_problem(operator.get(f"/items/{item.id}/interfaces?after={cursor}"), 422)


def test_a_moment_before_all_times_is_refused(operator):
    answer = operator.get("/items?seen_since=0001-01-01T00:00:00%2B14:00")
    assert set(is_problem(answer, 422)["errors"]) == {"seen_since"}


def test_too_many_requests_say_when_to_come_back(app):
    with app.test_request_context("/api/v1/items"):
        assert http_problem(TooManyRequests(retry_after=7)).headers["Retry-After"] == "7"
        assert http_problem(TooManyRequests()).headers["Retry-After"] == "60"


def test_sentences_are_in_the_language_of_the_program(operator):
    missing = "/items/00000000-0000-7000-8000-000000000000"
    english = operator.get(missing, headers={"Accept-Language": "en"})
    german = operator.get(missing, headers={"Accept-Language": "de"})
    assert is_problem(english, 404)["detail"] == "There is no such item."
    assert is_problem(german, 404)["detail"] != "There is no such item."
    assert english.json["type"] == german.json["type"] == "urn:haus:problem:item.not-found"
