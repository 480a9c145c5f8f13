"""A write that comes again under its key is not carried out again."""

import pytest

from catalog.transactions import unit_of_work
from tests.api.test_discovery import PLAN
from tests.builders import make_classes

KEY = {"Idempotency-Key": "abc-1"}


@pytest.fixture
def writes(world, session):
    """A body for several kinds of writes that make something."""
    with unit_of_work(session):
        make_classes(session)
    key = str(world.own.id)
    item = {"class_name": "network.switch", "name": "sw-1", "partner_id": key}
    return {
        "/plans": PLAN | {"partner_id": key},
        "/items": item,
        "/items/bulk": {"items": [item, item | {"name": "sw-2"}]},
    }


@pytest.mark.parametrize("path", ["/plans", "/items", "/items/bulk"])
def test_the_same_request_again_answers_what_the_first_one_made(operator, writes, path):
    first = operator.post(path, json=writes[path], headers=KEY)
    assert first.status_code == 201, first.text
    again = operator.post(path, json=writes[path], headers=KEY)
    assert again.status_code == 200
    assert again.json == first.json
    other = operator.post(path, json=writes[path] | {"reason": "x"}, headers=KEY)
    assert other.status_code == 422
    assert len(operator.get(path.removesuffix("/bulk")).json["items"]) == len(
        first.json.get("items", [1])
    )


def test_the_order_of_the_fields_does_not_make_another_request(operator, writes):
    first = operator.post("/items", json=writes["/items"], headers=KEY)
    turned = dict(reversed(writes["/items"].items()))
    assert operator.post("/items", json=turned, headers=KEY).json == first.json


def test_a_request_that_failed_leaves_its_key_free(operator, writes):
    wrong = writes["/items"] | {"name": ""}
    assert operator.post("/items", json=wrong, headers=KEY).status_code == 422
    assert operator.post("/items", json=writes["/items"], headers=KEY).status_code == 201


def test_two_people_may_choose_the_same_key(operator, enter, world, writes):
    other = enter("operator", world.own, name="zoe")
    first = operator.post("/items", json=writes["/items"], headers=KEY)
    second = other.post("/items", json=writes["/items"] | {"name": "sw-9"}, headers=KEY)
    assert second.status_code == 201
    assert second.json["id"] != first.json["id"]


def test_whatever_makes_something_may_be_sent_again(app):
    """A thing with a name of its own is found to be there already; all others take a key."""
    for path, methods in app.extensions["haus_openapi"]["paths"].items():
        told = methods.get("post", {"responses": {}})
        if "201" not in told["responses"] or path.startswith("/api/v1/classes"):
            continue
        assert "200" in told["responses"], path
        if path != "/api/v1/runs":
            assert "Idempotency-Key" in {one["name"] for one in told["parameters"]}, path
