"""What the forms of all pages share: labels in the reader's language, and refusals by commands."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import (
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] — newer than the bundled stubs
)
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.errors import complaint_of, message_of
from catalog.web.formatting import format_number
from cmdb.kernel.errors import N_, HausError


def lazy(message: str) -> Any:
    """Translate a label when it is shown; import this as `_`, so that the message is found."""
    return lazy_gettext(message)


WORDS: Final[dict[str, str]] = {
    "This field is required.": N_("This is needed."),
    "Invalid input.": N_("This cannot be accepted."),
    "Not a valid choice.": N_("Choose one of the entries."),
    "Invalid Choice: could not coerce.": N_("Choose one of the entries."),
    "Invalid choice(s): one or more data inputs could not be coerced.": N_(
        "Choose among the entries."
    ),
    "'%(value)s' is not a valid choice for this field.": N_("Choose among the entries."),
    "Not a valid integer value.": N_("Enter a whole number."),
    "Not a valid float value.": N_("Enter a number."),
    "Not a valid date value.": N_("This is not a day: write it as year-month-day."),
    "Number must be at least %(min)s.": N_("Enter at least %(min)s."),
    "Number must be at most %(max)s.": N_("Enter at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Enter a number from %(min)s to %(max)s."),
    "Field cannot be longer than %(max)d character.": N_("Write at most %(max)d characters."),
    "Field must be at least %(min)d character long.": N_("Write at least %(min)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Write %(min)d to %(max)d characters."
    ),
}
"""The English of the form library → what is said instead; plurals by their singular."""


class Sentence(str):
    """A sentence of the form library whose numbers are grouped by thousands."""

    __slots__ = ()

    def __mod__(self, values: Any) -> str:
        """Fill in the values as the form library does."""
        shown = {
            name: format_number(value) if isinstance(value, int | float) else value
            for name, value in values.items()
        }
        return str.__mod__(str(self).replace(")d", ")s"), shown)


class Words:
    """Gives the complaints of the form library in our words and the reader's language."""

    def gettext(self, english: str) -> str:
        """Return what is said instead of a sentence of the library."""
        return Sentence(gettext(WORDS.get(english, english)))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return what is said instead of a sentence with a number; ours fit every number."""
        if singular in WORDS:
            return self.gettext(singular)
        return singular if count == 1 else plural


class CheckboxesField(SelectMultipleField):
    """Several of a few choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class HouseForm(FlaskForm):
    """The base of all forms: whatever it complains about is said in our words."""

    class Meta(FlaskForm.Meta):
        """Where WTForms asks for its sentences."""

        def get_translations(self, form: Any) -> Words:
            """Return our words."""
            del form
            return Words()


def options(pairs: Iterable[tuple[str, Any]]) -> Any:
    """Return pairs of value and label in the form that WTForms wants for choices."""
    return [SelectChoice(value, label) for value, label in pairs]


def as_key(value: str | UUID) -> UUID:
    """Return the key that a choice stands for, whether it comes from a form or from a row."""
    return value if isinstance(value, UUID) else UUID(value)


def show_complaints(form: FlaskForm, error: HausError) -> None:
    """Put the complaints of a command to the fields they are about, and the rest above the form."""
    has_field = False
    for name, complaints in error.errors.items():
        field = form._fields.get(name)
        if field is not None:
            texts = [complaints] if isinstance(complaints, str) else complaints
            field.errors = [complaint_of(error, text) for text in texts]
            has_field = True
    if not has_field:
        form.form_errors.append(message_of(error))
