"""A thousand generated schedules against the slow model of the same law."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, FreeDay, Rolling
from domain.clocks import Clock
from domain.policy.feast_days import feast_days
from domain.policy.model import SERVICE_LEVEL, Anchor, Rung, Step, Term
from domain.spans import Span, Unit
from domain.waits import Wait
from tests.domain.slow_calendar import SlowCalendar, civil_day, in_utc

FEAST_DAYS = [free for year in range(2023, 2046) for free in feast_days(year)]

anytime = st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
feast_nights = [
    datetime(free.day.year, free.day.month, free.day.day, tzinfo=UTC)
    for free in FEAST_DAYS
    if 2024 <= free.day.year <= 2033
]
near_feasts = st.builds(
    datetime.__add__,
    st.sampled_from(feast_nights),
    st.integers(-120, 72).map(lambda hours: timedelta(hours=hours)),
)
moments = anytime | near_feasts
spans = st.one_of(
    st.builds(Span, st.integers(1, 9), st.just(Unit.DAYS)),
    st.builds(Span, st.integers(1, 120), st.just(Unit.DAYS)),
    st.builds(Span, st.integers(1, 40), st.just(Unit.BUSINESS_DAYS)),
    st.builds(Span, st.integers(1, 16), st.just(Unit.WEEKS)),
    st.builds(Span, st.integers(1, 14), st.just(Unit.MONTHS)),
    st.builds(Span, st.integers(1, 2), st.just(Unit.YEARS)),
)
decrees = st.lists(st.integers(1, 130), max_size=4)
"""How many days after the beginning a royal decree makes a day free."""
rungs = st.lists(
    st.tuples(st.integers(-14, 42), st.sampled_from(Anchor)), min_size=1, max_size=6, unique=True
)


class TestAThousandSchedules:
    @settings(max_examples=1000, deadline=None)
    @given(moments, spans, st.sampled_from(Rolling), decrees, rungs)
    def test_agree_with_a_slow_model(
        self,
        since: datetime,
        span: Span,
        rolling: Rolling,
        decreed_after: list[int],
        ladder: list[tuple[int, Anchor]],
    ) -> None:
        start = civil_day(since)
        decreed = [start + timedelta(days=days) for days in decreed_after]
        slow = SlowCalendar(decreed).walk(
            start, span.amount, span.unit, rolls=rolling is Rolling.STATUTORY
        )

        term = _term(span, rolling, ladder)
        calendar = Calendar([*FEAST_DAYS, *(FreeDay(day, "royal_decree") for day in decreed)])
        clock = Clock.begin(Wait.INSTITUTION_REPLIES, term, since, calendar)

        assert clock.start == start
        assert (clock.raw, clock.day) == (slow.raw, slow.day)
        assert [roll.day for roll in clock.rolls] == slow.passed
        assert clock.due_at == in_utc(slow.day + timedelta(days=1), 0)
        for rung in term.ladder:
            anchor = start if rung.anchor is Anchor.FIRST_DAY else slow.day
            due = in_utc(anchor + timedelta(days=rung.days), 9)
            at_once = (rung.anchor, rung.days) == (Anchor.FIRST_DAY, 0)
            assert clock.moment_of(rung) == (since if at_once else max(due, since))


class TestTheFeastDays:
    @settings(max_examples=200)
    @given(st.dates(date(2024, 1, 1), date(2045, 12, 31)))
    def test_are_those_of_the_slow_model(self, day: date) -> None:
        assert Calendar(FEAST_DAYS).is_ordinary(day) == SlowCalendar().is_ordinary(day)


def _term(span: Span, rolling: Rolling, ladder: list[tuple[int, Anchor]]) -> Term:
    return Term(
        row="generated",
        span=span,
        rolling=rolling,
        statutory=False,
        source=SERVICE_LEVEL,
        verified=True,
        ladder=tuple(
            Rung(id=f"rung-{n}", step=Step.REMIND, days=days, anchor=anchor)
            for n, (days, anchor) in enumerate(ladder)
        ),
    )
