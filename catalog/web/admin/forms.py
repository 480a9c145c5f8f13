"""The forms of people and roles."""

from typing import Final

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from catalog.access.authentication import MAX_SIGN_IN_NAME
from catalog.access.commands import MAX_NAME
from catalog.web.forms import HouseForm
from catalog.web.forms import lazy as _


def _is_there() -> InputRequired:
    return InputRequired(_("This is needed."))


EVERYWHERE: Final = "all"
"""The choice that stands for the joint organisation and all partners."""


class PersonForm(HouseForm):
    """A new person; the organisations are those that the viewer administers."""

    name = StringField(_("First and last name"), [_is_there(), Length(max=MAX_NAME)])
    sign_in_name = StringField(_("Sign-in name"), [_is_there(), Length(max=MAX_SIGN_IN_NAME)])
    organisation_id = SelectField(_("Works for"), [_is_there()])


class RoleForm(HouseForm):
    """A role for a partner, with its first and last day; nothing is chosen beforehand."""

    role = SelectField(_("Role"), [_is_there()])
    organisation_id = SelectField(_("For"), [_is_there()])
    valid_from = DateField(_("From"), [Optional()])
    valid_until = DateField(_("Until and including"), [Optional()])
