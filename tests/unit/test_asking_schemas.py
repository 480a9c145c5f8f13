from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from marshmallow import Schema, ValidationError

from schemas.money import MoneyField
from schemas.offers import CatalogueSchema, PriceReleaseSchema, PriceSchema, ServiceSchema
from schemas.ordering import DeliverySchema, OrderSchema, QuoteSchema, WishSchema
from schemas.subscriptions import CostLineSchema, EndingSchema, SubscriptionSchema
from schemas.vocabulary import (
    OrderAction,
    OrderParty,
    OrderState,
    PriceBasis,
    PriceKind,
    PricePeriod,
    ServiceState,
    SlaClass,
)

KEY = UUID(int=7)
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BODY = SimpleNamespace(id=KEY, slug="ebikon", name="Ebikon")
SERVICE = SimpleNamespace(id=KEY, code="AP-STD", names={"de": "Arbeitsplatz", "en": "Workplace"})
COMPONENT = SimpleNamespace(
    kind=PriceKind.RECURRING,
    period=PricePeriod.MONTH,
    basis=PriceBasis.QUANTITY,
    amount=Decimal("128.0000"),
    units={},
    notes={},
)
PRICE = SimpleNamespace(
    id=KEY,
    valid_from=date(2026, 1, 1),
    valid_until=None,
    reason="",
    released_at=MOMENT,
    components=[COMPONENT],
)
WISH = {
    "partner_id": str(KEY),
    "service_id": str(KEY),
    "quantity": 12,
    "wanted_on": "2027-04-01",
}


class Purse(Schema):
    amount = MoneyField()


@pytest.mark.parametrize("text", ["128.00", "0.05", "4000", "99999999.99"])
def test_money_is_text_with_two_decimals(text):
    amount = Purse().load({"amount": text})["amount"]
    assert amount == Decimal(text)
    assert Purse().dump({"amount": amount}) == {"amount": f"{Decimal(text):.2f}"}


@pytest.mark.parametrize(
    "wrong", [128.0, 128, "0.001", "-1.00", "NaN", "Infinity", "1e12", "zwei", "0" * 33]
)
def test_what_is_not_exactly_money_is_refused(wrong):
    with pytest.raises(ValidationError):
        Purse().load({"amount": wrong})


def test_a_wish_is_read():
    wish = WishSchema().load(WISH)
    assert wish == {
        "partner_id": KEY,
        "service_id": KEY,
        "quantity": 12,
        "wanted_on": date(2027, 4, 1),
        "site_id": None,
        "reason": "",
        "request_key": None,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": 0},
        {"quantity": "12"},
        {"quantity": 1.5},
        {"quantity": 2**40},
        {"wanted_on": "01.04.2027"},
        {"partner_id": "ebikon"},
        {"reason": "x" * 2001},
        {"request_key": ""},
        {"state": "approved"},
    ],
)
def test_a_wish_with_a_mistake_is_refused(wrong):
    with pytest.raises(ValidationError) as caught:
        WishSchema().load(WISH | wrong)
    assert set(caught.value.messages) == set(wrong)


def test_an_order_is_written():
    order = SimpleNamespace(
        id=KEY,
        number="B-2026-00042",
        partner=BODY,
        provider=BODY,
        service=SERVICE,
        site=None,
        quantity=12,
        wanted_on=date(2027, 4, 1),
        state=OrderState.APPROVED,
        one_off_total=Decimal(0),
        yearly_total=Decimal("18432.0000"),
        asked_by_name="Rita",
        created_at=MOMENT,
        submitted_at=MOMENT,
        reason="",
        request_key=None,
        price_snapshot={},
        version=3,
        transitions=[
            SimpleNamespace(
                at=MOMENT,
                action=OrderAction.APPROVE,
                from_state=OrderState.SUBMITTED,
                to_state=OrderState.APPROVED,
                actor_name="Anton",
                role=OrderParty.APPROVER,
                text="",
            )
        ],
    )
    document = OrderSchema().dump(order)
    assert document["yearly_total"] == "18432.00"
    assert document["one_off_total"] == "0.00"
    assert document["wanted_on"] == "2027-04-01"
    assert document["state"] == "approved"
    assert document["service"] == {"id": str(KEY), "code": "AP-STD", "names": SERVICE.names}
    assert document["site"] is None
    assert document["transitions"][0] | {"at": ""} == {
        "at": "",
        "action": "approve",
        "from_state": "submitted",
        "to_state": "approved",
        "actor_name": "Anton",
        "role": "approver",
        "text": "",
    }


