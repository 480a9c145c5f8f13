"""Texts of the catalogue that are kept by language, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale


def in_language(texts: Mapping[str, Any]) -> str:
    """Return the text in the reader's language, in German where it is not translated."""
    locale = get_locale()
    language = locale.language if locale else "de"
    return str(texts.get(language) or texts.get("de") or "")
