"""The judgement of links: which reports are of one cable, how sure it is, when it has ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cmdb.reconcile.policy import RelationPolicy
from cmdb.reconcile.rules import Link, complete_link, is_same_link

SPANNING_TREE = "stp"
FORWARDING = "fdb"
DERIVED = frozenset({SPANNING_TREE, FORWARDING})
"""Protocols in which nobody names a neighbour; links follow from what ports have seen."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one look says of one link by one protocol."""

    link: Link
    subject_id: UUID
    protocol: str


@dataclass(slots=True)
class Cable:
    """Everything that is about one link.

    Attributes:
        known: the relations that already stand for it; more than one where reports have shown
            that two are the same.
    """

    link: Link
    known: list[UUID] = field(default_factory=list[UUID])
    reports: list[Report] = field(default_factory=list[Report])


def unite(known: Iterable[tuple[UUID, Link]], reports: Iterable[Report]) -> list[Cable]:
    """Sort relations and reports by cables, of which no two are between the same ports.

    What names both ports comes first, so that what knows only one of them finds its cable whatever
    the order of the reports.
    """
    cables = [Cable(report.link, reports=[report]) for report in reports]
    cables += [Cable(link, known=[relation]) for relation, link in known]
    cables.sort(key=_place)
    by_ends: dict[tuple[UUID, UUID], list[Cable]] = defaultdict(list)
    for cable in cables:
        _join(by_ends[cable.link.ends], cable)
    return [cable for group in by_ends.values() for cable in group]


def _join(group: list[Cable], cable: Cable) -> None:
    """Add a cable to those between its two ends; what it completes may turn out to be one."""
    found = next((one for one in group if _is_one(one.link, cable.link)), None)
    if found is None:
        group.append(cable)
        return
    group.remove(found)
    found.link = complete_link(found.link, cable.link)
    found.known += cable.known
    found.reports += cable.reports
    _join(group, found)


def _is_one(one: Link, other: Link) -> bool:
    # What cannot be told apart would not be two relations either.
    return one.detail == other.detail or is_same_link(one, other)


def _place(cable: Cable) -> tuple[int, int, str, str]:
    link = cable.link
    indexes = (link.first_index, link.second_index)
    named = sum(bool(port) for port in (link.first_port, link.second_port))
    # What was just reported names the ports as they are called now.
    told = "".join(f"0{one.protocol}{one.subject_id}" for one in cable.reports) or f"1{cable.known}"
    return sum(one is None for one in indexes), -named, told, link.detail


def judge(reports: Iterable[tuple[UUID, str]], policy: RelationPolicy) -> tuple[str, int]:
    """Return the protocol that says most of a link and how sure the link is, in percent.

    Args:
        reports: at least one subject with its protocol.
        policy: how sure each protocol is.
    """
    told = list(reports)
    protocol = max((name for _, name in told), key=lambda name: (_sureness(name, policy), name))
    both = {subject for subject, name in told if name not in DERIVED}
    if len(both) > 1:
        return protocol, policy.confidence_both_sides
    return protocol, _sureness(protocol, policy)


def _sureness(protocol: str, policy: RelationPolicy) -> int:
    derived = {
        SPANNING_TREE: policy.confidence_spanning_tree,
        FORWARDING: policy.confidence_forwarding,
    }
    return derived.get(protocol, policy.confidence_one_side)


def has_ended(protocol: str, missed: int, policy: RelationPolicy) -> bool:
    """Tell whether a report has been missed in so many complete looks that it no longer counts.

    A device says itself when a neighbour has gone; an address that was not seen may only be quiet.
    """
    return missed >= (policy.looks_derived if protocol in DERIVED else policy.looks_told)


def place(macs: Iterable[str], owners: Mapping[str, UUID | None]) -> UUID | None:
    """Return the one device behind a port: all addresses there have to be known as its own."""
    found = {owners.get(mac) for mac in macs}
    return found.pop() if len(found) == 1 else None
