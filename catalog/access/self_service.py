"""What people do to their own account: password, look and API tokens."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.access import events, passwords, rules, tokens
from catalog.access.authentication import viewer_of
from catalog.access.models import ApiToken, Density, Language, Person, Theme, WebSession
from cmdb.kernel.clock import now
from cmdb.kernel.errors import N_, ConflictError, ForbiddenError, InvalidError, NotFoundError
from cmdb.kernel.events import record
from cmdb.kernel.viewer import ActorKind, Viewer

MAX_TOKEN_NAME: Final = 80
MAX_TOKENS: Final = 50
"""Usable tokens per person; more is a sign that a program makes them in a loop."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that has just been made; only here is its text known."""

    token: ApiToken
    text: str = field(repr=False)


def change_password(
    session: Session, actor: Viewer, *, current: str, new: str, kept_session_id: UUID | None = None
) -> None:
    """Set another password for oneself; all sessions but the kept one end.

    Raises:
        InvalidError: the current password is wrong, or the new one is not good enough.
    """
    person = _own_person(session, actor)
    if not passwords.matches(current[: rules.MAX_PASSWORD + 1], person.password_hash):
        raise invalid("current", N_("This is not your current password."))
    local_name = person.sign_in_name.partition("@")[0]
    complaints = rules.complaints_about_password(new, [person.name, local_name])
    if not complaints and new == current:
        complaints = [N_("The new password is the old one.")]
    if complaints:
        raise invalid("new", *complaints)
    person.password_hash = passwords.hash_password(new)
    person.must_change_password = False
    end_sessions(session, person, kept_session_id)
    record(
        session,
        actor,
        events.PasswordChanged(subject_id=person.id, partner_id=person.organisation_id),
    )


def change_preferences(
    session: Session, actor: Viewer, *, language: Language, theme: Theme, density: Density
) -> Person:
    """Set how the pages look to oneself."""
    person = _own_person(session, actor)
    person.language, person.theme, person.density = language, theme, density
    return person


def create_token(
    session: Session,
    actor: Viewer,
    *,
    name: str,
    scopes: Collection[str],
    organisation_id: UUID | None = None,
    days: int = 90,
) -> NewToken:
    """Make an API token that may do part of what the actor may do.

    Raises:
        InvalidError: the name, the scopes or the number of days cannot be accepted.
        ConflictError: there are too many tokens already.
    """
    person = _own_person(session, actor)
    name = _checked_label(name, days)
    _check_scopes(person, scopes, organisation_id)
    _refuse_too_many(session, person)
    text = tokens.new_api_token()
    token = ApiToken(
        token_hash=tokens.hash_of(text),
        prefix=tokens.shown_part(text),
        person_id=person.id,
        name=name,
        scopes=sorted(scopes),
        organisation_id=organisation_id,
        expires_at=now() + timedelta(days=days),
    )
    session.add(token)
    session.flush()  # the event names the token
    event = events.TokenCreated(
        subject_id=person.id,
        partner_id=person.organisation_id,
        token_id=token.id,
        name=name,
        expires_at=token.expires_at,
    )
    record(session, actor, event)
    return NewToken(token, text)


def revoke_token(session: Session, actor: Viewer, token_id: UUID) -> ApiToken:
    """Make one of one's own tokens useless.

    Raises:
        NotFoundError: there is no such token, or it is somebody else's.
    """
    person = _own_person(session, actor)
    token = session.get(ApiToken, token_id)
    if token is None or token.person_id != person.id:
        raise NotFoundError("token.not-found", N_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = now()
        record(
            session,
            actor,
            events.TokenRevoked(
                subject_id=person.id,
                partner_id=person.organisation_id,
                token_id=token.id,
                name=token.name,
            ),
        )
    return token


def end_sessions(session: Session, person: Person, kept_session_id: UUID | None = None) -> None:
    """End all sessions of a person but the kept one."""
    statement = sa.delete(WebSession).where(WebSession.person_id == person.id)
    if kept_session_id is not None:
        statement = statement.where(WebSession.id != kept_session_id)
    session.execute(statement)


def invalid(field_name: str, *complaints: str) -> InvalidError:
    """Return the error for one field that cannot be accepted."""
    return InvalidError("access.invalid", complaints[0], errors={field_name: list(complaints)})


def _checked_label(name: str, days: int) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_TOKEN_NAME or not name.isprintable():
        raise invalid("name", N_("Give a name of 1 to 80 characters."))
    if not 1 <= days <= rules.MAX_TOKEN_DAYS:
        raise invalid("days", N_("A token holds for 1 to 366 days."))
    return name


def _check_scopes(person: Person, scopes: Collection[str], organisation_id: UUID | None) -> None:
    allowed = rules.token_grants(viewer_of(person).grants, scopes, organisation_id)
    if not scopes or set(allowed) != set(scopes):
        raise invalid("scopes", N_("Choose permissions that you hold for this organisation."))


def _refuse_too_many(session: Session, person: Person) -> None:
    usable = sa.and_(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
    own = sa.select(sa.func.count(ApiToken.id)).where(ApiToken.person_id == person.id, usable)
    if (session.scalar(own) or 0) >= MAX_TOKENS:
        raise ConflictError("token.too-many", N_("You have 50 tokens; revoke those not needed."))


def _own_person(session: Session, actor: Viewer) -> Person:
    """Return the person who acts; programs with a token may not touch the account behind them."""
    person = session.get(Person, actor.id) if actor.id else None
    if person is None or actor.kind is not ActorKind.PERSON:
        raise ForbiddenError(
            "account.person-only", N_("Only the person can do this, signed in on the pages.")
        )
    return person
