"""The roles that ship in `config/roles.toml`: what each is called and which permissions it has."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


class RolesError(ValueError):
    """The table of roles is not in order; the text says where."""


@dataclass(frozen=True, slots=True)
class Role:
    """One role with its names and permissions."""

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
        """Every permission that any role has."""
        return frozenset().union(*self.permissions.values())


@cache
def load_roles() -> RoleTable:
    """Return the roles that ship, read once per process.

    Raises:
        RolesError: the file is not in order.
    """
    text = resources.files("config").joinpath("roles.toml").read_text("utf-8")
    return parse_roles(tomllib.loads(text))


def parse_roles(data: Mapping[str, Any]) -> RoleTable:
    """Return the table of roles, or say what is wrong with it."""
    roles: dict[str, Role] = {}
    for name, entry in data["role"].items():
        roles[name] = Role(
            name, entry["label_de"], entry["label_en"], frozenset(entry["permissions"])
        )
    return RoleTable(roles)
