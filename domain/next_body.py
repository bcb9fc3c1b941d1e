"""The way to the next body: until when a complainant can take a complaint there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.calendar import Calendar, LastDay, Rolling, last_day
from domain.policy.model import Window, WindowStart


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window whose days can be counted."""

    window: Window
    end: LastDay

    @property
    def until(self) -> date:
        """The last day, never rolled: the safe side."""
        return self.end.day


def last_to_end(
    windows: Iterable[Window],
    calendar: Calendar,
    *,
    term_ended: date | None,
    complained: date | None,
) -> OpenWindow | None:
    """Return, of the windows that count by now, the one that ends last.

    Args:
        term_ended: the day on which the institution answered or its term passed.
        complained: the day on which the institution received the complaint.
    """
    if term_ended is None:
        return None
    starts = {WindowStart.TERM_ENDED: term_ended, WindowStart.FIRST_COMPLAINT: complained}
    counted = [
        OpenWindow(window, last_day(start, window.span, calendar, Rolling.NONE))
        for window in windows
        if (start := starts[window.start]) is not None
    ]
    return max(counted, key=lambda one: one.until, default=None)
