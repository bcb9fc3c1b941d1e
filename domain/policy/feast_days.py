"""The recognised holidays of the Algemene termijnenwet (article 3), year by year."""

from datetime import date
from functools import cache

from holidays import country_holidays

from domain.calendar import FreeDay

_SUNDAY = 6
_NAMES = {
    "New Year's Day": "new_year",
    "Good Friday": "good_friday",
    "Easter Monday": "easter_monday",
    "King's Day": "kings_day",
    "Ascension Day": "ascension_day",
    "Whit Monday": "whit_monday",
    "Pentecost Monday": "whit_monday",
    "Christmas Day": "christmas_day",
    "Second Day of Christmas": "second_christmas_day",
}


@cache
def feast_days(year: int) -> tuple[FreeDay, ...]:
    """Return the recognised holidays of a year, but for those on a Sunday, in order."""
    found = country_holidays("NL", years=year, categories=("public", "optional"), language="en_US")
    days = [
        FreeDay(day, _NAMES[name])
        for day in found
        for name in found.get_list(day)
        if name in _NAMES
    ]
    # Once in five years a day off for most people, but every year one for this law.
    days.append(FreeDay(date(year, 5, 5), "liberation_day"))
    return tuple(sorted((free for free in days if free.day.weekday() != _SUNDAY), key=_day))


def _day(free: FreeDay) -> date:
    return free.day
