"""Sockets of pysnmp that survive what arrives: a message that trips the library is dropped.

Without them an exception in the library's callback goes to the event loop, which writes it to the
log with the message: any device could fill the log.
"""

from typing import Any

from pysnmp.carrier.asyncio.dgram.udp import UdpAsyncioTransport
from pysnmp.carrier.asyncio.dgram.udp6 import Udp6AsyncioTransport
from pysnmp.hlapi.v3arch.asyncio import Udp6TransportTarget, UdpTransportTarget


class Guarded:
    """What goes before the socket's own class."""

    _callback_function: Any

    def datagram_received(self, datagram: bytes, transportAddress: Any) -> None:  # noqa: N803 — pysnmp's name
        """Hand over a message; nothing is done once the socket is closed."""
        handle = self._callback_function
        if handle is None:
            return
        try:
            handle(self, transportAddress, datagram)
        except Exception:  # noqa: BLE001 — pysnmp and pyasn1 raise whatever a message provokes
            return


class GuardedUdp(Guarded, UdpAsyncioTransport):
    """A socket for IPv4."""


class GuardedUdp6(Guarded, Udp6AsyncioTransport):
    """A socket for IPv6."""


class GuardedTarget(UdpTransportTarget):
    """An agent with an IPv4 address."""

    PROTO_TRANSPORT = GuardedUdp


class GuardedTarget6(Udp6TransportTarget):
    """An agent with an IPv6 address."""

    PROTO_TRANSPORT = GuardedUdp6
