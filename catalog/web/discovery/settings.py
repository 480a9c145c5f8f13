"""The further settings of a plan: options of its collector as lines of text, and back.

What nobody touched on the page stays exactly as it is stored, also what the page cannot show.
"""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from flask_babel import gettext
from wtforms import Field, FloatField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from catalog.errors import message_of
from catalog.web.forms import HouseForm
from catalog.web.forms import lazy as _
from cmdb.kernel.errors import N_, HausError, InvalidError
from cmdb.plans.models import Plan
from cmdb.plans.rules import check_settings
from schemas.vocabulary import Protocol

# The limits are those of the collectors' own option schemas; a test holds them together.
MAX_RANGES: Final = 64
MAX_SECRETS: Final = 16
MAX_SERVERS: Final = 8
MAX_SERVER: Final = 255
MAX_TEXT: Final = 64 * 1024

FIELDS: Final[Mapping[str, tuple[str, Protocol]]] = {
    "servers": ("servers", Protocol.LDAP),
    "credentials_by_range": ("credentials_by_range", Protocol.SNMP),
    "crawl": ("crawl_ranges", Protocol.SNMP),
    "subnet_rate": ("subnet_rate", Protocol.SNMP),
    "port": ("port", Protocol.SNMP),
}
"""Option → the field that shows it, and the protocol whose collector understands it."""

FOREIGN: Final = N_("This is only for plans by {protocol}: leave it empty.")


class SettingsForm(HouseForm):
    """The options of collectors that the page can change."""

    servers = TextAreaField(_("Directory servers"), [Length(max=MAX_TEXT)])
    credentials_by_range = TextAreaField(_("Secrets by range"), [Length(max=MAX_TEXT)])
    crawl_ranges = TextAreaField(_("Follow neighbours into"), [Length(max=MAX_TEXT)])
    crawl_hops = IntegerField(_("Cables away at most"), [Optional(), NumberRange(1, 8)])
    crawl_devices = IntegerField(_("Neighbours at most"), [Optional(), NumberRange(1, 4096)])
    subnet_rate = FloatField(
        _("New devices per second in one subnet"), [Optional(), NumberRange(0.1, 10_000)]
    )
    port = IntegerField(_("UDP port"), [Optional(), NumberRange(1, 65_535)])

    def validate_servers(self, field: Field) -> None:
        """Refuse what is no address of a directory server."""
        servers = lines_of(field.data)
        _refuse_too_many(servers, MAX_SERVERS)
        for one in servers:
            if not _is_server(one):
                text = gettext("«%(entry)s» is not of the form ldaps://server.example.", entry=one)
                raise ValidationError(text)

    def validate_credentials_by_range(self, field: Field) -> None:
        """Refuse lines that do not name a range and its secrets."""
        lines = lines_of(field.data)
        _refuse_too_many(lines, MAX_RANGES)
        met: set[str] = set()
        for line in lines:
            text, names = _range_and_secrets(line)
            if not text or not names:
                raise ValidationError(
                    gettext("«%(entry)s»: write 10.9.0.0/16 = first-name, second-name", entry=line)
                )
            key = _network_of(text)
            if key in met:
                raise ValidationError(gettext("«%(entry)s» is there twice.", entry=text))
            met.add(key)
            _refuse_too_many(names, MAX_SECRETS)
            try:
                check_settings(names, None, None)
            except HausError as error:
                raise ValidationError(message_of(error)) from error

    def validate_crawl_ranges(self, field: Field) -> None:
        """Refuse what is no range, and limits without one."""
        ranges = entries_of(field.data)
        _refuse_too_many(ranges, MAX_RANGES)
        for one in ranges:
            _network_of(one)
        if not ranges and (self.crawl_hops.data or self.crawl_devices.data):
            raise ValidationError(gettext("Name a range, or leave both limits empty."))


