"""The form of a file of device rules (`discovery/knowledge/devices/*.toml`).

One file per vendor: `vendor`, optional tables of `products` (sysObjectID → model), and `[[device]]`
rules. Unknown keys are errors, so a misspelt key is found when the file is loaded.
"""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import WireSchema

OID = validate.Regexp(r"[0-9]+(\.[0-9]+)*\Z", error="{input} is not an OID in dotted numbers.")
CHASSIS_FIELDS = (
    "vendor",
    "model",
    "serial",
    "name",
    "description",
    "hardware_revision",
    "firmware_revision",
    "software_revision",
)
CI_CLASS = validate.Regexp(
    r"[a-z]+\.[a-z_]+\Z", error="{input} is not the name of a CI class, such as power.pdu."
)
_PLACES = (
    *("oid", "oids", "below", "column", "from", "component", "text", "described", "private"),
)
_NAME = validate.Length(1, 100)


def _pattern(value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        raise ValidationError(f"{value!r} is not a regular expression: {error}.") from error


def _patterned(**kwargs: Any) -> fields.Str:
    return fields.Str(validate=[validate.Length(1, 1000), _pattern], **kwargs)


class OneOrMany(fields.Field[list[Any]]):
    """A single value or a list of them; always a list inside."""

    def __init__(self, inner: fields.Field[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._list = fields.List(inner, validate=validate.Length(min=1))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        many = value if isinstance(value, list) else [value]
        return self._list.deserialize(many, attr, data, **kwargs)


class SourceSchema(WireSchema):
    """One place where a value is found; exactly one of `oid … private` says where."""

    oid = fields.Str(validate=OID)
    oids = fields.List(fields.Str(validate=OID), validate=validate.Length(2, 6))
    below = fields.Str(validate=OID)
    up = fields.Int(strict=True, load_default=0, validate=validate.Range(0, 4))
    column = fields.Str(validate=OID)
    origin = fields.Str(
        data_key="from", validate=validate.OneOf(["sys_descr", "sys_name", "sys_object_id"])
    )
    component = fields.Str(validate=validate.OneOf(CHASSIS_FIELDS))
    text = fields.Str(validate=validate.Length(1, 255))
    described = fields.Str(validate=validate.OneOf(["model", "version", "serial"]))
    private = fields.Str(validate=validate.OneOf(["model", "version", "serial"]))
    pattern = _patterned()
    format = fields.Str(validate=validate.Length(1, 100))
    values = fields.Dict(keys=fields.Str(), values=fields.Str(validate=validate.Length(1, 255)))

    @validates_schema
    def _has_one_place(self, data: dict[str, Any], **_kwargs: Any) -> None:
        places = [key for key in _PLACES if data.get("origin" if key == "from" else key)]
        if len(places) != 1:
            raise ValidationError(f"A source needs exactly one of {', '.join(_PLACES)}.")
        if "oids" in data and "format" not in data:
            raise ValidationError("Several OIDs need a format that joins them.")
        if "format" in data:
            _check_format(data)


def _check_format(data: dict[str, Any]) -> None:
    groups = re.compile(data["pattern"]).groups if "pattern" in data else 0
    count = groups or len(data.get("oids", ["one"]))
    try:
        data["format"].format(*["x"] * (count + 1))
    except (IndexError, KeyError, ValueError) as error:
        raise ValidationError(f"The format {data['format']!r} names a missing group.") from error


class EvidenceSchema(WireSchema):
    """An OID that must be answered, optionally with a text that has a pattern."""

    oid = fields.Str(required=True, validate=OID)
    pattern = _patterned()


class MatchSchema(WireSchema):
    """When a rule applies; everything that is named must hold."""

    sys_object_id = OneOrMany(fields.Str(validate=OID))
    sys_descr = _patterned()
    evidence = OneOrMany(fields.Nested(EvidenceSchema))
    anything = fields.Bool(validate=validate.Equal(True))

    @validates_schema
    def _names_something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data:
            raise ValidationError("A match needs sys_object_id, sys_descr, evidence or anything.")
        if "anything" in data and len(data) > 1:
            raise ValidationError("A match with anything has no other condition.")


class ClassChoiceSchema(WireSchema):
    """A class and what must be found for it; the last choice usually has no condition.

    `answers` are instances or columns of which one must be answered.
    """

    name = fields.Str(data_key="is", required=True, validate=CI_CLASS)
    model = _patterned()
    sys_descr = _patterned()
    sys_object_id = OneOrMany(fields.Str(validate=OID))
    answers = OneOrMany(fields.Str(validate=OID))


_CHOICES = ClassChoiceSchema(many=True)


class ClassField(fields.Field[list[dict[str, Any]]]):
    """A class name, or a list of choices of which the first that holds is taken."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 — marshmallow's signature
        data: Any,  # noqa: ARG002 — likewise
        **kwargs: Any,  # noqa: ARG002 — likewise
    ) -> list[dict[str, Any]]:
        choices = value if isinstance(value, list) else [{"is": value}]
        loaded: Any = _CHOICES.load(choices)
        return list(loaded)


class DeviceSchema(WireSchema):
    """One rule: name, match, and where class, model, version and serial come from.

    `maker` says where the vendor is found if neither a rule nor the enterprise number tells it.
    """

    name = fields.Str(required=True, validate=_NAME)
    match = fields.Nested(MatchSchema, required=True)
    vendor = fields.Str(validate=_NAME)
    agent = fields.Bool(load_default=False)
    ci_class = ClassField(data_key="class", load_default=list)
    model = OneOrMany(fields.Nested(SourceSchema), load_default=list)
    version = OneOrMany(fields.Nested(SourceSchema), load_default=list)
    serial = OneOrMany(fields.Nested(SourceSchema), load_default=list)
    maker = OneOrMany(fields.Nested(SourceSchema), load_default=list)
    proof = fields.Str(required=True, validate=validate.Regexp(r"[a-z0-9_.-]+\.snmprec\Z"))


class DevicesFileSchema(WireSchema):
    """A file of rules: the vendor they speak of, product tables, and the rules themselves."""

    vendor = fields.Str(validate=_NAME)
    products = fields.Dict(
        keys=fields.Str(validate=OID),
        values=fields.Dict(
            keys=fields.Str(validate=OID), values=fields.Str(validate=validate.Length(1, 255))
        ),
        load_default=dict,
    )
    device = fields.List(
        fields.Nested(DeviceSchema), required=True, validate=validate.Length(min=1)
    )
