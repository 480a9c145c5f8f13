"""Discovery plans, their runs and what became of each target, on the wire."""

from marshmallow import fields, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.references import NameRefSchema
from schemas.vocabulary import HoldState, Protocol, RunState, Step

MAX_ENTRIES = 512
HOLD_ANSWERS = ("confirm", "reject")
_TARGETS = fields.Str(validate=validate.Length(1, 1024))
_FEW = validate.Length(max=MAX_ENTRIES)
_MINUTES = validate.Range(5, 366 * 24 * 60)
_ALL_SENTENCES = "All sentences; English where something was stored without codes."
_RATE = validate.Range(0, 10_000, min_inclusive=False)


class PlanSchema(WireSchema):
    """What discovery may look at for one partner, how, how often and how gently.

    `credentials` are names of secrets; their values are never stored here.
    """

    id = fields.UUID(required=True)
    partner = fields.Nested(NameRefSchema, required=True)
    name = fields.Str(required=True)
    protocol = fields.Enum(Protocol, by_value=True, required=True)
    targets = fields.List(fields.Str(), required=True)
    exclusions = fields.List(fields.Str(), required=True)
    credentials = fields.List(fields.Str(), required=True)
    options = fields.Dict(required=True)
    site = fields.Nested(NameRefSchema, required=True, allow_none=True)
    routing_domain = fields.Nested(NameRefSchema, required=True, allow_none=True)
    interval_minutes = fields.Int(required=True, allow_none=True)
    rate = fields.Float(
        required=True, allow_none=True, metadata={"description": "Targets per second."}
    )
    is_dry_run = fields.Bool(required=True)
    is_active = fields.Bool(required=True)
    next_due_at = UtcDateTimeField(required=True, allow_none=True)
    created_at = UtcDateTimeField(required=True)
    version = fields.Int(required=True)


class PlanChangeSchema(WireSchema):
    """What is to become of a plan; what is left out stays."""

    name = fields.Str(validate=validate.Length(1, 120))
    protocol = fields.Enum(Protocol, by_value=True)
    targets = fields.List(_TARGETS, validate=validate.Length(1, MAX_ENTRIES))
    exclusions = fields.List(_TARGETS, validate=_FEW)
    credentials = fields.List(fields.Str(validate=validate.Length(1, 64)), validate=_FEW)
    options = fields.Dict(keys=fields.Str(), values=fields.Raw(allow_none=True))
    site_id = fields.UUID(allow_none=True)
    routing_domain_id = fields.UUID(allow_none=True)
    interval_minutes = fields.Int(strict=True, allow_none=True, validate=_MINUTES)
    rate = fields.Float(allow_none=True, validate=_RATE)
    is_dry_run = fields.Bool()


class NewPlanSchema(PlanChangeSchema):
    """A plan to be made; with an interval it is due at once."""

    partner_id = fields.UUID(required=True)
    name = fields.Str(required=True, validate=validate.Length(1, 120))
    protocol = fields.Enum(Protocol, by_value=True, required=True)
    targets = fields.List(_TARGETS, required=True, validate=validate.Length(1, MAX_ENTRIES))


class RunRequestSchema(WireSchema):
    """A plan that is to run now; without `is_dry_run` the plan says whether anything is written."""

    plan_id = fields.UUID(required=True)
    is_dry_run = fields.Bool(load_default=None, allow_none=True)


class MessageSchema(WireSchema):
    """One thing that is told: its code, what it speaks of, and the sentence for the reader."""

    code = fields.Str(required=True)
    parameters = fields.Dict(required=True)
    sentence = fields.Str(
        required=True, metadata={"description": "In the language that the request accepts."}
    )


class HoldSchema(WireSchema):
    """A run in which too much had vanished at once, and what a person answered."""

    state = fields.Enum(HoldState, by_value=True, required=True)
    known = fields.Int(required=True)
    vanished = fields.Int(required=True)
    held_at = UtcDateTimeField(required=True)
    answered_at = UtcDateTimeField(required=True, allow_none=True)
    answered_by = fields.Str(required=True)
    reason = fields.Str(required=True)


class HoldAnswerSchema(WireSchema):
    """It is really gone (`confirm`), or the run was wrong (`reject`)."""

    answer = fields.Str(required=True, validate=validate.OneOf(HOLD_ANSWERS))
    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class RunSchema(WireSchema):
    """One execution of a plan and how far it has come."""

    id = fields.UUID(required=True)
    plan = fields.Nested(NameRefSchema, required=True)
    partner = fields.Nested(NameRefSchema, required=True)
    state = fields.Enum(RunState, by_value=True, required=True)
    is_dry_run = fields.Bool(required=True)
    only_targets = fields.List(
        fields.Str(), required=True, metadata={"description": "Empty: the whole plan."}
    )
    requested_by = fields.Str(required=True)
    requested_at = UtcDateTimeField(required=True)
    started_at = UtcDateTimeField(required=True, allow_none=True)
    finished_at = UtcDateTimeField(required=True, allow_none=True)
    targets_total = fields.Int(required=True)
    targets_done = fields.Int(required=True)
    reached = fields.Int(required=True)
    created = fields.Int(required=True)
    changed = fields.Int(required=True)
    unchanged = fields.Int(required=True)
    findings = fields.Int(required=True)
    problems = fields.Int(required=True)
    message = fields.Str(required=True, metadata={"description": _ALL_SENTENCES})
    messages = fields.List(fields.Nested(MessageSchema), required=True)
    hold = fields.Nested(HoldSchema, required=True, allow_none=True)


class RunTargetSchema(WireSchema):
    """How far one target of a run came, and why no further."""

    target = fields.Str(required=True)
    key = fields.Str(required=True, metadata={"description": "What was seen there."})
    step = fields.Enum(Step, by_value=True, required=True)
    decision = fields.Str(required=True)
    item_id = fields.UUID(required=True, allow_none=True)
    code = fields.Str(required=True)
    message = fields.Str(required=True, metadata={"description": _ALL_SENTENCES})
    messages = fields.List(fields.Nested(MessageSchema), required=True)
    explanation = fields.Dict(required=True)
    at = UtcDateTimeField(required=True)


class ReceiptSchema(WireSchema):
    """What was taken in; sending the same envelope again gives the same receipt."""

    assignment_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    sequence = fields.Int(required=True)
    documents = fields.Int(required=True)
    run_state = fields.Enum(RunState, by_value=True, required=True)
