"""Who asks, on the wire."""

from marshmallow import fields, validate

from schemas.base import WireSchema


class PermissionSchema(WireSchema):
    """One permission and the partners for which it holds; without any list it holds for all."""

    name = fields.Str(required=True)
    is_everywhere = fields.Bool(required=True)
    partner_ids = fields.List(fields.UUID(), required=True)


class MeSchema(WireSchema):
    """Who stands behind a token and what he, she or it may do."""

    id = fields.UUID(required=True, allow_none=True)
    name = fields.Str(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(("person", "token", "job")))
    permissions = fields.List(fields.Nested(PermissionSchema), required=True)
