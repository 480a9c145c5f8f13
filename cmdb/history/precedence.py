"""Whom to believe of an attribute: the order of sources in `config/reconciliation.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from schemas.vocabulary import Source


def order_of(attribute: str) -> tuple[Source, ...]:
    """Return the sources in the order in which they are believed for an attribute."""
    orders = _orders()
    return orders.get(attribute, orders["default"])


def believed_value(attribute: str, values: Mapping[Source, Any]) -> Any:
    """Return what is believed of one attribute, None where no source speaks."""
    return next((values[source] for source in order_of(attribute) if source in values), None)


@cache
def _orders() -> dict[str, tuple[Source, ...]]:
    text = resources.files("config").joinpath("reconciliation.toml").read_text("utf-8")
    return {
        name: tuple(Source(source) for source in sources)
        for name, sources in tomllib.loads(text)["precedence"].items()
    }
