"""Host names to addresses."""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from discovery.errors import UnresolvedError
from discovery.ranges import read_address
from schemas.sentences.run import RunSentence

_SECONDS = 10.0
_AT_ONCE = 8
_RENEWAL_SECONDS = 300.0


async def resolve(target: str) -> str:
    """Return the address of a host name, IPv4 before IPv6; an address stands for itself.

    Raises:
        UnresolvedError: the name has no address, or the name server does not answer.
    """
    try:
        return str(read_address(target))
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_SECONDS):
            found = await loop.getaddrinfo(target, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no answer from the name server"
        raise UnresolvedError(RunSentence.UNRESOLVED, host=target, reason=reason) from error
    addresses = sorted(
        (family == socket.AF_INET6, str(where[0])) for family, _, _, _, where in found
    )
    if not addresses:
        raise UnresolvedError(RunSentence.NO_ADDRESS, host=target)
    return addresses[0][1]


class NameBook:
    """Which host names lead to an address; asked again and again, because they may move.

    Args:
        names: the host names to ask for, every time anew.
    """

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self._names = names
        self._found: dict[str, set[str]] = {}

    async def renew(self) -> None:
        """Ask where all names are now; one without an address is left out."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def look_up(name: str) -> None:
            async with gate:
                with suppress(UnresolvedError):
                    found[await resolve(name)].add(name)

        await asyncio.gather(*(look_up(name) for name in set(self._names())))
        self._found = dict(found)

    async def keep_new(self) -> None:
        """Ask now and every five minutes, until cancelled."""
        while True:
            await self.renew()
            await asyncio.sleep(_RENEWAL_SECONDS)

    def names_at(self, address: str) -> Collection[str]:
        """Return the host names that lead to an address."""
        return self._found.get(address, ())
