"""The form of a device: the common columns and the attributes of its class.

Fields of attributes are prefixed, because a class may name an attribute as a form names its parts.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from flask_babel import gettext
from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from catalog.errors import message_of
from catalog.web.devices.words import attribute_label, class_label
from catalog.web.forms import HouseForm, options
from catalog.web.forms import lazy as _
from catalog.web.guard import current_viewer
from catalog.web.partner_choice import NONE_CHOSEN, organisations, sites_of
from catalog.web.signs import sign_of
from cmdb.items.changes import Present
from cmdb.items.models import CiClass
from cmdb.items.rules import COLUMNS, TEXT_COLUMNS, AttributeDefinition, AttributeType, Definitions
from cmdb.items.visibility import WRITE
from cmdb.kernel.errors import HausError
from cmdb.partners.models import Organisation
from schemas.vocabulary import Lifecycle

PREFIX: Final = "attribute-"
MAX_REASON: Final = 500
MAX_VALUE: Final = 1000
_YES, _NO = "yes", "no"


class DeviceForm(HouseForm):
    """What a person declares of a device; `version` is the one that was read."""

    name = StringField(
        _("Name"), [InputRequired(_("This is needed.")), Length(max=TEXT_COLUMNS["name"])]
    )
    class_name = SelectField(_("Class"))
    lifecycle = SelectField(_("State"))
    partner_id = SelectField(_("Belongs to"))
    site_id = SelectField(_("Site"))
    user_partner_id = SelectField(_("Used by"))
    operator_id = SelectField(_("Operated by"))
    vendor = StringField(_("Vendor"), [Length(max=TEXT_COLUMNS["vendor"])])
    model = StringField(_("Model"), [Length(max=TEXT_COLUMNS["model"])])
    serial = StringField(_("Serial number"), [Length(max=TEXT_COLUMNS["serial"])])
    os_version = StringField(_("Version"), [Length(max=TEXT_COLUMNS["os_version"])])
    address = StringField(_("Management address"), [Length(max=TEXT_COLUMNS["address"])])
    reason = StringField(_("Reason for the change"), [Length(max=MAX_REASON)])
    version = HiddenField()

    def attribute_fields(self) -> list[Field]:
        """Return the fields of the attributes in the order of the class."""
        return [one for one in self if one.name.startswith(PREFIX)]

    def given(self) -> dict[str, Any]:
        """Return what was filled in, by column and attribute; None where a field is empty."""
        values: dict[str, Any] = {}
        for one in self:
            name = one.name.removeprefix(PREFIX)
            if one.name in COLUMNS or one.name.startswith(PREFIX):
                values[name] = _value(one)
        return values

    def refuse(self, error: HausError) -> None:
        """Put the complaints of the house to the fields they are about."""
        unplaced = not error.errors
        for name, complaint in error.errors.items():
            field = self._fields.get(name) or self._fields.get(f"{PREFIX}{name}")
            if field is None:
                unplaced = True
            else:
                field.errors = [gettext(complaint)]
        if unplaced:
            self.form_errors.append(message_of(error))


def device_form(
    classes: Iterable[CiClass],
    definitions: Definitions,
    *,
    item: Present | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> DeviceForm:
    """Return the form of a class, filled from what was posted, else from the item."""
    fields = {f"{PREFIX}{one.name}": _field(one) for one in definitions.values()}
    form_class: Any = type("DeviceForm", (DeviceForm,), fields)
    form = form_class(data=_data(item, definitions) if item else dict(defaults or {}))
    viewer = current_viewer()
    known = organisations(viewer)
    form.class_name.choices = options((one.name, class_label(one)) for one in classes)
    form.lifecycle.choices = options((str(one), gettext(sign_of(one).label)) for one in Lifecycle)
    form.partner_id.choices = options(
        (str(one.id), one.name) for one in known if viewer.may(WRITE, one.id)
    )
    owner = next((one for one in known if str(one.id) == form.partner_id.data), None)
    sites = sites_of(viewer, owner.id if owner else None)
    form.site_id.choices = options([NONE_CHOSEN, *((str(one.id), one.name) for one in sites)])
    for field in (form.user_partner_id, form.operator_id):
        field.choices = _partners(known)
    return form


def _partners(known: Iterable[Organisation]) -> Any:
    return options([NONE_CHOSEN, *((str(one.id), one.name) for one in known)])


def _field(one: AttributeDefinition) -> Field:
    label = f"{attribute_label(one)} ({one.unit})" if one.unit else attribute_label(one)
    if one.type is AttributeType.CHOICE:
        return SelectField(label, choices=options([NONE_CHOSEN, *((c, c) for c in one.choices)]))
    if one.type is AttributeType.BOOLEAN:
        answers = [NONE_CHOSEN, (_YES, gettext("yes")), (_NO, gettext("no"))]
        return SelectField(label, choices=options(answers))
    if one.type is AttributeType.DATE:
        return DateField(label, [Optional()])
    return StringField(label, [Length(max=MAX_VALUE)])


def _data(item: Present, definitions: Definitions) -> dict[str, Any]:
    data: dict[str, Any] = {name: item.value_of(name) or "" for name in COLUMNS}
    for name, one in definitions.items():
        data[f"{PREFIX}{name}"] = _shown(one, item.attributes.get(name))
    return {**data, "version": str(item.version)}


def _shown(one: AttributeDefinition, value: Any) -> Any:
    if one.type is AttributeType.BOOLEAN and value is not None:
        return _YES if value else _NO
    if one.type is AttributeType.DATE and value:
        return date.fromisoformat(str(value))
    return "" if value is None else str(value)


def _value(field: Field) -> Any:
    value = field.data
    if isinstance(field, DateField):
        return value.isoformat() if value else None
    if isinstance(value, str):
        value = value.strip()
    if field.name.startswith(PREFIX) and value in {_YES, _NO} and _is_answer(field):
        return value == _YES
    return value or None


def _is_answer(field: Field) -> bool:
    choices: Any = field.choices if isinstance(field, SelectField) else ()
    return any(one.value == _YES for one in choices)
