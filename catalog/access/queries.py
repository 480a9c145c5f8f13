"""Questions about people, their roles and their tokens."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.access.models import ApiToken, Person, RoleAssignment
from cmdb.kernel.errors import N_, NotFoundError
from cmdb.kernel.paging import Page, SortKey, keyset, page_of
from cmdb.kernel.viewer import Everywhere, Viewer, visible
from cmdb.partners.models import Organisation

ADMINISTER = "admin.users"
"""The permission that lets somebody see and administer the people of a partner."""


def find_person(session: Session, viewer: Viewer, sign_in_name: str) -> Person | None:
    """Return the person with this sign-in name if the viewer administers him or her."""
    statement = sa.select(Person).where(
        Person.sign_in_name == sign_in_name.strip().casefold(), _administered(viewer)
    )
    return session.scalar(statement)


def get_person(session: Session, viewer: Viewer, person_id: UUID) -> Person:
    """Return a person whom the viewer administers, with the role assignments.

    Raises:
        NotFoundError: there is no such person, or none that the viewer administers.
    """
    statement = (
        sa.select(Person)
        .where(Person.id == person_id, _administered(viewer))
        .options(
            joinedload(Person.organisation),
            selectinload(Person.assignments).joinedload(RoleAssignment.organisation),
        )
    )
    person = session.scalar(statement)
    if person is None:
        raise NotFoundError("person.not-found", N_("There is no such person."))
    return person


def list_people(
    session: Session, viewer: Viewer, *, search: str = "", after: str | None = None, limit: int = 50
) -> Page[Person]:
    """Return the people whom the viewer administers, by name."""
    statement = (
        sa.select(Person)
        .where(_administered(viewer), _matching(search))
        .options(
            joinedload(Person.organisation),
            selectinload(Person.assignments).joinedload(RoleAssignment.organisation),
        )
    )
    statement = keyset(statement, SortKey(Person.name), Person.id, after=after, limit=limit)
    people = session.scalars(statement).all()
    return page_of(people, limit, value_of=lambda one: one.name, id_of=lambda one: one.id)


def count_people(session: Session, viewer: Viewer, *, search: str = "") -> int:
    """Return how many people `list_people` would show on all its pages."""
    statement = sa.select(sa.func.count(Person.id)).where(_administered(viewer), _matching(search))
    return session.scalar(statement) or 0


def list_assignments(session: Session, viewer: Viewer, person: Person) -> list[RoleAssignment]:
    """Return the roles of a person, as far as the viewer administers them or they are his own."""
    del session  # they were read with the person; the rest of the room needs all of them anyway
    reach = viewer.reach(ADMINISTER)
    return [
        one
        for one in person.assignments
        if not one.is_revoked
        and (
            person.id == viewer.id or isinstance(reach, Everywhere) or one.organisation_id in reach
        )
    ]


def list_tokens(session: Session, viewer: Viewer) -> Sequence[ApiToken]:
    """Return the viewer's own API tokens, the newest first."""
    statement = (
        sa.select(ApiToken)
        .where(ApiToken.person_id == viewer.id)
        .options(joinedload(ApiToken.organisation))
        .order_by(ApiToken.id.desc())
    )
    return session.scalars(statement).all()


def list_organisations(
    session: Session, viewer: Viewer, permission: str = ADMINISTER
) -> Sequence[Organisation]:
    """Return the organisations for which the viewer holds a permission, by name."""
    statement = (
        sa.select(Organisation)
        .where(visible(viewer, permission, Organisation.id))
        .order_by(Organisation.name)
    )
    return session.scalars(statement).all()


def _administered(viewer: Viewer) -> sa.ColumnElement[bool]:
    """People of a partner that the viewer administers, and others who have a role there."""
    has_role_there = (
        sa.exists()
        .where(RoleAssignment.person_id == Person.id)
        .where(RoleAssignment.is_revoked.is_(False))
        .where(visible(viewer, ADMINISTER, RoleAssignment.organisation_id))
    )
    return sa.or_(visible(viewer, ADMINISTER, Person.organisation_id), has_role_there)


def _matching(search: str) -> sa.ColumnElement[bool]:
    words = search.split()[:8]
    return sa.and_(
        sa.true(),
        *(
            sa.or_(
                Person.name.icontains(word, autoescape=True),
                Person.sign_in_name.icontains(word, autoescape=True),
            )
            for word in words
        ),
    )
