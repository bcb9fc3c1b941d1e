"""The recognised holidays, year by year."""

from datetime import date

import pytest

from domain.policy.feast_days import feast_days

NAMES = {
    "new_year",
    "good_friday",
    "easter_monday",
    "kings_day",
    "liberation_day",
    "ascension_day",
    "whit_monday",
    "christmas_day",
    "second_christmas_day",
}


class TestTheFeastDays:
    def test_of_a_year_are_these(self) -> None:
        assert [(free.day, free.name) for free in feast_days(2026)] == [
            (date(2026, 1, 1), "new_year"),
            (date(2026, 4, 3), "good_friday"),
            (date(2026, 4, 6), "easter_monday"),
            (date(2026, 4, 27), "kings_day"),
            (date(2026, 5, 5), "liberation_day"),
            (date(2026, 5, 14), "ascension_day"),
            (date(2026, 5, 25), "whit_monday"),
            (date(2026, 12, 25), "christmas_day"),
            (date(2026, 12, 26), "second_christmas_day"),
        ]

    @pytest.mark.parametrize("year", range(2020, 2046))
    def test_are_all_there_but_those_on_a_sunday(self, year: int) -> None:
        fixed = {
            "new_year": date(year, 1, 1),
            "liberation_day": date(year, 5, 5),
            "christmas_day": date(year, 12, 25),
            "second_christmas_day": date(year, 12, 26),
        }
        on_sunday = {name for name, day in fixed.items() if day.weekday() == 6}
        assert {free.name for free in feast_days(year)} == NAMES - on_sunday
        assert not any(free.day.weekday() == 6 for free in feast_days(year))

    @pytest.mark.parametrize("year", range(2024, 2034))
    def test_have_the_fifth_of_may_every_year_and_once(self, year: int) -> None:
        found = [free.name for free in feast_days(year) if free.day == date(year, 5, 5)]
        assert found == ([] if date(year, 5, 5).weekday() == 6 else ["liberation_day"])

    def test_move_kings_day_away_from_a_sunday(self) -> None:
        found = {free.name: free.day for free in feast_days(2031)}
        assert found["kings_day"] == date(2031, 4, 26)
