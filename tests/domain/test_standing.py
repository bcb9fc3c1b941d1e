"""Whether an institution has answered: silence is said when it is certain, and only then."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.calendar import civil_date
from domain.entries import Decision, EntryKind
from domain.institutions import InstitutionKind
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.read_model import overview_of
from domain.standing import Heard, Known, Standing, what_is_known
from domain.waits import Wait
from tests.domain.journey import START, Journey, awaiting_institution

REPLY = Wait.INSTITUTION_REPLIES
ASKED = Heard(asked_on=civil_date(START))
OUR_PROMISE = InstitutionKind.BANK_BUSINESS
"""No law sets its term, so its clock can stand still."""


def known(journey: Journey, heard: Heard = ASKED) -> Known:
    overview = overview_of(journey.course)
    return what_is_known(overview.details, heard, civil_date(journey.now), replied=overview.replied)


def silent(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = awaiting_institution(kind)
    journey.let_pass(REPLY)
    return journey


def in_danger(journey: Journey) -> Journey:
    journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
    return journey


def answering(journey: Journey) -> Heard:
    """Let the institution answer now; return what is heard of it."""
    journey.reply()
    return replace(ASKED, replied_on=(civil_date(journey.now),))


class TestSilence:
    def test_is_claimed_once_the_term_has_passed(self) -> None:
        journey = silent()

        assert known(journey).standing is Standing.SILENT
        assert known(journey).last_day == journey.course.clocks[REPLY].day

    def test_is_claimed_with_the_reasons_of_its_last_day_after_the_case_has_closed(self) -> None:
        journey = silent()
        clock = journey.course.clocks[REPLY]
        journey.withdrawal()
        journey.settle_and_post()
        assert REPLY not in journey.course.clocks

        assert known(journey) == Known(
            standing=Standing.SILENT,
            term=clock,
            last_day=clock.day,
        )

    def test_is_not_claimed_while_the_term_runs_or_on_its_last_day(self) -> None:
        journey = awaiting_institution()
        for _ in range(2):  # the reminder, and the last day
            journey.climbs(REPLY)
            assert known(journey).standing is Standing.AWAITED

    def test_is_not_claimed_before_anything_is_awaited(self) -> None:
        nothing = what_is_known(OverviewDetails(), ASKED, civil_date(START))

        assert nothing == Known(standing=Standing.AWAITED)

    def test_is_claimed_of_an_extended_term_after_its_new_last_day(self) -> None:
        journey = awaiting_institution()
        was = journey.course.clocks[REPLY].day
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        journey.now = START + timedelta(days=(was - civil_date(START)).days + 3)
        assert known(journey).standing is Standing.AWAITED

        journey.let_pass(REPLY)

        assert known(journey).standing is Standing.SILENT
        assert known(journey).last_day == was + timedelta(weeks=4)

    def test_is_not_claimed_of_a_term_that_an_extension_made_longer_after_it_passed(self) -> None:
        journey = silent()
        assert known(journey).standing is Standing.SILENT

        details = overview_of(journey.course).details
        [view] = [it for it in details.clocks if it.clock.wait is REPLY]
        longer = replace(view.clock, day=civil_date(journey.now) + timedelta(days=5))
        details = replace(details, clocks=(replace(view, clock=longer),))

        still = what_is_known(details, ASKED, civil_date(journey.now))
        assert still.standing is Standing.AWAITED

    @pytest.mark.parametrize("asked_on", [None, civil_date(START) + timedelta(days=400)])
    def test_is_not_claimed_when_no_letter_is_known_to_have_left_in_time(
        self, asked_on: date | None
    ) -> None:
        standing = known(silent(), Heard(asked_on=asked_on)).standing

        assert standing is Standing.NOT_ASKED

    def test_is_not_claimed_while_something_of_the_institution_was_not_read(self) -> None:
        assert known(silent(), replace(ASKED, unread=True)).standing is Standing.AWAITED

    def test_is_not_claimed_when_the_case_ended_before(self) -> None:
        journey = awaiting_institution()
        journey.withdrawal()
        journey.settle_and_post()

        assert known(journey).standing is Standing.NO_LONGER_AWAITED
        assert known(journey.later(timedelta(days=300))).standing is Standing.NO_LONGER_AWAITED

    def test_is_not_claimed_while_the_term_stands_still_and_no_last_day_is_told(self) -> None:
        journey = in_danger(awaiting_institution(OUR_PROMISE)).later(timedelta(days=100))
        assert known(journey) == Known(
            standing=Standing.AWAITED, term=journey.course.clocks[REPLY], last_day=None
        )

        journey.withdrawal()
        journey.settle_and_post()

        assert known(journey).standing is Standing.NO_LONGER_AWAITED
        assert known(journey).last_day is None

    def test_is_claimed_when_a_term_of_the_law_passed_in_danger(self) -> None:
        journey = in_danger(awaiting_institution())
        journey.let_pass(REPLY)

        assert known(journey).standing is Standing.SILENT


class TestAnAnswer:
    def test_is_told_with_its_day(self) -> None:
        journey = awaiting_institution().later(timedelta(days=7))
        heard = answering(journey)
        day = civil_date(journey.now)

        assert known(journey, heard).standing is Standing.ANSWERED
        assert known(journey, heard).day == day
        assert known(journey.later(timedelta(days=300)), heard).standing is Standing.ANSWERED

    def test_can_come_late_and_is_told_all_the_same(self) -> None:
        journey = silent()
        last_day = journey.course.clocks[REPLY].day
        heard = answering(journey)

        assert known(journey, heard).standing is Standing.ANSWERED_LATE
        assert known(journey, heard).last_day == last_day
        assert known(journey, heard).day == last_day + timedelta(days=1)

    def test_counts_from_the_first_one(self) -> None:
        journey = awaiting_institution()
        heard = answering(journey)
        later = replace(heard, replied_on=(*heard.replied_on, date(2030, 1, 1)))

        assert known(journey, later).day == civil_date(START)

    def test_counts_before_the_case_has_read_it(self) -> None:
        heard = replace(ASKED, replied_on=(civil_date(START),), unread=True)

        assert known(silent(), heard).standing is Standing.ANSWERED

    def test_is_believed_of_a_case_that_counts_the_institution_as_heard(self) -> None:
        journey = awaiting_institution()
        journey.reply()

        assert known(journey).standing is Standing.ANSWERED
        assert known(journey).day is None

    def test_is_believed_where_its_clock_was_answered(self) -> None:
        journey = awaiting_institution()
        journey.reply()
        details = overview_of(journey.course).details

        standing = what_is_known(details, ASKED, civil_date(START)).standing
        assert standing is Standing.ANSWERED

    def test_is_told_as_an_objection_where_it_is_one(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.INSTITUTION_OBJECTION, Party.INSTITUTION)
        heard = replace(ASKED, objected_on=(civil_date(START),))

        assert known(journey, heard).standing is Standing.OBJECTED
        assert known(journey, replace(heard, replied_on=heard.objected_on)).standing is (
            Standing.ANSWERED
        )
