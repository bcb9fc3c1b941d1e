"""What becomes of a case whose first letter to the institution was refused for good."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.clocks import Ending
from domain.entries import Decision, EntryKind, Refusal
from domain.letter_rules import posted
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.stage_letters import call_for_farewell
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import Journey, awaiting_institution, consented, hearing_both_sides

FIRST = Letter.COMPLAINT_TO_INSTITUTION
REPLY, REACHED = Wait.INSTITUTION_REPLIES, Wait.INSTITUTION_REACHED
TWO_DAYS = timedelta(days=2)


def unreached() -> Journey:
    """The first letter left, and came back two days later."""
    journey = awaiting_institution().later(TWO_DAYS)
    journey.fails(FIRST)
    return journey.settle_and_post()


class TestAFirstLetterThatFailed:
    def test_lets_no_term_of_the_institution_run(self) -> None:
        journey = unreached()
        assert not journey.course.contacted
        assert set(journey.course.clocks) == {REACHED}
        past = [it.ending for it in journey.course.past_clocks if it.wait is REPLY]
        assert past == [Ending.STOPPED]

    def test_leaves_the_case_waiting_for_us_and_asking_for_attention(self) -> None:
        journey = unreached()
        assert journey.course.stage is Stage.AWAITING_INSTITUTION
        assert journey.course.wait is REACHED
        assert REACHED.party is Party.PORTAL
        assert journey.course.attentions == [Attention.LETTER_FAILED]

    def test_is_not_written_again_by_itself(self) -> None:
        journey = unreached()
        assert [it.letter for it in journey.posted].count(FIRST) == 1
        assert journey.pending == []

    def test_has_nobody_called_silent_however_long_it_takes(self) -> None:
        journey = unreached()
        before = len(journey.posted)
        for _ in range(12):
            journey.let_pass(REACHED)
            journey.settle_and_post()
        told = {(it.letter, it.recipient) for it in journey.posted[before:]}
        assert told == {(Letter.WAIT_PASSED, Party.MEDIATOR)}
        assert journey.course.clocks[REACHED].round == 13
        assert not journey.course.silence_established
        assert journey.course.window_to_next_body is None

    def test_takes_back_what_was_said_of_a_silence_that_was_none(self) -> None:
        journey = awaiting_institution()
        while not journey.course.referral_offered:
            journey.climbs(REPLY)
        assert journey.course.handling_ended is not None
        journey.fails(FIRST)
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert set(journey.course.clocks) == {REACHED}
        assert journey.course.handling_ended is None
        assert not {Letter.INSTITUTION_SILENT, Letter.TERM_PASSED, Letter.REFERRAL_OFFER} & {
            letter for letter, _ in journey.pending
        }
        assert journey.response(Decision.ACCEPT_REFERRAL).refusal is Refusal.NOT_NOW
        assert Attention.INSTITUTION_SILENT not in journey.course.attentions
        assert not journey.course.silence_established
        stopped = {it.wait for it in journey.course.past_clocks if it.ending is Ending.STOPPED}
        assert Wait.COMPLAINANT_CHOOSES_ROUTE in stopped

    def test_does_not_have_the_complainant_told_that_it_left(self) -> None:
        journey = consented()
        letter = journey.course.next_letter
        assert letter is not None
        assert letter.letter is FIRST
        posted(journey.course, letter, journey.now)
        journey.fails(FIRST)
        assert journey.pending == []

    def test_is_the_same_when_it_is_told_before_that_it_was_posted(self) -> None:
        journey = consented()
        journey.fails(FIRST)
        journey.settle_and_post()
        assert set(journey.course.clocks) == {REACHED}
        assert FIRST not in {it.letter for it in journey.posted}

    def test_changes_nothing_once_the_institution_was_heard(self) -> None:
        journey = hearing_both_sides()
        contacted, clocks = journey.course.contacted_at, dict(journey.course.clocks)
        journey.fails(FIRST)
        assert (journey.course.contacted_at, journey.course.clocks) == (contacted, clocks)
        assert journey.course.attention is Attention.LETTER_FAILED

    @pytest.mark.parametrize("letter", [None, *(it for it in Letter if it is not FIRST)])
    def test_is_no_other_letter(self, letter: Letter | None) -> None:
        journey = awaiting_institution()
        journey.fails(letter)
        assert journey.course.contacted
        assert REPLY in journey.course.clocks

    def test_stays_a_reason_to_look_until_it_is_mended(self) -> None:
        journey = unreached()
        journey.shown(EntryKind.CONTACT, Party.COMPLAINANT)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
        journey.response(Decision.REJECT_OUTCOME)
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert journey.course.attention is Attention.LETTER_FAILED
        assert REACHED in journey.course.clocks

    def test_means_that_the_institution_hears_nothing_of_the_end(self) -> None:
        journey = unreached()
        journey.withdrawal()
        call_for_farewell(journey.course)
        assert journey.pending == [(Letter.CLOSING, Party.COMPLAINANT)]

    def test_is_the_mediators_in_a_case_that_began_before_there_was_such_a_term(self) -> None:
        journey = awaiting_institution()
        rules = journey.course.bound_by
        terms = {wait: term for wait, term in rules.terms.items() if wait is not REACHED}
        journey.course.rules = replace(rules, terms=terms)
        journey.fails(FIRST)
        journey.settle()
        assert journey.course.wait is Wait.MEDIATOR_PROPOSES
        assert set(journey.course.clocks) == {Wait.MEDIATOR_PROPOSES}


class TestTryingAgain:
    def test_begins_contact_and_term_on_the_day_on_which_the_letter_leaves(self) -> None:
        journey = unreached()
        first = [it for it in journey.posted if it.letter is Letter.INSTITUTION_CONTACTED]
        journey.later(timedelta(days=30))
        journey.posted.clear()
        assert journey.intervention(Decision.RETRY_NOW).applied
        journey.settle_and_post()
        assert [it.letter for it in journey.posted].count(FIRST) == 1
        assert journey.course.contacted_at == journey.now
        assert journey.course.clocks[REPLY].since == journey.now
        assert journey.course.past_clocks[-1].wait is REACHED
        assert journey.course.past_clocks[-1].ending is Ending.ANSWERED
        assert journey.course.attention is None
        again = [it for it in journey.posted if it.letter is Letter.INSTITUTION_CONTACTED]
        assert len({it.key for it in [*first, *again]}) == 2

    def test_can_fail_again(self) -> None:
        journey = unreached()
        journey.intervention(Decision.RETRY_NOW)
        journey.settle_and_post()
        journey.fails(FIRST)
        journey.settle_and_post()
        assert set(journey.course.clocks) == {REACHED}
        assert journey.course.attention is Attention.LETTER_FAILED

    def test_waits_for_safety(self) -> None:
        journey = unreached()
        journey.decision(Decision.PAUSE_FOR_DANGER)
        journey.intervention(Decision.RETRY_NOW)
        journey.settle_and_post()
        assert not journey.course.contacted
        journey.decision(Decision.RESUME)
        journey.settle_and_post()
        assert journey.course.contacted

    def test_sends_nothing_without_consent_and_something_once_there_is(self) -> None:
        journey = unreached()
        journey.posted.clear()
        journey.consent(Decision.REVOKE_CONSENT, Purpose.CONTACT)
        journey.intervention(Decision.RETRY_NOW)
        assert journey.settle_and_post().course.stage is Stage.AWAITING_CONSENT
        assert FIRST not in {it.letter for it in journey.posted}
        journey.consent()
        journey.settle_and_post()
        assert FIRST in {it.letter for it in journey.posted}

    def test_sends_nothing_in_a_case_that_was_closed_meanwhile(self) -> None:
        journey = unreached()
        journey.withdrawal()
        journey.settle_and_post()
        journey.intervention(Decision.RETRY_NOW)
        assert FIRST not in {letter for letter, _ in journey.pending}

    def test_sends_nothing_where_the_letter_failed_after_the_closure(self) -> None:
        journey = awaiting_institution()
        journey.withdrawal()
        journey.settle_and_post()
        journey.fails(FIRST)
        assert journey.course.contacted
        journey.intervention(Decision.RETRY_NOW)
        assert FIRST not in {letter for letter, _ in journey.pending}

    def test_is_of_use_while_an_outcome_is_proposed(self) -> None:
        journey = unreached()
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        journey.settle_and_post()
        journey.intervention(Decision.RETRY_NOW)
        journey.settle_and_post()
        assert journey.course.contacted_at == journey.now


class TestAnInstitutionThatAnswersAllTheSame:
    def test_is_heard(self) -> None:
        journey = unreached()
        assert journey.reply().applied
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
        assert journey.course.contacted_at == journey.now
        assert Attention.LETTER_FAILED not in journey.course.attentions
        assert REACHED not in journey.course.clocks
