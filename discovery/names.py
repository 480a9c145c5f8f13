"""Host names to addresses."""

import asyncio
import socket
from ipaddress import ip_address

from discovery.errors import UnresolvedError
from schemas.sentences.run import RunSentence

_SECONDS = 10.0


async def resolve(target: str) -> str:
    """Return the address of a host name, IPv4 before IPv6; an address stands for itself.

    Raises:
        UnresolvedError: the name has no address, or the name server does not answer.
    """
    try:
        return str(ip_address(target))
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
