"""The options of an SNMP plan and their limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from discovery.collectors.snmp.credentials import check_ranges
from discovery.collectors.snmp.translation import check_translations
from discovery.protocols.snmp.budget import Limits
from discovery.protocols.snmp.engines import Engine
from schemas.base import WireSchema


@dataclass(frozen=True, slots=True)
class SnmpOptions:
    """How one plan asks its devices.

    Attributes:
        port: UDP port of the agents.
        timeout: seconds until a question counts as unanswered.
        retries: how often it is put again.
        max_repetitions: rows asked for at once.
        max_rows: rows of one table at most.
        max_values: values of one device at most.
        max_bytes: bytes of values of one device at most.
        seconds: time that one device may take at most.
        concurrency: devices that are asked at the same time.
        subnet_rate: new devices per second in one subnet (/24 of IPv4, /64 of IPv6) at most.
        engine: which library puts the requests on the wire.
        translate: inside range → outside range, for devices behind an address translation.
        credentials_by_range: range → names of secrets that are tried there, not those of the plan.
        crawl: the fields of `discovery.crawling.CrawlLimits`; None follows no neighbours.
    """

    port: int = 161
    timeout: float = 2.0
    retries: int = 1
    max_repetitions: int = 25
    max_rows: int = 20_000
    max_values: int = 500_000
    max_bytes: int = 16_000_000
    seconds: float = 120.0
    concurrency: int = 64
    subnet_rate: float = 100.0
    engine: Engine = Engine.AUTO
    translate: Mapping[str, str] = field(default_factory=dict[str, str])
    credentials_by_range: Mapping[str, Sequence[str]] = field(
        default_factory=dict[str, Sequence[str]]
    )
    crawl: Mapping[str, Any] | None = None

    def limits(self) -> Limits:
        """Return what one device may cost."""
        return Limits(
            max_rows=self.max_rows,
            max_varbinds=self.max_values,
            max_bytes=self.max_bytes,
            seconds=self.seconds,
            max_repetitions=self.max_repetitions,
        )


def _is_range(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValidationError(f"{error}: write a range such as 10.20.0.0/16.") from error


class CrawlSchema(WireSchema):
    """How far neighbours are followed."""

    ranges = fields.List(
        fields.Str(validate=(validate.Length(max=64), _is_range)),
        required=True,
        validate=validate.Length(1, 64),
    )
    hops = fields.Int(strict=True, validate=validate.Range(1, 8))
    devices = fields.Int(strict=True, validate=validate.Range(1, 4096))


class SnmpOptionsSchema(WireSchema):
    """The wire form of the options."""

    port = fields.Int(strict=True, validate=validate.Range(1, 65_535))
    timeout = fields.Float(validate=validate.Range(0.05, 30))
    retries = fields.Int(strict=True, validate=validate.Range(0, 5))
    max_repetitions = fields.Int(strict=True, validate=validate.Range(1, 100))
    max_rows = fields.Int(strict=True, validate=validate.Range(1, 20_000))
    max_values = fields.Int(strict=True, validate=validate.Range(100, 5_000_000))
    max_bytes = fields.Int(strict=True, validate=validate.Range(1000, 256_000_000))
    seconds = fields.Float(validate=validate.Range(1, 3600))
    concurrency = fields.Int(strict=True, validate=validate.Range(1, 1000))
    subnet_rate = fields.Float(validate=validate.Range(0.1, 10_000))
    engine = fields.Enum(Engine, by_value=True)
    translate = fields.Dict(
        keys=fields.Str(),
        values=fields.Str(),
        validate=(validate.Length(max=64), check_translations),
    )
    credentials_by_range = fields.Dict(
        keys=fields.Str(),
        values=fields.List(
            fields.Str(validate=validate.Length(1, 64)), validate=validate.Length(1, 16)
        ),
        validate=(validate.Length(max=64), check_ranges),
    )
    crawl = fields.Nested(CrawlSchema, allow_none=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> SnmpOptions:
        return SnmpOptions(**data)
