"""The mediator's questions to either side, and replies that came by another way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.calendar import civil_date
from domain.clocks import Ending
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.identifiers import CaseId
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    Journey,
    awaiting_consent,
    awaiting_institution,
    consented,
    hearing_both_sides,
    outcome_proposed,
)

type Answer = Callable[[Journey], object]

QUESTIONS = {
    Wait.COMPLAINANT_ANSWERS: Decision.ASK_COMPLAINANT,
    Wait.INSTITUTION_ANSWERS: Decision.CONTACT_INSTITUTION,
}
LETTERS = {
    Wait.COMPLAINANT_ANSWERS: (Letter.QUESTION_TO_COMPLAINANT, Party.COMPLAINANT),
    Wait.INSTITUTION_ANSWERS: (Letter.QUESTION_TO_INSTITUTION, Party.INSTITUTION),
}
REMINDERS = {
    Wait.COMPLAINANT_ANSWERS: (Letter.YOUR_TURN, Party.COMPLAINANT),
    Wait.INSTITUTION_ANSWERS: (Letter.ANSWER_REMINDER, Party.INSTITUTION),
}
SILENT = {
    Wait.COMPLAINANT_ANSWERS: Attention.COMPLAINANT_SILENT,
    Wait.INSTITUTION_ANSWERS: Attention.INSTITUTION_SILENT,
}
ANSWERS: dict[Wait, Answer] = {
    Wait.COMPLAINANT_ANSWERS: lambda journey: journey.shown(EntryKind.MESSAGE, Party.COMPLAINANT),
    Wait.INSTITUTION_ANSWERS: Journey.reply,
}


def asked(wait: Wait) -> Journey:
    """Return a journey in which the question was put and its letter posted."""
    journey = hearing_both_sides()
    assert journey.decision(QUESTIONS[wait]).applied
    return journey.settle_and_post()


@pytest.mark.parametrize("wait", QUESTIONS)
class TestAQuestion:
    def test_is_a_letter_that_names_the_last_day(self, wait: Wait) -> None:
        journey = hearing_both_sides()
        journey.decision(QUESTIONS[wait])
        assert journey.pending == [LETTERS[wait]]
        [letter] = journey.course.outbox
        assert (letter.about, letter.due_on) == (
            journey.course.cursor,
            journey.course.clocks[wait].day,
        )

    def test_has_a_clock_and_is_what_the_case_waits_for(self, wait: Wait) -> None:
        journey = asked(wait)
        assert journey.course.stage is Stage.HEARING_BOTH_SIDES
        assert journey.course.wait is wait
        assert Wait.MEDIATOR_PROPOSES in journey.course.clocks  # the promise goes on

    def test_is_reminded_of_once(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.remind(wait)
        assert journey.pending == [REMINDERS[wait]]

    def test_that_is_answered_in_time_is_done(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.remind(wait)
        ANSWERS[wait](journey)
        journey.settle()
        assert wait not in journey.course.clocks
        assert journey.course.past_clocks[-1].ending is Ending.ANSWERED
        assert REMINDERS[wait] not in journey.pending
        assert journey.course.wait is Wait.MEDIATOR_PROPOSES

    def test_in_silence_tells_the_mediator_who_goes_on(self, wait: Wait) -> None:
        journey = asked(wait)
        passed = journey.let_pass(wait)
        assert (Letter.WAIT_PASSED, Party.MEDIATOR) in journey.pending
        assert passed.day in {letter.due_on for letter in journey.course.outbox}
        assert SILENT[wait] in journey.course.attentions
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
        assert journey.course.wait is Wait.MEDIATOR_PROPOSES

    def test_that_is_answered_late_needs_nobody_any_more(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.let_pass(wait)
        journey.settle_and_post().later(timedelta(days=3))
        ANSWERS[wait](journey)
        journey.settle()
        assert SILENT[wait] not in journey.course.attentions
        assert wait not in journey.course.clocks

    def test_asked_again_has_the_whole_term_again(self, wait: Wait) -> None:
        journey = asked(wait)
        first = journey.course.clocks[wait]
        journey.later(timedelta(days=5)).decision(QUESTIONS[wait])
        again = journey.course.clocks[wait]
        assert (again.since, again.rung) == (journey.now, 0)
        assert again.day > first.day
        assert journey.pending == [LETTERS[wait]]
        assert journey.course.asked == [wait]

    def test_is_the_mediators_alone(self, wait: Wait) -> None:
        journey = hearing_both_sides()
        assert journey.decision(QUESTIONS[wait], BRAM).refusal is Refusal.NOT_ASSIGNED
        assert journey.pending == []

    def test_outlives_its_mediator(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.decision(Decision.RECUSE)
        journey.settle()
        assert wait in journey.course.clocks

    def test_is_held_while_a_proposal_is_considered(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        journey.settle_and_post()
        assert journey.course.wait is Wait.COMPLAINANT_RESPONDS

    def test_stands_still_in_danger(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.decision(Decision.PAUSE_FOR_DANGER)
        assert journey.course.next_moment(wait) is None

    def test_ends_with_the_case(self, wait: Wait) -> None:
        journey = asked(wait)
        journey.withdrawal()
        journey.settle()
        assert (journey.course.asked, journey.course.clocks) == ([], {})

    def test_is_refused_where_the_rules_of_the_case_know_no_such_term(self, wait: Wait) -> None:
        journey = hearing_both_sides()
        rules = journey.course.bound_by
        older = {known: term for known, term in rules.terms.items() if known is not wait}
        journey.course.rules = replace(rules, terms=older)
        assert journey.decision(QUESTIONS[wait]).refusal is Refusal.NOT_ALLOWED
        assert wait not in journey.course.asked


class TestAQuestionToTheComplainant:
    def test_may_come_before_any_consent(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.ASK_COMPLAINANT).applied
        assert journey.settle() is Stage.AWAITING_CONSENT
        assert journey.course.wait is Wait.COMPLAINANT_CONSENTS
        assert Wait.COMPLAINANT_ANSWERS in journey.course.clocks

    def test_is_answered_by_a_file_too(self) -> None:
        journey = asked(Wait.COMPLAINANT_ANSWERS)
        journey.shown(EntryKind.ATTACHMENT, Party.COMPLAINANT)
        assert journey.course.asked == []

    def test_is_not_answered_by_the_institution(self) -> None:
        journey = asked(Wait.COMPLAINANT_ANSWERS)
        journey.reply()
        assert journey.course.asked == [Wait.COMPLAINANT_ANSWERS]


class TestAQuestionToTheInstitution:
    def test_needs_consent(self) -> None:
        journey = awaiting_consent()
        verdict = journey.decision(Decision.CONTACT_INSTITUTION)
        assert verdict.refusal is Refusal.NO_CONSENT

    def test_comes_after_the_complaint_itself(self) -> None:
        journey = consented()
        verdict = journey.decision(Decision.CONTACT_INSTITUTION)
        assert verdict.refusal is Refusal.NOT_CONTACTED

    def test_is_taken_back_with_the_consent(self) -> None:
        journey = hearing_both_sides()
        journey.decision(Decision.CONTACT_INSTITUTION)
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.course.asked == []
        assert LETTERS[Wait.INSTITUTION_ANSWERS] not in journey.pending

    def test_waits_in_danger(self) -> None:
        journey = hearing_both_sides()
        journey.decision(Decision.PAUSE_FOR_DANGER)
        journey.decision(Decision.CONTACT_INSTITUTION)
        assert journey.course.next_letter is None or (
            journey.course.next_letter.recipient is not Party.INSTITUTION
        )


def recorded(journey: Journey, day: date | None) -> Refusal | None:
    details = EntryDetails(day=day)
    return journey.decision(Decision.RECORD_REPLY, details=details).refusal


class TestARecordedReply:
    def test_counts_from_its_own_day_and_is_told_to_the_complainant(self) -> None:
        journey = awaiting_institution().later(timedelta(days=20))
        day = civil_date(journey.now) - timedelta(days=3)
        assert recorded(journey, day) is None
        assert journey.pending == [(Letter.NEWS, Party.COMPLAINANT)]
        assert journey.course.handling_ended == day
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_from_before_the_term_passed_moves_the_window_back(self) -> None:
        journey = awaiting_institution()
        sent = civil_date(journey.now)
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        journey.settle_and_post()
        window = journey.course.window_to_next_body
        assert recorded(journey, sent + timedelta(days=2)) is None
        moved = journey.course.window_to_next_body
        assert window is not None
        assert moved is not None
        assert moved.end.day < window.end.day
        assert Attention.INSTITUTION_SILENT not in journey.course.attentions

    @pytest.mark.parametrize("days", [-1, 1, None])
    def test_cannot_be_of_the_future_or_from_before_the_letter(self, days: int | None) -> None:
        journey = awaiting_institution()
        day = None if days is None else civil_date(journey.now) + timedelta(days=days)
        assert recorded(journey, day) is Refusal.DAY_IMPOSSIBLE
        assert not journey.course.replied

    def test_needs_a_letter_to_reply_to(self) -> None:
        journey = awaiting_consent()
        assert recorded(journey, civil_date(journey.now)) is Refusal.NOT_CONTACTED

    def test_answers_a_further_question(self) -> None:
        journey = asked(Wait.INSTITUTION_ANSWERS)
        assert recorded(journey, civil_date(journey.now)) is None
        assert journey.course.asked == []


class TestReferringAndDeclaringInadmissible:
    def test_are_closures_of_their_own(self) -> None:
        journey = hearing_both_sides()
        assert journey.decision(Decision.REFER).applied
        assert journey.course.final_outcome is Outcome.REFERRED

    def test_need_a_ground_where_nothing_else_says_why(self) -> None:
        journey = hearing_both_sides()
        verdict = journey.decision(Decision.DECLARE_INADMISSIBLE)
        assert verdict.refusal is Refusal.GROUND_MISSING
        assert journey.course.is_open

    @pytest.mark.parametrize("decision", [Decision.REFER, Decision.DECLARE_INADMISSIBLE])
    def test_come_too_late_after_the_end(self, decision: Decision) -> None:
        journey = outcome_proposed()
        journey.response(Decision.ACCEPT_OUTCOME)
        assert journey.decision(decision).refusal is Refusal.CLOSED
        assert journey.course.final_outcome is Outcome.PARTLY_SETTLED


class TestLinkingCases:
    OTHER = CaseId(ANNA)

    def test_is_noted_once(self) -> None:
        journey = hearing_both_sides()
        details = EntryDetails(other_case=self.OTHER)
        first, second = (
            journey.decision(Decision.LINK_CASE, details=details).refusal for _ in range(2)
        )
        assert (first, second) == (None, Refusal.ALREADY_DONE)
        assert journey.course.linked == [self.OTHER]

    def test_names_another_case(self) -> None:
        journey = hearing_both_sides()
        assert journey.decision(Decision.LINK_CASE).refusal is Refusal.NOT_ALLOWED

    def test_tells_nobody(self) -> None:
        journey = hearing_both_sides()
        journey.decision(Decision.LINK_CASE, details=EntryDetails(other_case=self.OTHER))
        assert journey.pending == []


class TestANote:
    def test_is_a_message_for_the_mediator_alone_and_changes_nothing(self) -> None:
        journey = hearing_both_sides()
        before = journey.course.clocks
        assert journey.message(ANNA, Audience.MEDIATOR_ONLY).applied
        assert (journey.pending, journey.course.clocks) == ([], before)
