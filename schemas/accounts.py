"""Numbers about directory accounts on the wire; no account is named here.

A number is null where so few would point at persons.
"""

from marshmallow import fields

from schemas.base import WireSchema
from schemas.references import NameRefSchema


class AccountCountsSchema(WireSchema):
    """How many accounts one partner has."""

    partner = fields.Nested(NameRefSchema, required=True)
    total = fields.Int(required=True, allow_none=True)
    enabled = fields.Int(required=True, allow_none=True)
    privileged = fields.Int(required=True, allow_none=True)
    stale = fields.Int(required=True, allow_none=True)
    disabled_long = fields.Int(required=True, allow_none=True)


def _counts() -> fields.Dict:
    return fields.Dict(keys=fields.Str(), values=fields.Int(allow_none=True), required=True)


class AccountStatisticsSchema(WireSchema):
    """How many accounts there are by type, state, privilege, last use and hygiene."""

    total = fields.Int(required=True, allow_none=True)
    types = _counts()
    is_enabled = _counts()
    is_privileged = _counts()
    last_logons = _counts()
    hygiene = _counts()
