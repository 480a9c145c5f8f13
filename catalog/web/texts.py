"""Texts of the catalogue that are kept by language, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale

from catalog.web.formatting import NO_BREAK_SPACE, format_number


def in_language(texts: Mapping[str, Any]) -> str:
    """Return the text in the reader's language, in German where it is not translated."""
    locale = get_locale()
    language = locale.language if locale else "de"
    return str(texts.get(language) or texts.get("de") or "")


def quantity_words(quantity: int, units: Mapping[str, Any]) -> str:
    """Return a quantity with its unit, in the plural where there is one: «12 Arbeitsplätze»."""
    amount = format_number(quantity)
    if quantity == 1:
        return f"{amount}{NO_BREAK_SPACE}{in_language(units)}"
    several = {language: units.get(f"{language}_plural") for language in ("de", "en")}
    locale = get_locale()
    words = several.get(locale.language if locale else "de")
    # A unit whose plural nobody has written down is counted without bending it.
    return f"{amount}{NO_BREAK_SPACE}{words or f'× {in_language(units)}'}"
