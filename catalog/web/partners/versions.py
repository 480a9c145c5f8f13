"""Forms that know what they were filled with, so that nobody overwrites what they never saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import orjson
from wtforms import DateField, Field, HiddenField, SelectMultipleField

from catalog.web.formatting import format_date
from catalog.web.forms import HouseForm
from cmdb.kernel.errors import N_, StaleError

UNSAID: Final = "–"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that somebody else changed while this form was open."""

    label: str
    mine: str
    theirs: str


class VersionedForm(HouseForm):
    """A form for something that has no counter of its own: its content is its version."""

    version = HiddenField()


def version_of(data: Mapping[str, Any]) -> str:
    """Return the mark of a content; the same content has the same mark."""
    content = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    return blake2b(content, digest_size=8).hexdigest()


def refuse_stale(form: VersionedForm, now_there: Mapping[str, Any]) -> None:
    """Refuse a form that was filled with another content; called inside the transaction.

    Raises:
        StaleError: somebody changed it meanwhile.
    """
    # A form that says nothing was not filled here; `data` would be what it could have been.
    said = next(iter(form.version.raw_data or ()), None)
    if said != version_of(now_there):
        raise StaleError(
            "partner.stale", N_("Somebody else changed this meanwhile. Compare both values.")
        )


def conflicts_of(form: VersionedForm, now_there: Mapping[str, Any]) -> list[Conflict]:
    """Return where a form and what is there now differ, and let the form be based on the latter."""
    form.version.data = version_of(now_there)
    return [
        Conflict(str(one.label.text), _told(one, one.data), _told(one, now_there[one.name]))
        for one in form
        if one.name in now_there and (one.data or None) != (now_there[one.name] or None)
    ]


def _told(field: Field, value: Any) -> str:
    if isinstance(field, SelectMultipleField):
        choices: Any = field.choices or ()
        labels = {str(one.value): str(one.label) for one in choices}
        return ", ".join(sorted(labels.get(str(one), str(one)) for one in value or ())) or UNSAID
    if isinstance(field, DateField):
        return format_date(value)
    return str(value) if value not in (None, "") else UNSAID
