"""Traps as a device sends them."""

import socket

from tests.discovery.snmp.lying_agent import encode_oid, integer, numbers, tlv

UP_TIME = "1.3.6.1.2.1.1.3.0"
TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
COLD_START = "1.3.6.1.6.3.1.1.5.1"
TRAP = 0xA7


def cold_start(community=b"public"):
    """Return the message of a device that has just started (SNMP v2c)."""
    bindings = tlv(0x30, encode_oid(numbers(UP_TIME)) + tlv(0x43, b"\x07"))
    bindings += tlv(0x30, encode_oid(numbers(TRAP_OID)) + encode_oid(numbers(COLD_START)))
    pdu = integer(1) + integer(0) + integer(0) + tlv(0x30, bindings)
    return tlv(0x30, integer(1) + tlv(4, community) + tlv(TRAP, pdu))


def send(port, message, sender):
    """Send a message from a loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind((sender, 0))
        sending.sendto(message, ("127.0.0.1", port))
