"""Chooses the engine for one agent and one credential."""

from enum import StrEnum

from discovery.protocols.snmp.client import Limits, SnmpClient, WalkingClient
from discovery.protocols.snmp.gufo import GufoWire
from discovery.protocols.snmp.wire import Endpoint
from discovery.secrets import SnmpCommunity, SnmpUser


class Engine(StrEnum):
    """Which library puts the requests on the wire."""

    AUTO = "auto"
    GUFO = "gufo"
    PYSNMP = "pysnmp"


def make_client(
    endpoint: Endpoint,
    credential: SnmpCommunity | SnmpUser,
    limits: Limits,
    engine: Engine = Engine.AUTO,
) -> SnmpClient:
    """Return a client that is not open yet.

    Raises:
        UnreachableError: the address cannot be used from here.
    """
    return WalkingClient(GufoWire(endpoint, credential), limits)
