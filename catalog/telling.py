"""Messages of discovery in the language of the request."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext

from cmdb.plans.models import Assignment, Run, RunTarget
from cmdb.plans.queries import RunProgress
from schemas.messages import Message, Parameter, grouped, read_messages
from schemas.sentences.reasons import REASONS

Telling = Run | RunProgress | Assignment | RunTarget
"""What tells something: `messages` as codes, `message` in English."""


def told(row: Telling) -> str:
    """Return what a row tells in the language of the request.

    What was stored before there were codes, or by a collector with newer ones, is told in English.
    """
    return in_words(row.messages, row.message)


def in_words(messages: Sequence[Any], english: str) -> str:
    """Return the sentences of stored messages, or the English text where one is not known."""
    found = read_messages(messages)
    if not found or not all(one.is_known for one in found):
        return english
    return " ".join(sentence_of(one) for one in found)


def message_forms(row: Telling) -> list[dict[str, Any]]:
    """Return the messages of a row as codes with parameters, each with its sentence."""
    return [one.as_json() | {"sentence": sentence_of(one)} for one in read_messages(row.messages)]


def sentence_of(message: Message) -> str:
    """Return one message in the language of the request."""
    return message.told(gettext, _written)


def _written(value: Parameter) -> str:
    if isinstance(value, str):
        return gettext(value) if value in REASONS else value
    if isinstance(value, float):
        return f"{value:.3g}"
    return grouped(value)
