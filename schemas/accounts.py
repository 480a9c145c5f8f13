"""Directory accounts on the wire: numbers, and records that are read for a purpose.

A number is null where so few would point at persons.
"""

from marshmallow import fields

from schemas.base import UtcDateTimeField, WireSchema
from schemas.references import NameRefSchema
from schemas.vocabulary import AccountType, LogonBucket


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


class AccountSummarySchema(WireSchema):
    """An account in a list, with what is to be put in order about it."""

    id = fields.UUID(required=True)
    partner_id = fields.UUID(required=True)
    name = fields.Str(required=True)
    type = fields.Enum(AccountType, by_value=True, required=True)
    is_enabled = fields.Bool(required=True)
    is_privileged = fields.Bool(required=True)
    last_logon = fields.Enum(LogonBucket, by_value=True, required=True)
    org_unit = fields.Str(required=True)
    hygiene = fields.List(fields.Str(), required=True)


class AccountSchema(AccountSummarySchema):
    """Everything that is known of an account: the attributes that data protection allows."""

    directory_key = fields.Str(required=True)
    created_on = fields.Date(required=True, allow_none=True)
    disabled_on = fields.Date(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)
    privileged_reason = fields.Str(required=True)
    seen_at = UtcDateTimeField(required=True)
    gone_at = UtcDateTimeField(required=True, allow_none=True)
