"""Passwords: hashed with Argon2id, checked in constant time, generated where nobody chooses one."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's first choice for Argon2id. The library's default takes 64 MiB and four threads for each
# sign-in, more than a small server that also inventories networks should lend to strangers.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Without the letters and digits that are mistaken for one another when read out or typed.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 4
_GROUP_LENGTH: Final = 4


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password with its own salt."""
    return _HASHER.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Tell whether a password is the one of the stored hash.

    Without a stored hash the same work is done, so that the time does not tell which names exist.
    """
    try:
        return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def new_password() -> str:
    """Return a random password of 79 bits that can be read out: `k7mq-x2vf-9hdt-w4np`."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
