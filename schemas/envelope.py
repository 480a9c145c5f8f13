"""Reading envelopes: the outer form is checked at once, the sections only where they changed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from schemas.messages import read_messages
from schemas.observation import (
    ENVELOPE_VERSION,
    MAX_DOCUMENTS,
    MAX_ENVELOPE_BYTES,
    MAX_TEXT,
    Document,
    Envelope,
    Problem,
    TargetReport,
)
from schemas.vocabulary import ProblemCode, Section, Source, Step, SubjectKind

MAX_KEY = 255


class MalformedEnvelopeError(ValueError):
    """The envelope does not have the form of `observation/1`; the text says where and why."""


def load_envelope(raw: bytes) -> Envelope:
    """Read an envelope from its wire form.

    The contents of sections are not looked at here: an unchanged section is never validated again,
    and a changed one is validated by `schemas.sections` before anything is made of it.

    Raises:
        MalformedEnvelopeError: too large, no JSON, another version, or a field is missing or wrong.
    """
    if len(raw) > MAX_ENVELOPE_BYTES:
        raise MalformedEnvelopeError(
            f"The envelope has {len(raw)} bytes; at most {MAX_ENVELOPE_BYTES} are accepted."
        )
    try:
        outer = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedEnvelopeError(f"The envelope is not JSON: {error}") from error
    if not isinstance(outer, dict) or outer.get("schema") != ENVELOPE_VERSION:
        raise MalformedEnvelopeError(f"The envelope is not of the form {ENVELOPE_VERSION}.")
    try:
        return _envelope(outer["envelope"])
    except KeyError as error:
        raise MalformedEnvelopeError(f"The envelope lacks {error}.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise MalformedEnvelopeError(f"The envelope is malformed: {error}") from error


def _envelope(data: dict[str, Any]) -> Envelope:
    documents, reports = data["documents"], data["reports"]
    if len(documents) > MAX_DOCUMENTS or len(reports) > MAX_DOCUMENTS:
        raise ValueError(f"more than {MAX_DOCUMENTS} documents or reports at once")
    sequence = data["sequence"]
    if not isinstance(sequence, int) or sequence < 0:
        raise ValueError("sequence is a number from 0")
    if not isinstance(data["is_last"], bool):
        raise TypeError("is_last is true or false")
    return Envelope(
        assignment_id=UUID(data["assignment_id"]),
        run_id=UUID(data["run_id"]),
        collector=_text(data["collector"], 64),
        sequence=sequence,
        is_last=data["is_last"],
        documents=[_document(one) for one in documents],
        reports=[_report(one) for one in reports],
    )


def _document(data: dict[str, Any]) -> Document:
    sections = data["sections"]
    if not isinstance(sections, dict):
        raise TypeError("sections is an object")
    return Document(
        kind=SubjectKind(data["kind"]),
        key=_text(data["key"], MAX_KEY),
        target=_text(data["target"], 1024),
        source=Source(data["source"]),
        observed_at=_time(data["observed_at"]),
        sections={Section(name): content for name, content in sections.items()},
        incomplete=tuple(Section(name) for name in data.get("incomplete", ())),
        problems=tuple(_problem(one) for one in data.get("problems", ())),
        credential=None if data.get("credential") is None else _text(data["credential"], 64),
    )


def _report(data: dict[str, Any]) -> TargetReport:
    problem = data.get("problem")
    return TargetReport(
        target=_text(data["target"], 1024),
        step=Step(data["step"]),
        problem=None if problem is None else _problem(problem),
        documents=int(data.get("documents", 0)),
    )


def _problem(data: dict[str, Any]) -> Problem:
    section = data.get("section")
    return Problem(
        code=ProblemCode(data["code"]),
        message=_text(data["message"], MAX_TEXT),
        section=None if section is None else Section(section),
        messages=read_messages(data.get("messages", ())),
    )


def _time(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(f"{value!r} has no UTC offset")
    return at.astimezone(UTC)


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or not value or len(value) > limit:
        raise ValueError(f"a text of 1 to {limit} characters is expected")
    return value
