"""The judgement of reconciliation: which item is this, whom to believe, what is gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from cmdb.items.rules import BETWEEN_PORTS
from cmdb.reconcile.identifiers import IdentifierKey
from cmdb.reconcile.policy import IdentifyPolicy, MissingPolicy
from schemas.vocabulary import FindingKind, IdentifierScheme, Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that shares something with what was seen.

    Attributes:
        is_known_subject: the plan has seen this item under this key before.
    """

    item_id: UUID
    identifiers: frozenset[IdentifierKey]
    is_known_subject: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """How well one candidate fits, and why.

    Attributes:
        agrees: the schemes in which both say the same.
        differs: the strong schemes in which they say different things.
        is_excluded: a strong scheme differs and none agrees: it is another device.
    """

    item_id: UUID
    points: int
    agrees: tuple[IdentifierScheme, ...]
    differs: tuple[IdentifierScheme, ...]
    is_excluded: bool


@dataclass(frozen=True, slots=True)
class Same:
    """What was seen is this item."""

    item_id: UUID
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class New:
    """What was seen is no item that is known."""

    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """What was seen may be any of these items, or a new one: a person has to say."""

    candidates: tuple[UUID, ...]
    scores: tuple[Score, ...] = field(default=())


Identification = Same | New | Ambiguous


def identify(
    observed: frozenset[IdentifierKey],
    candidates: Iterable[Candidate],
    *,
    source: Source,
    policy: IdentifyPolicy,
) -> Identification:
    """Decide which item was seen; the order of the candidates does not matter.

    Values agree within their scope only, so that devices of two partners, or of two routing
    domains, never meet.
    """
    scores = tuple(
        sorted(
            (_score(observed, one, source, policy) for one in candidates),
            key=lambda score: (-score.points, score.item_id),
        )
    )
    possible = [one for one in scores if not one.is_excluded and one.points >= policy.ask]
    if not possible:
        return New(scores)
    best, second = possible[0], possible[1] if len(possible) > 1 else None
    lead = best.points - (second.points if second else 0)
    if best.points >= policy.match and lead >= policy.margin:
        return Same(best.item_id, scores)
    return Ambiguous(tuple(one.item_id for one in possible), scores)


def _score(
    observed: frozenset[IdentifierKey], candidate: Candidate, source: Source, policy: IdentifyPolicy
) -> Score:
    agrees = sorted({scheme for scheme, _, _ in observed & candidate.identifiers})
    mine, theirs = _scopes_by_scheme(observed), _scopes_by_scheme(candidate.identifiers)
    differs = sorted(
        scheme
        for scheme in policy.strong - set(agrees)
        if mine.get(scheme, frozenset()) & theirs.get(scheme, frozenset())
    )
    points = sum(policy.weight(scheme, source) for scheme in agrees)
    if agrees and candidate.is_known_subject:
        points += policy.known_subject
    is_excluded = bool(differs) and not policy.strong & set(agrees)
    return Score(candidate.item_id, points, tuple(agrees), tuple(differs), is_excluded)


def _scopes_by_scheme(
    identifiers: Iterable[IdentifierKey],
) -> dict[IdentifierScheme, frozenset[UUID]]:
    scopes: dict[IdentifierScheme, frozenset[UUID]] = {}
    for scheme, _, scope in identifiers:
        scopes[scheme] = scopes.get(scheme, frozenset()) | {scope}
    return scopes


def explain(outcome: Identification, observed: frozenset[IdentifierKey]) -> dict[str, Any]:
    """Return why something was recognised, or not, as plain JSON."""
    return {
        "outcome": type(outcome).__name__.lower(),
        "identifiers": [
            {"scheme": scheme.value, "value": value}
            for scheme, value, _ in sorted(observed, key=lambda key: (key[0], key[1]))
        ],
        "candidates": [
            {
                "item_id": str(score.item_id),
                "points": score.points,
                "agrees": [scheme.value for scheme in score.agrees],
                "differs": [scheme.value for scheme in score.differs],
                "is_excluded": score.is_excluded,
            }
            for score in outcome.scores[:10]
        ],
    }


