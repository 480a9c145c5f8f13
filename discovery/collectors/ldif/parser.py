"""Read LDIF content files (RFC 2849) record by record, with limits and line numbers in errors."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from typing import BinaryIO

from discovery.errors import MalformedError, TooMuchError
from discovery.protocols.ldap import AttributeSelection, Entry
from schemas.sentences.ldif import LdifSentence

MAX_LINE_OCTETS = 8 * 1024 * 1024
MAX_RECORD_LINES = 1_000_000
MAX_RECORDS = 2_000_000

_LINE = re.compile(rb"([A-Za-z0-9][A-Za-z0-9.-]*(?:;[A-Za-z0-9=*-]+)*):([:<]?) *(.*)", re.DOTALL)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHANGE_WORDS = frozenset({b"changetype", b"control"})

_Line = tuple[int, bytes]


def read_entries(file: BinaryIO, selection: AttributeSelection) -> Iterator[Entry]:
    """Yield the records of a file; only the selected attributes are ever decoded.

    Raises:
        MalformedError: the file is not LDIF content; the text names the line.
        TooMuchError: a line, a record or the file is larger than allowed.
    """
    count = 0
    for number, lines in enumerate(_records(_unfold(_physical_lines(file))), 1):
        if number > MAX_RECORDS:
            raise TooMuchError(LdifSentence.TOO_MANY_RECORDS, limit=MAX_RECORDS)
        lines = _without_version(lines) if number == 1 else lines  # noqa: PLW2901 — the first differs
        if lines:
            count += 1
            yield _entry(lines, selection)
    if not count:
        raise MalformedError(LdifSentence.NO_RECORD)


def _physical_lines(file: BinaryIO) -> Iterator[_Line]:
    number = 0
    while line := file.readline(MAX_LINE_OCTETS + 1):
        number += 1
        if len(line) > MAX_LINE_OCTETS:
            raise _too_long(number)
        if number == 1:
            if line.startswith(_UTF16_MARKS):
                raise MalformedError(LdifSentence.UTF16)
            line = line.removeprefix(_UTF8_MARK)
        yield number, line.rstrip(b"\r\n")


def _unfold(lines: Iterator[_Line]) -> Iterator[_Line]:
    """Join continuation lines, which begin with one space, and leave comments out."""
    start, parts, size = 0, list[bytes](), 0
    for number, line in lines:
        if line.startswith(b" "):
            if not parts:
                raise MalformedError(LdifSentence.NO_LINE_BEFORE, line=number)
            parts.append(line[1:])
            size += len(line)
            if size > MAX_LINE_OCTETS:
                raise _too_long(start)
            continue
        if parts and not parts[0].startswith(b"#"):
            yield start, b"".join(parts)
        start, parts, size = number, [line], len(line)
        if not line:
            yield start, b""
            parts = []
    if parts and not parts[0].startswith(b"#"):
        yield start, b"".join(parts)


def _records(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    record: list[_Line] = []
    for number, line in lines:
        if line:
            record.append((number, line))
            if len(record) > MAX_RECORD_LINES:
                raise TooMuchError(LdifSentence.LONG_RECORD, line=number)
        elif record:
            yield record
            record = []
    if record:
        yield record


def _without_version(lines: list[_Line]) -> list[_Line]:
    number, line = lines[0]
    name, _, value = line.partition(b":")
    if name.lower() != b"version":
        return lines
    if value.strip() != b"1":
        raise MalformedError(LdifSentence.OTHER_VERSION, line=number)
    return lines[1:]


def _entry(lines: list[_Line], selection: AttributeSelection) -> Entry:
    number, line = lines[0]
    name, mark, value = _parts(number, line)
    if name.lower() != b"dn" or mark == b"<":
        raise MalformedError(LdifSentence.NO_DN, line=number)
    try:
        dn = _value(number, mark, value).decode()
    except UnicodeDecodeError:
        raise MalformedError(LdifSentence.DN_NO_UTF8, line=number) from None
    attributes: dict[str, list[bytes]] = {}
    for number, line in lines[1:]:
        name, mark, value = _parts(number, line)
        if name.lower() in _CHANGE_WORDS:
            raise MalformedError(LdifSentence.CHANGE, line=number)
        wanted = selection.canonical(name)
        if wanted is not None:
            attributes.setdefault(wanted, []).append(_value(number, mark, value))
    return Entry(dn, attributes)


def _parts(number: int, line: bytes) -> tuple[bytes, bytes, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise MalformedError(LdifSentence.NO_ATTRIBUTE, line=number)
    return found[1], found[2], found[3]


def _value(number: int, mark: bytes, value: bytes) -> bytes:
    if mark == b"<":
        raise MalformedError(LdifSentence.REFERENCE, line=number)
    if mark == b":":
        try:
            return b64decode(value.rstrip(b" "), validate=True)
        except Base64Error:
            raise MalformedError(LdifSentence.NO_BASE64, line=number) from None
    return value


def _too_long(number: int) -> TooMuchError:
    return TooMuchError(LdifSentence.LONG_LINE, line=number, limit=MAX_LINE_OCTETS)
