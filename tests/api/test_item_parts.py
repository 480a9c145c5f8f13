"""What an item consists of, how it stands to others, how it changed, and many at once."""

import pytest

from catalog.transactions import unit_of_work
from tests.api.conftest import complaints
from tests.builders import make_item, make_plan
from tests.observing import make_document, observe


@pytest.fixture
def device(session, world):
    """A discovered switch with five interfaces."""
    with unit_of_work(session):
        plan = make_plan(session, world.own)
        make_item(session, world.own, name="other")
        observe(session, plan, [make_document(interfaces=5)])


@pytest.fixture
def path(operator, device):
    (found,) = operator.get("/items?text=sw-00001").json["items"]
    return f"/items/{found['id']}"


@pytest.fixture
def pair(session, world):
    with unit_of_work(session):
        return make_item(session, world.own), make_item(session, world.own)


def test_interfaces_come_in_pages(operator, path):
    first = operator.get(f"{path}/interfaces?limit=3")
    assert [one["index"] for one in first.json["items"]] == [1, 2, 3]
    second = operator.get(f"{path}/interfaces?limit=3&after={first.json['next']}")
    assert [one["index"] for one in second.json["items"]] == [4, 5]
    assert second.json["next"] is None
    assert first.json["items"][0]["mac"] == "00:1b:54:00:01:01"


def test_addresses_components_and_identifiers(operator, path):
    assert operator.get(f"{path}/addresses").json["items"][0]["address"] == "10.0.0.1"
    kinds = {one["kind"] for one in operator.get(f"{path}/components").json["items"]}
    assert kinds == {"chassis"}
    schemes = {one["scheme"] for one in operator.get(f"{path}/identifiers").json["items"]}
    assert "serial" in schemes


def test_values_name_their_source(operator, path):
    facts = operator.get(path).json["facts"]
    assert facts["serial"][0]["source"] == "snmp"


def test_changes_are_found_in_the_history_the_latest_first(operator, path):
    operator.patch(path, json={"name": "renamed", "reason": "new rule"}, headers={"If-Match": "*"})
    latest, *before = operator.get(f"{path}/history").json["items"]
    assert latest["changes"] == {"name": ["sw-00001", "renamed"]}
    assert latest["reason"] == "new rule"
    assert before


@pytest.mark.parametrize(
    "part", ["interfaces", "addresses", "components", "identifiers", "relations", "history"]
)
def test_parts_of_a_foreign_item_do_not_exist(operator, session, world, part):
    with unit_of_work(session):
        foreign = make_item(session, world.foreign)
    assert operator.get(f"/items/{foreign.id}/{part}").status_code == 404


def test_a_relation_is_declared_seen_from_both_ends_and_withdrawn(operator, pair):
    one, other = pair
    body = {"type": "depends_on", "target_id": str(other.id)}
    created = operator.post(f"/items/{one.id}/relations", json=body)
    assert created.status_code == 201, created.text
    (there,) = operator.get(f"/items/{one.id}/relations").json["items"]
    assert there["other"] == {"id": str(other.id), "name": other.name}
    assert there["is_outgoing"]
    (back,) = operator.get(f"/items/{other.id}/relations").json["items"]
    assert not back["is_outgoing"]
    assert operator.post(f"/items/{one.id}/relations", json=body).status_code == 409
    gone = operator.delete(f"/items/{one.id}/relations/{created.json['id']}")
    assert gone.status_code == 204
    assert operator.get(f"/items/{one.id}/relations").json["items"] == []


def test_no_relation_with_itself_or_with_what_is_foreign(operator, session, world, pair):
    one, _ = pair
    with unit_of_work(session):
        foreign = make_item(session, world.foreign)
    path = f"/items/{one.id}/relations"
    body = {"type": "uses", "target_id": str(one.id)}
    assert operator.post(path, json=body).status_code == 422
    body = {"type": "uses", "target_id": str(foreign.id)}
    assert operator.post(path, json=body).status_code == 404
    assert complaints(operator.post(path, json={"type": "eats"})) == {"type", "target_id"}


def test_many_items_are_declared_at_once(operator, session, world, pair):
    items = [
        {"class_name": "network.switch", "name": f"new-{n}", "partner_id": str(world.own.id)}
        for n in range(30)
    ]
    answer = operator.post("/items/bulk", json={"items": items, "reason": "delivery"})
    assert answer.status_code == 201, answer.text
    keys = [one["id"] for one in answer.json["items"]]
    assert operator.get(f"/items/{keys[7]}").json["name"] == "new-7"
    (revision,) = operator.get(f"/items/{keys[7]}/history").json["items"]
    assert revision["reason"] == "delivery"
    assert len(operator.get("/items?text=new-").json["items"]) == 30


def test_as_many_items_as_are_allowed_are_declared_and_changed_at_once(operator, world, pair):
    items = [
        {
            "class_name": "network.switch",
            "name": f"new-{n}.example.ch",
            "serial": f"NEW{n:05}",
            "address": f"10.9.{n // 250}.{n % 250 + 1}",
            "partner_id": str(world.own.id),
        }
        for n in range(500)
    ]
    answer = operator.post("/items/bulk", json={"items": items})
    assert answer.status_code == 201, answer.text
    changes = [
        {"id": one["id"], "version": one["version"], "serial": f"OLD{n:05}", "name": f"old-{n}"}
        for n, one in enumerate(answer.json["items"])
    ]
    answer = operator.patch("/items/bulk", json={"items": changes})
    assert answer.status_code == 200, answer.text
    assert {one["version"] for one in answer.json["items"]} == {2}


def test_of_many_items_none_is_declared_if_one_is_wrong(operator, world, pair):
    good = {"class_name": "network.switch", "name": "good", "partner_id": str(world.own.id)}
    bad = good | {"address": "nowhere"}
    answer = operator.post("/items/bulk", json={"items": [good, good, bad]})
    assert complaints(answer) == {"2"}
    assert set(answer.json["errors"]["2"]) == {"address"}
    foreign = good | {"partner_id": str(world.foreign.id)}
    assert operator.post("/items/bulk", json={"items": [good, foreign]}).status_code == 403
    assert operator.get("/items?text=good").json["items"] == []
    assert complaints(operator.post("/items/bulk", json={"items": []})) == {"items"}
    assert complaints(operator.post("/items/bulk", json={"items": [good] * 501})) == {"items"}


def test_many_items_are_changed_at_once_each_by_its_version(operator, pair):
    changes = [
        {"id": str(one.id), "version": 1, "vendor": "Acme", "name": f"n-{number}"}
        for number, one in enumerate(pair)
    ]
    answer = operator.patch("/items/bulk", json={"items": changes})
    assert answer.status_code == 200, answer.text
    assert answer.json["items"] == [{"id": str(one.id), "version": 2} for one in pair]
    assert operator.get(f"/items/{pair[1].id}").json["name"] == "n-1"
    changes[0]["version"] = 2
    stale = operator.patch("/items/bulk", json={"items": changes})
    assert stale.status_code == 412
    assert operator.get(f"/items/{pair[0].id}").json["version"] == 2
