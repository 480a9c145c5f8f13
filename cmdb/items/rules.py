"""What an item of a class may carry, and which values are in order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Final
from uuid import UUID

from cmdb.kernel.errors import N_, InvalidError
from schemas.vocabulary import Lifecycle

MAX_TEXT: Final = 1000
MAX_CHOICES: Final = 100
MAX_INTEGER: Final = 2**53 - 1
"""Larger whole numbers are not exact in JSON (RFC 8259, §6)."""
PLACES: Final = 4
BETWEEN_PORTS: Final = " ↔ "
"""Stands between the two ports in the detail of a link; that of the source comes first."""
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")
CLASS_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,30}(\.[a-z][a-z0-9_]{0,30}){0,2}")

TEXT_COLUMNS: Final = {
    "name": 255,
    "vendor": 120,
    "model": 255,
    "serial": 255,
    "os_version": 255,
    "address": 64,
}
PARTNER_COLUMNS: Final = ("partner_id", "user_partner_id", "operator_id")
COLUMNS: Final = (*TEXT_COLUMNS, "class_name", "lifecycle", *PARTNER_COLUMNS, "site_id")
"""The columns of an item that a person may change; everything else is an attribute."""
_REQUIRED: Final = ("name", "class_name", "lifecycle", "partner_id")


class AttributeType(StrEnum):
    """What kind of value an attribute holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """What may be said of the items of a class beyond the common columns.

    Attributes:
        unit: what a number counts, such as W or GB.
        choices: the values that a choice allows.
    """

    name: str
    type: AttributeType
    label_de: str
    label_en: str
    unit: str = ""
    is_required: bool = False
    choices: tuple[str, ...] = ()

    def as_entry(self) -> dict[str, Any]:
        """Return the form in which a class stores its attributes."""
        return {
            "name": self.name,
            "type": str(self.type),
            "labels": [self.label_de, self.label_en],
            "unit": self.unit,
            "required": self.is_required,
            "choices": list(self.choices),
        }


Definitions = Mapping[str, AttributeDefinition]


def read_definition(entry: Mapping[str, Any]) -> AttributeDefinition:
    """Return the definition that a class stores.

    Raises:
        InvalidError: it has not the form of one.
    """
    name = entry.get("name", "")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name in COLUMNS:
        raise InvalidError(
            "class.attribute-name",
            N_("«{name}» cannot be the name of an attribute: use small letters, digits and «_»."),
            name=name,
        )
    kind, labels = entry.get("type"), entry.get("labels", ())
    choices = tuple(entry.get("choices", ()))
    _check_definition(name, kind, labels, choices)
    return AttributeDefinition(
        name,
        AttributeType(kind),
        labels[0],
        labels[1],
        entry.get("unit", ""),
        is_required=bool(entry.get("required", False)),
        choices=choices,
    )


def _check_definition(name: str, kind: Any, labels: Sequence[Any], choices: Sequence[Any]) -> None:
    if kind not in {str(one) for one in AttributeType}:
        raise InvalidError(
            "class.attribute-type", N_("The attribute «{name}» has no known type."), name=name
        )
    if len(labels) != len(("de", "en")) or not all(labels):
        raise InvalidError(
            "class.attribute-labels",
            N_("The attribute «{name}» needs a German and an English label."),
            name=name,
        )
    if (kind == AttributeType.CHOICE) != bool(choices) or len(choices) > MAX_CHOICES:
        raise InvalidError(
            "class.attribute-choices",
            N_("Give choices, at most 100, where «{name}» is a choice, and nowhere else."),
            name=name,
        )


def classes_above(name: str) -> tuple[str, ...]:
    """Return a class and the more general ones: `network`, then `network.switch`."""
    parts = name.split(".")
    return tuple(".".join(parts[: count + 1]) for count in range(len(parts)))


def definitions_of(name: str, entries: Mapping[str, Iterable[Mapping[str, Any]]]) -> Definitions:
    """Return all attributes of a class; the special class has the last word on a name."""
    found = (read_definition(one) for part in classes_above(name) for one in entries.get(part, ()))
    return {one.name: one for one in found}


