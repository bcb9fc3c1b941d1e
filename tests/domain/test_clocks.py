"""Clocks: what they are at a moment, what comes next, and what never happens to them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, civil_date, end_of, office_hour_of
from domain.clocks import Clock
from domain.policy.model import Step
from domain.waits import Wait
from tests.domain.journey import START, rules_for

RULES = rules_for()
CALENDAR = Calendar(RULES.free_days)
REPLY = RULES.terms[Wait.INSTITUTION_REPLIES]
CONSENT = RULES.terms[Wait.COMPLAINANT_CONSENTS]

moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
waits = st.sampled_from(sorted(RULES.terms))


def clock_of(wait: Wait, since: datetime = START) -> Clock:
    return Clock.begin(wait, RULES.terms[wait], since, CALENDAR)


class TestAClock:
    @given(waits, moments)
    def test_never_has_a_rung_before_it_began(self, wait: Wait, since: datetime) -> None:
        clock = clock_of(wait, since)
        assert all(clock.moment_of(rung) >= since for rung in RULES.terms[wait].ladder)

    @given(waits, moments)
    def test_climbs_its_ladder_in_the_order_of_its_moments(
        self, wait: Wait, since: datetime
    ) -> None:
        clock = clock_of(wait, since)
        moments = [clock.moment_of(rung) for rung in RULES.terms[wait].ladder]
        assert moments == sorted(moments)

    @given(waits, moments)
    def test_notes_its_passing_only_once_its_last_day_is_over(
        self, wait: Wait, since: datetime
    ) -> None:
        clock = clock_of(wait, since)
        for rung in RULES.terms[wait].ladder:
            if rung.step is Step.PASS:
                assert clock.moment_of(rung) >= clock.due_at

    @given(moments)
    def test_is_due_at_the_end_of_its_last_day_in_the_netherlands(self, since: datetime) -> None:
        clock = clock_of(Wait.INSTITUTION_REPLIES, since)
        assert clock.due_at == end_of(clock.day)
        assert civil_date(clock.due_at - timedelta(seconds=1)) == clock.day
        assert civil_date(clock.due_at) == clock.day + timedelta(days=1)

    def test_takes_a_rung_of_its_first_day_at_once_also_in_the_night(self) -> None:
        night = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
        clock = clock_of(Wait.MEDIATOR_AVAILABLE, night)
        assert clock.next_moment(RULES.terms[Wait.MEDIATOR_AVAILABLE]) == night

    def test_has_nothing_more_to_do_at_the_top_of_its_ladder(self) -> None:
        clock = clock_of(Wait.INSTITUTION_REPLIES)
        for _ in REPLY.ladder:
            assert clock.next_moment(REPLY) is not None
            clock = clock.climbed()
        assert clock.next_rung(REPLY) is None
        assert clock.next_moment(REPLY) is None

    def test_acts_at_nine_across_both_clock_changes(self) -> None:
        # Summer time begins on 28 March 2027 and ends on 31 October 2027.
        for day in (datetime(2027, 3, 15, 11, tzinfo=UTC), datetime(2027, 10, 18, 11, tzinfo=UTC)):
            clock = clock_of(Wait.COMPLAINANT_CONSENTS, day)
            for rung in CONSENT.ladder:
                moment = clock.moment_of(rung)
                assert moment == office_hour_of(civil_date(moment))


class TestAPausedClock:
    def test_stands_still_and_goes_on_with_its_days_added(self) -> None:
        clock = clock_of(Wait.COMPLAINANT_CONSENTS)
        paused = clock.paused(START + timedelta(days=2))
        assert paused.next_moment(CONSENT) is None
        resumed = paused.resumed(START + timedelta(days=5))
        assert resumed.day == clock.day + timedelta(days=3)
        assert (resumed.paused_at, resumed.paused_days) == (None, 3)

    def test_can_be_paused_twice_and_counts_both(self) -> None:
        clock = clock_of(Wait.COMPLAINANT_CONSENTS)
        for n in (0, 10):
            clock = clock.paused(START + timedelta(days=n))
            clock = clock.paused(START + timedelta(days=n + 1))  # already paused: nothing
            clock = clock.resumed(START + timedelta(days=n + 2))
        assert clock.paused_days == 4

    @pytest.mark.parametrize("wait", [Wait.INSTITUTION_REPLIES, Wait.NEXT_BODY_WINDOW])
    def test_is_never_one_whose_term_a_law_sets(self, wait: Wait) -> None:
        clock = clock_of(wait)
        assert clock.paused(START) == clock

    def test_that_does_not_stand_still_is_not_moved_by_resuming(self) -> None:
        clock = clock_of(Wait.COMPLAINANT_CONSENTS)
        assert clock.resumed(START + timedelta(days=9)) == clock


class TestAnOvertakenReminder:
    def test_is_one_whose_next_rung_is_due_too(self) -> None:
        clock = clock_of(Wait.INSTITUTION_REPLIES)
        first, second = REPLY.ladder[:2]
        assert not clock.overtaken(REPLY, clock.moment_of(first))
        assert clock.overtaken(REPLY, clock.moment_of(second))

    def test_is_never_a_rung_that_is_no_reminder(self) -> None:
        clock = clock_of(Wait.INSTITUTION_REPLIES)
        for rung in REPLY.ladder:
            if rung.step is not Step.REMIND:
                assert not clock.overtaken(REPLY, START + timedelta(days=900))
            clock = clock.climbed()
