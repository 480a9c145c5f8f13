"""Whether what a change names is there, as far as the actor may know."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items import rules
from cmdb.items.models import ConfigurationItem
from cmdb.items.visibility import seen_by
from cmdb.kernel.errors import N_, InvalidError
from cmdb.kernel.viewer import Viewer, visible
from cmdb.partners.models import Organisation, Site

Condition = sa.ColumnElement[bool]

_UNKNOWN: Final = N_("There is none that you may see.")


def check_references(
    session: Session,
    actor: Viewer,
    wanted: Iterable[tuple[Mapping[str, Any], rules.Definitions]],
) -> None:
    """Refuse values that name an organisation, a site or an item which the actor does not see.

    Raises:
        InvalidError: with a complaint for each value that names nothing.
    """
    named: dict[str, dict[UUID, str]] = {}
    for values, definitions in wanted:
        for name, value in values.items():
            kind = _kind_of(name, definitions)
            if kind and value:
                named.setdefault(kind, {})[UUID(value)] = name
    existing = _existing(session, actor, named) if named else set[tuple[str, UUID]]()
    complaints: dict[str, Any] = {
        name: _UNKNOWN
        for kind, keys in named.items()
        for key, name in keys.items()
        if (kind, key) not in existing
    }
    if complaints:
        raise InvalidError("item.reference", N_("Some values name nothing."), errors=complaints)


def _kind_of(name: str, definitions: rules.Definitions) -> str:
    if name in rules.PARTNER_COLUMNS:
        return "organisation"
    if name == "site_id":
        return "site"
    is_reference = name in definitions and definitions[name].type == rules.AttributeType.REFERENCE
    return "item" if is_reference else ""


def _existing(
    session: Session, actor: Viewer, named: Mapping[str, Iterable[UUID]]
) -> set[tuple[str, UUID]]:
    """Return which of these things there are for the actor, kind and key, in one statement."""
    known: dict[str, tuple[Any, Condition]] = {
        "organisation": (Organisation.id, sa.true()),
        "site": (Site.id, visible(actor, "partner.read", Site.partner_id)),
        "item": (ConfigurationItem.id, seen_by(actor)),
    }
    parts = [
        sa.select(sa.literal(kind), key).where(key.in_(list(named[kind])), is_seen)
        for kind, (key, is_seen) in known.items()
        if kind in named
    ]
    return {(kind, key) for kind, key in session.execute(sa.union_all(*parts))}
