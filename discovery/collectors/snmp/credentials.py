"""Which secrets are tried at which device, where a plan tells its ranges apart."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network

from marshmallow import ValidationError


def check_ranges(ranges: Mapping[str, Sequence[str]]) -> None:
    """Refuse ranges that are none.

    Raises:
        ValidationError: a key is neither an address nor a range.
    """
    for text in ranges:
        try:
            ip_network(text)
        except ValueError as error:
            raise ValidationError(f"{error}: write ranges such as 10.20.0.0/16.") from error


def secrets_for(
    address: str, ranges: Mapping[str, Sequence[str]], otherwise: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of secrets to try at an address, in order.

    The smallest range that holds the address counts; outside of all ranges those of the plan do.
    """
    literal = ip_address(address)
    holding = [
        network
        for network in map(ip_network, ranges)
        if network.version == literal.version and literal in network
    ]
    if not holding:
        return tuple(otherwise)
    smallest = max(holding, key=lambda one: one.prefixlen)
    return next(tuple(ranges[text]) for text in ranges if ip_network(text) == smallest)