def clean_changes(changes: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    """Return the changes as plain JSON values; None stands for nothing.

    Raises:
        InvalidError: with a complaint for each value that is not in order.
    """
    cleaned: dict[str, Any] = {}
    complaints: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            if name in COLUMNS:
                cleaned[name] = _clean_column(name, value)
            elif name in definitions:
                cleaned[name] = clean_value(definitions[name], value)
            else:
                complaints[name] = N_("The class of this item has no such attribute.")
        except ValueError as error:
            complaints[name] = str(error)
    if complaints:
        raise InvalidError("item.invalid", N_("Some values are not in order."), errors=complaints)
    return cleaned


def check_required(attributes: Mapping[str, Any], definitions: Definitions) -> None:
    """Refuse attributes that leave out what the class requires.

    Raises:
        InvalidError: with a complaint for each attribute that is missing.
    """
    missing = {
        name: N_("This is required.")
        for name, one in definitions.items()
        if one.is_required and attributes.get(name) is None
    }
    if missing:
        raise InvalidError("item.incomplete", N_("Some values are missing."), errors=missing)


def clean_value(definition: AttributeDefinition, value: Any) -> Any:
    """Return the value of an attribute as plain JSON.

    Raises:
        ValueError: the value does not fit; the text is a sentence for the person.
    """
    if value is None or value == "":
        if definition.is_required:
            raise ValueError(N_("This is required."))
        return None
    if definition.type == AttributeType.CHOICE:
        if value not in definition.choices:
            raise ValueError(N_("Choose one of the values of the list."))
        return value
    return _CLEANERS[definition.type](value)


def must_keep(lifecycle: Lifecycle, *, is_referred_to: bool) -> bool:
    """Tell whether an item can only be retired, not deleted.

    What has been in operation stays: orders, costs and history speak of it.
    """
    return is_referred_to or lifecycle != Lifecycle.PLANNED


def _clean_column(name: str, value: Any) -> Any:
    if value is None or value == "":
        if name in _REQUIRED:
            raise ValueError(N_("This is required."))
        return None
    if name == "lifecycle":
        if value not in {str(one) for one in Lifecycle}:
            raise ValueError(N_("Choose one of the values of the list."))
        return str(value)
    if name == "address":
        return _address(value)
    if name in TEXT_COLUMNS:
        return _text(value, TEXT_COLUMNS[name])
    return value if name == "class_name" else _reference(value)


def _text(value: Any, limit: int = MAX_TEXT) -> str | None:
    if not isinstance(value, str):
        raise ValueError(N_("This must be text."))  # noqa: TRY004 — one kind of complaint
    if len(value) > limit:
        raise ValueError(N_("This is too long."))
    if any(ord(letter) < ord(" ") for letter in value):
        raise ValueError(N_("Control characters cannot be stored."))
    return value.strip() or None


def _address(value: Any) -> str:
    try:
        return str(ip_address(str(value).strip()))
    except ValueError:
        raise ValueError(N_("This is not an IPv4 or IPv6 address.")) from None


def _integer(value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError(N_("This must be a whole number.")) from None
    if isinstance(value, bool | float) or abs(number) > MAX_INTEGER:
        raise ValueError(N_("This must be a whole number."))
    return number


def _decimal(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(N_("This must be a number.")) from None
    exponent = number.as_tuple().exponent
    if isinstance(value, bool) or not isinstance(exponent, int) or exponent < -PLACES:
        raise ValueError(N_("This must be a number with at most four decimal places."))
    if number.adjusted() > len(str(MAX_INTEGER)):
        raise ValueError(N_("This number is too large."))
    return format(number, "f")


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(N_("This must be yes or no."))  # noqa: TRY004 — one kind of complaint
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(N_("This is not a date such as 2027-03-31.")) from None


def _reference(value: Any) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise ValueError(N_("This refers to nothing.")) from None


_CLEANERS = {
    AttributeType.TEXT: _text,
    AttributeType.INTEGER: _integer,
    AttributeType.DECIMAL: _decimal,
    AttributeType.BOOLEAN: _boolean,
    AttributeType.DATE: _date,
    AttributeType.REFERENCE: _reference,
}
