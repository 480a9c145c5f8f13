"""Complaints about what a program sent, in the words of the house and the program's language.

The validation library speaks English and has its numbers already in the sentence; here its
sentences are recognised and said anew.
"""

import re
from typing import Any, Final

from flask_babel import gettext

from cmdb.kernel.errors import N_

SENTENCES: Final[dict[str, str]] = {
    "Missing data for required field.": N_("This is needed."),
    "Field may not be null.": N_("This cannot be null."),
    "Unknown field.": N_("There is no field of this name."),
    "Invalid value.": N_("This cannot be accepted."),
    "Invalid input.": N_("This cannot be accepted."),
    "Invalid type.": N_("This must be an object."),
    "Invalid input type.": N_("This must be an object."),
    "Not a valid string.": N_("This must be text."),
    "Not a valid utf-8 string.": N_("This must be text in UTF-8."),
    "Not a valid boolean.": N_("This must be true or false."),
    "Not a valid number.": N_("This must be a number."),
    "Not a valid integer.": N_("This must be a whole number."),
    "Number too large.": N_("This number is too large."),
    "Special numeric values (nan or infinity) are not permitted.": N_("This must be a number."),
    "Not a valid list.": N_("This must be a list."),
    "Not a valid mapping type.": N_("This must be an object."),
    "Not a valid UUID.": N_("This must be a key in the form of a UUID."),
    "Not a valid date.": N_("This must be a day such as 2027-01-31."),
    "Not a valid datetime.": N_("This must be a moment such as 2027-01-31T08:00:00+01:00."),
    "Not a valid aware datetime.": N_("This must be a moment with an offset such as +01:00."),
    "Must be one of: {choices}.": N_("This must be one of: {choices}."),
    "Shorter than minimum length {min}.": N_("There must be at least {min} characters or entries."),
    "Longer than maximum length {max}.": N_("There may be at most {max} characters or entries."),
    "Length must be between {min} and {max}.": N_(
        "There must be {min} to {max} characters or entries."
    ),
    "Must be greater than or equal to {min} and less than or equal to {max}.": N_(
        "This must be from {min} to {max}."
    ),
    "Must be greater than {min} and less than or equal to {max}.": N_(
        "This must be more than {min} and at most {max}."
    ),
    "Must be greater than or equal to {min}.": N_("This must be at least {min}."),
    "Must be less than or equal to {max}.": N_("This must be at most {max}."),
    "String does not match expected pattern.": N_("This does not have the right form."),
    "A code looks like AP-STD.": N_("A code looks like AP-STD."),
    "Use small letters, digits and hyphens.": N_("Use small letters, digits and hyphens."),
    "Give choices where the type is choice, nowhere else.": N_(
        "Give choices where the type is choice, nowhere else."
    ),
}
"""The English of the validation library and of our schemas → what is said instead."""


def told(complaints: Any) -> Any:
    """Return complaints of the same form in the language of the request."""
    if isinstance(complaints, dict):
        return {name: told(one) for name, one in complaints.items()}
    if isinstance(complaints, list):
        return [told(one) for one in complaints]
    return sentence_of(str(complaints))


def sentence_of(english: str) -> str:
    """Return what is said instead of an English sentence; itself where nobody knows it."""
    for pattern, sentence in _PATTERNS:
        found = pattern.fullmatch(english)
        if found:
            return gettext(sentence).format(**found.groupdict())
    return gettext(english)


def _pattern(template: str) -> re.Pattern[str]:
    """Return what recognises a template whose placeholders are filled in."""
    quoted = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(template))
    return re.compile(quoted, re.DOTALL)


_PATTERNS: Final = [(_pattern(english), sentence) for english, sentence in SENTENCES.items()]
