"""Organisations and their sites on the wire."""

from marshmallow import fields, validate

from schemas.base import WireSchema
from schemas.offers import OrganisationRefSchema
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
