"""Asking: a partner finds a service, orders it, and uses it; nobody decides alone."""

from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from catalog.access import self_service
from catalog.access.authentication import viewer_of
from catalog.access.models import Person
from catalog.access.rules import GIVE
from cmdb.kernel.clock import today
from tests.api.conftest import ApiClient
from tests.journeys.conftest import words_of
from tests.journeys.world import OWN

SEARCH = "/services?q=Notebook"
NAME, CODE = "Arbeitsplatz Mobil", "AP-MOB"
YEARLY = "CHF 5’112.00 pro Jahr"
"""Three mobile workplaces at CHF 142.00 a month."""


@pytest.fixture
def wish(world):
    """What the coordinator fills in: three of them at the town hall, from today."""
    return {
        "partner_id": str(world.organisations[OWN]),
        "quantity": "3",
        "site_id": str(world.site_id),
        "wanted_on": today().isoformat(),
        "reason": "Neue Leute im Bauamt",
        "request_key": "f" * 32,
    }


def test_a_service_is_found_ordered_approved_delivered_and_used(wish, enter):
    coordinator, colleague, operator = (
        enter(name) for name in ("musterwil1", "musterwil2", "betrieb")
    )
    service = coordinator.find_link(SEARCH, NAME)
    form = coordinator.find_link(service, "Bestellen")
    assert YEARLY in coordinator.read(f"{form}?{urlencode(wish)}")

    sent = coordinator.send(form, wish, page=form)
    assert "Ihre Bestellung ist abgeschickt" in words_of(sent)
    order = sent.request.path

    own_approval = coordinator.send(f"{order}/approve", page=order)
    assert own_approval.status_code == 403
    assert "Sie haben dies selbst bestellt" in words_of(own_approval)

    assert colleague.find_link("/approvals", "B-") == order
    approved = colleague.send(f"{order}/approve", {"text": "Im Voranschlag."}, page=order)
    assert "«Im Voranschlag.»" in words_of(approved)

    assert operator.find_link("/orders", "B-") == order
    operator.send(f"{order}/start_fulfilment", page=order)
    delivered = operator.send(f"{order}/deliver", page=order)
    assert "Die Bestellung ist ausgeliefert." in words_of(delivered)

    subscription = operator.find_link(order, "Leistungsbezug seit")
    for door in (coordinator, operator):
        told = door.read(subscription)
        assert "Musterwil (LU) nutzt 3" in told
        assert "CHF 142.00 pro Arbeitsplatz · pro Monat (Preis seit 01.01.2025)" in told
        assert "von Demo Koordination Musterwil" in told
        assert "genehmigt von Demo Genehmigung Musterwil" in told
        assert NAME in door.read("/subscriptions")


def test_the_same_form_sent_twice_orders_once(wish, enter):
    coordinator = enter("musterwil1")
    form = f"/services/{CODE}/order"

    orders = {coordinator.send(form, wish, page=form).request.path for _ in range(2)}

    assert len(orders) == 1


def test_a_rejection_needs_a_reason_and_is_told_to_the_requester(wish, enter):
    coordinator, colleague = enter("musterwil1"), enter("musterwil2")
    form = f"/services/{CODE}/order"
    order = coordinator.send(form, wish, page=form).request.path

    without = colleague.send(f"{order}/reject", page=order)
    assert without.status_code == 422

    colleague.send(f"{order}/reject", {"text": "Nicht budgetiert."}, page=order)
    assert "«Nicht budgetiert.»" in coordinator.read(order)
    assert colleague.send(f"{order}/approve", page=order).status_code in {403, 409}


def test_another_partner_learns_nothing_of_an_order(wish, enter):
    form = f"/services/{CODE}/order"
    order = enter("musterwil1").send(form, wish, page=form).request.path
    foreign = enter("beispielikon")

    assert foreign.status(order) == 404
    assert NAME not in foreign.read("/orders")


def test_the_same_journey_by_rest(world, speak, wish):
    coordinator, colleague, operator = (
        speak(name) for name in ("musterwil1", "musterwil2", "betrieb")
    )
    key = wish.pop("request_key")
    found = coordinator.get("/services?text=Notebook").json["items"]
    wish |= {"service_id": found[0]["id"], "quantity": 3}
    assert coordinator.post("/orders/quote", json=wish).json["total"]["per_year"] == "5112.00"

    drafts = [
        coordinator.post("/orders", json=wish, headers={"Idempotency-Key": key}).json["id"]
        for _ in range(2)
    ]
    assert drafts[0] == drafts[1]
    order = f"/orders/{drafts[0]}"
    coordinator.post(f"{order}/submit", json={})
    assert coordinator.post(f"{order}/approve", json={}).status_code == 403

    states = [
        person.post(f"{order}/{act}", json={}).json["state"]
        for person, act in ((colleague, "approve"), (operator, "start"), (operator, "deliver"))
    ]
    assert states == ["approved", "in_fulfilment", "delivered"]
    acts = coordinator.get(order).json["transitions"]
    assert [one["action"] for one in acts] == ["submit", "approve", "start_fulfilment", "deliver"]

    for person in (coordinator, operator):
        subscription = person.get("/subscriptions").json["items"][0]
        assert subscription["order_id"] == drafts[0]
        year = today().year + 1
        costs = person.get(f"/subscriptions/{subscription['id']}/costs?year={year}").json
        assert costs["amount"] == "5112.00"
    assert speak("beispielikon").get(order).status_code == 404


@pytest.fixture
def speak(app, place):
    """Gives a REST client with a token of a person's own: `speak("betrieb").get("/orders")`."""

    def sign(name):
        with place.transaction() as session:
            person = session.scalars(sa.select(Person).where(Person.sign_in_name == name)).one()
            viewer = viewer_of(person)
            scopes = [one for one in viewer.grants if not one.startswith(GIVE)]
            token = self_service.create_token(session, viewer, name="Tests", scopes=scopes)
        return ApiClient(app, token.text, person)

    return sign
