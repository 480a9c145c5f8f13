"""What the targets of a plan mean: their forms, their size, and what lies inside them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from cmdb.kernel.errors import N_, InvalidError, TooMuchError

MAX_ADDRESSES = 65_536
MAX_ENTRIES = 512
PIECE = 256
"""So many addresses make one assignment."""

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?"
)
_KEY_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\]:\d+|(?P<v4>[^:]+):\d+")


@dataclass(frozen=True, slots=True)
class Piece:
    """The targets of one assignment and how many single targets they stand for."""

    targets: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class AddressScope:
    """The addresses and host names a plan may look at, without those it must not.

    Attributes:
        networks: what is looked at, address by address.
        crawled: where neighbours may be followed to; nobody is looked for there.
    """

    networks: tuple[Network, ...]
    host_names: frozenset[str]
    excluded: tuple[Network, ...]
    crawled: tuple[Network, ...] = ()

    @classmethod
    def of(cls, targets: Iterable[str], exclusions: Iterable[str]) -> Self:
        """Read targets and exclusions that have been checked by `check_address_targets`."""
        entries = list(targets)
        names = frozenset(entry for entry in entries if is_host_name(entry))
        networks = tuple(ip_network(entry) for entry in entries if entry not in names)
        return cls(networks, names, tuple(ip_network(entry) for entry in exclusions))

    def allows(self, target: str, key: str) -> bool:
        """Tell whether a document of this target and key may come from the plan.

        The key is an address, with a port where it is not the usual one. A host name may lead to
        any address that is not excluded.
        """
        address = address_of_key(key)
        if address is None or _is_in(address, self.excluded):
            return False
        if target in self.host_names:
            return True
        return target in {str(address), key} and _is_in(address, self.claimed)

    def covers(self, target: str, key: str) -> bool:
        """Tell whether the plan looks there by itself, so that an absence means something."""
        return replace(self, crawled=()).allows(target, key)

    def looks_at(self, target: str) -> bool:
        """Tell whether an address or a host name is one that the plan looks at by itself."""
        return target in self.host_names or self.covers(target, target)

    @property
    def claimed(self) -> tuple[Network, ...]:
        """Every network of which the plan may say something."""
        return (*self.networks, *self.crawled)


def check_address_targets(
    targets: Sequence[str], exclusions: Sequence[str], crawled: Sequence[str] = ()
) -> AddressScope:
    """Read the targets of an SNMP plan, and the ranges into which it follows neighbours.

    Raises:
        InvalidError: an entry is neither an address, a CIDR range nor a host name.
        TooMuchError: the plan would look at more than 65,536 addresses.
    """
    networks: list[Network] = []
    names: set[str] = set()
    for text in targets:
        if "/" not in text and is_host_name(text):
            names.add(text)
        else:
            networks.append(_network(text, _NO_TARGET))
    excluded = [_network(text, _NO_EXCLUSION) for text in exclusions]
    count = sum(one.num_addresses for one in networks) + len(names)
    if count > MAX_ADDRESSES:
        raise TooMuchError(
            "plan.too-large",
            N_("The plan covers {count} addresses; at most {limit} are allowed. Divide it."),
            count=count,
            limit=MAX_ADDRESSES,
        )
    followed = tuple(_network(text, _NO_TARGET) for text in crawled)
    return AddressScope(tuple(networks), frozenset(names), tuple(excluded), followed)


def find_overlap(mine: Iterable[Network], theirs: Iterable[Network]) -> tuple[str, str] | None:
    """Return the first two ranges that share an address, as they would be written."""
    others = list(theirs)
    for one in mine:
        for other in others:
            if one.version == other.version and one.overlaps(other):
                return shown(one), shown(other)
    return None


def split(scope: AddressScope) -> list[Piece]:
    """Divide what a plan may look at into pieces of at most 256 addresses.

    The pieces of a large range keep the addresses at their seams, which a range of its own would
    leave out as network and broadcast address.
    """
    pieces: list[Piece] = []
    single: list[str] = sorted(scope.host_names)
    for network in scope.networks:
        if network.num_addresses == 1:
            if not _is_in(network.network_address, scope.excluded):
                single.append(str(network.network_address))
            continue
        for part in _parts(network):
            count = _hosts(network, part) - _count_excluded(part, network, scope.excluded)
            if count > 0:
                pieces.append(Piece(_entries(part, network), count))
    for start in range(0, len(single), PIECE):
        some = tuple(single[start : start + PIECE])
        pieces.append(Piece(some, len(some)))
    if scope.crawled and pieces:
        # Only who knows all that was met can keep from meeting a neighbour twice.
        return [Piece(sum((one.targets for one in pieces), ()), sum(one.count for one in pieces))]
    return pieces


def address_of_key(key: str) -> Address | None:
    """Return the address in the key of a device, which may carry a port."""
    match = _KEY_WITH_PORT.fullmatch(key)
    try:
        return ip_address((match["v6"] or match["v4"]) if match else key)
    except ValueError:
        return None


def is_host_name(text: str) -> bool:
    """Tell whether a text is a host name; digits and dots alone are a mistyped address."""
    return bool(_HOST_NAME.fullmatch(text)) and bool(re.search("[A-Za-z]", text))


def shown(network: Network) -> str:
    """Return a network as people write it: a single address without its prefix length."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)


