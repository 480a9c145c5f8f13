"""How fast new targets are begun, in a run and in each of its subnets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address

_IPV4_SHIFT, _IPV6_SHIFT = 8, 64
"""A subnet is what shares a router: a /24 of IPv4, a /64 of IPv6."""

_IPV6 = 6


class Pace:
    """Lets through at most so many a second, evenly; None lets everything through at once."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = None if per_second is None else 1 / per_second
        self._free_at = 0.0
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Wait until the next may begin; it begins as the block ends."""
        if self._interval is None:
            yield
            return
        loop = asyncio.get_running_loop()
        async with self._lock:
            if (left := self._free_at - loop.time()) > 0:
                await asyncio.sleep(left)
            yield
            self._free_at = loop.time() + self._interval


class SubnetPace:
    """The pace of a whole run and, within it, that of each subnet.

    What stands behind one router may be slow to find (ARP, neighbour discovery) and shares a line;
    a run through many subnets may be faster than any one of them could bear.
    """

    def __init__(self, per_second: float | None, per_second_in_subnet: float | None) -> None:
        self._whole = Pace(per_second)
        self._in_subnet = per_second_in_subnet
        self._subnets: dict[tuple[int, int], Pace] = {}

    async def wait(self, address: str) -> None:
        """Wait until the target may begin; what is no address only keeps the pace of the run."""
        async with self._of(address).turn(), self._whole.turn():
            pass

    def _of(self, address: str) -> Pace:
        subnet = subnet_of(address)
        if subnet is None or self._in_subnet is None:
            return _UNHURRIED
        pace = self._subnets.get(subnet)
        if pace is None:
            pace = self._subnets[subnet] = Pace(self._in_subnet)
        return pace


_UNHURRIED = Pace(None)


def subnet_of(address: str) -> tuple[int, int] | None:
    """Return IP version and number of the subnet of an address, None for what is no address."""
    try:
        literal = ip_address(address)
    except ValueError:
        return None
    shift = _IPV6_SHIFT if literal.version == _IPV6 else _IPV4_SHIFT
    return literal.version, int(literal) >> shift


def mix_subnets(targets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs of single target and origin so that subnets take turns, else in their order."""
    counts: dict[tuple[int, int] | None, int] = {}
    places: list[int] = []
    for single, _ in targets:
        subnet = subnet_of(single)
        places.append(counts.get(subnet, 0))
        counts[subnet] = places[-1] + 1
    if len(counts) <= 1:
        return targets
    order = sorted(range(len(targets)), key=places.__getitem__)
    return [targets[number] for number in order]
