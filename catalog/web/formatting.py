"""How values are written on pages: the Swiss way, the same in German and English.

Numbers are grouped with U+2019, days read dd.mm.yyyy, times are those of Zurich. Only words are
translated. A value that is not known is written as a dash.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext, ngettext

APOSTROPHE = "\u2019"
NO_BREAK_SPACE = "\u00a0"
UNKNOWN = "\u2013"
ZONE = ZoneInfo("Europe/Zurich")

DECIMAL_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
BINARY_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
SPEED_UNITS = ("bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s")

ONE_DECIMAL_BELOW = 10
"""Seconds; longer durations are not told to the tenth."""

Number = int | float | Decimal


def format_number(value: Number | None, decimals: int | None = None) -> str:
    """Group a number by thousands; without `decimals` its own digits are kept."""
    if value is None:
        return UNKNOWN
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,f}".replace(",", APOSTROPHE)


def format_chf(value: Number | None, decimals: int = 2) -> str:
    """Write an amount in Swiss francs that no line break can tear apart."""
    if value is None:
        return UNKNOWN
    return f"CHF{NO_BREAK_SPACE}{format_number(value, decimals)}"


def format_percent(share: Number | None, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as per cent."""
    if share is None:
        return UNKNOWN
    return f"{format_number(Decimal(str(share)) * 100, decimals)}{NO_BREAK_SPACE}%"


def format_date(value: date | None) -> str:
    """Write a day; of a moment, the day it is in Zurich."""
    if value is None:
        return UNKNOWN
    day = _in_zurich(value) if isinstance(value, datetime) else value
    return f"{day:%d.%m.%Y}"


def format_date_time(value: datetime | None) -> str:
    """Write a moment to the minute, as clocks in Zurich show it."""
    return UNKNOWN if value is None else f"{_in_zurich(value):%d.%m.%Y, %H:%M}"


def format_time(value: datetime | None) -> str:
    """Write the time of day to the second, as clocks in Zurich show it."""
    return UNKNOWN if value is None else f"{_in_zurich(value):%H:%M:%S}"


def format_bytes(value: Number | None) -> str:
    """Write an amount of storage in decimal units, as disks are sold."""
    return _scaled(value, DECIMAL_UNITS, 1000)


def format_memory(value: Number | None) -> str:
    """Write an amount of working memory in binary units, as modules are built."""
    return _scaled(value, BINARY_UNITS, 1024)


def format_speed(bits_per_second: Number | None) -> str:
    """Write the speed of an interface."""
    return _scaled(bits_per_second, SPEED_UNITS, 1000)


def format_duration(value: timedelta | float | None) -> str:
    """Write how long something took, in its two largest units."""
    if value is None:
        return UNKNOWN
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < 1:
        return f"{round(seconds * 1000)}{NO_BREAK_SPACE}ms"
    if seconds < ONE_DECIMAL_BELOW:
        return f"{format_number(seconds, 1)}{NO_BREAK_SPACE}s"
    whole = round(seconds)
    parts = (
        (whole // 86400, "d"),
        (whole // 3600 % 24, "h"),
        (whole // 60 % 60, "min"),
        (whole % 60, "s"),
    )
    first = next(index for index, (amount, _) in enumerate(parts) if amount)
    shown = [part for part in parts[first : first + 2] if part[0]]
    return " ".join(f"{format_number(amount)}{NO_BREAK_SPACE}{unit}" for amount, unit in shown)


def format_age(value: datetime | None, now: datetime) -> str:
    """Say in words how long ago a moment was, or how far ahead it lies."""
    if value is None:
        return UNKNOWN
    seconds = (now - _aware(value)).total_seconds()
    amount, words = _in_words(abs(seconds))
    if amount == 0:
        return gettext("just now")
    return words(amount, seconds < 0)


def _in_words(seconds: float) -> tuple[int, Callable[[int, bool], str]]:
    minute, hour, day = 60, 3600, 86400
    if seconds < minute:
        return 0, _minutes
    if seconds < hour:
        return int(seconds // minute), _minutes
    if seconds < day:
        return int(seconds // hour), _hours
    if seconds < 60 * day:
        return int(seconds // day), _days
    if seconds < 730 * day:
        return int(seconds // (30.44 * day)), _months
    return int(seconds // (365.25 * day)), _years


def _minutes(count: int, is_ahead: bool) -> str:
    if is_ahead:
        return ngettext("in %(num)s minute", "in %(num)s minutes", count)
    return ngettext("%(num)s minute ago", "%(num)s minutes ago", count)


def _hours(count: int, is_ahead: bool) -> str:
    if is_ahead:
        return ngettext("in %(num)s hour", "in %(num)s hours", count)
    return ngettext("%(num)s hour ago", "%(num)s hours ago", count)


def _days(count: int, is_ahead: bool) -> str:
    if is_ahead:
        return ngettext("in %(num)s day", "in %(num)s days", count)
    return ngettext("%(num)s day ago", "%(num)s days ago", count)


def _months(count: int, is_ahead: bool) -> str:
    if is_ahead:
        return ngettext("in %(num)s month", "in %(num)s months", count)
    return ngettext("%(num)s month ago", "%(num)s months ago", count)


def _years(count: int, is_ahead: bool) -> str:
    if is_ahead:
        return ngettext("in %(num)s year", "in %(num)s years", count)
    return ngettext("%(num)s year ago", "%(num)s years ago", count)


def _scaled(value: Number | None, units: tuple[str, ...], step: int) -> str:
    if value is None:
        return UNKNOWN
    amount = Decimal(str(value))
    index = 0
    # 999.95 already rounds to the next unit.
    while index < len(units) - 1 and amount.quantize(Decimal("0.1"), ROUND_HALF_UP) >= step:
        amount /= step
        index += 1
    rounded = amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    decimals = 0 if rounded == rounded.to_integral_value() else 1
    return f"{format_number(rounded, decimals)}{NO_BREAK_SPACE}{units[index]}"


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _in_zurich(value: datetime) -> datetime:
    return _aware(value).astimezone(ZONE)
