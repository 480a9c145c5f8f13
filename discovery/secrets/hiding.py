"""How a secret is found in what a device repeats of it: as text, or spelt in an OID."""

import re

_SHORT = 4


def pattern_of(word: bytes) -> re.Pattern[bytes]:
    """Return what finds a secret in octets; a short one only where it is a word of its own."""
    pattern = re.escape(word)
    return re.compile(pattern if len(word) >= _SHORT else rb"(?<!\w)" + pattern + rb"(?!\w)")


def spelt_in_index(word: bytes) -> bytes:
    """Return the arcs by which an OID spells a secret, one an octet.

    A short one counts only with its length before it (RFC 2578, section 7.7): a few small numbers
    in a row are found in any table.
    """
    return word if len(word) >= _SHORT else bytes([len(word)]) + word
