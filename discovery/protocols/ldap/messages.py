"""Cut and decode LDAP messages (RFC 4511, BER of X.690) without believing any length in them."""

from collections.abc import Callable
from typing import NamedTuple

from discovery.errors import MalformedError
from schemas.sentences.ldap import LdapSentence

SEARCH_ENTRY = 0x64
_SEQUENCE = 0x30
_LONG_FORM = 0x80
_MAX_LENGTH_OCTETS = 4


class Entry(NamedTuple):
    """One entry of a directory: its name and the asked attributes, values as they came."""

    dn: str
    attributes: dict[str, list[bytes]]


def message_size(buffer: bytes, start: int) -> int | None:
    """Return the size of the message that begins here, None while its header is incomplete.

    Raises:
        MalformedError: no LDAP message begins here.
    """
    have = len(buffer) - start
    if have < 1:
        return None
    if buffer[start] != _SEQUENCE:
        raise MalformedError(LdapSentence.MALFORMED, reason="an answer begins with wrong octets")
    if have < 2:  # noqa: PLR2004 — the tag and the first octet of the length
        return None
    length = buffer[start + 1]
    if length < _LONG_FORM:
        return length + 2
    octets = length - _LONG_FORM
    if not 1 <= octets <= _MAX_LENGTH_OCTETS:
        raise MalformedError(
            LdapSentence.MALFORMED, reason="a message has a length that is not allowed"
        )
    if have < 2 + octets:
        return None
    return 2 + octets + int.from_bytes(buffer[start + 2 : start + 2 + octets], "big")


def _long_length(buffer: bytes, position: int, first: int) -> tuple[int, int]:
    """Return a length in the long form and where the value begins."""
    octets = first - _LONG_FORM
    if not 1 <= octets <= _MAX_LENGTH_OCTETS:
        raise MalformedError(
            LdapSentence.MALFORMED, reason="an entry holds a length that is not allowed"
        )
    end = position + octets
    return int.from_bytes(buffer[position:end], "big"), end


def value_bounds(buffer: bytes, position: int) -> tuple[int, int]:
    """Return where the value of the element at this position begins and ends."""
    length = buffer[position + 1]
    position += 2
    if length >= _LONG_FORM:
        length, position = _long_length(buffer, position, length)
    return position, position + length


def decode_entry(
    buffer: bytes, position: int, end: int, canonical: Callable[[bytes], str | None]
) -> Entry:
    """Return the SearchResultEntry whose value lies between these positions.

    Written out in one loop because it runs for every value of a directory; `canonical` names the
    attribute, or says None to leave it out.

    Raises:
        MalformedError: a length in the entry does not fit.
    """
    start, position = value_bounds(buffer, position)
    dn = buffer[start:position].decode()
    position, stop_all = value_bounds(buffer, position)
    attributes: dict[str, list[bytes]] = {}
    while position < stop_all:
        position, stop = value_bounds(buffer, position)
        start, position = value_bounds(buffer, position)
        name = canonical(buffer[start:position])
        if name is None:
            position = stop
            continue
        position, stop_values = value_bounds(buffer, position)
        if stop_values != stop:
            break
        values: list[bytes] = []
        while position < stop:
            length = buffer[position + 1]
            position += 2
            if length >= _LONG_FORM:
                length, position = _long_length(buffer, position, length)
            values.append(buffer[position : position + length])
            position += length
        if position != stop:
            break
        attributes[name] = values
    if position != stop_all or stop_all != end:
        raise MalformedError(LdapSentence.MALFORMED, reason="an entry ends too early or too late")
    return Entry(dn, attributes)
