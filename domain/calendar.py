"""Counting a term as Dutch law does: in whole days of civil time, rolled to an ordinary day.

The day on which a term begins is day 0; *N* weeks end on the same weekday, at the end of that day
in Europe/Amsterdam. The Algemene termijnenwet (BWBR0002448) moves the end of a statutory term that
falls on a Saturday, Sunday or recognised holiday to the next ordinary day (article 1), sees to it
that a term of three days or more contains two ordinary days (article 2), and leaves long terms
alone (article 4). Everything here is a pure function of its arguments.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from domain.clock import CIVIL_TIME
from domain.spans import Span, Unit

_ONE_DAY = timedelta(days=1)
_LETTERS_GO_OUT_AT = time(9)
_LONGEST_THAT_ROLLS = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3, Unit.YEARS: 0}
"""Algemene termijnenwet, article 4: longer terms do not roll. Business days never need to."""


class Rolling(StrEnum):
    """Whether the end of a term moves when it falls on a day that is not ordinary."""

    STATUTORY = "statutory"
    """As the Algemene termijnenwet says; our own service levels follow it of free will."""
    NONE = "none"
    """Never: the windows in which a complainant may act are shown on the safe side."""


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A recognised holiday, or a day that a royal decree treats as one.

    Attributes:
        name: the last part of its key in the catalogue, below ``day``.
    """

    day: date
    name: str


class Calendar:
    """Which days are ordinary."""

    def __init__(self, free_days: Iterable[FreeDay]) -> None:
        self._names = {free.day: free.name for free in free_days}

    def why_free(self, day: date) -> str | None:
        """Return why the day is not ordinary (``saturday``, ``good_friday``, …), else ``None``."""
        if day in self._names:
            return self._names[day]
        return {5: "saturday", 6: "sunday"}.get(day.weekday())

    def is_ordinary(self, day: date) -> bool:
        """Tell whether the day is no Saturday, Sunday or recognised holiday."""
        return self.why_free(day) is None


@dataclass(frozen=True, slots=True)
class Roll:
    """A day that could not be the last one.

    Attributes:
        why: why not: a key below ``day`` in the catalogue; ``two_ordinary_days`` when the term
            would contain fewer than two ordinary days.
    """

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class LastDay:
    """The end of a term, with how it was found.

    Attributes:
        raw: the last day before any roll.
        day: the last day; the term is over at its end.
        rolls: every day that was passed over, in order.
    """

    start: date
    span: Span
    raw: date
    day: date
    rolls: tuple[Roll, ...] = ()


def last_day(start: date, span: Span, calendar: Calendar, rolling: Rolling) -> LastDay:
    """Return the last day of a term that begins on ``start`` (day 0)."""
    raw = _counted(start, span, calendar)
    if rolling is Rolling.NONE or not _rolls(span):
        return LastDay(start, span, raw, raw)
    day, rolls = raw, list[Roll]()
    needs_two = raw - start >= 3 * _ONE_DAY
    while True:
        why = calendar.why_free(day)
        if why is None and needs_two and _ordinary_days(start, day, calendar) < 2:
            why = "two_ordinary_days"
        if why is None:
            return LastDay(start, span, raw, day, tuple(rolls))
        rolls.append(Roll(day, why))
        day += _ONE_DAY


def end_of(day: date) -> datetime:
    """Return the moment at which a day of civil time is over, in UTC."""
    following = datetime.combine(day + _ONE_DAY, time(0), CIVIL_TIME)
    return following.astimezone(UTC)


def last_day_before(end: datetime) -> date:
    """Return the last day of civil time before an aware moment: the day that ends with it."""
    return civil_date(end - timedelta(microseconds=1))


def office_hour_of(day: date) -> datetime:
    """Return the moment of a day at which letters go out: nine in the morning, in UTC."""
    return datetime.combine(day, _LETTERS_GO_OUT_AT, CIVIL_TIME).astimezone(UTC)


def civil_date(moment: datetime) -> date:
    """Return the day on which an aware moment falls in Europe/Amsterdam."""
    return moment.astimezone(CIVIL_TIME).date()


def _rolls(span: Span) -> bool:
    longest = _LONGEST_THAT_ROLLS.get(span.unit)
    return longest is not None and span.amount <= longest


def _counted(start: date, span: Span, calendar: Calendar) -> date:
    match span.unit:
        case Unit.DAYS:
            return start + span.amount * _ONE_DAY
        case Unit.WEEKS:
            return start + timedelta(weeks=span.amount)
        case Unit.MONTHS:
            return _months_later(start, span.amount)
        case Unit.YEARS:
            return _months_later(start, 12 * span.amount)
        case Unit.BUSINESS_DAYS:
            day, counted = start, 0
            while counted < span.amount:
                day += _ONE_DAY
                counted += calendar.is_ordinary(day)
            return day


def _months_later(start: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day when it is shorter."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + (start.day - 1) * _ONE_DAY, following - _ONE_DAY)


def _ordinary_days(start: date, last: date, calendar: Calendar) -> int:
    """Count the ordinary days of a term: after its first day, up to and with its last."""
    count = (last - start).days
    return sum(calendar.is_ordinary(start + (n + 1) * _ONE_DAY) for n in range(count))
