"""The forms of one's own account."""

from wtforms import (
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from catalog.access.authentication import MAX_SIGN_IN_NAME
from catalog.access.rules import MAX_PASSWORD, MAX_TOKEN_DAYS
from catalog.access.self_service import MAX_TOKEN_NAME
from catalog.web.forms import CheckboxesField, HouseForm, options
from catalog.web.forms import lazy as _


def _is_there() -> InputRequired:
    return InputRequired(_("This is needed."))


class SignInForm(HouseForm):
    """Name and password."""

    name = StringField(_("Sign-in name"), [_is_there(), Length(max=MAX_SIGN_IN_NAME)])
    password = PasswordField(_("Password"), [_is_there(), Length(max=MAX_PASSWORD)])
    next = HiddenField()


class PasswordForm(HouseForm):
    """The old password and the new one."""

    current = PasswordField(_("Current password"), [_is_there(), Length(max=MAX_PASSWORD)])
    new = PasswordField(_("New password"), [_is_there(), Length(max=MAX_PASSWORD)])


class PreferencesForm(HouseForm):
    """Language and look."""

    language = RadioField(_("Language"), choices=options([("de", "Deutsch"), ("en", "English")]))
    theme = RadioField(
        _("Colours"),
        choices=options([("auto", _("System")), ("light", _("Light")), ("dark", _("Dark"))]),
    )
    density = RadioField(
        _("Density"),
        choices=options([("compact", _("Compact")), ("comfortable", _("Comfortable"))]),
    )


class TokenForm(HouseForm):
    """Name, permissions, partner and days of a new API token; the choices are the person's own."""

    name = StringField(_("Name of the token"), [_is_there(), Length(max=MAX_TOKEN_NAME)])
    scopes = CheckboxesField(_("Permissions"), [_is_there()])
    organisation_id = SelectField(_("Only for"))
    days = IntegerField(
        _("Valid for how many days"),
        [_is_there(), NumberRange(1, MAX_TOKEN_DAYS)],
        default=90,
    )
