"""Items: list, read, declare, change, retire."""

import pytest

from catalog.transactions import unit_of_work
from schemas.vocabulary import Lifecycle
from tests.api.conftest import complaints
from tests.builders import make_classes, make_item, make_site


@pytest.fixture
def switches(session, world):
    """Seven switches of the own partner and one of the foreign one."""
    with unit_of_work(session):
        own = [make_item(session, world.own, name=f"sw-{number}") for number in range(7)]
        foreign = make_item(session, world.foreign, name="sw-foreign")
    return own, foreign


@pytest.fixture
def switch(switches):
    return switches[0][0]


def test_a_list_shows_only_ones_own(operator, switches):
    answer = operator.get("/items")
    assert answer.status_code == 200
    assert [one["name"] for one in answer.json["items"]] == [f"sw-{n}" for n in range(7)]
    assert answer.json["next"] is None
    assert "Link" not in answer.headers


@pytest.mark.parametrize("sort", ["name", "-name", "seen_at", "-updated_at", "partner", "site"])
def test_pages_have_neither_gaps_nor_duplicates(operator, switches, sort):
    seen, path = [], f"/items?limit=3&sort={sort}"
    while path:
        answer = operator.get(path)
        assert answer.status_code == 200, answer.text
        seen += [one["id"] for one in answer.json["items"]]
        link = answer.headers.get("Link")
        path = link and link.partition(">")[0].removeprefix("<")
        assert bool(path) == (answer.json["next"] is not None)
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("text=sw-3", ["sw-3"]),
        ("text=nothing-like-it", []),
        ("class_name=network", [f"sw-{n}" for n in range(7)]),
        ("class_name=server&class_name=client", []),
        ("vendor=Acme", ["sw-1"]),
        ("network=10.9.0.0/16", ["sw-2"]),
        ("lifecycle=retired", []),
        ("has_finding=true", []),
        ("seen_since=2999-01-01T00:00:00Z", []),
    ],
)
def test_filters(operator, session, switches, query, names):
    with unit_of_work(session):
        switches[0][1].vendor = "Acme"
        switches[0][2].address = "10.9.1.1"
    answer = operator.get(f"/items?{query}")
    assert answer.status_code == 200, answer.text
    assert [one["name"] for one in answer.json["items"]] == names


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("sort=colour", "sort"),
        ("partner_id=x", "partner_id"),
        ("clas_name=network", "clas_name"),
        ("seen_since=yesterday", "seen_since"),
    ],
)
def test_a_wrong_question_is_told_by_field(operator, query, field):
    assert field in complaints(operator.get(f"/items?{query}"))


@pytest.mark.parametrize("query", ["after=zzz", "network=everywhere"])
def test_a_wrong_cursor_or_network_is_a_problem(operator, query):
    answer = operator.get(f"/items?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"].startswith("urn:haus:problem:")


def test_an_item_is_read_with_its_sources(operator, world, switch):
    created = operator.post(
        "/items",
        json={"class_name": "network.switch", "name": "x", "partner_id": str(world.own.id)},
    )
    assert created.status_code == 201
    answer = operator.get(created.headers["Location"])
    assert answer.json == created.json
    assert answer.json["partner"] == {"id": str(world.own.id), "name": "Gemeinde Aarfeld"}
    (fact,) = answer.json["facts"]["name"]
    assert fact["source"] == "declared"
    assert fact["value"] == "x"


def test_a_foreign_item_does_not_exist(operator, switches):
    assert operator.get(f"/items/{switches[1].id}").status_code == 404
    answer = operator.patch(f"/items/{switches[1].id}", json={}, headers={"If-Match": "*"})
    assert answer.status_code == 404


def test_an_auditor_may_read_but_not_write(auditor, world, switch):
    assert auditor.get(f"/items/{switch.id}").status_code == 200
    body = {"class_name": "network.switch", "name": "x", "partner_id": str(world.own.id)}
    assert auditor.post("/items", json=body).status_code == 403
    answer = auditor.patch(f"/items/{switch.id}", json={"name": "y"}, headers={"If-Match": "*"})
    assert answer.status_code == 403


