"""What people fill in about partners, and how it is checked and written."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from cmdb.kernel.db import Base
from cmdb.kernel.errors import N_, InvalidError
from cmdb.partners.models import Organisation
from schemas.vocabulary import OrganisationRole

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """What is written about an organisation.

    Attributes:
        slug: its short name in addresses; worked out from the name where it is empty.
    """

    name: str
    roles: tuple[OrganisationRole, ...] = (OrganisationRole.PARTNER,)
    slug: str = ""
    legal_form: str = ""
    district: str = ""
    bfs_number: int | None = None
    population: int | None = None
    population_on: date | None = None
    is_fictional: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


def form_of(organisation: Organisation) -> OrganisationForm:
    """Return what is written about an organisation now."""
    names = (one.name for one in fields(OrganisationForm) if one.name != "roles")
    written = {name: getattr(organisation, name) for name in names}
    return OrganisationForm(**written, roles=tuple(one.role for one in organisation.roles))


@dataclass(frozen=True, slots=True)
class SiteForm:
    """What is written about a site."""

    name: str
    street: str = ""
    postal_code: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class ContactForm:
    """Whom to call, in which function."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""


def check_form(form: Any, table: type[Base]) -> None:
    """Refuse texts that do not fit into their columns, and what is no name or e-mail address.

    Raises:
        InvalidError: with a complaint for each field that is not in order.
    """
    complaints: dict[str, Any] = {}
    for one in fields(form):
        value = getattr(form, one.name)
        if isinstance(value, str):
            complaint = _complaint(one.name, value, sa.inspect(table).columns[one.name].type)
            if complaint:
                complaints[one.name] = complaint
    if complaints:
        raise InvalidError(
            "partner.invalid", N_("Some values are not in order."), errors=complaints
        )


def write_form(form: Any, row: Base, *, without: tuple[str, ...] = ()) -> None:
    """Write the fields of a form into the columns of the same name."""
    for one in fields(form):
        value = getattr(form, one.name)
        if one.name not in without and getattr(row, one.name) != value:
            setattr(row, one.name, value)


def _complaint(name: str, value: str, kind: Any) -> str:
    if name == "name" and not value.strip():
        return N_("This is required.")
    if len(value) > kind.length:
        return N_("This is too long.")
    if any(ord(letter) < ord(" ") for letter in value):
        return N_("Control characters cannot be stored.")
    if name == "email" and value and not _EMAIL.fullmatch(value):
        return N_("This is not an e-mail address.")
    return ""
