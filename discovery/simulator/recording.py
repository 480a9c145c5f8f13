"""What a device answered, in the form of `.snmprec` files: one `OID|TAG|VALUE` per line.

TAG is the decimal BER tag, with `x` behind it when VALUE is hexadecimal. Lines that are not of this
form are left out, because recordings of real devices contain some.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from discovery.simulator import ber

MAX_BYTES = 64 * 2**20
_TAG = re.compile(r"([0-9]{1,3})([xe]?)\Z")
_UNSIGNED = {ber.COUNTER32: 32, ber.GAUGE32: 32, ber.TIME_TICKS: 32, ber.COUNTER64: 64}
_ADDRESS_OCTETS = 4

Row = tuple[tuple[int, ...], int, bytes]
"""Arcs of the OID, BER tag and content octets of one varbind."""


class RecordingError(Exception):
    """A recording cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Varbinds ready to be sent, in the order of their OIDs.

    Attributes:
        keys: `ber.order_key` of every OID, ascending.
        varbinds: the encoded varbinds, in the same order.
    """

    keys: tuple[bytes, ...]
    varbinds: tuple[bytes, ...]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Make a recording of rows in any order; of several with one OID the first stays."""
        found: dict[bytes, bytes] = {}
        for arcs, tag, content in rows:
            oid = ber.encode_oid(arcs)
            key = ber.order_key(oid)
            if key not in found:
                found[key] = ber.tlv(
                    ber.SEQUENCE, ber.tlv(ber.OBJECT_ID, oid) + ber.tlv(tag, content)
                )
        keys = tuple(sorted(found))
        return cls(keys, tuple(found[key] for key in keys))

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read the lines of a recording; a line of another form is left out."""
        return cls.of(row for line in text.splitlines() if (row := parse_line(line)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a recording from a file.

        Raises:
            RecordingError: the file cannot be read, is too large, or holds no usable line.
        """
        try:
            if path.stat().st_size > MAX_BYTES:
                raise RecordingError(f"{path.name} is larger than {MAX_BYTES >> 20} MB.")
            recording = cls.parse(path.read_bytes())
        except OSError as error:
            raise RecordingError(f"{path.name} cannot be read: {error.strerror}.") from error
        if not recording.keys:
            raise RecordingError(f"{path.name} holds no line of the form OID|TAG|VALUE.")
        return recording

    def rows(self) -> Iterator[Row]:
        """Yield what was recorded, in the order of the OIDs."""
        for varbind in self.varbinds:
            _, begin, _ = ber.read_tlv(varbind, 0)
            _, oid_begin, oid_end = ber.read_tlv(varbind, begin)
            tag, value_begin, value_end = ber.read_tlv(varbind, oid_end)
            yield ber.decode_oid(varbind[oid_begin:oid_end]), tag, varbind[value_begin:value_end]

    def find(self, key: bytes) -> bytes | None:
        """Return the varbind of exactly this OID."""
        position = bisect_left(self.keys, key)
        if position < len(self.keys) and self.keys[position] == key:
            return self.varbinds[position]
        return None

    def has_under(self, key: bytes) -> bool:
        """Return whether anything lies below this OID."""
        position = bisect_left(self.keys, key)
        return position < len(self.keys) and self.keys[position].startswith(key)

    def after(self, key: bytes) -> int:
        """Return the position of the first varbind behind this OID."""
        return bisect_right(self.keys, key)


def parse_line(line: bytes) -> Row | None:
    """Return the row that a line stands for, or nothing if it is not of the form."""
    parts = line.strip().split(b"|", 2)
    if len(parts) < 3 or line.startswith(b"#"):  # noqa: PLR2004 — OID|TAG|VALUE
        return None
    oid, tag, value = parts
    form = _TAG.match(tag.decode("ascii", "replace").strip())
    if form is None:
        return None
    try:
        arcs = ber.parse_oid(oid.decode("ascii", "replace"))
        ber.encode_oid(arcs)
        content = _content(int(form[1]), form[2], value)
    except ValueError:
        return None
    return (arcs, int(form[1]), content) if content is not None else None


def format_line(row: Row) -> str:
    """Return the line that stands for a row."""
    arcs, tag, content = row
    oid = ".".join(map(str, arcs))
    if tag in (ber.INTEGER, *_UNSIGNED):
        return f"{oid}|{tag}|{ber.decode_integer(content)}"
    if tag == ber.OBJECT_ID:
        return f"{oid}|{tag}|{'.'.join(map(str, ber.decode_oid(content)))}"
    if tag == ber.IP_ADDRESS and len(content) == _ADDRESS_OCTETS:
        return f"{oid}|{tag}|{'.'.join(map(str, content))}"
    if tag == ber.OCTETS and _is_plain(content):
        return f"{oid}|{tag}|{content.decode('ascii')}"
    return f"{oid}|{tag}x|{content.hex()}"


def _is_plain(content: bytes) -> bool:
    text = content.decode("ascii", "replace")
    return content.isascii() and (not text or text.isprintable()) and text == text.strip()


def _content(tag: int, form: str, value: bytes) -> bytes | None:
    """Return the content octets of a value, or nothing for a tag that no varbind has."""
    if form == "x":
        value = bytes.fromhex(value.decode("ascii"))
    elif form == "e":
        value = value.decode("unicode_escape").encode("latin-1", "replace")
    content: bytes | None = None
    if tag in (ber.OCTETS, ber.OPAQUE):
        content = value
    elif tag == ber.NULL:
        content = b""
    elif tag == ber.IP_ADDRESS:
        octets = value if form else bytes(ber.parse_oid(value.decode("ascii")))
        content = octets if len(octets) == _ADDRESS_OCTETS else None
    elif tag == ber.OBJECT_ID:
        content = ber.encode_oid(ber.parse_oid(value.decode("ascii")))
    elif tag == ber.INTEGER:
        content = ber.encode_integer(int(value))
    elif tag in _UNSIGNED:
        content = ber.encode_integer(int(value) % 2 ** _UNSIGNED[tag])
    return content
