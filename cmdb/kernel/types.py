"""Column types that keep their promises on SQLite and PostgreSQL alike."""

import enum
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from cmdb.kernel.ids import new_key

JsonMap = dict[str, Any]
JsonList = list[Any]

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite forgets zones, this column does not."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive datetimes and store UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give every stored datetime its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """Money and shares, exact on SQLite too, where they are stored as an integer of 1/10,000."""

    impl = sa.Numeric(14, 4)
    cache_ok = True
    _scale = Decimal(10_000)

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Use whole numbers where the database has no exact decimals."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(14, 4))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        """Store the exact value and refuse what has more than four decimal places."""
        if value is None or dialect.name != "sqlite":
            return value
        scaled = value * self._scale
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than four decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        """Return the exact value."""
        if value is None or dialect.name != "sqlite":
            return value
        return Decimal(value) / self._scale


class AddressText(sa.types.TypeDecorator[str]):
    """An IPv4 or IPv6 address that sorts by number: 10.0.0.9 before 10.0.0.10, IPv4 before IPv6.

    It is stored with leading zeros, so that a network is a plain range of text on every database.
    Text that is no address, such as a piece of one to search for, is left as it is.
    """

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Store the address in its sortable form."""
        del dialect
        return value if not value else sortable_address(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Return the address as it is usually written."""
        del dialect
        return value if not value else readable_address(value)


def sortable_address(text: str) -> str:
    """Return an address with leading zeros, and text that is none unchanged.

    An IPv6 address begins with `~`, which sorts it behind every IPv4 address.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return f"~{address.exploded}"
    return ".".join(part.zfill(3) for part in text.split("."))


def readable_address(text: str) -> str:
    """Return the address that `sortable_address` was given, in its canonical form."""
    if text.startswith("~"):
        return str(ip_address(text[1:]))
    return ".".join(part.lstrip("0") or "0" for part in text.split("."))


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


WORD = sa.Enum(
    enum.StrEnum, native_enum=False, create_constraint=True, length=32, values_callable=_values
)
"""An enumeration stored by value in a checked VARCHAR."""


def word(words: type[enum.StrEnum], name: str) -> sa.Enum:
    """Return the same with a named check, for the second column of its kind in a table."""
    return sa.Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=_values,
    )


Key = Annotated[UUID, mapped_column(sa.Uuid(), primary_key=True, default=new_key)]
"""A primary key that sorts by the time of its making."""
