"""Words for what devices tell of supplies, batteries and power over the cable."""

from typing import Final

from flask_babel import gettext

from catalog.web.formatting import format_number
from cmdb.kernel.errors import N_

_SUPPLIES: Final[dict[str, str]] = {
    "cleanerUnit": N_("Cleaning unit"),
    "developer": N_("Developer"),
    "fuser": N_("Fuser"),
    "ink": N_("Ink"),
    "inkCartridge": N_("Ink cartridge"),
    "inkRibbon": N_("Ink ribbon"),
    "opc": N_("Drum"),
    "other": N_("Other"),
    "staples": N_("Staples"),
    "toner": N_("Toner"),
    "tonerCartridge": N_("Toner cartridge"),
    "transferUnit": N_("Transfer unit"),
    "wasteInk": N_("Waste ink"),
    "wasteToner": N_("Waste toner"),
}
_GAUGES: Final[dict[str, str]] = {
    "battery_replaced_on": N_("Battery replaced on"),
    "battery_status": N_("Battery"),
    "charge_percent": N_("Charge of the battery"),
    "load_percent": N_("Load"),
    "must_replace_battery": N_("Battery must be replaced"),
    "pages": N_("Pages printed"),
}
_VALUES: Final[dict[str, str]] = {
    "true": N_("yes"),
    "false": N_("no"),
    "normal": N_("in order"),
    "low": N_("low"),
    "depleted": N_("empty"),
    "fault": N_("faulty"),
    "unknown": N_("unknown"),
}
_POE: Final[dict[str, str]] = {
    "deliveringPower": N_("feeds a device"),
    "searching": N_("ready"),
    "disabled": N_("switched off"),
    "fault": N_("faulty"),
    "otherFault": N_("faulty"),
    "test": N_("being tested"),
}


_PROTOCOLS: Final[dict[str, str]] = {
    "fdb": N_("forwarding table"),
    "stp": N_("spanning tree"),
}


def protocol_name(name: str) -> str:
    """Return what a protocol is called by which a link was seen."""
    return gettext(_PROTOCOLS[name]) if name in _PROTOCOLS else name.upper()


def supply_kind(name: str) -> str:
    """Return what a kind of supply is called."""
    return gettext(_SUPPLIES[name]) if name in _SUPPLIES else name


def poe_status(name: str) -> str:
    """Return what a port does about power over the cable."""
    return gettext(_POE[name]) if name in _POE else name


def gauge_name(name: str) -> str:
    """Return what a value that moves is called."""
    return gettext(_GAUGES[name]) if name in _GAUGES else name


def gauge_value(value: str, name: str) -> str:
    """Return a value that moves in words; numbers are the lower end of the step they lie in."""
    if name in {"charge_percent", "load_percent"}:
        return gettext("%(number)s %% or more", number=value)
    if name == "pages" and value.isdigit():
        return gettext("%(number)s or more", number=format_number(int(value)))
    return gettext(_VALUES[value]) if value in _VALUES else value
