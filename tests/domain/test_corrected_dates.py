"""A date that was noted wrongly: a clock counts from the true day, and nothing is repeated."""

import copy
from datetime import timedelta

import pytest

from domain import time_rules
from domain.calendar import civil_date
from domain.clocks import Clock
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.parties import Party
from domain.stages import Stage
from domain.waits import Attention, Wait
from tests.domain.journey import Journey, awaiting_consent, awaiting_institution, offered
from tests.domain.test_interventions import stands_unsaid

DAY = timedelta(days=1)
REPLIES = Wait.INSTITUTION_REPLIES


def corrects(journey: Journey, wait: Wait, days: int) -> Refusal | None:
    """Let a supervisor correct the day from which a clock counts, by so many days."""
    day = journey.course.clocks[wait].start + days * DAY
    details = EntryDetails(wait=wait, day=day)
    return journey.intervention(Decision.CORRECT_DATE, details=details).refusal


def _weeks_later(journey: Journey, weeks: int) -> Journey:
    return journey.later(timedelta(weeks=weeks))


class TestCorrectingADate:
    def test_counts_a_term_of_the_law_again_by_the_same_rules(self) -> None:
        journey = awaiting_institution().later(20 * DAY)
        clock = journey.course.clocks[REPLIES]
        assert clock.statutory

        assert corrects(journey, REPLIES, 10) is None

        now = journey.course.clocks[REPLIES]
        term = journey.course.term(REPLIES)
        anew = Clock.begin(REPLIES, term, now.since, journey.course.calendar)
        assert (now.start, now.day, now.raw) == (clock.start + 10 * DAY, anew.day, anew.raw)
        assert now.day > clock.day

    @pytest.mark.parametrize(("days", "refusal"), [(1, "day_impossible"), (0, "already_done")])
    def test_names_no_day_that_is_still_to_come_nor_the_same_one(
        self, days: int, refusal: str
    ) -> None:
        journey = awaiting_institution()

        assert corrects(journey, REPLIES, days) is Refusal(refusal)

    def test_names_no_day_before_the_complaint(self) -> None:
        journey = awaiting_institution().later(9 * DAY)
        before = copy.deepcopy(journey)

        assert corrects(journey, REPLIES, -1) is Refusal.DAY_IMPOSSIBLE
        assert stands_unsaid(journey, before)

    def test_is_refused_where_nothing_runs(self) -> None:
        journey = awaiting_consent()
        details = EntryDetails(wait=REPLIES, day=civil_date(journey.now))

        refusal = journey.intervention(Decision.CORRECT_DATE, details=details).refusal

        assert refusal is Refusal.NOT_NOW

    def test_repeats_no_reminder(self) -> None:
        journey = awaiting_institution()
        journey.remind(REPLIES)
        journey.settle_and_post()
        rung = journey.course.clocks[REPLIES].rung

        assert corrects(journey, REPLIES, 20) is None

        assert journey.course.clocks[REPLIES].rung == rung
        assert not time_rules.act_on_time(journey.course, journey.now)

    def test_takes_back_a_passing_that_had_not_happened(self) -> None:
        journey = awaiting_institution()
        passed = journey.let_pass(REPLIES)
        journey.settle_and_post()
        course = journey.course
        assert (course.stage, course.handling_ended) == (Stage.HEARING_BOTH_SIDES, passed.day)

        assert corrects(journey, REPLIES, 14) is None
        journey.settle_and_post()

        clock = course.clocks[REPLIES]
        assert (course.stage, course.silence_established) == (Stage.AWAITING_INSTITUTION, False)
        assert (course.handling_ended, clock.passed) == (None, False)
        assert course.attention is None
        assert Wait.NEXT_BODY_WINDOW not in course.clocks
        journey.let_pass(REPLIES)
        assert (course.silence_established, course.handling_ended) == (True, clock.day)

    def test_moves_the_window_to_the_next_body_with_the_end_of_the_term(self) -> None:
        journey = awaiting_institution()
        passed = journey.let_pass(REPLIES)
        _weeks_later(journey.settle_and_post(), 4)
        window = journey.course.clocks[Wait.NEXT_BODY_WINDOW]

        assert corrects(journey, REPLIES, 7) is None
        journey.settle_and_post()

        course = journey.course
        assert course.clocks[REPLIES].passed
        assert course.handling_ended == course.clocks[REPLIES].day > passed.day
        assert course.clocks[Wait.NEXT_BODY_WINDOW].day > window.day

    def test_moves_the_window_when_the_reply_came_on_another_day(self) -> None:
        journey = awaiting_institution().later(9 * DAY)
        journey.reply()
        journey.settle_and_post()
        window = journey.course.clocks[Wait.NEXT_BODY_WINDOW]

        assert corrects(journey, Wait.NEXT_BODY_WINDOW, -4) is None

        assert journey.course.handling_ended == civil_date(journey.now) - 4 * DAY
        assert journey.course.clocks[Wait.NEXT_BODY_WINDOW].day == window.day - 4 * DAY

    def test_gives_again_what_the_law_gave_beside_the_term(self) -> None:
        journey = awaiting_institution().later(20 * DAY)
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        before = journey.course.clocks[REPLIES]

        assert corrects(journey, REPLIES, 7) is None

        now = journey.course.clocks[REPLIES]
        assert len(now.extensions) == 1
        assert now.day - now.extensions[0].was >= timedelta(weeks=4)
        assert now.day >= before.day + 7 * DAY

    def test_keeps_a_day_that_was_promised(self) -> None:
        journey = awaiting_consent().later(5 * DAY)
        clock = journey.course.clocks[Wait.COMPLAINANT_CONSENTS]
        until = clock.day + 30 * DAY
        details = EntryDetails(wait=clock.wait, until=until)
        journey.intervention(Decision.EXTEND_TERM, details=details)

        assert corrects(journey, clock.wait, 3) is None

        assert journey.course.clocks[clock.wait].day == until

    def test_keeps_the_days_for_which_the_clock_stood_still(self) -> None:
        journey = awaiting_consent()
        clock = journey.course.clocks[Wait.COMPLAINANT_CONSENTS]
        journey.intervention(Decision.PAUSE_FOR_DANGER)
        journey.later(6 * DAY).intervention(Decision.RESUME)

        assert corrects(journey, clock.wait, 2) is None

        assert journey.course.clocks[clock.wait].day == clock.day + 8 * DAY

    def test_stops_a_paused_clock_no_earlier_than_it_begins(self) -> None:
        journey = awaiting_consent()
        journey.intervention(Decision.PAUSE_FOR_DANGER)
        clock = journey.later(6 * DAY).course.clocks[Wait.COMPLAINANT_CONSENTS]

        assert corrects(journey, clock.wait, 4) is None
        journey.intervention(Decision.RESUME)

        assert journey.course.clocks[clock.wait].day == clock.day + 6 * DAY

    def test_lets_an_overdue_ladder_be_climbed_at_once(self) -> None:
        journey = offered()
        journey.later(15 * DAY)
        journey.decision(Decision.ACCEPT_CASE)
        journey.settle_and_post()
        assert not time_rules.act_on_time(journey.course, journey.now)

        assert corrects(journey, Wait.COMPLAINANT_CONSENTS, -15) is None

        assert time_rules.act_on_time(journey.course, journey.now)
        assert journey.course.attention is Attention.COMPLAINANT_SILENT
