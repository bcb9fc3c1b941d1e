"""Time is an argument: code asks a clock, so that tests and the demo can move it."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the current moment as an aware datetime in UTC."""

CIVIL_TIME = ZoneInfo("Europe/Amsterdam")
"""The time zone in which days of Dutch law begin and end."""


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)
