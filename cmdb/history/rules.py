"""What a new claim means for the facts that are already open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schemas.vocabulary import Source

FactKey = tuple[UUID, str, Source]
"""Item, attribute and source: at most one fact is open for it."""

Said = Mapping[Source, Any]
"""What the sources say of one attribute of one item."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of one attribute of one item.

    Attributes:
        attribute: a column of the item, or the name of one of its class's attributes.
        value: plain JSON; None withdraws what the source said before.
        subject_id: what was seen, where a discovery says so.
        actor_name: who declared it, where a person says so.
    """

    item_id: UUID
    attribute: str
    source: Source
    value: Any
    subject_id: UUID | None = None
    actor_name: str = ""

    @property
    def key(self) -> FactKey:
        """The one open fact that this claim speaks of."""
        return self.item_id, self.attribute, self.source


@dataclass(frozen=True, slots=True)
class FactChanges:
    """What has to happen to the facts: keys whose open fact ends, and claims that begin one."""

    closed: tuple[FactKey, ...]
    opened: tuple[Claim, ...]


def compare_facts(open_values: Mapping[FactKey, Any], claims: Iterable[Claim]) -> FactChanges:
    """Compare claims with the values of the open facts; of two claims on one key the later counts.

    A claim that says the same as its open fact changes nothing, so claiming twice is claiming once.
    """
    latest = {claim.key: claim for claim in claims}
    closed: list[FactKey] = []
    opened: list[Claim] = []
    for key, claim in latest.items():
        if key in open_values:
            if open_values[key] == claim.value:
                continue
            closed.append(key)
        if claim.value is not None:
            opened.append(claim)
    return FactChanges(tuple(closed), tuple(opened))
