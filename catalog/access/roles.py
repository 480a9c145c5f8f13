"""The roles that ship in `config/roles.toml`: what each is called and which permissions it has."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from catalog.access.rules import GIVE

_KEYS: Final = {"label_de", "label_en", "permissions", "may_give"}
_PERMISSION: Final = re.compile(r"[a-z_]+\.[a-z_]+")


class RolesError(ValueError):
    """The table of roles is not in order; the text says where."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role with its names and permissions, those to give to others (`rules.GIVE`) included."""

    name: str
    label_de: str
    label_en: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoleTable:
    """All roles by name, in the order of the file."""

    roles: Mapping[str, Role]

    @property
    def permissions(self) -> dict[str, frozenset[str]]:
        """The permissions of each role."""
        return {name: role.permissions for name, role in self.roles.items()}

    @property
    def all_permissions(self) -> frozenset[str]:
        """Every permission that any role has; what the house itself acts with."""
        return frozenset[str]().union(*self.permissions.values())


@cache
def load_roles() -> RoleTable:
    """Return the roles that ship, read once per process.

    Raises:
        RolesError: the file is not in order.
    """
    text = resources.files("config").joinpath("roles.toml").read_text("utf-8")
    return parse_roles(tomllib.loads(text))


def parse_roles(data: Mapping[str, Any]) -> RoleTable:
    """Return the table of roles.

    Raises:
        RolesError: a role lacks a label, a key is unknown or a permission has the wrong form.
    """
    return RoleTable({name: _role(name, entry) for name, entry in data.get("role", {}).items()})


def _role(name: str, entry: Mapping[str, Any]) -> Role:
    unknown = set(entry) - _KEYS
    if unknown:
        raise RolesError(f"Role «{name}»: there is no key {', '.join(sorted(unknown))}.")
    for key in ("label_de", "label_en"):
        if not isinstance(entry.get(key), str):
            raise RolesError(f"Role «{name}»: {key} is missing.")
    given = frozenset(GIVE + one for one in _permissions(name, entry, "may_give"))
    return Role(
        name,
        entry["label_de"],
        entry["label_en"],
        frozenset(_permissions(name, entry, "permissions")) | given,
    )


def _permissions(name: str, entry: Mapping[str, Any], key: str) -> list[str]:
    listed = entry.get(key, [])
    for one in listed:
        if not isinstance(one, str) or not _PERMISSION.fullmatch(one):
            raise RolesError(f"Role «{name}»: {one!r} is no permission such as item.read.")
    return listed
