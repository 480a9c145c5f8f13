"""A program that asks too often is told so, and when to go on; the others do not feel it."""

import time

import pytest
import time_machine

from catalog.extensions import limiter
from tests.api.test_problems import is_problem

QUOTA = 3


@pytest.fixture
def app(make_app):
    return make_app(api_requests_per_minute=QUOTA)


@pytest.fixture
def hasty(operator):
    """A program that has used up what it may send in this minute."""
    limiter.reset()
    for left in reversed(range(QUOTA)):
        answer = operator.get("/me")
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == f'"minute";q={QUOTA};w=60'
        assert answer.headers["RateLimit"].startswith(f'"minute";r={left};t=')
    return operator


def test_one_request_too_many_is_refused_with_a_time(hasty):
    answer = hasty.get("/me")
    problem = is_problem(answer, 429)
    assert problem["type"] == "urn:haus:problem:api.too-many-requests"
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert answer.headers["RateLimit"] == f'"minute";r=0;t={seconds}'


def test_after_the_minute_the_program_goes_on(hasty):
    assert hasty.get("/me").status_code == 429
    with time_machine.travel(time.time() + 61):
        assert hasty.get("/me").status_code == 200


def test_other_tokens_are_counted_for_themselves(hasty, auditor):
    assert hasty.get("/me").status_code == 429
    assert auditor.get("/me").status_code == 200


def test_wrong_tokens_are_counted_by_address(hasty, client):
    wrong = {"Authorization": "Bearer haus_wrong"}
    states = [client.get("/api/v1/me", headers=wrong).status_code for _ in range(QUOTA + 1)]
    assert states == [401] * QUOTA + [429]


def test_every_operation_tells_of_the_rate(app):
    document = app.extensions["haus_openapi"]
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if method == "parameters":
                continue
            assert "429" in told["responses"], path
            good = next(one for status, one in told["responses"].items() if status < "3")
            assert {"RateLimit", "RateLimit-Policy"} <= set(good["headers"]), (method, path)
    refusal = document["components"]["responses"]["TOO_MANY_REQUESTS"]
    assert "Retry-After" in refusal["headers"]
