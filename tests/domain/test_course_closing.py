"""Closing: by withdrawal, by agreement, or by the mediator; and then nothing more."""

import pytest

from domain.entries import Decision, EntryDetails, EntryKind, Refusal, Verdict
from domain.grounds import Ground
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    IN_EVERY_OPEN_STAGE,
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    hearing_both_sides,
    offered,
    received,
)


class TestWithdrawing:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_closes_the_case_in_every_stage(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        assert journey.withdrawal().applied
        assert journey.course.final_outcome is Outcome.WITHDRAWN
        assert journey.settle() is Stage.CLOSED

    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_stops_every_clock(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        journey.withdrawal()
        journey.settle()
        assert journey.course.clocks == {}
        assert (journey.course.wait, journey.course.clock) == (None, None)
        assert journey.course.attention is None

    def test_takes_the_case_from_who_was_asked(self) -> None:
        journey = offered()
        journey.withdrawal()
        assert journey.course.offered is None
        assert journey.decision(Decision.ACCEPT_CASE).refusal is Refusal.CLOSED


class TestARequestToBeErased:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_withdraws_the_complaint_in_every_stage(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        verdict = asks(journey, Decision.REQUEST_ERASURE)
        assert verdict.applied
        assert journey.course.final_outcome is Outcome.WITHDRAWN
        assert journey.course.erasure_asked_at is not None

    def test_is_heard_after_the_closure_too_and_keeps_its_outcome(self) -> None:
        journey = closed()
        assert asks(journey, Decision.REQUEST_ERASURE).applied
        assert journey.course.erasure_asked_at is not None

    def test_can_be_taken_back_and_leaves_the_complaint_withdrawn(self) -> None:
        journey = awaiting_consent()
        assert asks(journey, Decision.CANCEL_ERASURE).refusal is Refusal.NOT_NOW
        asks(journey, Decision.REQUEST_ERASURE)
        assert asks(journey, Decision.CANCEL_ERASURE).applied
        assert journey.course.erasure_asked_at is None
        assert journey.course.final_outcome is Outcome.WITHDRAWN


def asks(journey: Journey, decision: Decision) -> Verdict:
    return journey.shown(EntryKind.ERASURE_REQUEST, Party.COMPLAINANT, decision=decision)


class TestTheMediatorsClosure:
    @pytest.mark.parametrize(
        "outcome", [Outcome.NOT_SETTLED, Outcome.INADMISSIBLE, Outcome.REFERRED]
    )
    def test_needs_no_answer_of_the_complainant(self, outcome: Outcome) -> None:
        journey = awaiting_consent()
        details = EntryDetails(ground=Ground.TOO_OLD if outcome is Outcome.INADMISSIBLE else None)
        assert journey.decision(Decision.CLOSE_CASE, outcome=outcome, details=details).applied
        assert journey.course.final_outcome is outcome
        assert journey.course.ground is details.ground

    def test_as_inadmissible_needs_a_ground(self) -> None:
        journey = awaiting_consent()
        verdict = journey.decision(Decision.CLOSE_CASE, outcome=Outcome.INADMISSIBLE)
        assert verdict.refusal is Refusal.GROUND_MISSING
        assert journey.course.is_open

    @pytest.mark.parametrize(
        "outcome", [None, Outcome.SETTLED, Outcome.PARTLY_SETTLED, Outcome.WITHDRAWN]
    )
    def test_cannot_claim_an_agreement(self, outcome: Outcome | None) -> None:
        journey = hearing_both_sides()
        verdict = journey.decision(Decision.CLOSE_CASE, outcome=outcome)
        assert verdict.refusal is Refusal.OUTCOME_NOT_ALLOWED
        assert journey.course.is_open

    def test_is_for_the_mediator_of_the_case(self) -> None:
        journey = hearing_both_sides()
        verdict = journey.decision(Decision.CLOSE_CASE, BRAM, Outcome.REFERRED)
        assert verdict.refusal is Refusal.NOT_ASSIGNED
        assert journey.course.is_open

    def test_is_not_for_who_was_only_asked(self) -> None:
        journey = offered()
        verdict = journey.decision(Decision.CLOSE_CASE, outcome=Outcome.REFERRED)
        assert verdict.refusal is Refusal.NOT_ASSIGNED


class TestLettersAtTheClosure:
    def test_still_go_when_they_say_that_something_was_received_or_revoked(self) -> None:
        journey = received()
        journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
        journey.withdrawal()
        assert journey.pending == [(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)]
        revoked = awaiting_institution()
        revoked.consent(Decision.REVOKE_CONSENT)
        revoked.withdrawal()
        assert revoked.pending == [(Letter.CONSENT_REVOKED, Party.COMPLAINANT)]

    def test_do_not_go_any_more_when_they_speak_of_an_open_case(self) -> None:
        journey = awaiting_institution()
        journey.message(ANNA, Audience.BOTH_SIDES)
        journey.remind(Wait.INSTITUTION_REPLIES)
        journey.withdrawal()
        assert journey.pending == []


class TestAClosedCase:
    @pytest.mark.parametrize(
        "kind",
        sorted(
            set(EntryKind)
            - {EntryKind.CONTACT, EntryKind.LANGUAGE, EntryKind.LETTER_FAILED, EntryKind.SAFETY}
            - {EntryKind.ERASURE_REQUEST, EntryKind.MANDATE_GIVEN, EntryKind.MANDATE_REVOKED}
        ),
    )
    def test_refuses_everything_as_closed(self, kind: EntryKind) -> None:
        journey = closed()
        before = snapshot(journey)
        assert journey.shown(kind, Party.COMPLAINANT).refusal is Refusal.CLOSED
        assert snapshot(journey) == before

    @pytest.mark.parametrize("decision", Decision)
    def test_refuses_every_decision_as_closed(self, decision: Decision) -> None:
        journey = closed()
        verdict = journey.decision(decision, outcome=Outcome.NOT_SETTLED)
        assert verdict.refusal is Refusal.CLOSED
        assert journey.course.final_outcome is Outcome.WITHDRAWN

    @pytest.mark.parametrize(
        "kind",
        [EntryKind.CONTACT, EntryKind.LANGUAGE, EntryKind.MANDATE_GIVEN, EntryKind.MANDATE_REVOKED],
    )
    def test_still_learns_where_and_how_to_write_and_who_helps(self, kind: EntryKind) -> None:
        journey = closed()
        before = snapshot(journey)
        assert journey.shown(kind, Party.COMPLAINANT).applied
        assert snapshot(journey) == before

    def test_still_hears_of_danger_and_calls_for_no_letter(self) -> None:
        journey = closed()
        reported = Decision.REPORT_DANGER
        assert journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=reported).applied
        assert journey.course.attention is Attention.DANGER
        assert journey.pending == []

    def test_in_danger_still_asks_somebody_to_look(self) -> None:
        journey = hearing_both_sides()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        journey.withdrawal()
        assert journey.course.attentions == [Attention.DANGER]

    def test_still_asks_for_attention_when_a_letter_failed(self) -> None:
        journey = closed()
        assert journey.shown(EntryKind.LETTER_FAILED, Party.PORTAL).applied
        assert journey.course.attention is Attention.LETTER_FAILED

    def test_moves_its_cursor_with_what_it_refuses(self) -> None:
        journey = closed()
        verdict = journey.withdrawal()
        assert journey.course.cursor == verdict.number

    def test_stays_closed_whatever_its_workflow_does(self) -> None:
        journey = closed()
        assert journey.settle() is Stage.CLOSED
        assert journey.course.needed_stage is Stage.CLOSED


class TestAnOpenCase:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_has_no_final_outcome(self, stage: Stage) -> None:
        with pytest.raises(ValueError, match="still open"):
            _ = IN_EVERY_OPEN_STAGE[stage]().course.final_outcome

    def test_takes_one_complaint_only(self) -> None:
        journey = received()
        assert journey.complaint().refusal is Refusal.NOT_ALLOWED

    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    @pytest.mark.parametrize(
        "kind",
        [
            EntryKind.CONTACT,
            EntryKind.IDENTITY,
            EntryKind.LANGUAGE,
            EntryKind.LETTER_FAILED,
            EntryKind.MANDATE_GIVEN,
            EntryKind.MANDATE_REVOKED,
        ],
    )
    def test_takes_note_of_facts_in_every_stage(self, stage: Stage, kind: EntryKind) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        assert journey.shown(kind, Party.COMPLAINANT).applied
        assert journey.course.needed_stage is journey.settle()

    @pytest.mark.parametrize("decision", [None, Decision.REOPEN_CASE, Decision.GIVE_CONSENT])
    def test_refuses_decisions_that_make_no_sense_now(self, decision: Decision | None) -> None:
        journey = hearing_both_sides()
        verdict = journey.shown(EntryKind.DECISION, Party.MEDIATOR, actor=ANNA, decision=decision)
        assert verdict.refusal is Refusal.NOT_ALLOWED


def snapshot(journey: Journey) -> tuple[object, ...]:
    course = journey.course
    return (
        course.stage,
        course.outcome,
        course.mediator,
        list(course.consents),
        course.attention,
        list(course.outbox),
        dict(course.clocks),
    )
