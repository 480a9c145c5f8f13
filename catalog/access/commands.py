"""What administrators do to people and their roles.

Nobody gives, or takes over by a new password, more than he or she may do already.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.access import events, passwords, queries, rules
from catalog.access.authentication import MAX_SIGN_IN_NAME, grants_of, normalised, today
from catalog.access.models import Person, RoleAssignment
from catalog.access.queries import ADMINISTER
from catalog.access.roles import load_roles
from catalog.access.self_service import end_sessions, invalid
from cmdb.kernel.errors import N_, ConflictError, ForbiddenError, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import Everywhere, Viewer, permit
from cmdb.partners.models import Organisation

MAX_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person who has just been made; only here is the generated password known."""

    person: Person
    password: str = field(repr=False)


def create_person(
    session: Session,
    actor: Viewer,
    *,
    sign_in_name: str,
    name: str,
    organisation_id: UUID | None = None,
    must_change_password: bool = True,
) -> NewPerson:
    """Let a person of a partner, or of the joint organisation, sign in with a generated password.

    Raises:
        ForbiddenError: the actor does not administer people there.
        InvalidError: a name is missing, too long or has spaces where none belong.
        ConflictError: somebody signs in under this name already.
    """
    permit(actor, ADMINISTER, organisation_id)
    sign_in_name, name = normalised(sign_in_name), " ".join(name.split())
    _check_names(sign_in_name, name)
    _check_organisation(session, organisation_id)
    _refuse_taken(session, sign_in_name)
    password = passwords.new_password()
    person = Person(
        sign_in_name=sign_in_name,
        name=name,
        organisation_id=organisation_id,
        password_hash=passwords.hash_password(password),
        must_change_password=must_change_password,
    )
    session.add(person)
    session.flush()  # its key is needed by the event and by whoever assigns a role next
    event = events.PersonCreated(
        subject_id=person.id, partner_id=organisation_id, name=name, sign_in_name=sign_in_name
    )
    record(session, actor, event)
    return NewPerson(person, password)


def deactivate_person(session: Session, actor: Viewer, person_id: UUID) -> Person:
    """Stop a person from signing in; the sessions end, the history stays.

    Raises:
        ForbiddenError: it is the actor, or somebody who may do more than the actor.
    """
    person = _person_below(session, actor, person_id)
    if person.is_active:
        person.is_active = False
        end_sessions(session, person)
        _record(session, actor, person, events.PersonDeactivated)
    return person


def reactivate_person(session: Session, actor: Viewer, person_id: UUID) -> Person:
    """Let a person sign in again.

    Raises:
        ForbiddenError: the person may do more than the actor.
    """
    person = _person_below(session, actor, person_id)
    if not person.is_active:
        person.is_active = True
        _record(session, actor, person, events.PersonReactivated)
    return person


def reset_password(session: Session, actor: Viewer, person_id: UUID) -> NewPerson:
    """Give a person a generated password, to be changed at the next sign-in; sessions end.

    Raises:
        ForbiddenError: it is the actor, or somebody who may do more than the actor.
    """
    person = _person_below(session, actor, person_id)
    password = passwords.new_password()
    person.password_hash = passwords.hash_password(password)
    person.must_change_password = True
    person.failed_sign_ins, person.locked_until = 0, None
    end_sessions(session, person)
    _record(session, actor, person, events.PasswordReset)
    return NewPerson(person, password)


def assign_role(
    session: Session, actor: Viewer, person_id: UUID, given: rules.Assignment
) -> RoleAssignment:
    """Give a person a role for a partner, or for all where no organisation is named.

    Raises:
        ForbiddenError: the actor does not administer that partner, does not hold all that the
            role allows, or means himself.
        InvalidError: there is no such role or organisation, or the period ends before it begins.
        ConflictError: the person has this role there already.
    """
    permit(actor, ADMINISTER, given.organisation_id)
    person = queries.get_person(session, actor, person_id)
    _refuse_oneself(actor, person)
    _check_organisation(session, given.organisation_id)
    _refuse_beyond_own(actor, given)
    if given.valid_from and given.valid_until and given.valid_until < given.valid_from:
        raise invalid("valid_until", N_("The last day lies before the first."))
    _refuse_second(person, given)
    assignment = RoleAssignment(
        role=given.role,
        organisation_id=given.organisation_id,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
    )
    person.assignments.append(assignment)
    session.flush()  # the event names the assignment
    event = events.RoleAssigned(
        subject_id=person.id,
        partner_id=given.organisation_id,
        role=given.role,
        assignment_id=assignment.id,
        valid_from=given.valid_from,
        valid_until=given.valid_until,
    )
    record(session, actor, event)
    return assignment


