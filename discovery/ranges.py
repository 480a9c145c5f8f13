"""Ranges of addresses to single targets, bounded and without what must not be asked."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from discovery.errors import MalformedError, TooMuchError
from schemas.sentences.run import RunSentence

MAX_HOSTS = 65_536
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_-]{1,63})*\.?"
)

_MAPPED = IPv6Network("::ffff:0:0/96")

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def read_address(text: str) -> Address:
    """Return an address; one of IPv4 written as IPv6 (RFC 4291, 2.5.5.2) as what it leads to.

    Raises:
        ValueError: it is no address.
    """
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def expand_range(target: str, exclusions: tuple[str, ...]) -> list[str]:
    """Return the addresses of a CIDR range, or the one address or host name itself.

    Network and broadcast address are left out where a range has them.

    Raises:
        MalformedError: neither an address, nor a range, nor a host name.
        TooMuchError: the range has more than 65,536 addresses.
    """
    forbidden = excluded_networks(exclusions)
    if "/" not in target:
        return [] if is_excluded(target, forbidden) else [_checked(target)]
    network = _network(target)
    if network.num_addresses > MAX_HOSTS:
        raise TooMuchError(
            RunSentence.RANGE_TOO_LARGE,
            entry=target,
            count=network.num_addresses,
            limit=MAX_HOSTS,
        )
    nearby = [one for one in forbidden if one.version == network.version and one.overlaps(network)]
    return [str(host) for host in network.hosts() if not any(host in one for one in nearby)]


def excluded_networks(exclusions: tuple[str, ...]) -> list[Network]:
    """Return the excluded addresses and ranges as networks.

    Raises:
        MalformedError: an exclusion is neither an address nor a range.
    """
    return [_network(one) for one in exclusions]


def is_excluded(address: str, forbidden: list[Network]) -> bool:
    """Say whether an address lies in an excluded network; a host name has no address yet."""
    try:
        literal = read_address(address)
    except ValueError:
        return False
    return any(literal in one for one in forbidden if one.version == literal.version)


def _network(text: str) -> Network:
    try:
        network = ip_network(text, strict=False)
    except ValueError as error:
        raise MalformedError(RunSentence.NO_RANGE, entry=text) from error
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        first = read_address(str(network.network_address))
        return IPv4Network(f"{first}/{network.prefixlen - _MAPPED.prefixlen}")
    return network


def _checked(target: str) -> str:
    try:
        return str(read_address(target))
    except ValueError:
        # Digits and dots only is a mistyped address, not the name of a host.
        if not _HOST_NAME.fullmatch(target) or not re.search("[A-Za-z]", target):
            raise MalformedError(RunSentence.NO_TARGET, entry=target) from None
    return target
