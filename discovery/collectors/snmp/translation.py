"""Devices behind an address translation: the plan names them inside, the wire reaches them outside.

Partners whose private ranges overlap are often reached through one-to-one translation at the edge
of the joint network (RFC 2663, §4.2). The inventory keeps the inside address.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, ip_address

from marshmallow import ValidationError


def check_translations(pairs: Mapping[str, str]) -> None:
    """Refuse translations that do not map a range onto one of the same size.

    Raises:
        ValidationError: a range is malformed, or the two have different sizes.
    """
    for inside, outside in pairs.items():
        try:
            one, other = IPv4Network(inside), IPv4Network(outside)
        except ValueError as error:
            raise ValidationError(f"{error}: write ranges such as 10.20.0.0/16.") from error
        if one.prefixlen != other.prefixlen:
            raise ValidationError(f"{inside} and {outside} are not of the same size.")


def outside_address(address: str, pairs: Mapping[str, str]) -> str:
    """Return where an inside address is reached, or the address itself where nothing translates."""
    try:
        literal = ip_address(address)
    except ValueError:
        return address
    for inside, outside in pairs.items():
        network = IPv4Network(inside)
        if isinstance(literal, IPv4Address) and literal in network:
            offset = int(literal) - int(network.network_address)
            return str(IPv4Network(outside).network_address + offset)
    return address


def inside_address(address: str, pairs: Mapping[str, str]) -> str | None:
    """Return by which address a plan knows whoever is seen at an address.

    None for an address that means something inside only: outside, somebody else may have it.
    """
    inside = outside_address(address, {other: one for one, other in pairs.items()})
    if inside != address:
        return inside
    return None if outside_address(address, pairs) != address else address
