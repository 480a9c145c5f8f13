"""Loopback UDP sockets that know which address they were asked at, and answer from it."""

import socket
import struct
from collections.abc import Sequence
from typing import Any

BUFFER_OCTETS = 4 * 2**20
PACKET_OCTETS = 65_535

# Python does not name it before 3.14; the number is Linux's (ip(7)).
_IP_PKTINFO = 8
_PACKET_INFO = struct.Struct("@i4s4s")
_CONTROL_OCTETS = socket.CMSG_SPACE(_PACKET_INFO.size)
_LOOPBACK_NET = 127


def open_sockets(port: int, addresses: Sequence[str]) -> list[socket.socket]:
    """Return sockets that receive what is sent to the addresses: one for all, where Linux allows.

    The one socket is bound to the loopback interface, so it hears nothing from outside. Where that
    is refused, every address gets a socket of its own.

    Raises:
        OSError: the port is taken, or an address is not one of this machine.
    """
    common = _new_socket()
    try:
        common.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\x00")
        common.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
    except (AttributeError, OSError):
        common.close()
        return _one_per_address(port, addresses)
    try:
        # Bound to the interface “lo” above: any address, but of the loopback only.
        common.bind(("", port))
    except OSError:
        common.close()
        raise
    return [common]


def receive(opened: socket.socket) -> tuple[bytes, bytes, Any] | None:
    """Return the next packet, the four octets of the asked address, and the sender.

    Returns nothing for a packet that did not stay within the loopback network.

    Raises:
        BlockingIOError: nothing is waiting.
    """
    packet, control, _, sender = opened.recvmsg(PACKET_OCTETS, _CONTROL_OCTETS)
    if control:
        _, _, asked = _PACKET_INFO.unpack(control[0][2][: _PACKET_INFO.size])
    else:
        asked = socket.inet_aton(opened.getsockname()[0])
    if asked[0] != _LOOPBACK_NET or not sender[0].startswith("127."):
        return None
    return packet, asked, sender


def send(opened: socket.socket, packet: bytes, asked: bytes, sender: Any) -> None:
    """Send an answer from the address that was asked; a lost answer is UDP's good right."""
    information = (socket.IPPROTO_IP, _IP_PKTINFO, _PACKET_INFO.pack(0, asked, bytes(4)))
    try:
        opened.sendmsg([packet], [information], 0, sender)
    except OSError:
        return


def _one_per_address(port: int, addresses: Sequence[str]) -> list[socket.socket]:
    opened: list[socket.socket] = []
    for address in addresses:
        if not address.startswith("127."):
            raise OSError(f"{address} is not a loopback address.")
    try:
        for address in addresses:
            opened.append(_new_socket())
            opened[-1].bind((address, port))
            port = opened[-1].getsockname()[1]
    except OSError:
        for each in opened:
            each.close()
        raise
    return opened


def _new_socket() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_OCTETS)
    opened.setblocking(False)
    return opened
