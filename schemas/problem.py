"""Problem details (RFC 9457)."""

from marshmallow import fields

from schemas.base import WireSchema


class ProblemSchema(WireSchema):
    """What went wrong; `errors` has the complaints per field, `request_id` is in the log."""

    type = fields.Str(
        required=True,
        metadata={"description": "`about:blank`, or `urn:haus:problem:` and a stable code."},
    )
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    detail = fields.Str(metadata={"description": "A sentence somebody can act on."})
    request_id = fields.Str()
    errors = fields.Dict(keys=fields.Str(), values=fields.Raw())
