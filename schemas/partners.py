"""Organisations and what belongs to them on the wire."""

from marshmallow import fields, validate

from schemas.base import WireSchema
from schemas.offers import SLUG, OrganisationRefSchema
from schemas.references import NameRefSchema
from schemas.vocabulary import OrganisationRole


class PartnerSchema(WireSchema):
    """An organisation and what it is to the joint organisation."""

    id = fields.UUID(required=True)
    slug = fields.Str(required=True)
    name = fields.Str(required=True)
    roles = fields.List(fields.Enum(OrganisationRole, by_value=True), required=True)
    legal_form = fields.Str(required=True)
    district = fields.Str(required=True)
    bfs_number = fields.Int(
        required=True,
        allow_none=True,
        metadata={"description": "The number of the Federal Statistical Office (eCH-0007)."},
    )
    population = fields.Int(required=True, allow_none=True)
    population_on = fields.Date(required=True, allow_none=True)
    is_fictional = fields.Bool(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True)


_NAME = validate.Length(1, 120)
_SHORT = validate.Length(max=64)
_MANY = validate.Length(max=500)
_COUNT = validate.Range(0, 2_147_483_647)


class PartnerChangeSchema(WireSchema):
    """What is to become of an organisation; what is left out stays."""

    name = fields.Str(validate=_NAME)
    slug = fields.Str(validate=[SLUG, _SHORT])
    roles = fields.List(fields.Enum(OrganisationRole, by_value=True), validate=_MANY)
    legal_form = fields.Str(validate=_SHORT)
    district = fields.Str(validate=_SHORT)
    bfs_number = fields.Int(strict=True, allow_none=True, validate=_COUNT)
    population = fields.Int(strict=True, allow_none=True, validate=_COUNT)
    population_on = fields.Date(allow_none=True)
    is_fictional = fields.Bool()
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class NewPartnerSchema(PartnerChangeSchema):
    """An organisation to be added; its short name is worked out from its name if none is given."""

    name = fields.Str(required=True, validate=_NAME)


class GroupSummarySchema(WireSchema):
    """A group of organisations with the number of members today that one may see."""

    id = fields.UUID(required=True)
    slug = fields.Str(required=True)
    name = fields.Str(required=True)
    member_count = fields.Int(required=True)


class GroupSchema(WireSchema):
    """A group of organisations with its members of today."""

    id = fields.UUID(required=True)
    slug = fields.Str(required=True)
    name = fields.Str(required=True)
    members = fields.List(fields.Nested(OrganisationRefSchema), required=True)


class GroupChangeSchema(WireSchema):
    """What is to become of a group; who is left out of `member_ids` belongs to it no longer."""

    name = fields.Str(validate=_NAME)
    member_ids = fields.List(fields.UUID(), validate=_MANY)


class NewGroupSchema(WireSchema):
    """A group to be made."""

    slug = fields.Str(required=True, validate=[SLUG, _SHORT])
    name = fields.Str(required=True, validate=_NAME)
    member_ids = fields.List(fields.UUID(), load_default=list, validate=_MANY)


class RoutingDomainSchema(WireSchema):
    """An address space of a partner: the same private range may be used in two of them."""

    id = fields.UUID(required=True)
    partner = fields.Nested(NameRefSchema, required=True)
    name = fields.Str(required=True)


class NewRoutingDomainSchema(WireSchema):
    """An address space to be added to a partner."""

    partner_id = fields.UUID(required=True)
    name = fields.Str(required=True, validate=[SLUG, _SHORT])


class ContactSchema(WireSchema):
    """Whom to call at an organisation, in which function."""

    id = fields.UUID(required=True)
    partner_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    function = fields.Str(required=True)
    email = fields.Str(required=True)
    phone = fields.Str(required=True)


class ContactChangeSchema(WireSchema):
    """What is to become of a contact; what is left out stays."""

    name = fields.Str(validate=_NAME)
    function = fields.Str(validate=validate.Length(max=120))
    email = fields.Str(validate=validate.Length(max=254))
    phone = fields.Str(validate=validate.Length(max=32))


class NewContactSchema(ContactChangeSchema):
    """A contact to be added to an organisation."""

    partner_id = fields.UUID(required=True)
    name = fields.Str(required=True, validate=_NAME)


class SiteFormSchema(WireSchema):
    """What is written about a site."""

    name = fields.Str(required=True, validate=validate.Length(1, 120))
    street = fields.Str(load_default="", validate=validate.Length(max=120))
    postal_code = fields.Str(load_default="", validate=validate.Length(max=16))
    town = fields.Str(load_default="", validate=validate.Length(max=120))


class NewSiteSchema(SiteFormSchema):
    """A site to be added to a partner."""

    partner_id = fields.UUID(required=True)


class SiteChangeSchema(WireSchema):
    """What is to become of a site; what is left out stays."""

    name = fields.Str(validate=validate.Length(1, 120))
    street = fields.Str(validate=validate.Length(max=120))
    postal_code = fields.Str(validate=validate.Length(max=16))
    town = fields.Str(validate=validate.Length(max=120))


class SiteSchema(WireSchema):
    """A place of a partner with a postal address."""

    id = fields.UUID(required=True)
    partner = fields.Nested(OrganisationRefSchema, required=True)
    name = fields.Str(required=True)
    street = fields.Str(required=True)
    postal_code = fields.Str(required=True)
    town = fields.Str(required=True)