def test_nothing_is_declared_for_a_foreign_partner(operator, world, session):
    with unit_of_work(session):
        make_classes(session)
    body = {"class_name": "network.switch", "name": "x", "partner_id": str(world.foreign.id)}
    assert operator.post("/items", json=body).status_code == 403


def test_what_is_wrong_with_an_item_is_told_by_field(operator, world, session):
    with unit_of_work(session):
        make_classes(session)
    body = {"class_name": "network.switch", "partner_id": str(world.own.id), "colour": "red"}
    assert complaints(operator.post("/items", json=body)) == {"name", "colour"}
    body = {
        "class_name": "network.switch",
        "name": "x",
        "partner_id": str(world.own.id),
        "address": "10.0.0.300",
        "attributes": {"colour": "red"},
    }
    answer = operator.post("/items", json=body)
    assert complaints(answer) == {"address", "colour"}
    assert all(isinstance(one, list) for one in answer.json["errors"].values())


def test_the_tag_of_a_read_is_what_a_write_is_based_on(operator, switch):
    path = f"/items/{switch.id}"
    tag = operator.get(path).headers["ETag"]
    changed = operator.patch(
        path, json={"name": "new", "reason": "moved"}, headers={"If-Match": tag}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["name"] == "new"
    assert changed.json["version"] == 2
    assert changed.headers["ETag"] == operator.get(path).headers["ETag"] != tag
    late = operator.patch(path, json={"name": "late"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert operator.get(path).json["name"] == "new"
    again = operator.patch(
        path, json={"name": "newer"}, headers={"If-Match": changed.headers["ETag"]}
    )
    assert again.status_code == 200


@pytest.mark.parametrize("tag", ['"other"', 'W/"x"', '"' + "0" * 32 + '.1.00"'])
def test_a_tag_of_something_else_is_stale(operator, switch, tag):
    answer = operator.patch(f"/items/{switch.id}", json={}, headers={"If-Match": tag})
    assert answer.status_code == 412


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_write_must_say_what_it_is_based_on(operator, switch, method):
    values = {"json": {"name": "x"}} if method == "patch" else {}
    answer = getattr(operator, method)(f"/items/{switch.id}", **values)
    assert answer.status_code == 428
    assert answer.content_type == "application/problem+json"


def test_what_is_known_is_not_sent_again(operator, switch):
    path = f"/items/{switch.id}"
    first = operator.get(path)
    again = operator.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    operator.patch(path, json={"name": "other"}, headers={"If-Match": "*"})
    third = operator.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert third.status_code == 200


def test_null_withdraws_what_was_declared(operator, session, world, switch):
    with unit_of_work(session):
        site = make_site(session, world.own)
    path, any_version = f"/items/{switch.id}", {"If-Match": "*"}
    body = {"site_id": str(site.id), "vendor": "Acme"}
    answer = operator.patch(path, json=body, headers=any_version)
    assert answer.json["site"] == {"id": str(site.id), "name": site.name}
    answer = operator.patch(path, json={"site_id": None, "vendor": None}, headers=any_version)
    assert answer.json["site"] is None
    assert answer.json["vendor"] == ""


def test_an_item_in_operation_is_retired_and_stays_readable(operator, switch):
    answer = operator.delete(f"/items/{switch.id}", headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert answer.json["lifecycle"] == "retired"
    assert operator.get(f"/items/{switch.id}").status_code == 200
    again = operator.delete(f"/items/{switch.id}", headers={"If-Match": "*"})
    assert again.status_code == 409


def test_an_item_that_was_only_planned_is_deleted(operator, session, world):
    with unit_of_work(session):
        item = make_item(session, world.own, lifecycle=Lifecycle.PLANNED)
    answer = operator.delete(f"/items/{item.id}", headers={"If-Match": "*"})
    assert answer.status_code == 204
    assert operator.get(f"/items/{item.id}").status_code == 404
