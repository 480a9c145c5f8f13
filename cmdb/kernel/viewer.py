"""Who asks, and what they may see: the one place where visibility is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from cmdb.kernel.errors import N_, ForbiddenError


class ActorKind(StrEnum):
    """What stands behind a request."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 — a word, not a password
    JOB = "job"


class Everywhere:
    """Stands for all partners, present and future."""

    def __contains__(self, partner_id: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "EVERYWHERE"


EVERYWHERE: Final = Everywhere()

Reach = frozenset[UUID] | Everywhere
"""For which partners a permission holds."""

NOWHERE: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks or acts: a person, a program with a token, or a job of the house itself.

    Attributes:
        id: the person, also behind a token; None for jobs.
        name: how the history calls them.
        kind: what stands behind.
        grants: permission → the partners for which it holds. What is not granted is denied.
    """

    id: UUID | None
    name: str
    kind: ActorKind = ActorKind.PERSON
    grants: Mapping[str, Reach] = field(default_factory=dict[str, Reach])

    def reach(self, permission: str) -> Reach:
        """Return the partners for which this permission holds."""
        return self.grants.get(permission, NOWHERE)

    def may(self, permission: str, partner_id: UUID | None = None) -> bool:
        """Tell whether the permission holds for this partner, or for any where none is named."""
        reach = self.reach(permission)
        return bool(reach) if partner_id is None else partner_id in reach


def visible(
    viewer: Viewer, permission: str, *partner_columns: InstrumentedAttribute[Any]
) -> sa.ColumnElement[bool]:
    """Return the condition that keeps only rows of partners for which the permission holds.

    A row is visible when any of the given columns names such a partner.
    """
    reach = viewer.reach(permission)
    if isinstance(reach, Everywhere):
        return sa.true()
    if not reach:
        return sa.false()
    return sa.or_(*(column.in_(sorted(reach)) for column in partner_columns))


def permit(actor: Viewer, permission: str, partner_id: UUID | None) -> None:
    """Refuse unless the actor holds the permission for this partner.

    `None` stands for the joint organisation as a whole and needs the permission everywhere.

    Raises:
        ForbiddenError: the actor does not hold it.
    """
    reach = actor.reach(permission)
    allowed = isinstance(reach, Everywhere) if partner_id is None else partner_id in reach
    if not allowed:
        raise ForbiddenError(
            "access.forbidden",
            N_("You may not do this here: it needs the permission «{permission}»."),
            permission=permission,
        )


def job(name: str, *permissions: str) -> Viewer:
    """Return an actor for work that the house does by itself, for all partners."""
    return Viewer(None, name, ActorKind.JOB, dict.fromkeys(permissions, EVERYWHERE))
