"""The error family of the house: a stable code for machines and a sentence for people.

Sentences are English and marked with `N_`; the edge translates them before it fills in details.
"""

from http import HTTPStatus
from typing import Any, Self


def N_(message: str) -> str:  # noqa: N802 — the customary name of gettext's marker
    """Mark a message for translation without translating it here."""
    return message


class HausError(Exception):
    """Something a caller did, or asked for, cannot be done.

    Attributes:
        code: a stable slug such as `order.already-decided`.
        message: the English sentence; `{name}` placeholders are filled from the details.
        details: the values for the placeholders, safe to show.
        errors: complaints per field, where the input had fields; English sentences like the
            message, with the same placeholders.
    """

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: dict[str, Any] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.errors = errors or {}

    def __str__(self) -> str:
        return self.message.format(**self.details)


class NotFoundError(HausError):
    """There is no such thing, or none that the viewer may see; the two are told alike."""

    status = HTTPStatus.NOT_FOUND


class ForbiddenError(HausError):
    """The actor may not do this."""

    status = HTTPStatus.FORBIDDEN


class InvalidError(HausError):
    """The input is understood but cannot be accepted."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    @classmethod
    def at(cls, field: str, code: str, message: str, /, **details: Any) -> Self:
        """Return an error whose sentence is the complaint about one field."""
        return cls(code, message, errors={field: message}, **details)


class ConflictError(HausError):
    """The input contradicts what is already there."""

    status = HTTPStatus.CONFLICT


class WrongStateError(HausError):
    """The thing is not in a state in which this can be done."""

    status = HTTPStatus.CONFLICT


class StaleError(HausError):
    """Somebody else changed the thing since it was read."""

    status = HTTPStatus.PRECONDITION_FAILED


class TooMuchError(InvalidError):
    """The input asks for more than there may be at once."""


class UnavailableError(HausError):
    """Something that is needed for this is not there at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
