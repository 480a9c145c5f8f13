"""Orders on the wire: what a client sends and what it reads."""

from marshmallow import fields, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.money import MoneyField
from schemas.offers import OrganisationRefSchema, ServiceRefSchema
from schemas.vocabulary import OrderAction, OrderParty, OrderState

MAX_INTEGER = 2_147_483_647


class SiteRefSchema(WireSchema):
    """A site as other things point to it."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)


class OrderWishSchema(WireSchema):
    """What a partner asks for."""

    partner_id = fields.UUID(required=True)
    service_id = fields.UUID(required=True)
    quantity = fields.Int(required=True, strict=True, validate=validate.Range(1, MAX_INTEGER))
    wanted_on = fields.Date(required=True)
    site_id = fields.UUID(allow_none=True, load_default=None)
    reason = fields.Str(load_default="", validate=validate.Length(max=2000))


class WishSchema(OrderWishSchema):
    """What a partner asks for; `request_key` makes it harmless to send the same again."""

    request_key = fields.Str(allow_none=True, load_default=None, validate=validate.Length(1, 64))


class TotalSchema(WireSchema):
    """What an order costs in francs; null where a price is not released yet."""

    one_off = MoneyField(dump_only=True)
    per_month = MoneyField(dump_only=True)
    per_year = MoneyField(dump_only=True)
    rest_of_year = MoneyField(dump_only=True, allow_none=True)
    next_year = MoneyField(dump_only=True, allow_none=True)
    usage = MoneyField(dump_only=True)
    year = fields.Int(dump_only=True)


class QuoteSchema(WireSchema):
    """The answer to a wish that is only asked about."""

    service = fields.Nested(ServiceRefSchema, dump_only=True)
    total = fields.Nested(TotalSchema, dump_only=True)


class ActionSchema(WireSchema):
    """One act on an order: what, and why where a reason is needed."""

    text = fields.Str(load_default="", validate=validate.Length(max=1000))


class DeliverySchema(ActionSchema):
    """A delivery: the first day of use and the items through which the service is used."""

    from_on = fields.Date(load_default=None, allow_none=True)
    item_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=200))


class TransitionSchema(WireSchema):
    """One act on an order as it was written down."""

    at = UtcDateTimeField(dump_only=True)
    action = fields.Enum(OrderAction, by_value=True, dump_only=True)
    from_state = fields.Enum(OrderState, by_value=True, dump_only=True)
    to_state = fields.Enum(OrderState, by_value=True, dump_only=True)
    actor_name = fields.Str(dump_only=True)
    role = fields.Enum(OrderParty, by_value=True, dump_only=True)
    text = fields.Str(dump_only=True)


class OrderSummarySchema(WireSchema):
    """An order in a list."""

    id = fields.UUID(dump_only=True)
    number = fields.Str(dump_only=True)
    partner = fields.Nested(OrganisationRefSchema, dump_only=True)
    provider = fields.Nested(OrganisationRefSchema, dump_only=True)
    service = fields.Nested(ServiceRefSchema, dump_only=True)
    site = fields.Nested(SiteRefSchema, dump_only=True, allow_none=True)
    quantity = fields.Int(dump_only=True)
    wanted_on = fields.Date(dump_only=True)
    state = fields.Enum(OrderState, by_value=True, dump_only=True)
    one_off_total = MoneyField(dump_only=True)
    yearly_total = MoneyField(dump_only=True)
    asked_by_name = fields.Str(dump_only=True)
    created_at = UtcDateTimeField(dump_only=True)
    submitted_at = UtcDateTimeField(dump_only=True, allow_none=True)


class OrderSchema(OrderSummarySchema):
    """An order with the price it was sent at and every act since."""

    reason = fields.Str(dump_only=True)
    request_key = fields.Str(dump_only=True, allow_none=True)
    price_snapshot = fields.Dict(dump_only=True)
    transitions = fields.List(fields.Nested(TransitionSchema), dump_only=True)
    version = fields.Int(dump_only=True)
