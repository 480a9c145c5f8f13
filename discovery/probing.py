"""Looks at the single devices that a file names, without plan, range or database."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from discovery.collectors.base import Collector, CollectorContext
from discovery.errors import DiscoveryError
from discovery.names import resolve
from discovery.secrets import Secret, SecretSource, SnmpCommunity
from schemas.base import WireSchema, first_message
from schemas.messages import say
from schemas.observation import Document, Problem, TargetReport
from schemas.sentences.run import RunSentence
from schemas.vocabulary import ProblemCode, Step

MAX_TARGETS = 65_536

_log = logging.getLogger(__name__)


class MalformedTargetsError(ValueError):
    """A line of the targets file has not the right form; the text names line and cause."""


@dataclass(frozen=True, slots=True)
class ProbeTarget:
    """One line of the targets file.

    Attributes:
        name: what the caller calls the device.
        address: its address or host name.
        port: UDP port of its agent.
        community: the community itself, or None where `secret` names one.
        secret: name of an entry of the secrets file.
    """

    name: str
    address: str
    port: int = 161
    community: SnmpCommunity | None = None
    secret: str | None = None


class _TargetSchema(WireSchema):
    name = fields.Str(required=True, validate=validate.Length(1, 255))
    address = fields.Str(required=True, validate=validate.Length(1, 255))
    port = fields.Int(strict=True, validate=validate.Range(1, 65_535))
    version = fields.Raw(validate=validate.OneOf(("1", "2c", "3", 1, 3)))
    community = fields.Str(validate=validate.Length(1, 255))
    secret = fields.Str(validate=validate.Length(1, 64))

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if ("community" in data) == ("secret" in data):
            raise ValidationError("one of community and secret is needed, not both")
        if "community" in data and str(data.get("version")) == "3":
            raise ValidationError("version 3 needs a secret, not a community")

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> ProbeTarget:
        version = str(data.pop("version", "2c"))
        if "community" in data:
            data["community"] = SnmpCommunity(data["community"], version)
        return ProbeTarget(**data)


def read_targets(lines: Iterable[str]) -> list[ProbeTarget]:
    """Read a targets file: one JSON object per line, empty lines left aside.

    Raises:
        MalformedTargetsError: a line is not such an object, or there are too many.
    """
    targets: list[ProbeTarget] = []
    schema = _TargetSchema()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(targets) >= MAX_TARGETS:
            raise MalformedTargetsError(f"The file has more than {MAX_TARGETS:,} targets.")
        try:
            target: Any = schema.load(json.loads(line))
        except ValidationError as error:
            raise MalformedTargetsError(f"Line {number}: {first_message(error)}") from None
        except json.JSONDecodeError as error:
            raise MalformedTargetsError(f"Line {number} is not JSON: {error.msg}.") from None
        targets.append(target)
    return targets


@dataclass(frozen=True, slots=True)
class Looking:
    """How single devices are looked at.

    Attributes:
        collector: reads them.
        secrets: resolves the names of secrets in the targets file.
        emit: gets the name of each target with its document, or with why there is none.
        options: of the collector.
        trace: is told every question and answer.
    """

    collector: Collector
    secrets: SecretSource
    emit: Callable[[str, Document | TargetReport], object]
    options: dict[str, Any]
    trace: Callable[[Any], object] | None = None


def probe(targets: list[ProbeTarget], looking: Looking) -> None:
    """Look at each target and emit its name with its document, or with why there is none."""
    asyncio.run(_probe_all(targets, looking))


async def _probe_all(targets: list[ProbeTarget], looking: Looking) -> None:
    remaining = iter(targets)
    collector = looking.collector

    async def work_off() -> None:
        for target in remaining:
            checked = collector.check_options({**looking.options, "port": target.port})
            source = _OneSecret(target.community) if target.community else looking.secrets
            names = (target.secret or "community",)
            context = CollectorContext(source, names, checked, trace=looking.trace)
            looking.emit(target.name, await _look_at(target, collector, context))

    concurrency = collector.check_options(looking.options)["concurrency"]
    async with asyncio.TaskGroup() as group:
        for _ in range(min(concurrency, len(targets))):
            group.create_task(work_off())


async def _look_at(
    target: ProbeTarget, collector: Collector, context: CollectorContext
) -> Document | TargetReport:
    """Return the document, or the report of a target that gave none."""
    found: Document | TargetReport | None = None
    try:
        address = await resolve(target.address)
        async for item in collector.collect(address, context):
            if found is None:
                found = item
    except DiscoveryError as error:
        found = TargetReport(target.address, Step.ASKED, error.as_problem())
    except Exception as error:  # noqa: BLE001 — logged, and reported for this target
        _log.exception("The collector failed at %s", target.address)
        told = say(RunSentence.COLLECTOR_FAILED, error=type(error).__name__)
        problem = Problem.of(ProblemCode.INCOMPLETE, [told])
        found = TargetReport(target.address, Step.ASKED, problem)
    return found or TargetReport(target.address, Step.ASKED)


@dataclass(frozen=True, slots=True)
class _OneSecret:
    """The secret that the targets file itself holds."""

    secret: Secret

    def get(self, name: str) -> Secret:
        """Return the one secret there is."""
        del name
        return self.secret
