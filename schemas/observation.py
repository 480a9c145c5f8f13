"""What a collector reports: envelopes of documents, one document per device, account or group.

A document has named sections. Every section is plain JSON and is hashed on its own, so that an
unchanged section costs one comparison. Values that change all the time (uptime, counters, fill
levels) never enter a section.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Self
from uuid import UUID

import orjson

from schemas.messages import MAX_MESSAGES, Message, english_of
from schemas.vocabulary import ProblemCode, Section, Source, Step, SubjectKind

ENVELOPE_VERSION = "observation/1"
MAX_ENVELOPE_BYTES = 16 * 1024 * 1024
MAX_DOCUMENTS = 1000
MAX_SECTION_ROWS = 20_000
MAX_TEXT = 1000
"""Characters of a problem in English."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong while a target was read, in words an operator can act on.

    Attributes:
        message: the words in English, for readers that do not know the codes.
        messages: the same as codes with parameters, to be told in any language.
    """

    code: ProblemCode
    message: str
    section: Section | None = None
    messages: tuple[Message, ...] = ()

    @classmethod
    def of(
        cls, code: ProblemCode, messages: Iterable[Message], section: Section | None = None
    ) -> Self:
        """Return a problem that is told by messages."""
        told = tuple(messages)[:MAX_MESSAGES]
        return cls(code, english_of(told)[:MAX_TEXT], section, told)


@dataclass(frozen=True, slots=True)
class Document:
    """Everything one look at one subject has shown.

    Attributes:
        kind: what the subject is.
        key: what the source calls the subject: its address, or its directory id.
        target: the target of the assignment that led here.
        source: the way it was seen.
        observed_at: when the look ended, aware UTC.
        sections: section name to plain JSON; see `schemas.sections` for the form of each.
        incomplete: the sections that were cut short; what they lack is not proof of absence.
        problems: what went wrong on the way.
        credential: the name of the secret that opened the door, None where none was needed.
    """

    kind: SubjectKind
    key: str
    target: str
    source: Source
    observed_at: datetime
    sections: dict[Section, Any]
    incomplete: tuple[Section, ...] = ()
    problems: tuple[Problem, ...] = ()
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class TargetReport:
    """How far one target came when it gave no document, or that a whole base was read.

    Attributes:
        target: the address, base DN or file.
        step: the last step that succeeded.
        problem: why it went no further; None means that nothing was wrong.
        documents: how many documents the target gave.
    """

    target: str
    step: Step
    problem: Problem | None = None
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a collector sends at once; `(assignment_id, sequence)` makes it unique.

    Attributes:
        assignment_id: the assignment it answers.
        run_id: the run of that assignment.
        collector: the name of the collector that sends, for the record.
        sequence: 0, 1, 2 … within one lease.
        is_last: nothing follows; the assignment is finished.
        documents: at most `MAX_DOCUMENTS`.
        reports: the targets that gave no document.
    """

    assignment_id: UUID
    run_id: UUID
    collector: str
    sequence: int
    is_last: bool
    documents: list[Document] = field(default_factory=list[Document])
    reports: list[TargetReport] = field(default_factory=list[TargetReport])


def section_hash(content: Any) -> str:
    """Return the content hash of a section: BLAKE2b-128 over canonical JSON, as 32 hex digits."""
    return blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def dump_envelope(envelope: Envelope) -> bytes:
    """Return the wire form of an envelope, UTF-8 JSON."""
    # Section names are enumeration members, which orjson takes as keys only when told to.
    return orjson.dumps(
        {"schema": ENVELOPE_VERSION, "envelope": envelope}, option=orjson.OPT_NON_STR_KEYS
    )
