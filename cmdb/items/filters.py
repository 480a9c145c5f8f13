"""What to look for among the items, and how that is asked of the database."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.models import ITEM_SEARCH, CiClass, ConfigurationItem, Interface, IpAddress
from cmdb.items.visibility import inspected_by
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.search import words_of
from cmdb.kernel.viewer import Viewer, visible
from schemas.vocabulary import FindingState, Lifecycle

Condition = sa.ColumnElement[bool]

# Findings live in a room above this one; like a foreign key, this knows their table by name only.
FINDING: Final = sa.table(
    "finding",
    sa.column("item_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("partner_id", sa.Uuid()),
)
_MAC: Final = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to look for; all that is given must hold, and one of several values.

    Attributes:
        text: words that must all occur in name, serial number, model, vendor, version or address;
            a complete MAC or IP address is also looked for among the interfaces.
        classes: names of classes; `network` stands for `network.switch` and all its like.
        os_version: a piece of the version.
        network: an address or range such as 10.20.0.0/16, which holds the management address.
        seen_since: last seen at this moment or later.
        has_finding: whether a person has to decide something about it.
    """

    text: str = ""
    classes: tuple[str, ...] = ()
    partners: tuple[UUID, ...] = ()
    sites: tuple[UUID, ...] = ()
    lifecycles: tuple[Lifecycle, ...] = ()
    vendors: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    os_version: str = ""
    network: str = ""
    seen_since: datetime | None = None
    has_finding: bool | None = None


ALL_ITEMS: Final = ItemFilter()


def conditions_of(
    session: Session, viewer: Viewer, wanted: ItemFilter, *, without: Collection[str] = ()
) -> list[Condition]:
    """Return the conditions of a filter, those of the fields `without` left out.

    Items are not found by an inside that the viewer does not see.

    Raises:
        InvalidError: the network is none.
    """
    given = {
        name: getattr(wanted, name)
        for name in (*_BUILDERS, "has_finding")
        if name not in without and getattr(wanted, name) not in ("", (), None)
    }
    conditions = [_BUILDERS[name](value) for name, value in given.items() if name in _BUILDERS]
    if not _INSIDE_FIELDS.isdisjoint(given):
        conditions.append(inspected_by(viewer))
    if "has_finding" in given:
        is_asked = has_open_finding(viewer)
        conditions.append(is_asked if wanted.has_finding else ~is_asked)
    dialect = session.get_bind().dialect.name
    return conditions + [contains(dialect, viewer, word) for word in words_of(wanted.text)]


def chosen_in(name: str, column: Any, values: tuple[Any, ...]) -> Condition:
    """Return the condition that a column holds one of the values chosen for a field."""
    return _in_classes(values, column) if name == "classes" else column.in_(values)


def contains(dialect: str, viewer: Viewer, word: str) -> Condition:
    """Return the condition that a viewer can find an item by a word in lower case.

    Whoever does not see the inside finds it by its name only.
    """
    may_inspect = inspected_by(viewer)
    is_named = ConfigurationItem.name.icontains(word, autoescape=True)
    found = ITEM_SEARCH.contains(dialect, ConfigurationItem, word) & (may_inspect | is_named)
    if _MAC.fullmatch(word):
        digits = re.sub(r"[^0-9a-f]", "", word)
        mac = ":".join(digits[start : start + 2] for start in range(0, 12, 2))
        return found | (_has(Interface, Interface.mac == mac) & may_inspect)
    try:
        address = str(ip_address(word))
    except ValueError:
        return found
    return found | (_has(IpAddress, IpAddress.address == address) & may_inspect)


def has_open_finding(viewer: Viewer) -> Condition:
    """Return the condition that something waits to be decided about an item, as the viewer sees."""
    partner_id: Any = FINDING.c.partner_id
    return sa.exists().where(
        FINDING.c.item_id == ConfigurationItem.id,
        FINDING.c.state == FindingState.OPEN.value,
        visible(viewer, "finding.read", partner_id),
    )


def _has(table: Any, condition: Condition) -> Condition:
    return ConfigurationItem.id.in_(sa.select(table.item_id).where(condition))


def _in_classes(names: tuple[str, ...], column: Any = ConfigurationItem.class_name) -> Condition:
    # Classes are few: asking for their names keeps the index on the items in use.
    wanted = [
        CiClass.name.in_(names),
        *(CiClass.name.startswith(f"{name}.", autoescape=True) for name in names),
    ]
    return column.in_(sa.select(CiClass.name).where(sa.or_(*wanted)))


def _in_network(text: str) -> Condition:
    try:
        network: IPv4Network | IPv6Network = ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise InvalidError(
            "item.network",
            N_("«{text}» is neither an address nor a range such as 10.20.0.0/16."),
            text=text,
        ) from error
    return ConfigurationItem.address.between(str(network[0]), str(network[-1]))


_BUILDERS: Final[dict[str, Callable[[Any], Condition]]] = {
    "classes": _in_classes,
    "partners": ConfigurationItem.partner_id.in_,
    "sites": ConfigurationItem.site_id.in_,
    "lifecycles": ConfigurationItem.lifecycle.in_,
    "vendors": ConfigurationItem.vendor.in_,
    "models": ConfigurationItem.model.in_,
    "os_version": lambda text: ConfigurationItem.os_version.icontains(text, autoescape=True),
    "network": _in_network,
    "seen_since": lambda moment: ConfigurationItem.seen_at >= moment,
}
_INSIDE_FIELDS: Final = {"sites", "vendors", "models", "os_version", "network"}
"""The fields that ask for the inside of an item; see `visibility`."""
