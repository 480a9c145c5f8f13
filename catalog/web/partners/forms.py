"""The forms of sites, contacts and address spaces."""

from wtforms import EmailField, StringField, TelField
from wtforms.validators import InputRequired, Length

from catalog.web.forms import HouseForm
from catalog.web.forms import lazy as _


def _is_there() -> InputRequired:
    return InputRequired(_("This is needed."))


class SiteFields(HouseForm):
    """A place with a postal address."""

    name = StringField(_("Name"), [_is_there(), Length(max=120)])
    street = StringField(_("Street and number"), [Length(max=120)])
    postal_code = StringField(_("Postal code"), [Length(max=16)])
    town = StringField(_("Town"), [Length(max=120)])


class ContactFields(HouseForm):
    """Whom to call."""

    name = StringField(_("First and last name"), [_is_there(), Length(max=120)])
    function = StringField(_("Function"), [Length(max=120)])
    email = EmailField(_("E-mail"), [Length(max=254)])
    phone = TelField(_("Telephone"), [Length(max=32)])


class DomainFields(HouseForm):
    """An address space."""

    name = StringField(_("Name"), [_is_there(), Length(max=64)])
