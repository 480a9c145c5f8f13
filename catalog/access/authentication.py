"""Who is it? Signing in, and turning a session or API token into a `Viewer`.

Whoever calls this is not known yet, so nothing here takes a viewer. Passwords and tokens are
compared in a time that does not tell whether a name exists.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from catalog.access import events, passwords, rules, tokens
from catalog.access.models import ApiToken, Person, RoleAssignment, WebSession
from catalog.access.roles import load_roles
from cmdb.kernel.clock import now
from cmdb.kernel.events import record
from cmdb.kernel.viewer import ActorKind, Reach, Viewer

ZONE: Final = ZoneInfo("Europe/Zurich")
MAX_SIGN_IN_NAME: Final = 254
MAX_ACTOR_NAME: Final = 120
"""What the event table has room for."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lasts without a request, and how long in any case."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun; only here is its token known."""

    viewer: Viewer
    person: Person
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who stands behind a session and what that person may do at this moment."""

    viewer: Viewer
    person: Person
    session: WebSession


def sign_in(
    session: Session,
    name: str,
    password: str,
    *,
    limits: SessionLimits,
    previous_token: str | None = None,
) -> NewSession | None:
    """Begin a session if the name and password are right; end the one the browser had before.

    None stands for every reason to refuse: unknown name, wrong password, inactive or locked person.
    It is no error, because the failure is counted and must be committed.
    """
    # The row is locked so that many tries at the same time count one by one.
    statement = (
        sa.select(Person)
        .where(Person.sign_in_name == normalised(name)[:MAX_SIGN_IN_NAME])
        .with_for_update()
    )
    person = session.scalar(statement)
    is_right = passwords.matches(
        password[: rules.MAX_PASSWORD + 1], person.password_hash if person else None
    )
    if person is None or not person.is_active:
        return None
    lock = rules.Lock(person.failed_sign_ins, person.locked_until)
    at = now()
    if rules.is_locked(lock, at):
        return None
    if not is_right:
        _count_failure(session, person, rules.lock_after_failure(lock, at))
        return None
    person.failed_sign_ins, person.locked_until, person.signed_in_at = 0, None, at
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    return _begin_session(session, person, limits, previous_token)


def sign_out(session: Session, token: str) -> None:
    """End the session of this token; an unknown token is as good as signed out."""
    found = resolve_session(session, token)
    if found is None:
        return
    _record_own(session, found.viewer, found.person, events.SignedOut)
    session.delete(found.session)


def resolve_session(session: Session, token: str) -> SignedIn | None:
    """Return who is signed in with this token, or None; one statement, nothing is written."""
    if not _is_plausible(token):
        return None
    statement = (
        sa.select(WebSession)
        .where(WebSession.token_hash == tokens.hash_of(token))
        .options(
            joinedload(WebSession.person)
            .joinedload(Person.assignments)
            .joinedload(RoleAssignment.organisation)
        )
    )
    found = session.scalars(statement).unique().one_or_none()
    if found is None or not found.person.is_active:
        return None
    if now() >= min(found.idle_until, found.expires_at):
        return None
    return SignedIn(viewer_of(found.person), found.person, found)


def is_refresh_due(used_at: datetime | None) -> bool:
    """Tell whether the last use was noted so long ago that it is worth a write."""
    return used_at is None or now() - used_at >= rules.REFRESH


def refresh_session(session: Session, session_id: UUID, limits: SessionLimits) -> None:
    """Note that a session is in use and push its idle end ahead."""
    at = now()
    session.execute(
        sa.update(WebSession)
        .where(WebSession.id == session_id)
        .values(seen_at=at, idle_until=at + limits.idle)
    )


def resolve_token(session: Session, token: str) -> tuple[Viewer, ApiToken] | None:
    """Return for whom a program acts and with which token, or None; one statement, no write.

    The viewer carries the person's id: who asked by page cannot approve by token.
    """
    if not token.startswith(tokens.API_PREFIX) or not _is_plausible(token):
        return None
    statement = (
        sa.select(ApiToken)
        .where(ApiToken.token_hash == tokens.hash_of(token))
        .options(joinedload(ApiToken.person).joinedload(Person.assignments))
    )
    found = session.scalars(statement).unique().one_or_none()
    if found is None or found.revoked_at is not None or now() >= found.expires_at:
        return None
    person = found.person
    if not person.is_active or person.must_change_password:
        return None
    grants = rules.token_grants(grants_of(person), found.scopes, found.organisation_id)
    name = f"{person.name} · {found.name}"[:MAX_ACTOR_NAME]
    return Viewer(person.id, name, ActorKind.TOKEN, grants), found


def refresh_token(session: Session, token_id: UUID) -> None:
    """Note that a token is in use."""
    session.execute(sa.update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now()))


def viewer_of(person: Person) -> Viewer:
    """Return a person as the viewer that queries and commands ask for."""
    return Viewer(person.id, person.name, ActorKind.PERSON, grants_of(person))


def grants_of(person: Person, *, with_future: bool = False) -> dict[str, Reach]:
    """Return what a person may do today, or will be able to do by roles assigned already."""
    assignments = [
        rules.Assignment(
            one.role,
            one.organisation_id,
            None if with_future else one.valid_from,
            one.valid_until,
        )
        for one in person.assignments
        if not one.is_revoked
    ]
    return rules.grants_of(assignments, load_roles().permissions, today())


def today() -> date:
    """Return the day it is in Lucerne: roles begin and end at midnight there."""
    return now().astimezone(ZONE).date()


def normalised(sign_in_name: str) -> str:
    """Return a sign-in name as it is stored and compared."""
    return sign_in_name.strip().casefold()


def _begin_session(
    session: Session, person: Person, limits: SessionLimits, previous_token: str | None
) -> NewSession:
    at = now()
    # A session that was there before is never carried on: nobody can plant one (fixation).
    if previous_token and _is_plausible(previous_token):
        previous = WebSession.token_hash == tokens.hash_of(previous_token)
        session.execute(sa.delete(WebSession).where(previous))
    session.execute(sa.delete(WebSession).where(WebSession.expires_at < at))
    token = tokens.new_session_token()
    session.add(
        WebSession(
            token_hash=tokens.hash_of(token),
            person_id=person.id,
            created_at=at,
            seen_at=at,
            idle_until=at + limits.idle,
            expires_at=at + limits.absolute,
        )
    )
    viewer = viewer_of(person)
    _record_own(session, viewer, person, events.SignedIn)
    return NewSession(viewer, person, token)


def _count_failure(session: Session, person: Person, lock: rules.Lock) -> None:
    person.failed_sign_ins, person.locked_until = lock.failures, lock.until
    if lock.until is not None:
        event = events.SignInLocked(
            subject_id=person.id, partner_id=person.organisation_id, locked_until=lock.until
        )
        record(session, Viewer(None, "sign-in", ActorKind.JOB), event)


def _record_own(
    session: Session,
    viewer: Viewer,
    person: Person,
    event: type[events.SignedIn | events.SignedOut],
) -> None:
    record(session, viewer, event(subject_id=person.id, partner_id=person.organisation_id))


def _is_plausible(token: str) -> bool:
    return 0 < len(token) <= tokens.MAX_LENGTH and token.isascii()
