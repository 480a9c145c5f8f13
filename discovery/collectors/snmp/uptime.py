"""Was it one start of one agent all along? sysUpTime (RFC 3418) tells."""

from discovery.errors import DiscoveryError
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.wire import Value

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"

_PER_SECOND = 100
_WRAP = 2**32
_MOST_BACK = 5.0
_MOST_AHEAD = 3600.0
"""Seconds by which clocks of agents may be wrong within one look."""


async def has_started_anew(client: SnmpClient, before: Value, seconds: float) -> bool:
    """Tell whether the agent, or another at its address, began anew since so many seconds.

    An agent without uptime, or one that is silent now, gives no reason to doubt.
    """
    if not isinstance(before, int):
        return False
    try:
        after = (await client.get([SYS_UP_TIME])).get(SYS_UP_TIME)
    except DiscoveryError:
        return False
    return isinstance(after, int) and is_another_start(before, after, seconds)


def is_another_start(before: int, after: int, seconds: float) -> bool:
    """Tell whether two readings of sysUpTime, so many seconds apart, are of different starts.

    The counter begins at 0 again after 497 days, which is no restart.
    """
    passed = ((after - before + _WRAP // 2) % _WRAP - _WRAP // 2) / _PER_SECOND
    return not -_MOST_BACK <= passed <= seconds + _MOST_AHEAD
