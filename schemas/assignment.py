"""What a collector is asked to do; secrets are named here, never carried."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from schemas.base import UtcDateTimeField, WireSchema
from schemas.vocabulary import Protocol

MAX_TARGETS = 4096


@dataclass(frozen=True, slots=True)
class Assignment:
    """One leased piece of a discovery run.

    Attributes:
        id: the assignment; together with a sequence number it makes an envelope unique.
        run_id: the run it belongs to.
        partner: slug of the partner whose estate is looked at.
        protocol: which collector works on it.
        targets: addresses, host names or CIDR ranges (SNMP), base DNs (LDAP), file names (LDIF).
        exclusions: addresses or CIDR ranges that must never be asked.
        credentials: names of secrets, tried in this order.
        options: what the collector of this protocol understands.
        rate: new targets per second at most; None leaves it to the collector.
        deadline: when the lease ends and work must stop.
    """

    id: UUID
    run_id: UUID
    partner: str
    protocol: Protocol
    targets: tuple[str, ...]
    deadline: datetime
    exclusions: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    rate: float | None = None


class AssignmentSchema(WireSchema):
    """The wire form of an assignment, `assignment/1`."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    partner = fields.Str(required=True, validate=validate.Length(1, 64))
    protocol = fields.Enum(Protocol, by_value=True, required=True)
    targets = fields.List(
        fields.Str(validate=validate.Length(1, 1024)),
        required=True,
        validate=validate.Length(1, MAX_TARGETS),
    )
    exclusions = fields.List(
        fields.Str(validate=validate.Length(1, 64)), validate=validate.Length(max=MAX_TARGETS)
    )
    credentials = fields.List(
        fields.Str(validate=validate.Length(1, 64)), validate=validate.Length(max=16)
    )
    options = fields.Dict(keys=fields.Str())
    rate = fields.Float(allow_none=True, validate=validate.Range(min=0, min_inclusive=False))
    deadline = UtcDateTimeField(required=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Assignment:
        for name in ("targets", "exclusions", "credentials"):
            data[name] = tuple(data.get(name, ()))
        return Assignment(**data)
