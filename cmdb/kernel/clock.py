"""The clock; tests travel in time instead of replacing it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Zurich")


def now() -> datetime:
    """Return the present moment as aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is in Lucerne; prices and terms change at midnight there."""
    return datetime.now(ZONE).date()
