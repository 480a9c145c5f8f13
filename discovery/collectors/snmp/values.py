"""SNMP values to plain text and numbers, whatever an agent makes of the textual conventions."""

import re
from collections.abc import Sequence
from ipaddress import ip_address

from discovery.protocols.snmp.wire import Value

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MAC_TEXT = re.compile(r"[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}")
_MAC_BYTES = 6
_MAX_MAC_BYTES = 8
_OCTET = 255
_ROMAN_8 = b"\x01\x15"
"""The symbol set that HP's printers put before a text of their Printer Management Language."""


def text(value: Value, limit: int = 255) -> str | None:
    """Return text without control characters and outer space, None where nothing is left.

    Octets that are not UTF-8 are read as Latin-1, which never fails.
    """
    if value is None:
        return None
    if isinstance(value, bytes):
        try:
            content = value.decode()
        except UnicodeDecodeError:
            content = value.decode("latin-1")
        # Most text has nothing to clean, and then one test is all it costs.
        if not content.isprintable():
            content = _CONTROL.sub("", content)
    else:
        content = str(value)
    return content.strip()[:limit].rstrip() or None


def line(value: Value, limit: int = 255) -> str | None:
    """Return the first line of a text: what stands behind it in a name is filling."""
    content = text(value, 4096)
    return content.partition("\n")[0].strip()[:limit].rstrip() or None if content else None


def number(value: Value, maximum: int) -> int | None:
    """Return a number from 0 to a maximum, None for anything else."""
    # An agent may even send a BOOLEAN, which SNMP does not know and Python takes for a number.
    return value if type(value) is int and 0 <= value <= maximum else None


def mac(value: Value) -> str | None:
    """Return a MAC address as pairs of hexadecimal digits with colons, None for none or zeros."""
    if not isinstance(value, bytes):
        return None
    if _MAC_BYTES <= len(value) <= _MAX_MAC_BYTES:
        return value.hex(":") if any(value) else None
    written = value.decode("latin-1").strip("\0 ")
    if _MAC_TEXT.fullmatch(written):
        pairs = [pair.zfill(2).lower() for pair in re.split("[:-]", written)]
        return ":".join(pairs) if set(pairs) != {"00"} else None
    return None


def mac_of_arcs(arcs: Sequence[str]) -> str | None:
    """Return the MAC address of one device from the six numbers of an index."""
    if len(arcs) != _MAC_BYTES or any(int(one) > _OCTET for one in arcs):
        return None
    is_group = int(arcs[0]) & 1
    return None if is_group else mac(bytes(map(int, arcs)))


def address(octets: bytes) -> str | None:
    """Return an IPv4 or IPv6 address from its 4 or 16 octets."""
    return str(ip_address(octets)) if len(octets) in (4, 16) else None


def scalar(value: Value) -> str | int | None:
    """Return a value as JSON can carry it; octets that are no text become hexadecimal digits."""
    if isinstance(value, int):
        # No SNMP type holds more (Counter64, RFC 2578, section 7.1.10); a lying agent may send it.
        return int(value) if -(2**63) <= value < 2**64 else str(value)
    return octets(value) if isinstance(value, bytes) else value


def octets(value: bytes) -> str:
    """Return octets as text, in hexadecimal digits what is none."""
    try:
        content = value.removeprefix(_ROMAN_8).rstrip(b"\0").decode()
    except UnicodeDecodeError:
        content = ""
    if value and (not content or _CONTROL.search(content)):
        return value[:255].hex(":")
    return content.strip()[:4096]
