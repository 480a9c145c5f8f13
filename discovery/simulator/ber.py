"""The few encodings of SNMP messages that an agent needs (ITU-T X.690, RFC 3416).

Written for speed on the answering side: varbinds are encoded once, when a recording is loaded.
"""

import re

INTEGER, OCTETS, NULL, OBJECT_ID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = b"\x80\x00", b"\x81\x00", b"\x82\x00"

_LONG = 0x80
_MAX_ARC = 2**32
_MULTI_OCTET_ARC = re.compile(rb"[\x80-\xff]+[\x00-\x7f]")


class BerError(ValueError):
    """Octets or numbers are not what the encoding allows."""


def tlv(tag: int, content: bytes) -> bytes:
    """Return content with its tag and length in front."""
    length = len(content)
    if length < _LONG:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(octets))) + octets + content


def read_tlv(data: bytes, start: int) -> tuple[int, int, int]:
    """Return tag, start and end of the content of the element that begins at `start`.

    Raises:
        BerError: the element does not fit into the data.
    """
    try:
        tag, length = data[start], data[start + 1]
    except IndexError:
        raise BerError("The message ends within an element.") from None
    begin = start + 2
    if length & _LONG:
        count = length & 0x7F
        length = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    if begin + length > len(data):
        raise BerError("An element is longer than the message.")
    return tag, begin, begin + length


def encode_integer(number: int) -> bytes:
    """Return the content octets of an integer, two's complement and as few as possible."""
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return number.to_bytes(size, "big", signed=True)


def decode_integer(content: bytes) -> int:
    """Return the number that the content octets of an integer stand for."""
    return int.from_bytes(content, "big", signed=True)


def encode_oid(arcs: tuple[int, ...]) -> bytes:
    """Return the content octets of an object identifier.

    Raises:
        BerError: there are fewer than two arcs, or arcs that no identifier may have.
    """
    if len(arcs) < 2 or not 0 <= arcs[0] <= 2 or (arcs[0] < 2 and arcs[1] > 39):  # noqa: PLR2004 — X.690 8.19.4
        raise BerError("An object identifier begins with two arcs such as 1.3.")
    octets = bytearray()
    for number in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        if not 0 <= number < _MAX_ARC:
            raise BerError("An arc of an object identifier has at most 32 bits.")
        septets = [number & 0x7F]
        rest = number >> 7
        while rest:
            septets.append(_LONG | (rest & 0x7F))
            rest >>= 7
        octets.extend(reversed(septets))
    return bytes(octets)


def parse_oid(text: str) -> tuple[int, ...]:
    """Return the arcs of an object identifier in dotted numbers.

    Raises:
        BerError: the text is not one.
    """
    try:
        return tuple(int(arc) for arc in text.strip().strip(".").split("."))
    except ValueError:
        raise BerError(f"{text!r} is not an object identifier.") from None


def decode_oid(content: bytes) -> tuple[int, ...]:
    """Return the arcs that the content octets of an object identifier stand for."""
    arcs: list[int] = []
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if not octet & _LONG:
            arcs.append(number)
            number = 0
    if not arcs:
        return ()
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - 40 * first, *arcs[1:])


def order_key(content: bytes) -> bytes:
    """Return octets that sort as object identifiers do, made from an identifier's content octets.

    Arcs of one octet sort by themselves. Longer ones get their length in front, or else 16383
    (two octets, the first 0xFF) would sort after 16384 (three octets, the first 0x81).
    """
    if content.isascii():
        return content
    return _MULTI_OCTET_ARC.sub(lambda arc: bytes((_LONG + len(arc[0]),)) + arc[0], content)
