"""The policy of reconciliation, read once from `config/reconciliation.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

from schemas.vocabulary import IdentifierScheme, Source


@dataclass(frozen=True, slots=True)
class IdentifyPolicy:
    """When two descriptions are of the same item; the file explains each value."""

    match: int
    margin: int
    ask: int
    known_subject: int
    strong: frozenset[IdentifierScheme]
    weights: Mapping[IdentifierScheme, int]
    weights_by_source: Mapping[Source, Mapping[IdentifierScheme, int]]

    def weight(self, scheme: IdentifierScheme, source: Source) -> int:
        """Return what an agreement in this scheme counts when this source reports it."""
        return self.weights_by_source.get(source, {}).get(scheme, self.weights[scheme])


@dataclass(frozen=True, slots=True)
class GenericValues:
    """Values that many devices share and that therefore identify none, in lower case."""

    serial: frozenset[str]
    name: frozenset[str]
    mac_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingPolicy:
    """When something that is not seen counts as missing."""

    runs: int
    hold_share: int
    hold_minimum: int


@dataclass(frozen=True, slots=True)
class RelationPolicy:
    """How sure a link is, in percent, and after how many looks without it it has ended.

    Attributes:
        strangers: about so many unknown neighbours of one device people are asked at most.
    """

    confidence_one_side: int
    confidence_both_sides: int
    confidence_spanning_tree: int
    confidence_forwarding: int
    looks_told: int
    looks_derived: int
    strangers: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that reconciliation may decide by itself; whom it believes says `history`."""

    identify: IdentifyPolicy
    generic: GenericValues
    missing: MissingPolicy
    relations: RelationPolicy


@cache
def load_policy() -> Policy:
    """Return the policy that ships.

    Raises:
        ValueError: the file lacks something or names what does not exist.
    """
    text = resources.files("config").joinpath("reconciliation.toml").read_text("utf-8")
    return parse_policy(tomllib.loads(text))


def parse_policy(data: Mapping[str, Any]) -> Policy:
    """Read a policy from the form of the file.

    Raises:
        ValueError: it lacks something or names what does not exist.
    """
    try:
        return Policy(
            identify=_identify(data["identify"]),
            generic=GenericValues(
                frozenset(data["generic"]["serial"]),
                frozenset(data["generic"]["name"]),
                tuple(data["generic"]["mac_prefixes"]),
            ),
            missing=MissingPolicy(**_exactly(MissingPolicy, data["missing"])),
            relations=RelationPolicy(**_exactly(RelationPolicy, data["relations"])),
        )
    except KeyError as error:
        raise ValueError(f"the reconciliation policy lacks {error}") from error


def _identify(data: Mapping[str, Any]) -> IdentifyPolicy:
    weights = {scheme: data["weights"][scheme.value] for scheme in IdentifierScheme}
    return IdentifyPolicy(
        match=data["match"],
        margin=data["margin"],
        ask=data["ask"],
        known_subject=data["known_subject"],
        strong=frozenset(IdentifierScheme(name) for name in data["strong"]),
        weights=weights,
        weights_by_source={
            Source(source): {IdentifierScheme(name): weight for name, weight in table.items()}
            for source, table in data.get("weights_by_source", {}).items()
        },
    )


def _exactly(kind: type[Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = {one.name for one in fields(kind)}
    if set(data) != wanted:
        raise ValueError(f"the reconciliation policy must name exactly {sorted(wanted)}")
    return data
