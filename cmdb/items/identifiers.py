"""By what declared items are recognised when discovery meets them.

The normal forms are those of `reconcile`, so that a declared item and a seen one find each other.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cmdb.items.models import Identifier
from cmdb.kernel.ids import new_key
from schemas.vocabulary import IdentifierScheme

_SHORTEST_SERIAL: Final = 4
_SCHEMES: Final[dict[str, tuple[IdentifierScheme, ...]]] = {
    "serial": (IdentifierScheme.SERIAL,),
    "name": (IdentifierScheme.SYS_NAME, IdentifierScheme.FQDN),
    "address": (IdentifierScheme.ADDRESS,),
}
_SAID: Final = sa.tuple_(Identifier.item_id, Identifier.scope, Identifier.scheme, Identifier.value)
Declared = Mapping[UUID, tuple[UUID, Mapping[str, Any], Mapping[str, Any]]]
"""Item → its partner, the values before and the values after."""


def identifiers_of(values: Mapping[str, Any]) -> set[tuple[IdentifierScheme, str]]:
    """Return by what these values make an item recognisable."""
    found: set[tuple[IdentifierScheme, str]] = set()
    serial = " ".join((values.get("serial") or "").split()).upper()
    if len(serial) >= _SHORTEST_SERIAL and len(set(serial)) > 1:
        found.add((IdentifierScheme.SERIAL, serial))
    name = (values.get("name") or "").strip().rstrip(".").lower()
    if name and " " not in name:
        found.add((IdentifierScheme.SYS_NAME, name.split(".", 1)[0]))
        if "." in name:
            found.add((IdentifierScheme.FQDN, name))
    if values.get("address"):
        found.add((IdentifierScheme.ADDRESS, values["address"]))
    return found


def declare_identifiers(session: Session, declared: Declared) -> None:
    """Replace what earlier declarations said by what they say now; what was seen stays."""
    added: list[dict[str, Any]] = []
    removed: list[tuple[UUID, UUID, IdentifierScheme, str]] = []
    for item_id, (partner_id, before, after) in declared.items():
        names = after.keys() & _SCHEMES.keys()
        old = identifiers_of({name: before.get(name) for name in names})
        new = identifiers_of({name: after[name] for name in names})
        # What was seen to have the new value too gives way to the same, without being asked for.
        removed += [(item_id, partner_id, *one) for one in old ^ new]
        added += [_row(item_id, partner_id, *one) for one in new - old]
    if removed:
        session.execute(sa.delete(Identifier).where(_SAID.in_(removed)))
    if added:
        session.execute(sa.insert(Identifier), added)


def _row(item_id: UUID, scope: UUID, scheme: IdentifierScheme, value: str) -> dict[str, Any]:
    return {"id": new_key(), "item_id": item_id, "scheme": scheme, "value": value, "scope": scope}
