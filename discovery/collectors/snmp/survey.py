"""Which of some tables does the device have? One GETNEXT finds out about many that it lacks."""

from collections.abc import Iterable

from discovery.collectors.snmp.tables import order
from discovery.errors import DiscoveryError
from discovery.protocols.snmp.client import SnmpClient


async def take_survey(
    client: SnmpClient, roots: Iterable[str], expected: Iterable[str] = ()
) -> frozenset[str]:
    """Return those of the OIDs below which the device has something.

    The answer to a GETNEXT names the next instance there is, so that every root before it is known
    to be empty. What cannot be found out counts as present: whoever walks it then learns why.

    Args:
        client: an open one.
        roots: what is asked for.
        expected: what most devices have; not asked for, but known to lack if an answer shows it.
    """
    unasked = frozenset(expected)
    waiting = sorted({*roots, *unasked}, key=order, reverse=True)
    present: set[str] = set()
    while waiting:
        root = waiting.pop()
        if root in unasked:
            present.add(root)
            continue
        try:
            following = next(iter(await client.get_next(root)), None)
        except DiscoveryError:
            return frozenset(present | {root, *waiting})
        if following is None:
            break
        if following.startswith(root + ".") or order(following) <= order(root):
            present.add(root)
            continue
        while waiting and order(waiting[-1]) < order(following):
            if following.startswith(waiting[-1] + "."):
                present.add(waiting[-1])
            waiting.pop()
    return frozenset(present)
