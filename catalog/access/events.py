"""What happened to people, roles, sessions and tokens; never what the secrets were."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cmdb.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(Event):
    """A person may sign in from now on."""

    name: str
    sign_in_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Event):
    """A person may no longer sign in; sessions and tokens ended with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReactivated(Event):
    """A person may sign in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A person set another password for himself or herself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(Event):
    """An administrator gave a person a new password, to be changed at the first sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """A person signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    """A person signed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLocked(Event):
    """Too many wrong passwords were tried; nobody can sign in under this name for a while."""

    locked_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Event):
    """A person was given a role for a partner."""

    role: str
    assignment_id: UUID
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Event):
    """A role was taken from a person."""

    role: str
    assignment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Event):
    """A person made an API token."""

    token_id: UUID
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was made useless before its time."""

    token_id: UUID
    name: str
