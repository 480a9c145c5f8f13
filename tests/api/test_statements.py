"""Ceilings for the statements of a request, the look-up of the token included."""

import pytest

from catalog.extensions import db
from catalog.transactions import unit_of_work
from cmdb.items.classes import seed_classes
from cmdb.items.models import ConfigurationItem
from tests.builders import make_item, make_plan, make_site
from tests.counting import statements
from tests.observing import make_document, observe

LIST, DETAIL, CHANGE, BULK = 8, 6, 12, 20
ANY = {"If-Match": "*"}


@pytest.fixture
def items(session, world):
    with unit_of_work(session):
        site = make_site(session, world.own)
        return [make_item(session, world.own, site_id=site.id) for _ in range(60)]


@pytest.fixture
def count(app, operator):
    """Counts the statements of one request; the token's first use has been noted before."""
    operator.get("/me")
    return lambda method, path, **values: counted(app, getattr(operator, method), path, **values)


def counted(app, send, path, **values):
    with app.app_context():
        engine = db.engine

    class Bound:
        def get_bind(self):
            return engine

    with statements(Bound()) as seen:
        answer = send(path, **values)
    assert answer.status_code < 300, answer.text
    return len(seen)


@pytest.mark.parametrize("query", ["", "?text=sw", "?class_name=network&sort=-seen_at"])
@pytest.mark.parametrize("limit", [2, 50])
def test_a_list_of_items_takes_the_same_few_statements_whatever_the_rows(
    count, items, query, limit
):
    mark = "&" if query else "?"
    assert count("get", f"/items{query}{mark}limit={limit}") <= 3


@pytest.mark.parametrize(
    "path", ["/partners", "/sites", "/classes", "/plans", "/runs", "/findings", "/services"]
)
def test_every_list_stays_below_its_ceiling(count, session, world, items, path):
    with unit_of_work(session):
        for number in range(3):
            observe(session, make_plan(session, world.own), [make_document(number)])
    assert count("get", path) <= LIST


def test_an_item_is_read_in_few_statements(count, items):
    assert count("get", f"/items/{items[0].id}") <= DETAIL
    for part in ("interfaces", "addresses", "components", "relations", "history", "vlans", "arp"):
        assert count("get", f"/items/{items[0].id}/{part}") <= DETAIL


def test_a_change_with_history_takes_few_statements(count, items):
    path, headers = f"/items/{items[0].id}", {"If-Match": "*"}
    for vendor in ("Acme", "Bolt"):
        body = {"vendor": vendor, "os_version": vendor, "lifecycle": "in_operation"}
        assert count("patch", path, json=body, headers=headers) <= CHANGE


CHANGES = {
    "rename": [{"name": "sw-core.example.ch"}, {"name": "sw-kern.example.ch"}],
    "attributes": [{"attributes": {"rack": "A1"}}, {"attributes": {"rack": "B2"}}],
    "identifiers": [
        {"name": "sw-core", "serial": "FOC12345678", "address": "10.9.9.8"},
        {"name": "sw-kern", "serial": "FOC87654321", "address": "10.9.9.9"},
    ],
    "owner": [{"partner_id": "foreign"}, {"partner_id": "own"}],
}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("is_seen", [False, True])
def test_no_change_takes_more_statements_than_its_ceiling(
    app, session, house, world, enter, is_seen, kind
):
    """The first change contradicts discovery where the device was seen, and asks a question."""
    with unit_of_work(session):
        seed_classes(session, house)
        make_item(session, world.own, name="sw-declared")
        observe(session, make_plan(session, world.own), [make_document(1)])
    wanted = ConfigurationItem.seen_at.is_not(None) if is_seen else True
    item = session.query(ConfigurationItem).filter(wanted).order_by(ConfigurationItem.id).first()
    client, names = enter("operator"), {"own": world.own.id, "foreign": world.foreign.id}
    client.get("/me")
    for number, body in enumerate(CHANGES[kind]):
        change = {
            name: str(names.get(value, value)) if name == "partner_id" else value
            for name, value in body.items()
        }
        taken = counted(app, client.patch, f"/items/{item.id}", json=change, headers=ANY)
        is_asked_anew = is_seen and kind in {"rename", "identifiers"} and number
        # One question is closed then and another opened.
        assert taken <= CHANGE + (2 if is_asked_anew else 0)


def test_many_changes_take_as_many_statements_as_few(count, items):
    numbers = []
    for some in (items[:2], items[2:52]):
        body = {"items": [{"id": str(one.id), "version": 1, "model": "X"} for one in some]}
        numbers.append(count("patch", "/items/bulk", json=body))
    assert numbers[0] == numbers[1] <= BULK


def test_many_declarations_take_as_many_statements_as_few(count, items, world):
    numbers = []
    for several in (2, 50):
        new = {"class_name": "network.switch", "partner_id": str(world.own.id)}
        body = {"items": [new | {"name": f"n{several}-{n}"} for n in range(several)]}
        numbers.append(count("post", "/items/bulk", json=body))
    assert numbers[0] == numbers[1] <= BULK
