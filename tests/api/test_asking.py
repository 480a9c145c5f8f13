"""Services, orders and subscriptions: the journey of asking, by programs."""

from datetime import timedelta

import pytest

from catalog.transactions import unit_of_work
from cmdb.kernel.clock import today
from schemas.vocabulary import SlaClass
from tests.api.conftest import complaints
from tests.asking import make_provider, make_service
from tests.builders import make_item


@pytest.fixture
def provider(session):
    with unit_of_work(session):
        return make_provider(session)


@pytest.fixture
def service(session, provider):
    with unit_of_work(session):
        return make_service(session, provider, code="AP-STD", sla_class=SlaClass.S2)


@pytest.fixture
def requester(enter, world):
    return enter("partner_coordinator", world.own, name="rita")


@pytest.fixture
def approver(enter, world):
    return enter("partner_coordinator", world.own, name="anton")


@pytest.fixture
def fulfiller(enter, provider):
    return enter("operator", provider, name="flavia")


@pytest.fixture
def wish(world, service):
    return {
        "partner_id": str(world.own.id),
        "service_id": str(service.id),
        "quantity": 12,
        "wanted_on": (today() + timedelta(days=30)).isoformat(),
    }


def test_services_are_listed_with_prices_as_text(requester, service):
    (listed,) = requester.get("/services?text=arbeitsplatz&sla_class=S2").json["items"]
    assert listed["code"] == "AP-STD"
    assert listed["prices"][0]["components"][0]["amount"] == "128.00"
    read = requester.get(f"/services/{service.id}")
    assert read.json["descriptions"]["en"] == "A place to work."
    known = {"If-None-Match": read.headers["ETag"]}
    assert requester.get(f"/services/{service.id}", headers=known).status_code == 304
    assert requester.get("/services?state=retired").json["items"] == []
    assert requester.get("/services/sla-violations").json["items"] == []


def test_a_wish_has_its_price_before_it_is_sent(requester, wish):
    quote = requester.post("/orders/quote", json=wish)
    assert quote.status_code == 200, quote.text
    assert quote.json["total"]["per_month"] == "1536.00"
    assert requester.get("/orders").json["items"] == []


def test_the_same_order_sent_again_is_not_made_again(requester, wish):
    key = {"Idempotency-Key": "abc-1"}
    first = requester.post("/orders", json=wish, headers=key)
    assert first.status_code == 201, first.text
    again = requester.post("/orders", json=wish, headers=key)
    assert again.status_code == 200
    assert again.json == first.json
    assert len(requester.get("/orders").json["items"]) == 1
    other = requester.post("/orders", json=wish | {"quantity": 1}, headers=key)
    assert other.status_code == 422
    without = requester.post("/orders", json=wish)
    assert without.json["id"] != first.json["id"]
    long = requester.post("/orders", json=wish, headers={"Idempotency-Key": "x" * 65})
    assert long.status_code == 422