_NO_TARGET = N_("«{entry}» is not an address, a CIDR range or a host name.")
_NO_EXCLUSION = N_("«{entry}» is not an address or a CIDR range and cannot be excluded.")


def _network(text: str, complaint: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise _explained(text, complaint) from error
    if network.is_multicast or network.is_unspecified:
        raise InvalidError(
            "plan.no-device-address",
            N_("«{entry}» holds no addresses of devices."),
            entry=text,
        )
    return network


def _explained(text: str, complaint: str) -> InvalidError:
    try:
        suggestion = str(ip_network(text, strict=False))
    except ValueError:
        return InvalidError("plan.malformed-target", complaint, entry=text)
    return InvalidError(
        "plan.host-bits-set",
        N_("«{entry}» is an address inside a range. Did you mean {suggestion}?"),
        entry=text,
        suggestion=suggestion,
    )


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in one for one in networks if one.version == address.version)


def _parts(network: Network) -> Iterator[Network]:
    if network.num_addresses <= PIECE:
        return iter((network,))
    return network.subnets(new_prefix=network.max_prefixlen - 8)


def _has_edges(network: Network) -> bool:
    """IPv4 ranges have a network and a broadcast address, unless two hosts share them."""
    return network.version == 4 and network.num_addresses > 2  # noqa: PLR2004 — RFC 3021


def _entries(part: Network, whole: Network) -> tuple[str, ...]:
    entries = [str(part)]
    if part != whole:
        if part.network_address != whole.network_address:
            entries.append(str(part.network_address))
        if part.version == 4 and part.broadcast_address != whole.broadcast_address:  # noqa: PLR2004
            entries.append(str(part.broadcast_address))
    return tuple(entries)


def _edges(whole: Network) -> set[Address]:
    if whole.version == 6:  # noqa: PLR2004
        # The lowest address of an IPv6 range is the routers' anycast address (RFC 4291, §2.6.1).
        return {whole.network_address} if whole.num_addresses > 2 else set()  # noqa: PLR2004
    return {whole.network_address, whole.broadcast_address} if _has_edges(whole) else set()


def _hosts(whole: Network, part: Network) -> int:
    return part.num_addresses - sum(edge in part for edge in _edges(whole))


def _count_excluded(part: Network, whole: Network, excluded: Iterable[Network]) -> int:
    nearby = [one for one in excluded if one.version == part.version and one.overlaps(part)]
    if not nearby:
        return 0
    edges = _edges(whole)
    return sum(1 for one in part if one not in edges and any(one in network for network in nearby))
