"""How accounts, their numbers and the purposes of reading them are told in words."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import gettext

from catalog.web.components import word
from cmdb.accounts.models import Purpose
from cmdb.accounts.rules import Hygiene
from cmdb.kernel.errors import N_
from schemas.vocabulary import AccountType, LogonBucket

PURPOSES: Final[dict[Purpose, str]] = {
    Purpose.LICENCE_COUNT: N_("Counting licences"),
    Purpose.SECURITY: N_("Security check"),
    Purpose.ORDER_FULFILMENT: N_("Fulfilling an order"),
    Purpose.INCIDENT: N_("Handling an incident"),
    Purpose.AUDIT: N_("Audit"),
    Purpose.RIGHT_OF_ACCESS: N_("Request of the person concerned"),
}
HYGIENE: Final[dict[Hygiene, str]] = {
    Hygiene.STALE: N_("Enabled, but unused for 90 days"),
    Hygiene.PRIVILEGED: N_("Privileged"),
    Hygiene.DISABLED_LONG: N_("Disabled for more than 180 days"),
}
FIELDS: Final[dict[str, str]] = {
    "name": N_("Name"),
    "type": N_("Type"),
    "is_enabled": N_("Enabled"),
    "last_logon": N_("Last use"),
    "is_privileged": N_("Privileged"),
    "org_unit": N_("Organisational unit"),
    "directory_key": N_("Directory ID"),
    "created_on": N_("Created on"),
    "disabled_on": N_("Disabled on"),
    "expires_on": N_("Expires on"),
    "privileged_reason": N_("Why privileged"),
    "seen_at": N_("Last seen"),
    "gone_at": N_("Gone since"),
}

Bars = list[tuple[str, int]]


def purpose_word(one: Purpose) -> str:
    """Return what a purpose is called."""
    return gettext(PURPOSES[one])


def hygiene_word(one: Hygiene) -> str:
    """Return why somebody should look at an account."""
    return gettext(HYGIENE[one])


def field_word(name: str) -> str:
    """Return what a field of an account record is called."""
    return gettext(FIELDS[name]) if name in FIELDS else name


def charts(facets: Mapping[str, Mapping[str, int | None]]) -> list[tuple[str, Bars, int]]:
    """Return the charts of the page: title, bars, and how many bars are too small to be told."""
    enabled = _chart("", facets["is_enabled"], _yes_no(gettext("enabled"), gettext("disabled")))
    words = _yes_no(gettext("privileged"), gettext("not privileged"))
    privileged = _chart("", facets["is_privileged"], words)
    return [
        _chart(gettext("By type"), facets["types"], {str(one): word(one) for one in AccountType}),
        _chart(
            gettext("By last use"),
            facets["last_logons"],
            {str(one): word(one) for one in LogonBucket},
        ),
        (
            gettext("State and privileges"),
            enabled[1] + privileged[1],
            enabled[2] + privileged[2],
        ),
        _chart(
            gettext("Needs a look"),
            facets["hygiene"],
            {str(one): gettext(HYGIENE[one]) for one in Hygiene},
        ),
    ]


def _yes_no(yes: str, no: str) -> dict[str, str]:
    return {"yes": yes, "no": no}


def _chart(
    title: str, counts: Mapping[str, int | None], labels: Mapping[str, str]
) -> tuple[str, Bars, int]:
    known: Sequence[str] = [key for key in labels if key in counts]
    bars = [(labels[key], count) for key in known if (count := counts[key]) is not None]
    return title, bars, len(known) - len(bars)
