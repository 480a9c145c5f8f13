"""Gives templates their filters and the few functions that macros need."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request
from flask_babel import get_locale, get_translations, gettext

from catalog.web import formatting
from catalog.web.preferences import chosen
from catalog.web.signs import Sign, sign_of
from cmdb.kernel import clock

FILTERS: Final[dict[str, Callable[..., str]]] = {
    "number": formatting.format_number,
    "chf": formatting.format_chf,
    "percent": formatting.format_percent,
    "date": formatting.format_date,
    "date_time": formatting.format_date_time,
    "time": formatting.format_time,
    "bytes": formatting.format_bytes,
    "memory": formatting.format_memory,
    "speed": formatting.format_speed,
    "duration": formatting.format_duration,
}


def install_components(app: Flask) -> None:
    """Register filters, functions and the look's own context with an application."""
    app.jinja_env.filters.update(FILTERS, age=age, word=word)
    functions = (asset_url, has_assets, sign, url_with, url_toggled)
    for function in functions:
        app.add_template_global(function)
    app.add_template_global(clock.now, "current_moment")
    app.context_processor(_look)
    _install_translations(app)


def age(value: datetime | None) -> str:
    """Say in words how long ago a moment was."""
    return formatting.format_age(value, clock.now())


def word(value: StrEnum) -> str:
    """Translate a word of the vocabulary."""
    return gettext(sign_of(value).label)


def sign(value: StrEnum) -> Sign:
    """Return the sign of a word of the vocabulary with its label translated."""
    found = sign_of(value)
    return Sign(gettext(found.label), found.tone, found.icon)


def asset_url(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    folder, path = current_app.static_folder or "", current_app.static_url_path or ""
    return f"{request.script_root}{path}/{quote(name)}?v={_version(folder, name)}"


def has_assets() -> bool:
    """Tell whether the third-party files were fetched when the product was built."""
    return _is_file(current_app.static_folder or "", "vendor/.stamp")


def url_with(**changes: Any) -> str:
    """Return the address of this page with some query values replaced; None removes one."""
    values = request.args.to_dict(flat=False)
    for name, value in changes.items():
        values[name] = [] if value is None else [str(value)]
    return _this_page(values)


def url_toggled(name: str, value: str) -> str:
    """Return the address of this page with one query value added, or removed if it is there.

    A cursor is dropped, because another selection begins at its first page.
    """
    values = request.args.to_dict(flat=False)
    present = values.get(name, [])
    others = [other for other in present if other != value]
    values[name] = others if len(others) < len(present) else [*present, value]
    values.pop("after", None)
    return _this_page(values)


def _this_page(values: dict[str, list[str]]) -> str:
    query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def _install_translations(app: Flask) -> None:
    """Let templates look up the reader's translations once for each answer, not for each word."""
    environment: Any = app.jinja_env
    environment.install_gettext_callables(
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )


def _translations() -> Any:
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def _look() -> dict[str, Any]:
    """Provide how the page is to look; the application's own context may overrule it."""
    locale = get_locale()
    language = locale.language if locale else "de"
    return {
        "language": language,
        "html_language": "de-CH" if language == "de" else "en",
        "theme": chosen("theme", "auto"),
        "density": chosen("density", "compact"),
        "shortcuts": chosen("shortcuts", "on"),
    }


# A page draws some hundred icons of one file: neither path nor version is made anew for each.
@cache
def _version(folder: str, name: str) -> str:
    path = Path(folder, name)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "none"


@cache
def _is_file(folder: str, name: str) -> bool:
    return Path(folder, name).is_file()
