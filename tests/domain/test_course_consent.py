"""Consent: nothing reaches an institution without it, and it can be taken back at any moment."""

from datetime import timedelta

import pytest

from domain import time_rules
from domain.entries import Decision, EntryKind, Refusal
from domain.institutions import InstitutionKind
from domain.letter_rules import posted
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.policy.model import Purpose
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    awaiting_consent,
    awaiting_institution,
    consented,
    hearing_both_sides,
    offered,
    outcome_proposed,
)

TO_THE_INSTITUTION = (Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)


class TestGivingConsent:
    def test_leads_to_the_institution(self) -> None:
        journey = awaiting_consent()
        assert journey.consent().applied
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert journey.pending == [TO_THE_INSTITUTION]
        assert set(journey.course.clocks) == {Wait.INSTITUTION_REPLIES}

    def test_before_a_mediator_was_found_is_kept_for_later(self) -> None:
        journey = offered()
        assert journey.consent().applied
        assert journey.settle() is Stage.FINDING_MEDIATOR
        assert journey.pending == []
        journey.decision(Decision.ACCEPT_CASE)
        assert journey.settle() is Stage.AWAITING_INSTITUTION

    def test_ends_the_call_for_attention_that_it_did_not_come(self) -> None:
        journey = awaiting_consent()
        journey.let_pass(Wait.COMPLAINANT_CONSENTS)
        assert journey.course.attention is Attention.COMPLAINANT_SILENT
        journey.consent()
        assert journey.course.attention is None

    def test_takes_back_the_request_for_it_that_was_not_posted(self) -> None:
        journey = offered()
        journey.decision(Decision.ACCEPT_CASE)
        journey.consent()
        assert journey.pending == []

    def test_takes_back_the_reminder_that_was_not_posted(self) -> None:
        journey = awaiting_consent()
        journey.remind(Wait.COMPLAINANT_CONSENTS)
        journey.consent()
        assert journey.pending == []

    @pytest.mark.parametrize("decision", [None, Decision.ACCEPT_OUTCOME, Decision.ACCEPT_CASE])
    def test_takes_a_decision_about_consent(self, decision: Decision | None) -> None:
        journey = awaiting_consent()
        verdict = journey.shown(EntryKind.CONSENT, Party.COMPLAINANT, decision=decision)
        assert verdict.refusal is Refusal.NOT_ALLOWED
        assert not journey.course.may_contact
        assert Wait.COMPLAINANT_CONSENTS in journey.course.clocks


class TestConsentToThePolice:
    def test_needs_the_copy_to_mayor_and_prosecutor_to_be_agreed_too(self) -> None:
        journey = awaiting_consent(InstitutionKind.POLICE)
        journey.consent(purpose=Purpose.CONTACT)
        assert journey.settle() is Stage.AWAITING_CONSENT
        assert journey.pending == []
        assert Wait.COMPLAINANT_CONSENTS in journey.course.clocks
        journey.consent(purpose=Purpose.POLICE_COPY)
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert journey.pending == [TO_THE_INSTITUTION]

    @pytest.mark.parametrize("purpose", [Purpose.CONTACT, Purpose.POLICE_COPY])
    def test_ends_when_either_is_taken_back(self, purpose: Purpose) -> None:
        journey = awaiting_consent(InstitutionKind.POLICE)
        for needed in (Purpose.CONTACT, Purpose.POLICE_COPY):
            journey.consent(purpose=needed)
        journey.settle()
        journey.consent(Decision.REVOKE_CONSENT, purpose)
        assert journey.pending == []
        assert journey.settle() is Stage.AWAITING_CONSENT

    def test_is_not_ended_by_taking_back_something_else(self) -> None:
        journey = awaiting_institution()
        journey.consent(purpose=Purpose.NAME)
        journey.consent(Decision.REVOKE_CONSENT, Purpose.NAME)
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert Wait.INSTITUTION_REPLIES in journey.course.clocks


class TestTakingBackOnesName:
    def test_is_confirmed_when_the_institution_was_told_of_the_case(self) -> None:
        journey = awaiting_institution()
        journey.consent(purpose=Purpose.NAME)
        journey.consent(Decision.REVOKE_CONSENT, Purpose.NAME)
        assert journey.pending == [(Letter.NAME_WITHDRAWN, Party.COMPLAINANT)]

    def test_needs_no_confirmation_when_nobody_was_told(self) -> None:
        journey = consented()
        journey.consent(purpose=Purpose.NAME)
        journey.consent(Decision.REVOKE_CONSENT, Purpose.NAME)
        assert journey.pending == [TO_THE_INSTITUTION]


