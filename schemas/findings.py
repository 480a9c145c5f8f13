"""Findings on the wire: what discovery saw and a person has to decide."""

from marshmallow import fields, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.references import NameRefSchema
from schemas.vocabulary import FindingKind, FindingState

DECISIONS = ("accept", "keep", "ignore")


class FindingSchema(WireSchema):
    """One question to a person: an ambiguous match, a contradiction, something missing or unknown.

    `neighbour` asks about a device of which another one tells and that is no item.
    """

    id = fields.UUID(required=True)
    kind = fields.Enum(FindingKind, by_value=True, required=True)
    state = fields.Enum(FindingState, by_value=True, required=True)
    partner = fields.Nested(NameRefSchema, required=True)
    item = fields.Nested(NameRefSchema, required=True, allow_none=True)
    subject_key = fields.Str(required=True, metadata={"description": "What was seen."})
    attribute = fields.Str(required=True)
    declared = fields.Raw(required=True, allow_none=True)
    discovered = fields.Raw(required=True, allow_none=True)
    evidence = fields.Dict(required=True)
    opened_at = UtcDateTimeField(required=True)
    decided_at = UtcDateTimeField(required=True, allow_none=True)
    decided_by = fields.Str(required=True)
    note = fields.Str(required=True)
    ignored_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Of an ignored finding: when it may be asked again; null: never."},
    )


class FindingDecisionSchema(WireSchema):
    """Follow the discovery (`accept`), leave what is declared (`keep`), or put aside (`ignore`).

    `item_id` says which candidate an ambiguous finding is; without it a new item is made.
    """

    decision = fields.Str(required=True, validate=validate.OneOf(DECISIONS))
    item_id = fields.UUID(load_default=None, allow_none=True)
    until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Until when to ignore; null for good."},
    )
    note = fields.Str(load_default="", validate=validate.Length(max=500))
