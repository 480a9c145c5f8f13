"""Reads the few fields of an SNMP message that the fast engine does not show (RFC 3412, 3416)."""

from discovery.errors import MalformedError
from schemas.sentences.snmp import SnmpSentence

_SEQUENCE = 0x30
_REPORT = 0xA8
_VERSION_3 = 3
_LONG_FORM = 0x80
_MIN_ENGINE_ID, _MAX_ENGINE_ID = 5, 32
"""Octets of an engine ID (RFC 3411, SnmpEngineID)."""

REPORT_REASONS = {
    "1.3.6.1.6.3.15.1.1.1.0": "it demands another security level",
    "1.3.6.1.6.3.15.1.1.2.0": "the clock of its engine jumps",
    "1.3.6.1.6.3.15.1.1.3.0": "it does not know this user",
    "1.3.6.1.6.3.15.1.1.4.0": "the engine ID has changed",
    "1.3.6.1.6.3.15.1.1.5.0": "wrong authentication password or protocol",
    "1.3.6.1.6.3.15.1.1.6.0": "wrong privacy password or protocol",
}
"""What the counter of a report says of the agent (RFC 3414, section 5)."""


def read_error_status(message: bytes) -> int:
    """Return the error status of a v1 or v2c answer.

    Raises:
        MalformedError: the bytes are no such message.
    """
    try:
        _, body, _ = _element(message, 0)
        _, _, at = _element(body, 0)
        _, _, at = _element(body, at)
        _, pdu, _ = _element(body, at)
        _, _, at = _element(pdu, 0)
        _, status, _ = _element(pdu, at)
    except IndexError as error:
        raise MalformedError(SnmpSentence.NO_MESSAGE) from error
    return int.from_bytes(status, "big", signed=True)


def read_report(message: bytes) -> str | None:
    """Return the OID of the counter that a v3 report names, None where it is no plain report."""
    try:
        _, body, _ = _element(message, 0)
        _, version, at = _element(body, 0)
        if int.from_bytes(version, "big") != _VERSION_3:
            return None
        for _ in range(2):
            _, _, at = _element(body, at)
        tag, scoped, _ = _element(body, at)
        if tag != _SEQUENCE:
            return None
        at = 0
        for _ in range(2):
            _, _, at = _element(scoped, at)
        tag, pdu, _ = _element(scoped, at)
        if tag != _REPORT:
            return None
        at = 0
        for _ in range(3):
            _, _, at = _element(pdu, at)
        _, bindings, _ = _element(pdu, at)
        _, binding, _ = _element(bindings, 0)
        _, oid, _ = _element(binding, 0)
    except IndexError:
        return None
    return _oid(oid)


def read_engine_id(message: bytes) -> bytes | None:
    """Return the engine ID that a v3 message names as authoritative, None where it is no such."""
    try:
        _, body, _ = _element(message, 0)
        _, version, at = _element(body, 0)
        if int.from_bytes(version, "big") != _VERSION_3:
            return None
        _, _, at = _element(body, at)
        _, security, _ = _element(body, at)
        _, parameters, _ = _element(security, 0)
        _, engine_id, _ = _element(parameters, 0)
    except IndexError:
        return None
    return engine_id if _MIN_ENGINE_ID <= len(engine_id) <= _MAX_ENGINE_ID else None


def _element(data: bytes, at: int) -> tuple[int, bytes, int]:
    """Return tag, content and the position behind one BER element."""
    tag, length = data[at], data[at + 1]
    at += 2
    if length & _LONG_FORM:
        size = length & ~_LONG_FORM
        length = int.from_bytes(data[at : at + size], "big")
        at += size
    if at + length > len(data):
        raise IndexError
    return tag, data[at : at + length], at + length


def _oid(content: bytes) -> str:
    numbers: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = numbers[0] if numbers else 0
    top = min(first // 40, 2)
    return ".".join(str(number) for number in (top, first - 40 * top, *numbers[1:]))
