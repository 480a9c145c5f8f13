"""How a person wants the pages to look: kept in cookies, so that it also holds before sign-in."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from catalog.access.guards import public
from catalog.web.locale import COOKIE as LANGUAGE_COOKIE
from catalog.web.locale import LANGUAGES

CHOICES: Final = {
    LANGUAGE_COOKIE: LANGUAGES,
    "theme": ("auto", "light", "dark"),
    "density": ("compact", "comfortable"),
    "shortcuts": ("on", "off"),
}
ONE_YEAR: Final = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__)


def chosen(name: str, default: str) -> str:
    """Return what the cookie of this request says, or the default if it says nothing known."""
    value = request.cookies.get(name, default)
    return value if value in CHOICES[name] else default


@blueprint.post("/preferences")
@public("language and colours can be chosen before signing in; only cookies are set")
def save() -> Response:
    """Remember the choices of the form and go back to the page it was sent from."""
    answer = redirect(own_path(request.form.get("next", "/")), 303)
    remember(answer, request.form)
    return answer


def remember(answer: Response, choices: Mapping[str, str]) -> None:
    """Set the cookies of those choices that are known."""
    for name, allowed in CHOICES.items():
        value = choices.get(name)
        if value is not None and value in allowed:
            answer.set_cookie(
                name,
                value,
                max_age=ONE_YEAR,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )


def own_path(target: str) -> str:
    """Return the target if it is a path of this site, else the start page."""
    parts = urlsplit(target)
    is_own = not parts.scheme and not parts.netloc and target.startswith("/")
    # Browsers read a backslash as a slash and drop line breaks: "/\example.org" leaves the site.
    is_plain = target.isprintable() and "\\" not in target and not target.startswith("//")
    return target if is_own and is_plain else "/"
