"""How things point to one another on the wire: the key, and a name for people."""

from marshmallow import fields

from schemas.base import WireSchema


class NameRefSchema(WireSchema):
    """Something with a key and a name."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
