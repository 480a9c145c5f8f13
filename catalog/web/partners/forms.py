"""The forms of organisations, sites, contacts and address spaces."""

from typing import Final

from wtforms import DateField, EmailField, IntegerField, StringField, TelField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from catalog.web.forms import CheckboxesField, HouseForm
from catalog.web.forms import lazy as _
from catalog.web.partners.versions import VersionedForm

MAX_NUMBER: Final = 2_147_483_647


def _is_there() -> InputRequired:
    return InputRequired(_("This is needed."))


def _text(value: str | None) -> str:
    return (value or "").strip()


class OrganisationFields(VersionedForm):
    """What an organisation is called, what it is to the joint organisation, and since when."""

    name = StringField(_("Name"), [_is_there(), Length(max=120)], filters=[_text])
    roles = CheckboxesField(_("Roles"), [_is_there()])
    legal_form = StringField(_("Legal form"), [Length(max=64)], filters=[_text])
    district = StringField(_("District"), [Length(max=64)], filters=[_text])
    groups = CheckboxesField(_("Belongs to these groups"))
    bfs_number = IntegerField(_("FSO number"), [Optional(), NumberRange(1, MAX_NUMBER)])
    population = IntegerField(_("Inhabitants"), [Optional(), NumberRange(0, MAX_NUMBER)])
    population_on = DateField(_("Inhabitants counted on"), [Optional()])
    valid_from = DateField(_("Exists since"), [Optional()])
    valid_until = DateField(_("Exists until and including"), [Optional()])


class SiteFields(VersionedForm):
    """A place with a postal address."""

    name = StringField(_("Name"), [_is_there(), Length(max=120)])
    street = StringField(_("Street and number"), [Length(max=120)])
    postal_code = StringField(_("Postal code"), [Length(max=16)])
    town = StringField(_("Town"), [Length(max=120)])


class ContactFields(VersionedForm):
    """Whom to call."""

    name = StringField(_("First and last name"), [_is_there(), Length(max=120)])
    function = StringField(_("Function"), [Length(max=120)])
    email = EmailField(_("E-mail"), [Length(max=254)])
    phone = TelField(_("Telephone"), [Length(max=32)])


class DomainFields(HouseForm):
    """An address space."""

    name = StringField(_("Name"), [_is_there(), Length(max=64)])