class TestRevokingConsent:
    def test_takes_back_the_letter_that_was_not_posted(self) -> None:
        journey = consented()
        assert journey.pending == [TO_THE_INSTITUTION]
        assert journey.consent(Decision.REVOKE_CONSENT).applied
        assert journey.pending == []
        assert not journey.course.contacted
        assert journey.settle() is Stage.AWAITING_CONSENT

    def test_takes_back_every_letter_to_the_institution_and_no_other(self) -> None:
        journey = awaiting_institution()
        journey.message(ANNA, Audience.BOTH_SIDES)
        journey.remind(Wait.INSTITUTION_REPLIES)
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        journey.consent(Decision.REVOKE_CONSENT)
        assert Party.INSTITUTION not in {recipient for _, recipient in journey.pending}
        assert (Letter.NEWS, Party.COMPLAINANT) in journey.pending

    def test_stops_the_institutions_term(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        assert Wait.INSTITUTION_REPLIES not in journey.course.clocks

    def test_is_confirmed_when_the_institution_was_told(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.pending == [(Letter.CONSENT_REVOKED, Party.COMPLAINANT)]

    def test_needs_no_confirmation_when_nobody_was_told(self) -> None:
        journey = awaiting_consent()
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.pending == []

    def test_is_confirmed_each_time_with_a_letter_of_its_own(self) -> None:
        journey = awaiting_institution()
        confirmations: set[str] = set()
        for _ in range(2):
            journey.consent(Decision.REVOKE_CONSENT)
            journey.settle()
            confirmations |= {
                letter.key for letter in journey.post() if letter.letter is Letter.CONSENT_REVOKED
            }
            journey.consent()
            journey.settle()
        assert len(confirmations) == 2

    def test_twice_is_confirmed_once(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.pending == [(Letter.CONSENT_REVOKED, Party.COMPLAINANT)]

    def test_leaves_a_proposal_standing(self) -> None:
        journey = outcome_proposed()
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.course.needed_stage is Stage.OUTCOME_PROPOSED
        assert journey.course.proposal is Outcome.PARTLY_SETTLED

    def test_during_the_hearing_asks_for_consent_again(self) -> None:
        journey = hearing_both_sides()
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.settle() is Stage.AWAITING_CONSENT


class TestConsentRevokedAndGivenAgain:
    def test_in_one_go_still_leads_to_the_letter(self) -> None:
        journey = consented()
        journey.consent(Decision.REVOKE_CONSENT)
        journey.consent()
        assert journey.settle() is Stage.AWAITING_INSTITUTION
        assert journey.pending == [TO_THE_INSTITUTION]

    def test_keeps_the_letter_under_the_same_key(self) -> None:
        journey = consented()
        [before] = journey.course.outbox
        journey.consent(Decision.REVOKE_CONSENT)
        journey.consent()
        journey.settle()
        [after] = journey.course.outbox
        assert before.key == after.key

    def test_calls_again_for_a_letter_that_may_have_been_cancelled_on_its_way(self) -> None:
        """While the mail server was down the post office cancels what consent no longer covers."""
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        journey.settle_and_post()
        journey.consent()
        assert journey.pending == [TO_THE_INSTITUTION]

    def test_calls_for_nothing_when_consent_was_never_taken_back(self) -> None:
        journey = awaiting_institution()
        journey.consent()
        assert journey.pending == []

    def test_lets_the_institutions_term_run_on_from_the_day_of_receipt(self) -> None:
        """Nothing that passes between the complainant and us moves a term of the law."""
        journey = awaiting_institution()
        before = journey.course.clocks[Wait.INSTITUTION_REPLIES]
        journey.later(timedelta(weeks=2)).consent(Decision.REVOKE_CONSENT)
        journey.settle_and_post()
        journey.later(timedelta(weeks=2)).consent()
        journey.settle_and_post()
        assert journey.course.clocks[Wait.INSTITUTION_REPLIES] == before

    def test_after_the_term_establishes_the_silence_on_the_day_it_passed(self) -> None:
        journey = awaiting_institution()
        day = journey.course.clocks[Wait.INSTITUTION_REPLIES].day
        journey.consent(Decision.REVOKE_CONSENT)
        journey.settle_and_post()
        journey.later(timedelta(weeks=9)).consent()
        journey.settle_and_post()
        time_rules.act_on_time(journey.course, journey.now)
        assert journey.course.silence_established
        assert journey.course.handling_ended == day

    def test_does_not_wake_a_term_whose_answer_came_meanwhile(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        journey.settle_and_post()
        journey.reply()
        journey.consent()
        journey.settle_and_post()
        assert Wait.INSTITUTION_REPLIES not in journey.course.clocks
        assert [past.wait for past in journey.course.past_clocks].count(
            Wait.INSTITUTION_REPLIES
        ) == 1

    def test_begins_the_term_when_the_letter_leaves_that_was_cancelled(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        journey.settle_and_post()
        journey.later(timedelta(weeks=2)).consent()
        journey.settle()
        [letter] = journey.course.outbox
        posted(journey.course, letter, journey.now)
        assert journey.course.contacted_at == journey.now
        assert journey.course.clocks[Wait.INSTITUTION_REPLIES].since == journey.now
        [told] = journey.course.outbox
        assert told.letter is Letter.INSTITUTION_CONTACTED
        assert told.key not in {before.key for before in journey.posted}


class TestBeingContacted:
    def test_begins_when_the_letter_was_posted_and_not_before(self) -> None:
        journey = consented()
        assert not journey.course.contacted
        posted(journey.course, journey.course.outbox[0], journey.now)
        assert journey.course.contacted
        assert journey.pending == [(Letter.INSTITUTION_CONTACTED, Party.COMPLAINANT)]

    def test_is_not_brought_about_by_any_other_letter(self) -> None:
        journey = awaiting_consent()
        journey.course.post(Letter.NEWS, Party.COMPLAINANT)
        journey.post()
        assert not journey.course.contacted

    def test_happens_once_when_the_letter_is_called_for_twice(self) -> None:
        journey = consented()
        journey.settle()
        journey.settle()
        assert journey.pending == [TO_THE_INSTITUTION]
