"""Subscriptions on the wire."""

from marshmallow import fields, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.money import MoneyField
from schemas.offers import OrganisationRefSchema, PriceComponentSchema, ServiceRefSchema
from schemas.ordering import SiteRefSchema


class SubscriptionSchema(WireSchema):
    """The use of a service by a partner; `until_on` is the last day, null while it is open."""

    id = fields.UUID(dump_only=True)
    partner = fields.Nested(OrganisationRefSchema, dump_only=True)
    provider = fields.Nested(OrganisationRefSchema, dump_only=True)
    service = fields.Nested(ServiceRefSchema, dump_only=True)
    site = fields.Nested(SiteRefSchema, dump_only=True, allow_none=True)
    order_id = fields.UUID(dump_only=True)
    price_id = fields.UUID(dump_only=True)
    quantity = fields.Int(dump_only=True)
    from_on = fields.Date(dump_only=True)
    until_on = fields.Date(dump_only=True, allow_none=True)
    end_reason = fields.Str(dump_only=True)
    opened_at = UtcDateTimeField(dump_only=True)
    version = fields.Int(dump_only=True)


class EndingSchema(WireSchema):
    """The last day of a subscription, and why it ends."""

    until_on = fields.Date(required=True)
    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class LinkedItemSchema(WireSchema):
    """A configuration item through which a subscription is used."""

    id = fields.UUID(dump_only=True)
    name = fields.Str(dump_only=True)
    class_name = fields.Str(dump_only=True)
    address = fields.Str(dump_only=True, metadata={"description": "Empty where it is not shown."})


class ChargedPriceSchema(WireSchema):
    """A price by which a year is charged."""

    id = fields.UUID(dump_only=True)
    valid_from = fields.Date(dump_only=True)
    valid_until = fields.Date(dump_only=True, allow_none=True)
    components = fields.List(fields.Nested(PriceComponentSchema), dump_only=True)


class CostLineSchema(WireSchema):
    """What a subscription costs in one year; null where a price is not released yet."""

    year = fields.Int(dump_only=True)
    amount = MoneyField(dump_only=True, allow_none=True)
    order_id = fields.UUID(dump_only=True)
    prices = fields.List(fields.Nested(ChargedPriceSchema), dump_only=True)
