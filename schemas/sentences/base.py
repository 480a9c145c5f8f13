"""The form of a sentence: a code that is stored and sent, and its English with placeholders."""

from enum import StrEnum
from typing import Self


def N_(sentence: str) -> str:  # noqa: N802 — the customary name of gettext's marker
    """Mark a sentence for translation without translating it here."""
    return sentence


class Sentence(StrEnum):
    """One sentence; the value is its code, `english` its text with `{name}` placeholders."""

    english: str

    def __new__(cls, code: str, english: str) -> Self:
        """Make a member of its code and its text."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = english
        return member
