"""The columns of the list of devices: which there are, which are shown, what they say as text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, request
from flask_babel import gettext

from catalog.web.components import word
from catalog.web.devices.words import Words
from catalog.web.formatting import format_date_time
from catalog.web.preferences import ONE_YEAR
from cmdb.items.queries import ItemRow
from cmdb.kernel.errors import N_

COOKIE: Final = "device_columns"
NAME: Final = "name"
"""The column that is always there, because it leads to the device."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        label: the English text, translated where it is shown.
        text: what the export writes.
        sort: by what the list is sorted when its head is chosen, empty for not at all.
    """

    key: str
    label: str
    text: Callable[[ItemRow, Words], str]
    sort: str = ""
    is_number: bool = False


COLUMNS: Final[Mapping[str, Column]] = {
    one.key: one
    for one in (
        Column(NAME, N_("Name"), lambda row, _: row.name, "name"),
        Column("class", N_("Class"), lambda row, words: words.class_name(row.class_name), "class"),
        Column("partner", N_("Partner"), lambda row, _: row.partner_name, "partner"),
        Column("site", N_("Site"), lambda row, _: row.site_name, "site"),
        Column("vendor", N_("Vendor"), lambda row, _: row.vendor, "vendor"),
        Column("model", N_("Model"), lambda row, _: row.model, "model"),
        Column("serial", N_("Serial number"), lambda row, _: row.serial),
        Column("version", N_("Version"), lambda row, _: row.os_version),
        Column("address", N_("Address"), lambda row, _: row.address, "address"),
        Column("lifecycle", N_("State"), lambda row, _: word(row.lifecycle)),
        Column(
            "seen",
            N_("Last seen"),
            lambda row, _: format_date_time(row.seen_at) if row.seen_at else "",
            "seen_at",
            is_number=True,
        ),
        Column(
            "updated",
            N_("Last changed"),
            lambda row, _: format_date_time(row.updated_at),
            "updated_at",
            is_number=True,
        ),
    )
}
USUAL: Final = (NAME, "class", "partner", "site", "model", "address", "seen")
"""Without the state: a device that is not in operation says so beside its name."""


def chosen_columns() -> tuple[str, ...]:
    """Return the columns to show: those of the address, else those of last time."""
    wanted = set(request.args.getlist("columns")) or set(request.cookies.get(COOKIE, "").split("."))
    chosen = tuple(key for key in COLUMNS if key in wanted or key == NAME)
    return chosen if len(chosen) > 1 else USUAL


def remember_columns(answer: Response) -> Response:
    """Let the columns that the address names hold for the next time too."""
    if request.args.getlist("columns"):
        answer.set_cookie(
            COOKIE,
            ".".join(chosen_columns()),
            max_age=ONE_YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return answer


def heads(keys: tuple[str, ...]) -> list[dict[str, object]]:
    """Return the heads of columns in the form of the table macro."""
    return [
        {"label": gettext(one.label), "sort": one.sort, "number": one.is_number}
        for one in (COLUMNS[key] for key in keys)
    ]


def beside_name(keys: tuple[str, ...]) -> list[tuple[Column, str]]:
    """Return the columns after the name, each with its label in the reader's language."""
    return [(one, gettext(one.label)) for one in (COLUMNS[key] for key in keys) if one.key != NAME]
