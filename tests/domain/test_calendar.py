"""Counting terms: Algemene termijnenwet, business days, month ends, both changes of clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.calendar import (
    Calendar,
    FreeDay,
    LastDay,
    Roll,
    Rolling,
    civil_date,
    end_of,
    last_day,
    last_day_before,
    office_hour_of,
)
from domain.policy.feast_days import feast_days
from domain.spans import Span, Unit, parse_span

DECREED = FreeDay(date(2026, 1, 2), "royal_decree")
CALENDAR = Calendar([*(free for year in range(2019, 2046) for free in feast_days(year)), DECREED])
ONE_DAY = timedelta(days=1)

days = st.dates(date(2020, 1, 1), date(2034, 12, 31))
spans = st.sampled_from(Unit).flatmap(lambda u: st.builds(Span, st.integers(1, 10), st.just(u)))
rolling_spans = st.one_of(
    st.builds(Span, st.integers(1, 90), st.just(Unit.DAYS)),
    st.builds(Span, st.integers(1, 12), st.just(Unit.WEEKS)),
    st.builds(Span, st.integers(1, 3), st.just(Unit.MONTHS)),
)


def term(start: date, span: str, rolling: Rolling = Rolling.STATUTORY) -> LastDay:
    return last_day(start, parse_span(span), CALENDAR, rolling)


def weekday(day: date) -> str:
    return f"{day:%A}"


class TestACalendar:
    @pytest.mark.parametrize(
        ("day", "why"),
        [
            (date(2026, 2, 20), None),
            (date(2026, 2, 21), "saturday"),
            (date(2026, 2, 22), "sunday"),
            (date(2026, 4, 3), "good_friday"),
            (date(2026, 1, 2), "royal_decree"),
            (date(2026, 12, 26), "second_christmas_day"),  # a Saturday as well
        ],
    )
    def test_says_why_a_day_is_free(self, day: date, why: str | None) -> None:
        assert CALENDAR.why_free(day) == why
        assert CALENDAR.is_ordinary(day) is (why is None)

    def test_without_free_days_knows_the_weekend(self) -> None:
        week = [date(2026, 4, 3) + n * ONE_DAY for n in range(7)]
        assert [Calendar(()).is_ordinary(day) for day in week] == [True, False, False, *[True] * 4]


class TestATerm:
    def test_does_not_count_the_day_on_which_it_begins(self) -> None:
        assert term(date(2026, 2, 16), "1 day").day == date(2026, 2, 17)

    def test_in_weeks_ends_on_the_same_weekday(self) -> None:
        end = term(date(2026, 2, 18), "6 weeks")
        assert end == LastDay(
            date(2026, 2, 18), Span(6, Unit.WEEKS), date(2026, 4, 1), date(2026, 4, 1)
        )
        assert weekday(end.day) == weekday(end.start)

    def test_that_ends_on_a_free_day_ends_on_the_next_ordinary_one(self) -> None:
        end = term(date(2026, 2, 20), "6 weeks")
        assert (end.raw, end.day) == (date(2026, 4, 3), date(2026, 4, 7))

    def test_tells_each_day_that_it_passed_over_and_why(self) -> None:
        assert term(date(2026, 2, 20), "6 weeks").rolls == (
            Roll(date(2026, 4, 3), "good_friday"),
            Roll(date(2026, 4, 4), "saturday"),
            Roll(date(2026, 4, 5), "sunday"),
            Roll(date(2026, 4, 6), "easter_monday"),
        )

    def test_passes_over_a_day_of_a_royal_decree(self) -> None:
        assert term(date(2025, 12, 19), "2 weeks").day == date(2026, 1, 5)

    def test_that_does_not_roll_ends_on_a_free_day(self) -> None:
        end = term(date(2026, 2, 20), "6 weeks", Rolling.NONE)
        assert (end.raw, end.day, end.rolls) == (date(2026, 4, 3), date(2026, 4, 3), ())


class TestArticleTwo:
    """A term of three days or more contains two ordinary days."""

    def test_lengthens_a_term_over_easter(self) -> None:
        # Thursday + 3 days is Easter Sunday; Tuesday and Wednesday are the two ordinary days.
        end = term(date(2026, 4, 2), "3 days")
        assert (end.raw, end.day) == (date(2026, 4, 5), date(2026, 4, 8))
        assert end.rolls[-1] == Roll(date(2026, 4, 7), "two_ordinary_days")

    def test_lengthens_a_term_that_ends_on_the_first_ordinary_day(self) -> None:
        # Friday, Saturday, Sunday and Monday are free around Easter; Tuesday is the raw end.
        end = term(date(2026, 4, 2), "5 days")
        assert (end.raw, end.day) == (date(2026, 4, 7), date(2026, 4, 8))
        assert end.rolls == (Roll(date(2026, 4, 7), "two_ordinary_days"),)

    def test_leaves_a_term_of_two_days_alone(self) -> None:
        assert term(date(2026, 4, 3), "2 days").day == date(2026, 4, 7)

    def test_does_not_count_the_first_day(self) -> None:
        # From a Thursday: Friday is ordinary, Saturday and Sunday are not, so Monday is the second.
        end = term(date(2026, 2, 19), "3 days")
        assert (end.raw, end.day) == (date(2026, 2, 22), date(2026, 2, 23))

    def test_counts_the_last_day_also_from_a_day_that_is_not_ordinary(self) -> None:
        # From a Saturday: Monday is the first ordinary day, Tuesday, the last day, is the second.
        end = term(date(2026, 2, 21), "3 days")
        assert (end.raw, end.day, end.rolls) == (date(2026, 2, 24), date(2026, 2, 24), ())

    def test_lengthens_a_term_over_christmas_and_new_year(self) -> None:
        # Thursday 24 December 2026 + 3 days is a Sunday, with no ordinary day in it.
        assert term(date(2026, 12, 24), "3 days").day == date(2026, 12, 29)


class TestArticleFour:
    """Long terms do not roll."""

    @pytest.mark.parametrize(
        ("longest", "longer"),
        [("90 days", "91 days"), ("12 weeks", "13 weeks"), ("3 months", "4 months")],
    )
    def test_begins_right_after_the_longest_that_rolls(self, longest: str, longer: str) -> None:
        starts = [date(2026, 1, 1) + n * ONE_DAY for n in range(60)]
        assert any(term(start, longest).rolls for start in starts)
        assert all(CALENDAR.is_ordinary(term(start, longest).day) for start in starts)
        assert not any(term(start, longer).rolls for start in starts)
        assert not all(CALENDAR.is_ordinary(term(start, longer).day) for start in starts)

    def test_leaves_a_year_alone(self) -> None:
        end = term(date(2025, 4, 5), "1 year")
        assert (end.day, weekday(end.day), end.rolls) == (date(2026, 4, 5), "Sunday", ())

    def test_looks_at_the_unit_in_which_the_law_counts(self) -> None:
        # Three months are longer than 90 days here, and roll all the same.
        end = term(date(2026, 5, 22), "3 months")
        assert (end.raw - end.start).days == 92
        assert end == LastDay(
            date(2026, 5, 22),
            Span(3, Unit.MONTHS),
            date(2026, 8, 22),
            date(2026, 8, 24),
            (Roll(date(2026, 8, 22), "saturday"), Roll(date(2026, 8, 23), "sunday")),
        )


class TestBusinessDays:
    @pytest.mark.parametrize(
        ("start", "amount", "day"),
        [
            (date(2026, 2, 18), 1, date(2026, 2, 19)),
            (date(2026, 2, 20), 1, date(2026, 2, 23)),  # over a weekend
            (date(2026, 2, 21), 1, date(2026, 2, 23)),  # from a Saturday
            (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
            (date(2026, 4, 2), 5, date(2026, 4, 13)),
            (date(2025, 12, 24), 5, date(2026, 1, 6)),  # over Christmas and a decreed day
        ],
    )
    def test_are_ordinary_days(self, start: date, amount: int, day: date) -> None:
        unit = "business day" if amount == 1 else "business days"
        assert term(start, f"{amount} {unit}").day == day

    @given(days, st.integers(1, 60), st.sampled_from(Rolling))
    def test_are_as_many_as_the_term_says(self, start: date, amount: int, rolling: Rolling) -> None:
        end = last_day(start, Span(amount, Unit.BUSINESS_DAYS), CALENDAR, rolling)
        between = [start + n * ONE_DAY for n in range(1, (end.day - start).days + 1)]
        assert sum(map(CALENDAR.is_ordinary, between)) == amount
        assert CALENDAR.is_ordinary(end.day)
        assert end.rolls == ()


class TestMonths:
    @pytest.mark.parametrize(
        ("start", "span", "raw"),
        [
            (date(2026, 1, 15), "1 month", date(2026, 2, 15)),
            (date(2026, 1, 31), "1 month", date(2026, 2, 28)),
            (date(2028, 1, 31), "1 month", date(2028, 2, 29)),
            (date(2028, 1, 30), "1 month", date(2028, 2, 29)),
            (date(2028, 1, 29), "1 month", date(2028, 2, 29)),
            (date(2026, 3, 31), "1 month", date(2026, 4, 30)),
            (date(2026, 2, 28), "1 month", date(2026, 3, 28)),
            (date(2026, 10, 31), "1 month", date(2026, 11, 30)),
            (date(2026, 11, 30), "1 month", date(2026, 12, 30)),
            (date(2026, 12, 31), "1 month", date(2027, 1, 31)),
            (date(2026, 11, 30), "3 months", date(2027, 2, 28)),
            (date(2026, 12, 31), "120 months", date(2036, 12, 31)),
        ],
    )
    def test_end_on_the_same_day_or_the_last_one(self, start: date, span: str, raw: date) -> None:
        assert term(start, span).raw == raw

    @pytest.mark.parametrize(
        ("start", "span", "raw"),
        [
            (date(2028, 2, 29), "1 year", date(2029, 2, 28)),
            (date(2028, 2, 29), "4 years", date(2032, 2, 29)),
            (date(2027, 2, 28), "1 year", date(2028, 2, 28)),
            (date(2026, 5, 26), "1 year", date(2027, 5, 26)),
        ],
    )
    def test_make_years_that_know_the_29th_of_february(
        self, start: date, span: str, raw: date
    ) -> None:
        assert term(start, span).raw == raw

    @given(days, st.integers(1, 10))
    def test_make_a_year_by_twelve(self, start: date, years: int) -> None:
        by_month = last_day(start, Span(12 * years, Unit.MONTHS), CALENDAR, Rolling.NONE)
        by_year = last_day(start, Span(years, Unit.YEARS), CALENDAR, Rolling.NONE)
        assert by_month.day == by_year.day


class TestAnyTerm:
    @given(days, spans, st.sampled_from(Rolling))
    def test_ends_after_it_began_and_never_before_its_raw_end(
        self, start: date, span: Span, rolling: Rolling
    ) -> None:
        end = last_day(start, span, CALENDAR, rolling)
        assert start < end.raw <= end.day

    @given(days, spans)
    def test_lasts_at_least_its_least_days(self, start: date, span: Span) -> None:
        assert (last_day(start, span, CALENDAR, Rolling.NONE).raw - start).days >= span.least_days

    @given(days, rolling_spans)
    def test_that_rolls_ends_on_an_ordinary_day(self, start: date, span: Span) -> None:
        end = last_day(start, span, CALENDAR, Rolling.STATUTORY)
        assert CALENDAR.is_ordinary(end.day)

    @given(days, spans, st.sampled_from(Rolling))
    def test_accounts_for_each_day_between_its_raw_end_and_its_end(
        self, start: date, span: Span, rolling: Rolling
    ) -> None:
        end = last_day(start, span, CALENDAR, rolling)
        between = [end.raw + n * ONE_DAY for n in range((end.day - end.raw).days)]
        assert [roll.day for roll in end.rolls] == between

    @given(days, rolling_spans)
    def test_does_not_end_earlier_when_it_begins_later(self, start: date, span: Span) -> None:
        ends = [
            last_day(day, span, CALENDAR, Rolling.STATUTORY).day for day in (start, start + ONE_DAY)
        ]
        assert ends == sorted(ends)

    @given(days, spans)
    def test_is_never_shorter_for_rolling(self, start: date, span: Span) -> None:
        unrolled = last_day(start, span, CALENDAR, Rolling.NONE)
        assert unrolled.day == unrolled.raw
        assert last_day(start, span, CALENDAR, Rolling.STATUTORY).day >= unrolled.day


class TestTheEndOfADay:
    @pytest.mark.parametrize(
        ("day", "moment"),
        [
            (date(2026, 1, 15), datetime(2026, 1, 15, 23, tzinfo=UTC)),
            (date(2026, 7, 15), datetime(2026, 7, 15, 22, tzinfo=UTC)),
            # Summer time begins in the night before 29 March 2026 …
            (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
            (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
            # … and ends in the one before 25 October.
            (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
            (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        ],
    )
    def test_is_midnight_in_the_netherlands(self, day: date, moment: datetime) -> None:
        assert end_of(day) == moment
        assert end_of(day).tzinfo is UTC

    @pytest.mark.parametrize(
        ("day", "hours"),
        [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
    )
    def test_knows_long_and_short_days(self, day: date, hours: int) -> None:
        assert end_of(day) - end_of(day - ONE_DAY) == timedelta(hours=hours)

    @given(days)
    @example(date(2026, 3, 29))
    @example(date(2026, 10, 25))
    def test_is_where_the_next_day_begins(self, day: date) -> None:
        assert civil_date(end_of(day)) == day + ONE_DAY
        assert civil_date(end_of(day) - timedelta(microseconds=1)) == day
        assert last_day_before(end_of(day)) == day


class TestTheOfficeHour:
    @pytest.mark.parametrize(
        ("day", "hour"),
        [
            (date(2026, 3, 28), 8),
            (date(2026, 3, 29), 7),
            (date(2026, 10, 24), 7),
            (date(2026, 10, 25), 8),
        ],
    )
    def test_is_nine_in_the_netherlands_before_and_after_the_change(
        self, day: date, hour: int
    ) -> None:
        assert office_hour_of(day) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        assert office_hour_of(day).tzinfo is UTC

    @given(days)
    def test_is_on_its_day(self, day: date) -> None:
        assert civil_date(office_hour_of(day)) == day
        assert end_of(day - ONE_DAY) < office_hour_of(day) < end_of(day)


class TestTheCivilDate:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            (datetime(2026, 1, 15, 22, 59, tzinfo=UTC), date(2026, 1, 15)),
            (datetime(2026, 1, 15, 23, 0, tzinfo=UTC), date(2026, 1, 16)),
            (datetime(2026, 7, 15, 21, 59, tzinfo=UTC), date(2026, 7, 15)),
            (datetime(2026, 7, 15, 22, 0, tzinfo=UTC), date(2026, 7, 16)),
            (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        ],
    )
    def test_is_that_of_the_netherlands(self, moment: datetime, day: date) -> None:
        assert civil_date(moment) == day
