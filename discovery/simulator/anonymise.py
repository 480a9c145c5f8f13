"""Takes out of a recording what names people, places and networks; what identifies a kind stays.

Replacements are the same throughout one recording, so links between tables survive. They are keyed
with a salt that is thrown away: nobody can try names until a hash fits.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_network

from discovery.knowledge import serial_oids
from discovery.knowledge.identity import find_identity
from discovery.secrets.hiding import pattern_of, spelt_in_index
from discovery.simulator import ber
from discovery.simulator.recording import Row

_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
_FIXED: dict[tuple[int, ...], bytes] = {
    (1, 3, 6, 1, 2, 1, 1, 4, 0): b"contact",
    (1, 3, 6, 1, 2, 1, 1, 6, 0): b"location",
}
# Columns whose texts people write: ifAlias, the names of LLDP neighbours and of oneself.
_WRITTEN = (
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18),
    (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1, 9),
    (1, 0, 8802, 1, 1, 2, 1, 3, 3),
)
# Tables that hold command lines, connections, outputs of scripts, users and keys.
_DROPPED = (
    (1, 3, 6, 1, 2, 1, 6, 13),
    (1, 3, 6, 1, 2, 1, 6, 19),
    (1, 3, 6, 1, 2, 1, 6, 20),
    (1, 3, 6, 1, 2, 1, 7),
    (1, 3, 6, 1, 2, 1, 25, 4),
    (1, 3, 6, 1, 4, 1, 2021, 8),
    (1, 3, 6, 1, 4, 1, 8072, 1, 3),
    (1, 3, 6, 1, 6),
)
_PRIVATE = (1, 3, 6, 1, 4, 1)
_SERIAL_COLUMNS = ((1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11), (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17))
# Tables with an IPv4 address at the end of their index: ipAddrTable, ipNetToMediaTable.
_ADDRESS_TABLES = ((1, 3, 6, 1, 2, 1, 4, 20, 1), (1, 3, 6, 1, 2, 1, 4, 22, 1))
_DOCUMENTATION = [
    address
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/16")
    for address in ip_network(network).hosts()
]
_IPV4_ARCS, _IPV6_ARCS = 4, 16
_MAC_OCTETS, _OUI_OCTETS = 6, 3
# Columns of MAC addresses whatever octets they have: ifPhysAddress, ipNetToMediaPhysAddress,
# ipNetToPhysicalPhysAddress, dot1dBaseBridgeAddress, dot1dTpFdbAddress.
_MAC_COLUMNS = (
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 6),
    (1, 3, 6, 1, 2, 1, 4, 22, 1, 2),
    (1, 3, 6, 1, 2, 1, 4, 35, 1, 4),
    (1, 3, 6, 1, 2, 1, 17, 1, 1),
    (1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 1),
)
# Tables with a MAC address at the end of their index: dot1dTpFdbTable, dot1qTpFdbTable.
_MAC_TABLES = ((1, 3, 6, 1, 2, 1, 17, 4, 3, 1), (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1))
_MIN_NAME = 3
_OCTET = 256
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.-]+")
_MAC_TEXT = re.compile(
    rb"(?i)(?<![0-9a-f:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f:-])"
)
_DOTTED = re.compile(rb"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")


@dataclass
class Anonymiser:
    """Replaces the telling values of one recording.

    Args:
        salt: what keys the replacements; use random octets, other than in tests.
        secrets: texts that must not stay anywhere, such as the community.
        is_hiding_serials: whether serial numbers are replaced by others of the same form.
    """

    salt: bytes
    secrets: tuple[bytes, ...] = ()
    is_hiding_serials: bool = True
    _addresses: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    _macs: set[bytes] = field(default_factory=set)
    _words: dict[bytes, bytes] = field(default_factory=dict)

    def apply(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that may be shown, with replaced values and indexes.

        A row whose index spells a secret, as tables of communities do, is left out.
        """
        kept = [row for row in rows if not _is_below(row[0], _DROPPED) and not self._spells(row[0])]
        self._learn(kept)
        return [
            (self._index(arcs), tag, self._value(arcs, tag, content)) for arcs, tag, content in kept
        ]

    def _learn(self, rows: list[Row]) -> None:
        """Note the names and addresses that have to be replaced wherever they occur."""
        if self.is_hiding_serials:
            self._learn_serial(rows)
        for arcs, tag, content in rows:
            self._learn_addresses(arcs, tag, content)
            if arcs == _NAME and len(content) >= _MIN_NAME:
                self._words[content] = b"device-" + self._hash(content)
                host = content.split(b".")[0]
                if len(host) >= _MIN_NAME:
                    self._words.setdefault(host, b"device-" + self._hash(content))

    def _learn_addresses(self, arcs: tuple[int, ...], tag: int, content: bytes) -> None:
        if tag == ber.IP_ADDRESS:
            self._map_address(tuple(content))
        if _is_mac(arcs, tag, content):
            self._macs.add(content)
        if _is_below(arcs, _MAC_TABLES) and max(arcs[-_MAC_OCTETS:]) < _OCTET:
            self._macs.add(bytes(arcs[-_MAC_OCTETS:]))
        if _is_below(arcs, _ADDRESS_TABLES):
            self._map_address(arcs[-_IPV4_ARCS:])
        for start in _starts(arcs, (1, 4)):
            if arcs[:4] == (1, 0, 8802, 1) or arcs[:8] == (1, 3, 6, 1, 2, 1, 4, 34):
                self._map_address(arcs[start : start + _IPV4_ARCS])

    def _learn_serial(self, rows: list[Row]) -> None:
        """Note the serial number in the tree of a maker whom nobody has taught."""
        texts = {
            ".".join(map(str, arcs)): content.decode("ascii")
            for arcs, tag, content in rows
            if tag == ber.OCTETS and arcs[: len(_PRIVATE)] == _PRIVATE and content.isascii()
        }
        if found := find_identity(texts).get("serial"):
            serial = found.values["serial"].encode("ascii")
            self._words[serial] = self._same_form(serial)

    def _map_address(self, arcs: tuple[int, ...]) -> None:
        if len(arcs) != _IPV4_ARCS or arcs in self._addresses or max(arcs) >= _OCTET:
            return
        address = IPv4Address(bytes(arcs))
        is_mask = address.packed[0] == _OCTET - 1
        if not (is_mask or address.is_loopback or address.is_unspecified or address.is_multicast):
            replacement = _DOCUMENTATION[len(self._addresses) % len(_DOCUMENTATION)]
            self._addresses[arcs] = tuple(replacement.packed)

    def _spells(self, arcs: tuple[int, ...]) -> bool:
        """Say whether a secret is written into an OID, one arc a character."""
        octets = bytes(arc if arc < _OCTET else 0 for arc in arcs)
        return any(spelt_in_index(secret) in octets for secret in self.secrets)

    def _index(self, arcs: tuple[int, ...]) -> tuple[int, ...]:
        """Return an OID with the addresses in its index replaced."""
        for start in range(7, len(arcs) - _IPV4_ARCS + 1):
            found = self._addresses.get(arcs[start : start + _IPV4_ARCS])
            if found:
                arcs = arcs[:start] + found + arcs[start + _IPV4_ARCS :]
        for start in range(7, len(arcs) - _MAC_OCTETS + 1):
            octets = arcs[start : start + _MAC_OCTETS]
            if max(octets) < _OCTET and bytes(octets) in self._macs:
                arcs = (*arcs[:start], *self._mac(bytes(octets)), *arcs[start + _MAC_OCTETS :])
        for start in _starts(arcs, (2, _IPV6_ARCS)):
            is_told = arcs[:7] == (1, 3, 6, 1, 2, 1, 4) or arcs[:4] == (1, 0, 8802, 1)
            if len(arcs) >= start + _IPV6_ARCS and is_told:
                address = bytes(arc % _OCTET for arc in arcs[start : start + _IPV6_ARCS])
                hidden = bytes.fromhex("20010db8") + bytes(8) + self._digest(address)[:4]
                arcs = arcs[:start] + tuple(hidden) + arcs[start + _IPV6_ARCS :]
        return arcs

    def _value(self, arcs: tuple[int, ...], tag: int, content: bytes) -> bytes:
        if tag == ber.IP_ADDRESS:
            return bytes(self._addresses.get(tuple(content), tuple(content)))
        if tag != ber.OCTETS or not content:
            return content
        fixed = _FIXED.get(arcs)
        if fixed is not None:
            return fixed
        return self._text(arcs, content)

    def _text(self, arcs: tuple[int, ...], content: bytes) -> bytes:
        if content in self._macs:
            return self._mac(content)
        if self.is_hiding_serials and _is_serial(arcs):
            return self._same_form(content)
        content = self._replace_words(content)
        if _is_below(arcs, _WRITTEN) and not content.startswith(b"device-"):
            return b"text-" + self._hash(content)
        return content

    def _replace_words(self, content: bytes) -> bytes:
        for secret in sorted(self.secrets, key=len, reverse=True):
            content = pattern_of(secret).sub(b"public", content)
        for word in sorted(self._words, key=len, reverse=True):
            content = content.replace(word, self._words[word])
        content = _MAIL.sub(b"contact@example.org", content)
        content = _MAC_TEXT.sub(self._written_mac, content)
        return _DOTTED.sub(self._dotted, content)

    def _mac(self, octets: bytes) -> bytes:
        """Return another address of the same maker; that of nobody stays."""
        if not any(octets):
            return octets
        return octets[:_OUI_OCTETS] + self._digest(octets)[:_OUI_OCTETS]

    def _written_mac(self, match: re.Match[bytes]) -> bytes:
        octets = bytes.fromhex(match[0].replace(match[1], b"").decode())
        return self._mac(octets).hex(match[1].decode()).encode()

    def _dotted(self, match: re.Match[bytes]) -> bytes:
        # Versions look like addresses too: only what is known as an address is replaced.
        found = self._addresses.get(tuple(int(part) for part in match[0].split(b".")))
        return b".".join(b"%d" % part for part in found) if found else match[0]

    def _same_form(self, content: bytes) -> bytes:
        digest = self._digest(content) * (len(content) // 32 + 1)
        return bytes(
            48 + key % 10
            if 48 <= octet < 58  # noqa: PLR2004 — the digits of ASCII
            else 65 + key % 26
            if chr(octet).isascii() and chr(octet).isalpha()
            else octet
            for octet, key in zip(content, digest, strict=False)
        )

    def _hash(self, content: bytes) -> bytes:
        return self._digest(content).hex()[:8].encode()

    def _digest(self, content: bytes) -> bytes:
        return hmac.digest(self.salt, content, "sha256")


def _is_below(arcs: tuple[int, ...], prefixes: Iterable[tuple[int, ...]]) -> bool:
    return any(arcs[: len(prefix)] == prefix for prefix in prefixes)


def _is_mac(arcs: tuple[int, ...], tag: int, content: bytes) -> bool:
    if tag != ber.OCTETS or len(content) != _MAC_OCTETS:
        return False
    is_text = content.isascii() and content.decode("ascii").isprintable()
    return not is_text or _is_below(arcs, _MAC_COLUMNS)


def _is_serial(arcs: tuple[int, ...]) -> bool:
    return _is_below(arcs, _SERIAL_COLUMNS) or ".".join(map(str, arcs)).startswith(serial_oids())


def _starts(arcs: tuple[int, ...], mark: tuple[int, int]) -> Iterator[int]:
    """Yield where an address begins that is announced by its type and length (RFC 4001)."""
    for position in range(7, len(arcs) - 5):
        if arcs[position : position + 2] == mark:
            yield position + 2
