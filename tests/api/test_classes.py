"""Classes of items and their attributes."""

import pytest

from catalog.transactions import unit_of_work
from cmdb.items.classes import seed_classes
from tests.api.conftest import complaints

LABELS = {"de": "Anzeigetafel", "en": "Display"}


@pytest.fixture
def admin(enter, session, house):
    with unit_of_work(session):
        seed_classes(session, house)
    return enter("administrator")


def test_the_shipped_classes_are_listed_with_their_attributes(admin):
    classes = admin.get("/classes").json["items"]
    switch = next(one for one in classes if one["name"] == "network.switch")
    assert switch["is_shipped"]
    assert admin.get("/classes/network.switch").json == switch
    assert admin.get("/classes/network.toaster").status_code == 404


def test_a_class_is_added_and_its_items_carry_its_attributes(admin, world):
    body = {"name": "client.display", "labels": LABELS}
    created = admin.post("/classes", json=body)
    assert created.status_code == 201, created.text
    attribute = {"name": "diagonal", "type": "integer", "unit": "in", "labels": LABELS}
    answer = admin.post("/classes/client.display/attributes", json=attribute)
    assert answer.status_code == 201, answer.text
    assert answer.json["attributes"][-1]["unit"] == "in"
    item = {
        "class_name": "client.display",
        "name": "d-1",
        "partner_id": str(world.own.id),
        "attributes": {"diagonal": 42},
    }
    assert admin.post("/items", json=item).json["attributes"] == {"diagonal": 42}
    wrong = item | {"attributes": {"diagonal": "wide"}}
    assert complaints(admin.post("/items", json=wrong)) == {"diagonal"}


def test_a_class_and_an_attribute_are_added_once(admin):
    body = {"name": "client.display", "labels": LABELS}
    assert admin.post("/classes", json=body).status_code == 201
    assert admin.post("/classes", json=body).status_code == 409
    attribute = {"name": "size", "type": "text", "labels": LABELS}
    assert admin.post("/classes/client.display/attributes", json=attribute).status_code == 201
    assert admin.post("/classes/client.display/attributes", json=attribute).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "colour"}, "type"),
        ({"type": "choice"}, "choices"),
        ({"choices": ["a"]}, "choices"),
        ({"name": "Großes"}, "name"),
        ({"labels": {"de": "x"}}, "labels"),
    ],
)
def test_what_is_wrong_with_an_attribute_is_told_by_field(admin, change, field):
    attribute = {"name": "size", "type": "text", "labels": LABELS} | change
    answer = admin.post("/classes/client.desktop/attributes", json=attribute)
    assert complaints(answer) == {field}


def test_only_administrators_of_all_partners_add_classes(enter, admin, world):
    body = {"name": "client.display", "labels": LABELS}
    assert enter("operator", world.own).post("/classes", json=body).status_code == 403
    assert enter("administrator", world.own).post("/classes", json=body).status_code == 403