def test_from_the_wish_to_the_subscription(requester, approver, fulfiller, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    assert fulfiller.get(path).status_code in {403, 404}, "a draft is the partner's alone"
    assert requester.post(f"{path}/submit", json={}).json["state"] == "submitted"
    own = requester.post(f"{path}/approve", json={})
    assert own.status_code == 403, "nobody approves an order of their own"
    assert approver.post(f"{path}/approve", json={"text": "in budget"}).json["state"] == "approved"
    assert approver.post(f"{path}/approve", json={}).status_code == 409
    once = {"Idempotency-Key": "start-1"}
    assert fulfiller.post(f"{path}/start", json={}, headers=once).status_code == 200
    assert fulfiller.post(f"{path}/start", json={}, headers=once).status_code == 200
    assert fulfiller.post(f"{path}/start", json={}).status_code == 409
    assert fulfiller.get(path).json["state"] == "in_fulfilment"
    delivered = fulfiller.post(f"{path}/deliver", json={})
    assert delivered.json["state"] == "delivered", delivered.text
    acts = [(one["action"], one["role"]) for one in delivered.json["transitions"]]
    assert acts == [
        ("submit", "requester"),
        ("approve", "approver"),
        ("start_fulfilment", "fulfiller"),
        ("deliver", "fulfiller"),
    ]
    (subscription,) = requester.get("/subscriptions").json["items"]
    assert subscription["quantity"] == 12
    assert fulfiller.get("/subscriptions").json["items"] == [subscription]


def test_an_order_is_rejected_with_a_reason_only(requester, approver, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    requester.post(f"{path}/submit", json={})
    assert approver.post(f"{path}/reject", json={}).status_code == 422
    rejected = approver.post(f"{path}/reject", json={"text": "not this year"})
    assert rejected.json["state"] == "rejected"


def test_an_order_is_withdrawn(requester, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    assert requester.post(f"{path}/withdraw", json={}).json["state"] == "withdrawn"


def test_an_approved_order_is_cancelled_by_the_provider(requester, approver, fulfiller, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    requester.post(f"{path}/submit", json={})
    approver.post(f"{path}/approve", json={})
    cancelled = fulfiller.post(f"{path}/cancel", json={"text": "no stock"})
    assert cancelled.json["state"] == "cancelled", cancelled.text


def test_orders_of_others_do_not_exist(enter, world, requester, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    stranger = enter("partner_coordinator", world.foreign, name="fremd")
    assert stranger.get(path).status_code == 404
    assert stranger.get("/orders").json["items"] == []
    assert stranger.post(f"{path}/submit", json={}).status_code == 404
    assert stranger.post("/orders", json=wish).status_code == 403


def test_what_is_wrong_with_a_wish_is_told_by_field(requester, wish):
    answer = requester.post("/orders", json=wish | {"quantity": 0, "wanted_on": "soon"})
    assert complaints(answer) == {"quantity", "wanted_on"}


@pytest.fixture
def subscription(requester, approver, fulfiller, wish):
    path = requester.post("/orders", json=wish).headers["Location"]
    requester.post(f"{path}/submit", json={})
    approver.post(f"{path}/approve", json={})
    fulfiller.post(f"{path}/start", json={})
    fulfiller.post(f"{path}/deliver", json={})
    return requester.get("/subscriptions").json["items"][0]


def test_a_subscription_is_ended_by_the_provider(requester, fulfiller, subscription):
    path = f"/subscriptions/{subscription['id']}"
    last = (today() + timedelta(days=90)).isoformat()
    assert requester.post(f"{path}/end", json={"until_on": last}).status_code == 403
    past = fulfiller.post(f"{path}/end", json={"until_on": "2020-01-01"})
    assert complaints(past) == {"until_on"}
    ended = fulfiller.post(f"{path}/end", json={"until_on": last, "reason": "moved"})
    assert ended.json["until_on"] == last, ended.text
    assert requester.get(path).json == ended.json


def test_a_subscription_tells_what_it_costs(requester, subscription):
    year = today().year + 1
    costs = requester.get(f"/subscriptions/{subscription['id']}/costs?year={year}")
    assert costs.status_code == 200, costs.text
    assert costs.json["amount"] == "18432.00"
    assert requester.get(f"/subscriptions/{subscription['id']}/costs").status_code == 200


def test_a_subscription_is_linked_to_devices_of_the_partner(
    requester, fulfiller, subscription, session, world
):
    with unit_of_work(session):
        own, foreign = make_item(session, world.own), make_item(session, world.foreign)
    path = f"/subscriptions/{subscription['id']}/items"
    assert requester.put(f"{path}/{own.id}").status_code == 403
    # The provider sees the devices of its own partners only: this one is not among them.
    assert complaints(fulfiller.put(f"{path}/{own.id}")) == {"item_ids"}
    assert complaints(fulfiller.put(f"{path}/{foreign.id}")) == {"item_ids"}


def test_a_provider_for_all_links_and_unlinks(enter, requester, subscription, session, world):
    everywhere = enter("operator", name="otto")
    with unit_of_work(session):
        own, foreign = make_item(session, world.own), make_item(session, world.foreign)
    path = f"/subscriptions/{subscription['id']}/items"
    for _ in range(2):
        assert everywhere.put(f"{path}/{own.id}").status_code == 204
    (linked,) = requester.get(path).json["items"]
    assert linked["id"] == str(own.id)
    assert complaints(everywhere.put(f"{path}/{foreign.id}")) == {"item_ids"}
    assert everywhere.delete(f"{path}/{own.id}").status_code == 204
    assert requester.get(path).json["items"] == []
