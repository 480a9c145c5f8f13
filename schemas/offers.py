"""Services and prices on the wire, and the form of the catalogue file."""

from marshmallow import fields, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.money import MoneyField
from schemas.vocabulary import PriceBasis, PriceKind, PricePeriod, ServiceState, SlaClass

CODE = validate.Regexp(r"^[A-Z]{2,4}-[A-Z0-9]{2,8}\Z", error="A code looks like AP-STD.")
SLUG = validate.Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", error="Use small letters, digits and hyphens.")
MAX_QUANTITY = 1_000_000


class TextsSchema(WireSchema):
    """A text in both languages of the catalogue."""

    de = fields.Str(required=True, validate=validate.Length(1, 2000))
    en = fields.Str(required=True, validate=validate.Length(1, 2000))


class UnitsSchema(TextsSchema):
    """What a quantity counts: one of it, and several where the language tells them apart."""

    de_plural = fields.Str(validate=validate.Length(1, 60))
    en_plural = fields.Str(validate=validate.Length(1, 60))


class OrganisationRefSchema(WireSchema):
    """An organisation as other things point to it."""

    id = fields.UUID(required=True)
    slug = fields.Str(required=True)
    name = fields.Str(required=True)


class ServiceRefSchema(WireSchema):
    """A service as other things point to it."""

    id = fields.UUID(required=True)
    code = fields.Str(required=True)
    names = fields.Dict(required=True)


class FamilySchema(WireSchema):
    """A category of the catalogue."""

    slug = fields.Str(required=True, validate=[SLUG, validate.Length(max=64)])
    names = fields.Nested(TextsSchema, required=True)


class PriceComponentSchema(WireSchema):
    """One part of a price; `units` is empty where the service's own unit is counted."""

    kind = fields.Enum(PriceKind, by_value=True, required=True)
    period = fields.Enum(PricePeriod, by_value=True, required=True)
    basis = fields.Enum(PriceBasis, by_value=True, required=True)
    amount = MoneyField(required=True)
    units = fields.Dict(keys=fields.Str(), values=fields.Str(validate=validate.Length(1, 60)))
    notes = fields.Dict(keys=fields.Str(), values=fields.Str(validate=validate.Length(1, 200)))


class PriceReleaseSchema(WireSchema):
    """A price to be released."""

    valid_from = fields.Date(required=True)
    reason = fields.Str(load_default="", validate=validate.Length(max=500))
    components = fields.List(
        fields.Nested(PriceComponentSchema), required=True, validate=validate.Length(1, 10)
    )


class PriceSchema(PriceReleaseSchema):
    """A released price; `valid_until` is its last day, null while it is open."""

    id = fields.UUID(dump_only=True)
    valid_until = fields.Date(dump_only=True, allow_none=True)
    released_at = UtcDateTimeField(dump_only=True)


class DependencySchema(WireSchema):
    """What a service rests on: a service, or a named platform."""

    service = fields.Nested(ServiceRefSchema, attribute="depends_on", allow_none=True)
    platform = fields.Str()


class ServiceSummarySchema(WireSchema):
    """A service in a list."""

    id = fields.UUID(dump_only=True)
    code = fields.Str(dump_only=True)
    names = fields.Nested(TextsSchema, dump_only=True)
    units = fields.Nested(UnitsSchema, dump_only=True)
    family = fields.Pluck(FamilySchema, "slug", dump_only=True)
    provider = fields.Nested(OrganisationRefSchema, dump_only=True)
    provider_unit = fields.Str(dump_only=True)
    sla_class = fields.Enum(SlaClass, by_value=True, dump_only=True, allow_none=True)
    state = fields.Enum(ServiceState, by_value=True, dump_only=True)
    is_lasting = fields.Bool(dump_only=True)
    max_quantity = fields.Int(dump_only=True)
    prices = fields.List(fields.Nested(PriceSchema), dump_only=True)


class ServiceSchema(ServiceSummarySchema):
    """A service with everything that is written about it."""

    descriptions = fields.Nested(TextsSchema, dump_only=True)
    owner_role = fields.Str(dump_only=True)
    allocation_key = fields.Str(dump_only=True)
    dependencies = fields.List(fields.Nested(DependencySchema), dump_only=True)
    version = fields.Int(dump_only=True)


class PromiseSchema(WireSchema):
    """A service and the level it promises."""

    code = fields.Str(dump_only=True)
    sla_class = fields.Enum(SlaClass, by_value=True, dump_only=True, allow_none=True)


class SlaViolationSchema(WireSchema):
    """A service that promises a higher level than what it rests on."""

    service = fields.Nested(PromiseSchema, dump_only=True)
    rests_on = fields.Nested(PromiseSchema, dump_only=True)


class ProviderEntrySchema(WireSchema):
    """In a catalogue file: who answers for services, and the office inside that body."""

    organisation = fields.Str(required=True, validate=[SLUG, validate.Length(max=64)])
    unit = fields.Str(load_default="", validate=validate.Length(max=80))


class ServiceEntrySchema(WireSchema):
    """In a catalogue file: a service with its prices and what it rests on."""

    code = fields.Str(required=True, validate=CODE)
    family = fields.Str(required=True)
    names = fields.Nested(TextsSchema, required=True)
    descriptions = fields.Nested(TextsSchema, required=True)
    units = fields.Nested(UnitsSchema, required=True)
    provider = fields.Str(required=True)
    owner_role = fields.Str(load_default="", validate=validate.Length(max=120))
    sla_class = fields.Enum(SlaClass, by_value=True, load_default=None)
    allocation_key = fields.Str(load_default="", validate=validate.Length(max=64))
    is_lasting = fields.Bool(load_default=True)
    max_quantity = fields.Int(load_default=10_000, validate=validate.Range(1, MAX_QUANTITY))
    depends_on = fields.List(fields.Str(), load_default=list)
    platforms = fields.List(fields.Str(validate=validate.Length(1, 64)), load_default=list)
    prices = fields.List(
        fields.Nested(PriceReleaseSchema), required=True, validate=validate.Length(1, 50)
    )


class CatalogueSchema(WireSchema):
    """A whole catalogue file."""

    providers = fields.Dict(
        keys=fields.Str(), values=fields.Nested(ProviderEntrySchema), required=True
    )
    families = fields.List(fields.Nested(FamilySchema), required=True)
    services = fields.List(
        fields.Nested(ServiceEntrySchema), required=True, validate=validate.Length(max=2000)
    )
