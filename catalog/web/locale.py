"""In which language a page is written: profile, then cookie, then browser, then German."""

from collections.abc import Sequence
from typing import Final

from babel import negotiate_locale
from flask import has_request_context, request

LANGUAGES: Final = ("de", "en")
LOCALES: Final = {"de": "de_CH", "en": "en"}
COOKIE: Final = "lang"


def select_language(profile: str | None, cookie: str | None, accepted: Sequence[str]) -> str:
    """Return "de" or "en": the first of the wishes that is spoken here, else German."""
    for wish in (profile, cookie):
        if wish in LANGUAGES:
            return wish
    return negotiate_locale(accepted, LANGUAGES, sep="-") or LANGUAGES[0]


def request_language(profile: str | None = None) -> str:
    """Return the language of the request that is being answered."""
    if not has_request_context():
        return LANGUAGES[0]
    accepted = [language for language, _ in request.accept_languages]
    return select_language(profile, request.cookies.get(COOKIE), accepted)


def request_locale(profile: str | None = None) -> str:
    """Return the Babel locale of the request; give this to Flask-Babel as its selector."""
    return LOCALES[request_language(profile)]
