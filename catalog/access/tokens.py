"""Bearer secrets of sessions and programs: 256 random bits, stored as their SHA-256 only.

A fast hash is right here: what is random in full length cannot be guessed from a dictionary.
"""

import hashlib
import secrets
from typing import Final

API_PREFIX: Final = "haus_"
"""Lets people and secret scanners recognise a token of this product."""

SHOWN_LENGTH: Final = 12
MAX_LENGTH: Final = 128
"""Longer input is no token of ours and is not even hashed."""


def cookie_name(*, is_secure: bool) -> str:
    """Return the name of the session cookie.

    With the prefix `__Host-` browsers take it from this very host only (RFC 6265bis, §4.1.3.2).
    """
    return "__Host-haus" if is_secure else "haus_session"


def new_session_token() -> str:
    """Return the token of a new web session."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """Return a new API token."""
    return API_PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def shown_part(token: str) -> str:
    """Return the beginning of an API token by which its owner recognises it."""
    return token[:SHOWN_LENGTH]
