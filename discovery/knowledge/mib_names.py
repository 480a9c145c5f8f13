"""Names of OIDs for people: `IF-MIB::ifName.3` instead of eleven numbers."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def mib_name(oid: str) -> str:
    """Return the name of an OID as its MIB module gives it, with the rest in numbers.

    The names lie in `mib_names.toml`; an OID below none of them is returned as it is.
    """
    names = _names()
    parts = oid.split(".")
    for length in range(len(parts), 0, -1):
        if name := names.get(".".join(parts[:length])):
            return ".".join((name, *parts[length:]))
    return oid


@cache
def _names() -> Mapping[str, str]:
    text = files("discovery.knowledge").joinpath("mib_names.toml").read_text("utf-8")
    return {
        oid: f"{module}::{name}"
        for module, entries in tomllib.loads(text).items()
        for oid, name in entries.items()
    }
