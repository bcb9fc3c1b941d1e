"""A slow model of the Algemene termijnenwet, written from its text and sharing nothing with ours.

It walks from day to day. Its Easter is Clavius's table as an algorithm, its feast days are its own
list, and its summer time is the rule of the European directive.

- Article 1: a term that ends on a Saturday, Sunday or recognised holiday is lengthened up to and
  with the next day that is none of these.
- Article 2: a term of at least three days is lengthened, if necessary, so that at least two days
  occur in it that are none of these.
- Article 3: which holidays are recognised; a royal decree can treat other days like them.
- Article 4: articles 1 and 2 do not apply to more than 90 days, more than twelve weeks, more than
  three months, or one or more years.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


def easter(year: int) -> date:
    """Return Easter: the Sunday after the full moon that Clavius's table gives."""
    golden = year % 19 + 1
    century = year // 100 + 1
    leap_years_left_out = 3 * century // 4 - 12
    moon_correction = (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + moon_correction - leap_years_left_out) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full_moon = 44 - epact
    if full_moon < 21:
        full_moon += 30
    day = date(year, 3, 1) + (full_moon - 1) * DAY + DAY
    while day.weekday() != SUNDAY:
        day += DAY
    return day


def recognised_holidays(year: int) -> set[date]:
    """Return the days of article 3, also where they fall on a Sunday."""
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == SUNDAY:
        kings_day = date(year, 4, 26)
    return {
        date(year, 1, 1),
        sunday - 2 * DAY,  # Good Friday
        sunday + 1 * DAY,  # Easter Monday
        kings_day,
        date(year, 5, 5),
        sunday + 39 * DAY,  # Ascension Day
        sunday + 50 * DAY,  # Whit Monday
        date(year, 12, 25),
        date(year, 12, 26),
    }


@dataclass(frozen=True)
class SlowTerm:
    """A term, walked through.

    Attributes:
        passed: the days on which it would have ended, but for articles 1 and 2.
    """

    raw: date
    day: date
    passed: list[date]


class SlowCalendar:
    """The ordinary days, with some royal decrees."""

    def __init__(self, decreed: Collection[date] = ()) -> None:
        self._decreed = set(decreed)

    def is_ordinary(self, day: date) -> bool:
        if day.weekday() in {SATURDAY, SUNDAY} or day in self._decreed:
            return False
        return day not in recognised_holidays(day.year)

    def walk(self, start: date, amount: int, unit: str, *, rolls: bool) -> SlowTerm:
        """Walk from the day that does not count yet to the one on which the term ends."""
        walked: list[date] = []
        days = self._days_after(start)
        while not self._is_full(start, walked, amount, unit):
            walked.append(next(days))
        raw = walked[-1]
        passed: list[date] = []
        if rolls and not _article_4(amount, unit):
            at_least_three_days = len(walked) >= 3
            while True:
                article_1 = not self.is_ordinary(walked[-1])
                ordinary = [day for day in walked if self.is_ordinary(day)]
                article_2 = at_least_three_days and len(ordinary) < 2
                if not article_1 and not article_2:
                    break
                passed.append(walked[-1])
                walked.append(next(days))
        return SlowTerm(raw, walked[-1], passed)

    def _days_after(self, start: date) -> Iterator[date]:
        day = start
        while True:
            day += DAY
            yield day

    def _is_full(self, start: date, walked: list[date], amount: int, unit: str) -> bool:
        if not walked:
            return False
        if unit == "days":
            return len(walked) == amount
        if unit == "business_days":
            return len([day for day in walked if self.is_ordinary(day)]) == amount
        if unit == "weeks":
            same_weekdays = [day for day in walked if day.weekday() == start.weekday()]
            return len(same_weekdays) == amount
        months = amount * 12 if unit == "years" else amount
        today, tomorrow = walked[-1], walked[-1] + DAY
        months_gone = (today.year * 12 + today.month) - (start.year * 12 + start.month)
        month_ends = tomorrow.month != today.month
        return months_gone == months and (
            today.day == start.day or (month_ends and today.day < start.day)
        )


def _article_4(amount: int, unit: str) -> bool:
    longest = {"days": 90, "weeks": 12, "months": 3, "years": 0}
    # A term in business days ends on an ordinary day, whatever the law says of it.
    return unit == "business_days" or amount > longest[unit]


def is_summer_time(year: int, month: int, day: int, hour: int) -> bool:
    """Tell whether it is summer time at a moment in UTC (directive 2000/84/EC).

    It lasts from the last Sunday of March to that of October, both at one o'clock in UTC.
    """
    moment = datetime(year, month, day, hour, tzinfo=UTC)
    return _last_sunday(year, 3) <= moment < _last_sunday(year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    day = date(year, month, 31)
    while day.weekday() != SUNDAY:
        day -= DAY
    return datetime(year, month, day.day, 1, tzinfo=UTC)


def civil_day(moment: datetime) -> date:
    """Return the day in the Netherlands of a moment in UTC."""
    summer = is_summer_time(moment.year, moment.month, moment.day, moment.hour)
    return (moment + timedelta(hours=2 if summer else 1)).date()


def in_utc(day: date, hour: int) -> datetime:
    """Return a full hour of a day in the Netherlands, in UTC; not one that the change of clocks
    skips or repeats.
    """
    for ahead in (2, 1):
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment += timedelta(hours=hour - ahead)
        if is_summer_time(moment.year, moment.month, moment.day, moment.hour) == (ahead == 2):
            return moment
    raise AssertionError(day)