def revoke_role(session: Session, actor: Viewer, assignment_id: UUID) -> RoleAssignment:
    """Take a role from a person.

    Raises:
        NotFoundError: there is no such assignment, or none that the actor administers.
        ForbiddenError: it is the actor's own; so there is always an administrator left.
    """
    assignment = session.get(RoleAssignment, assignment_id)
    if assignment is None or not _administers(actor, assignment.organisation_id):
        raise NotFoundError("role.not-found", N_("There is no such role assignment."))
    permit(actor, ADMINISTER, assignment.organisation_id)
    _refuse_oneself(actor, assignment.person)
    if not assignment.is_revoked:
        assignment.is_revoked = True
        record(
            session,
            actor,
            events.RoleRevoked(
                subject_id=assignment.person_id,
                partner_id=assignment.organisation_id,
                role=assignment.role,
                assignment_id=assignment.id,
            ),
        )
    return assignment


def _person_below(session: Session, actor: Viewer, person_id: UUID) -> Person:
    """Return a person whom the actor may deactivate or give a new password."""
    person = queries.get_person(session, actor, person_id)
    permit(actor, ADMINISTER, person.organisation_id)
    _refuse_oneself(actor, person)
    if not rules.covers(actor.grants, grants_of(person, with_future=True)):
        raise ForbiddenError(
            "person.beyond-own", N_("This person may do more than you; ask a joint administrator.")
        )
    return person


def _administers(actor: Viewer, organisation_id: UUID | None) -> bool:
    reach = actor.reach(ADMINISTER)
    return isinstance(reach, Everywhere) or organisation_id in reach


def _refuse_oneself(actor: Viewer, person: Person) -> None:
    if person.id == actor.id:
        raise ForbiddenError(
            "person.oneself", N_("You cannot do this to yourself; ask another administrator.")
        )


def _refuse_beyond_own(actor: Viewer, given: rules.Assignment) -> None:
    role = load_roles().roles.get(given.role)
    if role is None:
        raise invalid("role", N_("There is no such role."))
    if not rules.covers(actor.grants, rules.role_grants(role.permissions, given.organisation_id)):
        raise ForbiddenError(
            "role.beyond-own", N_("You can only give roles whose permissions you hold yourself.")
        )


def _refuse_taken(session: Session, sign_in_name: str) -> None:
    if session.scalar(sa.select(Person.id).where(Person.sign_in_name == sign_in_name)):
        raise ConflictError(
            "person.name-taken", N_("Somebody signs in under this name already; choose another.")
        )


def _refuse_second(person: Person, given: rules.Assignment) -> None:
    day = today()
    for one in person.assignments:
        is_over = one.is_revoked or (one.valid_until is not None and one.valid_until < day)
        is_same = one.role == given.role and one.organisation_id == given.organisation_id
        if is_same and not is_over:
            raise ConflictError(
                "role.assigned-already", N_("The person has this role there already.")
            )


def _check_names(sign_in_name: str, name: str) -> None:
    has_space = any(letter.isspace() for letter in sign_in_name)
    if not 0 < len(sign_in_name) <= MAX_SIGN_IN_NAME or has_space or not sign_in_name.isprintable():
        raise invalid("sign_in_name", N_("Give 1 to 254 characters without spaces."))
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise invalid("name", N_("Give a name of 1 to 120 characters."))


def _check_organisation(session: Session, organisation_id: UUID | None) -> None:
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise invalid("organisation_id", N_("There is no such organisation."))


def _record(
    session: Session,
    actor: Viewer,
    person: Person,
    event: type[events.PersonDeactivated | events.PersonReactivated | events.PasswordReset],
) -> None:
    record(session, actor, event(subject_id=person.id, partner_id=person.organisation_id))
