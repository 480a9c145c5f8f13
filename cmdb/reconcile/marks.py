"""By what devices know their neighbours, and which items have these marks."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.models import ConfigurationItem, Identifier, Interface
from cmdb.reconcile.identifiers import full_name, short_name, usable_mac
from cmdb.reconcile.policy import GenericValues
from schemas.vocabulary import IdentifierScheme, Lifecycle

Mark = tuple[IdentifierScheme, str]

_AT_ONCE: Final = 5_000
"""So many marks in one statement; SQLite takes 32,766 variables."""


def marks_of(row: Mapping[str, Any], generic: GenericValues) -> list[Mark]:
    """Return the marks of a neighbour; the chassis id says more than a name and comes first."""
    chassis = usable_mac(row.get("remote_chassis_id"), generic)
    name = row.get("remote_name")
    marks = [
        (IdentifierScheme.CHASSIS_ID, chassis),
        (IdentifierScheme.MAC, chassis),
        (IdentifierScheme.MAC, usable_mac(row.get("remote_port"), generic)),
        (IdentifierScheme.FQDN, full_name(name)),
        (IdentifierScheme.SYS_NAME, short_name(name, generic)),
    ]
    return [(scheme, value) for scheme, value in marks if value]


def find_marked(
    session: Session, partner_id: UUID, marks: Collection[Mark]
) -> dict[Mark, set[UUID]]:
    """Return which items of a partner that are not retired have these marks."""
    found: dict[Mark, set[UUID]] = defaultdict(set)
    for some in _parts(sorted(set(marks))):
        for scheme, value, item_id in session.execute(_by_identifier(partner_id, some)):
            found[scheme, value].add(item_id)
        macs = [value for scheme, value in some if scheme is IdentifierScheme.MAC]
        if macs:
            for mac, item_id in session.execute(_by_interface(partner_id, macs)):
                found[IdentifierScheme.MAC, mac].add(item_id)
    return found


def _by_identifier(
    partner_id: UUID, marks: Sequence[Mark]
) -> sa.Select[IdentifierScheme, str, UUID]:
    values: dict[IdentifierScheme, list[str]] = defaultdict(list)
    for scheme, value in marks:
        values[scheme].append(value)
    conditions = (
        sa.and_(
            Identifier.scope == partner_id,
            Identifier.scheme == scheme,
            Identifier.value.in_(some),
        )
        for scheme, some in values.items()
    )
    return (
        sa.select(Identifier.scheme, Identifier.value, Identifier.item_id)
        .join(ConfigurationItem, ConfigurationItem.id == Identifier.item_id)
        .where(sa.or_(*conditions), ConfigurationItem.lifecycle != Lifecycle.RETIRED)
    )


def _by_interface(partner_id: UUID, macs: Sequence[str]) -> sa.Select[str, UUID]:
    return (
        sa.select(Interface.mac, Interface.item_id)
        .join(ConfigurationItem, ConfigurationItem.id == Interface.item_id)
        .where(
            Interface.mac.in_(macs),
            ConfigurationItem.partner_id == partner_id,
            ConfigurationItem.lifecycle != Lifecycle.RETIRED,
        )
    )


def _parts(marks: Sequence[Mark]) -> Iterator[Sequence[Mark]]:
    return (marks[start : start + _AT_ONCE] for start in range(0, len(marks), _AT_ONCE))
