"""Partners and their sites."""

import pytest

from catalog.transactions import unit_of_work
from tests.api.conftest import complaints
from tests.builders import make_site


@pytest.fixture
def site(session, world):
    with unit_of_work(session):
        return make_site(session, world.own, "Rathaus")


def test_partners_are_ones_own(operator, world):
    answer = operator.get("/partners")
    assert [one["slug"] for one in answer.json["items"]] == ["aarfeld"]
    assert operator.get(f"/partners/{world.own.id}").json == answer.json["items"][0]
    assert operator.get(f"/partners/{world.foreign.id}").status_code == 404


def test_partners_are_found_by_name_and_role(enter, world):
    everywhere = enter("auditor")
    names = [one["slug"] for one in everywhere.get("/partners?name=birk").json["items"]]
    assert names == ["birkental"]
    assert everywhere.get("/partners?role=provider").json["items"] == []
    assert complaints(everywhere.get("/partners?role=king")) == {"role"}


def test_a_site_is_added_read_and_changed(enter, world):
    admin = enter("administrator", world.own)
    body = {"partner_id": str(world.own.id), "name": "Werkhof", "town": "Aarfeld"}
    created = admin.post("/sites", json=body)
    assert created.status_code == 201, created.text
    assert created.json["partner"]["slug"] == "aarfeld"
    path = created.headers["Location"]
    read = admin.get(path)
    assert read.json == created.json
    changed = admin.patch(
        path, json={"street": "Gasse 1"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert changed.json == read.json | {"street": "Gasse 1"}
    late = admin.patch(path, json={"street": "x"}, headers={"If-Match": read.headers["ETag"]})
    assert late.status_code == 412
    assert admin.patch(path, json={"street": "x"}).status_code == 428
    assert admin.get(path).json["street"] == "Gasse 1"


def test_two_sites_of_a_partner_are_called_differently(enter, world, site):
    admin = enter("administrator", world.own)
    body = {"partner_id": str(world.own.id), "name": "Rathaus"}
    assert admin.post("/sites", json=body).status_code == 409
    assert complaints(admin.post("/sites", json={"name": ""})) == {"partner_id", "name"}


def test_sites_of_others_do_not_exist(operator, session, world, site):
    with unit_of_work(session):
        foreign = make_site(session, world.foreign, "Fremd")
    assert operator.get(f"/sites/{foreign.id}").status_code == 404
    assert [one["name"] for one in operator.get("/sites").json["items"]] == ["Rathaus"]
    answer = operator.get(f"/sites?partner_id={world.foreign.id}")
    assert answer.json["items"] == []


def test_an_operator_reads_sites_and_does_not_write_them(operator, world, site):
    body = {"partner_id": str(world.own.id), "name": "Neu"}
    assert operator.post("/sites", json=body).status_code == 403
    answer = operator.patch(f"/sites/{site.id}", json={}, headers={"If-Match": "*"})
    assert answer.status_code == 403


def test_no_site_is_added_to_a_foreign_partner(enter, world):
    admin = enter("administrator", world.own)
    body = {"partner_id": str(world.foreign.id), "name": "Neu"}
    assert admin.post("/sites", json=body).status_code == 404