@dataclass(frozen=True, slots=True)
class Belief:
    """The value that is believed of one attribute, and a discovered one that contradicts it.

    Attributes:
        contradicting: the source of the discovered value, None where nothing contradicts.
    """

    value: Any
    source: Source
    contradicted_by: Any = None
    contradicting: Source | None = None


def decide_belief(facts: Mapping[Source, Any], order: Sequence[Source]) -> Belief | None:
    """Decide whom to believe: the first source in the order that says something.

    A declared value that is believed although the leading discovery says otherwise is contradicted.
    """
    speaking = [source for source in order if facts.get(source) is not None]
    if not speaking:
        return None
    first = speaking[0]
    if first is not Source.DECLARED or len(speaking) == 1:
        return Belief(facts[first], first)
    second = speaking[1]
    if is_same_value(facts[first], facts[second]):
        return Belief(facts[first], first)
    return Belief(facts[first], first, facts[second], second)


def is_same_value(one: Any, other: Any) -> bool:
    """Tell whether two values mean the same; case and spaces around a text do not matter."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip().casefold() == other.strip().casefold()
    return one == other


def compute_fingerprint(kind: FindingKind, *about: Any) -> str:
    """Return what tells one question from another, so that none is asked twice."""
    content = orjson.dumps([kind.value, *about], option=orjson.OPT_SORT_KEYS)
    return blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two items: the lower item first, each with the name of its port.

    Attributes:
        first_index: the ifIndex of the port, None where only its name is known.
    """

    first: UUID
    second: UUID
    first_port: str
    second_port: str
    first_index: int | None = None
    second_index: int | None = None

    @property
    def detail(self) -> str:
        """The two ports as they are shown."""
        return f"{self.first_port[:120]}{BETWEEN_PORTS}{self.second_port[:120]}"

    @property
    def ends(self) -> tuple[UUID, UUID]:
        """The two items."""
        return self.first, self.second


def compute_link(
    item: UUID,
    port: str,
    other: UUID,
    other_port: str,
    *,
    index: int | None = None,
    other_index: int | None = None,
) -> Link:
    """Return the link that one device reports, in the form that both of its ends agree on."""
    if item < other:
        return Link(item, other, port, other_port, index, other_index)
    return Link(other, item, other_port, port, other_index, index)


def is_same_link(one: Link, other: Link) -> bool:
    """Tell whether two reports are of one cable.

    The two ends spell the names of ports differently, but each spells its own the same way every
    time, and the other end usually repeats it. An ifIndex says more than a name; but what would be
    shown in the same words is one cable, because an ifIndex may change at a restart.
    """
    if one.ends != other.ends:
        return False
    if one.detail.casefold() == other.detail.casefold():
        return one.detail != BETWEEN_PORTS
    firsts = _is_same_port(one.first_port, one.first_index, other.first_port, other.first_index)
    seconds = _is_same_port(
        one.second_port, one.second_index, other.second_port, other.second_index
    )
    return True in {firsts, seconds} and False not in {firsts, seconds}


def _is_same_port(port: str, index: int | None, other: str, other_index: int | None) -> bool | None:
    """Tell whether two ports of one item are the same; None where that cannot be told."""
    if index is not None and other_index is not None:
        return index == other_index
    return True if port and port.casefold() == other.casefold() else None


def complete_link(one: Link, other: Link) -> Link:
    """Return what two reports of one cable tell together; the first is believed where they differ.

    A port is called as the report calls it that knows its ifIndex.
    """
    first = _complete_port(one.first_port, one.first_index, other.first_port, other.first_index)
    second = _complete_port(
        one.second_port, one.second_index, other.second_port, other.second_index
    )
    return Link(one.first, one.second, first[0], second[0], first[1], second[1])


def _complete_port(
    port: str, index: int | None, other: str, other_index: int | None
) -> tuple[str, int | None]:
    if index is None and other_index is not None:
        return other or port, other_index
    return port or other, index


def must_hold(known: int, vanished: int, policy: MissingPolicy) -> bool:
    """Tell whether so much has vanished at once that the look is doubted and not the estate."""
    allowed = max(policy.hold_minimum, known * policy.hold_share // 100)
    return vanished > allowed
