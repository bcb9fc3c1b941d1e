"""Danger: the institution hears nothing for a while, and no legal clock ever stands still."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.entries import Decision, EntryKind, Refusal
from domain.intake import IntakeFacts, NoticeKind, Safety
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.read_model import overview_of
from domain.stages import Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    IN_EVERY_OPEN_STAGE,
    Journey,
    awaiting_consent,
    awaiting_institution,
    consented,
    finding_mediator,
    hearing_both_sides,
    offered,
    received,
)


def reports(journey: Journey, decision: Decision) -> Refusal | None:
    return journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=decision).refusal


class TestDanger:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_can_be_reported_in_every_stage_and_asks_a_person_to_look(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        assert reports(journey, Decision.REPORT_DANGER) is None
        assert journey.course.danger
        assert journey.course.attention is Attention.DANGER

    def test_lets_letters_to_the_institution_wait_and_others_go(self) -> None:
        journey = awaiting_institution()
        reports(journey, Decision.REPORT_DANGER)
        journey.message(ANNA, Audience.BOTH_SIDES)
        letters = {item.recipient for item in journey.post()}
        assert letters == {Party.COMPLAINANT, Party.MEDIATOR}
        assert journey.pending == [(Letter.MESSAGE_TO_INSTITUTION, Party.INSTITUTION)]

    def test_before_the_first_letter_lets_no_term_begin(self) -> None:
        journey = awaiting_consent()
        reports(journey, Decision.REPORT_DANGER)
        journey.consent()
        journey.settle_and_post()
        assert not journey.course.contacted
        assert Wait.INSTITUTION_REPLIES not in journey.course.clocks

    def test_keeps_a_letter_that_was_on_its_way_here(self) -> None:
        journey = consented()
        reports(journey, Decision.REPORT_DANGER)
        journey.post()
        assert not journey.course.contacted
        reports(journey, Decision.REPORT_SAFE)
        journey.settle_and_post()
        assert journey.course.contacted

    def test_never_stops_a_clock_that_a_law_sets(self) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[Wait.INSTITUTION_REPLIES]
        reports(journey, Decision.REPORT_DANGER)
        assert journey.course.clocks[Wait.INSTITUTION_REPLIES] == before
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        assert journey.course.silence_established

    @pytest.mark.parametrize("begin", [received, finding_mediator, offered])
    def test_never_stops_the_search_for_somebody_who_helps(
        self, begin: Callable[[], Journey]
    ) -> None:
        journey = begin()
        reports(journey, Decision.REPORT_DANGER)
        journey.settle()
        assert journey.course.clocks
        for wait in journey.course.clocks:
            assert journey.course.next_moment(wait) is not None, wait

    def test_lets_an_offer_lapse_that_nobody_answers(self) -> None:
        journey = offered()
        asked = journey.course.offered
        reports(journey, Decision.REPORT_DANGER)
        journey.settle()
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        assert journey.course.offered is None
        assert journey.course.declined == [asked]

    def test_stops_the_clocks_that_no_law_sets(self) -> None:
        journey = hearing_both_sides()
        before = journey.course.clocks[Wait.MEDIATOR_PROPOSES]
        reports(journey, Decision.REPORT_DANGER)
        assert journey.course.next_moment(Wait.MEDIATOR_PROPOSES) is None
        journey.later(timedelta(days=10))
        reports(journey, Decision.REPORT_SAFE)
        after = journey.course.clocks[Wait.MEDIATOR_PROPOSES]
        assert after.day == before.day + timedelta(days=10)
        assert after.paused_days == 10
        assert journey.course.next_moment(Wait.MEDIATOR_PROPOSES) is not None

    def test_said_at_intake_counts_from_the_beginning(self) -> None:
        journey = Journey()
        journey.complaint(IntakeFacts(safety=Safety.NOT_SAFE))
        assert journey.course.danger
        assert NoticeKind.DANGER in {notice.kind for notice in journey.course.notices}

    def test_is_never_taken_from_an_answer_that_was_not_given(self) -> None:
        journey = Journey()
        journey.complaint(IntakeFacts(safety=Safety.NOT_SAID))
        assert not journey.course.danger


class TestSafeAgain:
    def test_tells_nobody_any_more_that_letters_wait(self) -> None:
        journey = Journey()
        journey.complaint(IntakeFacts(safety=Safety.NOT_SAFE, handled_before=True))
        reports(journey, Decision.REPORT_SAFE)
        told = overview_of(journey.course).details.notices
        assert [notice.kind for notice in told] == [NoticeKind.HANDLED_BEFORE]

    def test_takes_back_reminders_of_days_that_have_gone_by(self) -> None:
        journey = awaiting_institution()
        reports(journey, Decision.REPORT_DANGER)
        journey.post()
        journey.remind(Wait.INSTITUTION_REPLIES)
        journey.post()
        assert journey.pending == [(Letter.INSTITUTION_REMINDER, Party.INSTITUTION)]
        reports(journey, Decision.REPORT_SAFE)
        assert Letter.INSTITUTION_REMINDER not in {letter for letter, _ in journey.pending}
        assert journey.course.attention is None

    def test_can_be_said_by_the_mediator_too(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.PAUSE_FOR_DANGER).applied
        assert journey.course.danger
        assert journey.decision(Decision.RESUME).applied
        assert not journey.course.danger
        assert journey.decision(Decision.RESUME).refusal is Refusal.NOT_NOW
