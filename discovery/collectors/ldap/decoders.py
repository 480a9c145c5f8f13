"""Read the values of Active Directory and OpenLDAP: pure, octets in, plain values out.

Each decoder raises ValueError for octets that are not of its form. Moments become days at once:
nothing finer about a person's habits leaves this module.
"""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schemas.vocabulary import LogonBucket

DISABLED = 0x0002
INTERDOMAIN_TRUST = 0x0800
SERVER_TRUST = 0x2000

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_FILETIME_NEVER = 0x7FFFFFFFFFFFFFFF
_UNIX_EPOCH = date(1970, 1, 1)
_MAX_AUTHORITIES = 15
_GENERALIZED_TIME = re.compile(
    rb"(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)?)?(?:[.,]\d{1,9})?(Z|[+-]\d\d(?:\d\d)?)"
)


def decode_text(value: bytes) -> str:
    """Return UTF-8 text without surrounding white space or control characters."""
    text = value.decode()
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable())
    return text.strip()


def decode_integer(value: bytes) -> int:
    """Return a decimal number; userAccountControl and groupType may be negative."""
    if len(value) > 20:  # noqa: PLR2004 — the digits of a 64-bit number and its sign
        raise ValueError("A number is too long.")
    return int(value)


def decode_guid(value: bytes) -> str:
    """Return an objectGUID, 16 octets in Microsoft's mixed order, as 8-4-4-4-12 text."""
    return str(UUID(bytes_le=value))


def decode_uuid(value: bytes) -> str:
    """Return an entryUUID (RFC 4530), which is text already, in lower case."""
    return str(UUID(value.decode("ascii")))


def decode_sid(value: bytes) -> str:
    """Return a security identifier (MS-DTYP 2.4.2.2) as `S-1-5-21-…`."""
    count = value[1] if len(value) >= 8 else -1  # noqa: PLR2004 — revision, count, authority
    if not 0 <= count <= _MAX_AUTHORITIES or len(value) != 8 + 4 * count:
        raise ValueError("A security identifier has a wrong length.")
    parts = [int.from_bytes(value[at : at + 4], "little") for at in range(8, len(value), 4)]
    return "-".join(map(str, ["S", value[0], int.from_bytes(value[2:8], "big"), *parts]))


def decode_filetime(value: bytes) -> date | None:
    """Return the UTC day of a FILETIME, 100 ns since 1601; None for 0 and for never."""
    ticks = decode_integer(value)
    if ticks <= 0 or ticks >= _FILETIME_NEVER:
        return None
    try:
        return (_FILETIME_EPOCH + timedelta(microseconds=ticks // 10)).date()
    except OverflowError:
        return None


def decode_generalized_time(value: bytes) -> date:
    """Return the UTC day of a generalizedTime (RFC 4517, 3.3.13)."""
    found = _GENERALIZED_TIME.fullmatch(value)
    if found is None:
        raise ValueError("A time is not of the form 20260131120000Z.")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    zone = found[7].decode()
    # A leap second is still the same day.
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5] or 0))
        try:
            moment += -offset if zone[0] == "+" else offset
        except OverflowError as error:
            raise ValueError("A time lies outside the calendar.") from error
    return moment.date()


def decode_shadow_day(value: bytes) -> date | None:
    """Return the day of shadowExpire (RFC 2307), days since 1970; None for never."""
    days = decode_integer(value)
    if days <= 0:
        return None
    try:
        return _UNIX_EPOCH + timedelta(days=days)
    except OverflowError:
        return None


def logon_bucket(last_on: date | None, today: date, *, is_recorded: bool) -> LogonBucket:
    """Return how long ago a log-on was, by whole days.

    Active Directory replicates lastLogonTimestamp with up to 14 days' delay, and leaves it away
    for an account that never logged on; `is_recorded` says whether this directory keeps it at all.
    """
    if last_on is None:
        return LogonBucket.NEVER if is_recorded else LogonBucket.UNKNOWN
    days = (today - last_on).days
    if days < 30:  # noqa: PLR2004 — the bucket's own border
        return LogonBucket.UNDER_30_DAYS
    return LogonBucket.UNDER_90_DAYS if days < 90 else LogonBucket.OVER_90_DAYS  # noqa: PLR2004
