"""What the forms of all pages share: labels in the reader's language, and refusals by commands."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms.fields.choices import (
    SelectChoice,  # pyright: ignore[reportAttributeAccessIssue] — newer than the bundled stubs
)

from catalog.errors import message_of
from cmdb.kernel.errors import HausError


def lazy(message: str) -> Any:
    """Translate a label when it is shown; import this as `_`, so that the message is found."""
    return lazy_gettext(message)


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
            field.errors = [gettext(text) for text in texts]
            has_field = True
    if not has_field:
        form.form_errors.append(message_of(error))
