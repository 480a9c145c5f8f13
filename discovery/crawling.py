"""From neighbour to neighbour: which devices a run has learnt of and may look at too."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from discovery.ranges import Address, excluded_networks, read_address
from schemas.observation import Document
from schemas.vocabulary import Section


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """How far a run may follow the neighbours of its devices.

    Attributes:
        ranges: only addresses in these are followed; none follows nobody.
        hops: how many cables away from a target of the plan at most.
        devices: how many addresses at most.
    """

    ranges: tuple[str, ...] = ()
    hops: int = 2
    devices: int = 256


@dataclass(slots=True)
class Crawl:
    """Remembers who was met, so that nobody is met twice, also not at another address of theirs.

    Attributes:
        left_out: how many addresses were found beyond the limit of devices.
    """

    limits: CrawlLimits
    exclusions: tuple[str, ...] = ()
    left_out: int = 0
    _known: set[str] = field(default_factory=set[str])
    _found: dict[str, None] = field(default_factory=dict[str, None])
    _hops: int = 0
    _devices: int = 0

    def know(self, addresses: Iterable[str]) -> None:
        """Remember addresses that are looked at anyway."""
        if self.limits.ranges:
            self._known.update(addresses)

    def note(self, document: Document) -> None:
        """Remember the addresses of a device, and those that it tells of its neighbours."""
        if not self.limits.ranges:
            return
        self._known.update(_values(document, Section.ADDRESSES, "address"))
        for text in _values(document, Section.NEIGHBOURS, "remote_address"):
            self._found.setdefault(text)

    def next_hop(self) -> list[str]:
        """Return the addresses to look at next, none where the crawl has come to its end."""
        if not self.limits.ranges or self._hops >= self.limits.hops:
            return []
        self._hops += 1
        may, must_not = excluded_networks(self.limits.ranges), excluded_networks(self.exclusions)
        found = [
            str(address)
            for address in filter(None, map(_address, self._found))
            if any(address in one for one in may) and not any(address in one for one in must_not)
        ]
        self._found.clear()
        new = [address for address in dict.fromkeys(found) if address not in self._known]
        room = self.limits.devices - self._devices
        chosen = new[:room]
        self.left_out += len(new) - len(chosen)
        self._devices += len(chosen)
        self._known.update(new)
        return chosen


def _values(document: Document, section: Section, name: str) -> list[str]:
    rows: Any = document.sections.get(section) or []
    return [row[name] for row in rows if row.get(name)]


def _address(text: str) -> Address | None:
    try:
        return read_address(text)
    except ValueError:
        return None