def texts_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a plan as the fields of the form show them."""
    secrets, crawl = _mapping(options.get("credentials_by_range")), _mapping(options.get("crawl"))
    return {
        "servers": _text(options.get("servers")),
        "credentials_by_range": "\n".join(
            f"{one} = {', '.join(map(str, _list(names)))}" for one, names in secrets.items()
        ),
        "crawl_ranges": _text(crawl.get("ranges")),
        "crawl_hops": crawl.get("hops"),
        "crawl_devices": crawl.get("devices"),
        "subnet_rate": options.get("subnet_rate"),
        "port": options.get("port"),
    }


def options_of(form: SettingsForm, protocol: Protocol, plan: Plan | None) -> dict[str, Any]:
    """Return the options that a valid form says.

    Raises:
        InvalidError: an option that was set is not for this protocol, or a needed one is missing.
    """
    stored = dict(plan.options) if plan else {}
    before, said = _read(texts_of(stored)), _read(form.data)
    is_new = plan is None or plan.protocol is not protocol
    touched = [name for name in FIELDS if is_new or said[name] != before[name]]
    for name in touched:
        field, of_protocol = FIELDS[name]
        if said[name] and of_protocol is not protocol:
            raise InvalidError.at(
                field, "plan.foreign-option", FOREIGN, protocol=of_protocol.upper()
            )
    if protocol is Protocol.LDAP and "servers" in touched and not said["servers"]:
        raise InvalidError.at("servers", "plan.no-server", N_("Name at least one server."))
    for name, value in said.items():
        if value != before[name]:
            stored.pop(name, None)
            if value:
                stored[name] = value
    return stored


def settings_told(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the options that are set: the label of each and its value, in words."""
    texts = texts_of(options)
    labels = {
        "servers": gettext("Directory servers"),
        "credentials_by_range": gettext("Secrets by range"),
        "crawl_ranges": gettext("Follow neighbours into"),
        "crawl_hops": gettext("Cables away at most"),
        "crawl_devices": gettext("Neighbours at most"),
        "subnet_rate": gettext("New devices per second in one subnet"),
        "port": gettext("UDP port"),
    }
    told = [
        (label, "; ".join(lines_of(str(texts[name]))))
        for name, label in labels.items()
        if texts[name]
    ]
    others = ", ".join(other_options(options))
    return [*told, (gettext("Other options"), others)] if others else told


def other_options(options: Mapping[str, Any]) -> list[str]:
    """Return the names of the options that the form does not show."""
    return sorted(name for name in options if name not in FIELDS)


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the lines of a text that say something."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def entries_of(text: str | None) -> tuple[str, ...]:
    """Return the entries of a text, one per line or with commas between them."""
    return lines_of((text or "").replace(",", "\n"))


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields say, None or empty where they say nothing."""
    ranges = list(entries_of(data["crawl_ranges"]))
    limits = {"hops": data["crawl_hops"], "devices": data["crawl_devices"]}
    return {
        "servers": list(lines_of(data["servers"])),
        "credentials_by_range": dict(
            map(_range_and_secrets, lines_of(data["credentials_by_range"]))
        ),
        "crawl": {"ranges": ranges}
        | {name: value for name, value in limits.items() if value is not None}
        if ranges
        else None,
        "subnet_rate": data["subnet_rate"],
        "port": data["port"],
    }


def _range_and_secrets(line: str) -> tuple[str, list[str]]:
    text, _, names = line.partition("=")
    return text.strip(), list(entries_of(names))


def _network_of(text: str) -> str:
    """Return a range in one spelling."""
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValidationError(
            gettext("«%(entry)s» is not a range such as 10.20.0.0/16.", entry=text)
        ) from None


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    is_directory = parts.scheme in {"ldap", "ldaps"} and bool(parts.hostname)
    return is_directory and has_port and not extra and len(url) <= MAX_SERVER


def _refuse_too_many(entries: tuple[str, ...] | list[str], limit: int) -> None:
    if len(entries) > limit:
        raise ValidationError(gettext("At most %(limit)s entries.", limit=limit))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _text(value: Any) -> str:
    return "\n".join(map(str, _list(value)))
