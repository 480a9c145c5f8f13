"""Does an answer of SNMP v3 come from who holds the key (RFC 3414, 6.3.2 and 7.3.2; RFC 7860)?

The fast engine decrypts answers but does not verify their digest. It is verified here before the
engine reads them. What is behind a genuine message in the same moment the engine may read unseen,
where the genuine one answers another question: who can send both must stand on the line and be
quick.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Self

from discovery.protocols.snmp.pdu import read_report

_AUTH_FLAG = 1
_LONG_FORM = 0x80
_HASHES = {
    "md5": ("md5", 12),
    "sha1": ("sha1", 12),
    "sha224": ("sha224", 16),
    "sha256": ("sha256", 24),
    "sha384": ("sha384", 32),
    "sha512": ("sha512", 48),
}
"""Protocol → hash function and octets of the digest."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The key of one user at one engine."""

    key: bytes
    hash_name: str
    size: int

    @classmethod
    def of(cls, protocol: str, master_key: bytes, engine_id: bytes) -> Self:
        """Return the seal of an authentication protocol, its key localised (RFC 3414, 2.6)."""
        name, size = _HASHES[protocol]
        key = hashlib.new(name, master_key + engine_id + master_key, usedforsecurity=False).digest()
        return cls(key, name, size)

    def is_genuine(self, message: bytes) -> bool:
        """Tell whether a message is sealed with the key, or is a report that need not be."""
        try:
            flags, begin, end = _find_digest(message)
        except IndexError:
            return False
        if not flags & _AUTH_FLAG:
            return read_report(message) is not None
        if end - begin != self.size:
            return False
        blank = message[:begin] + bytes(self.size) + message[end:]
        expected = hmac.digest(self.key, blank, self.hash_name)[: self.size]
        return hmac.compare_digest(expected, message[begin:end])


def _find_digest(message: bytes) -> tuple[int, int, int]:
    """Return the flags of a message, and where its authentication parameters begin and end.

    Raises:
        IndexError: the octets are no message of version 3.
    """
    at, _ = _content(message, 0)
    _, at = _content(message, at)
    head, after_head = _content(message, at)
    for _ in range(2):
        _, head = _content(message, head)
    flags, _ = _content(message, head)
    at, _ = _content(message, after_head)
    at, _ = _content(message, at)
    for _ in range(4):
        _, at = _content(message, at)
    begin, end = _content(message, at)
    return message[flags], begin, end


def _content(message: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the BER element at a place begins and ends."""
    length = message[at + 1]
    at += 2
    if length & _LONG_FORM:
        size = length & ~_LONG_FORM
        length = int.from_bytes(message[at : at + size], "big")
        at += size
    if at + length > len(message):
        raise IndexError
    return at, at + length
