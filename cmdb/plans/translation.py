"""Exclusions of a plan behind an address translation: what must not be asked is not asked there.

Targets and devices are named by their inside address, but whoever writes an exclusion may know only
the address on the joint network. The option `translate` of the SNMP collector maps inside ranges to
outside ranges of the same size (RFC 2663, §4.2).
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any


def inside_exclusions(exclusions: Iterable[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the inside ranges of those exclusions that name outside addresses.

    What is written is excluded as it stands too: the same digits may be an inside address. Entries
    that are no IPv4 ranges are left out; who checks the plan or collects complains about them.
    """
    pairs = list(_pairs(options.get("translate")))
    excluded = [one for text in exclusions if (one := _network(text)) is not None]
    found = (
        str(_inside(one, inside, outside))
        for one in excluded
        for inside, outside in pairs
        if one.overlaps(outside)
    )
    return tuple(dict.fromkeys(found))


def inside_address(address: str, options: Mapping[str, Any]) -> str | None:
    """Return the inside address of a device that is seen from outside, None where none is."""
    seen = _network(address)
    for inside, outside in _pairs(options.get("translate")):
        if seen is not None and seen.subnet_of(outside):
            return str(_inside(seen, inside, outside).network_address)
    return None


def _inside(excluded: IPv4Network, inside: IPv4Network, outside: IPv4Network) -> IPv4Network:
    if excluded.supernet_of(outside):
        return inside
    offset = int(excluded.network_address) - int(outside.network_address)
    return IPv4Network((int(inside.network_address) + offset, excluded.prefixlen))


def _pairs(translate: Any) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    for one, other in translate.items() if isinstance(translate, Mapping) else ():
        inside, outside = _network(str(one)), _network(str(other))
        if inside is not None and outside is not None and inside.prefixlen == outside.prefixlen:
            yield inside, outside


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None