def test_a_quote_says_what_is_not_known_yet():
    total = SimpleNamespace(
        one_off=Decimal(0),
        per_month=Decimal(1536),
        per_year=Decimal(18432),
        rest_of_year=Decimal(13824),
        next_year=None,
        usage=Decimal(0),
        year=2026,
    )
    document = QuoteSchema().dump(SimpleNamespace(service=SERVICE, total=total))
    assert document["total"]["rest_of_year"] == "13824.00"
    assert document["total"]["next_year"] is None


def test_a_delivery_needs_nothing_and_takes_a_day_and_items():
    assert DeliverySchema().load({}) == {"text": "", "from_on": None, "item_ids": []}
    assert DeliverySchema().load({"from_on": "2027-04-01", "item_ids": [str(KEY)]}) == {
        "text": "",
        "from_on": date(2027, 4, 1),
        "item_ids": [KEY],
    }
    with pytest.raises(ValidationError):
        DeliverySchema().load({"item_ids": [str(KEY)] * 201})


def test_a_price_is_read_and_written_without_loss():
    document = PriceSchema().dump(PRICE)
    assert document["components"][0]["amount"] == "128.00"
    assert document["valid_until"] is None
    sent = {key: document[key] for key in ("valid_from", "reason", "components")}
    loaded = PriceReleaseSchema().load(sent)
    assert loaded["components"][0]["amount"] == COMPONENT.amount
    assert loaded["valid_from"] == PRICE.valid_from


def test_a_service_is_written_with_what_it_rests_on():
    service = SimpleNamespace(
        **vars(SERVICE),
        descriptions=SERVICE.names,
        units=SERVICE.names,
        family=SimpleNamespace(slug="workplace"),
        provider=BODY,
        provider_unit="DIIN",
        owner_role="Leitung",
        sla_class=SlaClass.S2,
        allocation_key="",
        state=ServiceState.ACTIVE,
        is_lasting=True,
        max_quantity=10_000,
        version=1,
        prices=[PRICE],
        dependencies=[
            SimpleNamespace(depends_on=SERVICE, platform=""),
            SimpleNamespace(depends_on=None, platform="RZ-A"),
        ],
    )
    document = ServiceSchema().dump(service)
    assert document["family"] == "workplace"
    assert document["sla_class"] == "S2"
    assert [one["platform"] for one in document["dependencies"]] == ["", "RZ-A"]
    assert document["dependencies"][1]["service"] is None


def test_a_subscription_and_its_cost_are_written():
    subscription = SimpleNamespace(
        id=KEY,
        partner=BODY,
        provider=BODY,
        service=SERVICE,
        site=SimpleNamespace(id=KEY, name="Gemeindehaus"),
        order_id=KEY,
        price_id=KEY,
        quantity=12,
        from_on=date(2027, 4, 1),
        until_on=None,
        end_reason="",
        opened_at=MOMENT,
        version=1,
    )
    document = SubscriptionSchema().dump(subscription)
    assert (document["from_on"], document["until_on"]) == ("2027-04-01", None)
    assert document["site"] == {"id": str(KEY), "name": "Gemeindehaus"}
    line = SimpleNamespace(year=2027, amount=Decimal(13824), order_id=KEY, prices=(PRICE,))
    assert CostLineSchema().dump(line)["amount"] == "13824.00"


def test_an_ending_needs_a_day():
    with pytest.raises(ValidationError):
        EndingSchema().load({"reason": "not used"})


def test_a_catalogue_file_must_not_contain_what_is_not_known():
    with pytest.raises(ValidationError) as caught:
        CatalogueSchema().load({"providers": {}, "families": [], "services": [], "goods": []})
    assert "goods" in caught.value.messages
