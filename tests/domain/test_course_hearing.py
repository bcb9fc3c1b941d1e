"""Hearing both sides: messages, the institution's reply, and proposals."""

from collections.abc import Callable

import pytest

from domain.entries import Decision, EntryKind, Refusal
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
    consented,
    hearing_both_sides,
    offered,
    outcome_proposed,
)

TO_INSTITUTION = (Letter.MESSAGE_TO_INSTITUTION, Party.INSTITUTION)
TO_COMPLAINANT = (Letter.NEWS, Party.COMPLAINANT)
TO_MEDIATOR = (Letter.NEWS, Party.MEDIATOR)


@pytest.mark.parametrize("kind", [EntryKind.MESSAGE, EntryKind.ATTACHMENT])
class TestAComplainantsMessageOrFile:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_is_welcome_in_every_stage(self, kind: EntryKind, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        assert journey.shown(kind, Party.COMPLAINANT).applied

    def test_is_news_for_the_mediator(self, kind: EntryKind) -> None:
        journey = awaiting_consent()
        journey.shown(kind, Party.COMPLAINANT)
        [letter] = journey.course.outbox
        assert (letter.letter, letter.mediator) == (Letter.NEWS, ANNA)
        assert letter.about == journey.course.cursor

    def test_is_no_news_for_a_mediator_who_was_only_asked(self, kind: EntryKind) -> None:
        journey = offered()
        journey.shown(kind, Party.COMPLAINANT)
        assert journey.pending == []


class TestAMediatorsMessage:
    @pytest.mark.parametrize(
        ("audience", "letters"),
        [
            (Audience.MEDIATOR_ONLY, []),
            (Audience.COMPLAINANT, [TO_COMPLAINANT]),
            (Audience.INSTITUTION, [TO_INSTITUTION]),
            (Audience.BOTH_SIDES, [TO_INSTITUTION, TO_COMPLAINANT]),
        ],
    )
    def test_goes_to_whom_it_is_meant_for(
        self, audience: Audience, letters: list[tuple[Letter, Party]]
    ) -> None:
        journey = hearing_both_sides()
        assert journey.message(ANNA, audience).applied
        assert journey.pending == letters
        assert {letter.about for letter in journey.course.outbox} <= {journey.course.cursor}

    def test_is_refused_from_somebody_else(self) -> None:
        journey = hearing_both_sides()
        assert journey.message(BRAM, Audience.COMPLAINANT).refusal is Refusal.NOT_ASSIGNED
        assert journey.pending == []

    def test_is_refused_from_somebody_who_has_not_accepted(self) -> None:
        journey = offered()
        assert journey.message(ANNA, Audience.COMPLAINANT).refusal is Refusal.NOT_ASSIGNED

    def test_is_refused_without_any_name_even_when_the_case_has_no_mediator(self) -> None:
        journey = offered()
        verdict = journey.shown(EntryKind.MESSAGE, Party.SUPERVISOR, audience=Audience.COMPLAINANT)
        assert verdict.refusal is Refusal.NOT_ASSIGNED

    @pytest.mark.parametrize("audience", [Audience.INSTITUTION, Audience.BOTH_SIDES])
    def test_reaches_no_institution_without_consent(self, audience: Audience) -> None:
        journey = awaiting_consent()
        assert journey.message(ANNA, audience).refusal is Refusal.NO_CONSENT
        assert journey.pending == []

    def test_reaches_no_institution_that_does_not_know_of_the_complaint(self) -> None:
        journey = consented()
        before = journey.pending
        assert journey.message(ANNA, Audience.INSTITUTION).refusal is Refusal.NOT_CONTACTED
        assert journey.pending == before

    def test_reaches_the_complainant_without_any_consent(self) -> None:
        journey = awaiting_consent()
        assert journey.message(ANNA, Audience.COMPLAINANT).applied
        assert journey.pending == [TO_COMPLAINANT]


class TestTheInstitutionsReply:
    def test_begins_the_hearing_and_is_news_for_both(self) -> None:
        journey = awaiting_institution()
        assert journey.reply().applied
        assert journey.pending == [TO_COMPLAINANT, TO_MEDIATOR]
        assert Wait.INSTITUTION_REPLIES not in journey.course.clocks
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_takes_back_the_reminder_that_was_not_posted(self) -> None:
        journey = awaiting_institution()
        journey.remind(Wait.INSTITUTION_REPLIES)
        journey.reply()
        assert journey.pending == [TO_COMPLAINANT, TO_MEDIATOR]

    def test_takes_back_the_notices_of_its_silence_that_were_not_posted(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        journey.reply()
        pending = {letter for letter, _ in journey.pending}
        assert not pending & {Letter.TERM_PASSED, Letter.INSTITUTION_SILENT, Letter.WAIT_PASSED}

    def test_is_welcome_after_its_term_and_ends_the_call_for_attention(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        journey.settle_and_post()
        assert journey.course.stage is Stage.HEARING_BOTH_SIDES
        assert journey.course.attention is Attention.INSTITUTION_SILENT
        assert journey.reply().applied
        assert journey.course.replied
        assert journey.course.attention is None
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_is_welcome_more_than_once(self) -> None:
        journey = hearing_both_sides()
        assert journey.reply().applied
        assert journey.pending == [TO_COMPLAINANT, TO_MEDIATOR]

    def test_is_welcome_while_another_mediator_is_sought(self) -> None:
        journey = awaiting_institution()
        journey.decision(Decision.RECUSE)
        journey.settle()
        assert journey.reply().applied
        assert journey.pending == [TO_COMPLAINANT]

    @pytest.mark.parametrize("at", [offered, awaiting_consent, consented])
    def test_is_refused_before_the_institution_was_written_to(
        self, at: Callable[[], Journey]
    ) -> None:
        journey = at()
        assert journey.reply().refusal is Refusal.NOT_CONTACTED
        assert not journey.course.replied


class TestAProposal:
    @pytest.mark.parametrize(
        "outcome", [Outcome.SETTLED, Outcome.PARTLY_SETTLED, Outcome.NOT_SETTLED]
    )
    def test_is_put_to_the_complainant(self, outcome: Outcome) -> None:
        journey = hearing_both_sides()
        assert journey.decision(Decision.PROPOSE_OUTCOME, outcome=outcome).applied
        assert (journey.course.proposal, journey.course.proposed_in) == (
            outcome,
            journey.course.cursor,
        )
        assert journey.pending == [(Letter.OUTCOME_PROPOSAL, Party.COMPLAINANT)]
        assert journey.settle() is Stage.OUTCOME_PROPOSED
        assert Wait.MEDIATOR_PROPOSES not in journey.course.clocks

    @pytest.mark.parametrize(
        "outcome", [None, Outcome.WITHDRAWN, Outcome.INADMISSIBLE, Outcome.REFERRED]
    )
    def test_is_refused_with_an_outcome_that_cannot_be_proposed(
        self, outcome: Outcome | None
    ) -> None:
        journey = hearing_both_sides()
        verdict = journey.decision(Decision.PROPOSE_OUTCOME, outcome=outcome)
        assert verdict.refusal is Refusal.OUTCOME_NOT_ALLOWED
        assert journey.course.proposal is None

    def test_is_refused_while_another_is_open(self) -> None:
        journey = outcome_proposed()
        verdict = journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        assert verdict.refusal is Refusal.ALREADY_DONE
        assert journey.course.proposal is Outcome.PARTLY_SETTLED

    def test_is_for_the_mediator_of_the_case(self) -> None:
        journey = hearing_both_sides()
        verdict = journey.decision(Decision.PROPOSE_OUTCOME, BRAM, Outcome.SETTLED)
        assert verdict.refusal is Refusal.NOT_ASSIGNED

    @pytest.mark.parametrize("at", [awaiting_consent, awaiting_institution])
    def test_may_come_before_the_institution_was_heard(self, at: Callable[[], Journey]) -> None:
        journey = at()
        assert journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED).applied
        assert journey.settle() is Stage.OUTCOME_PROPOSED

    def test_answers_the_silence_of_the_institution(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        journey.settle_and_post()
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.NOT_SETTLED)
        assert journey.course.attention is None


class TestTheAnswerToAProposal:
    def test_closes_the_case_with_what_was_proposed(self) -> None:
        journey = outcome_proposed()
        assert journey.response(Decision.ACCEPT_OUTCOME).applied
        assert journey.course.final_outcome is Outcome.PARTLY_SETTLED
        assert journey.settle() is Stage.CLOSED

    def test_returns_to_the_hearing_when_it_is_no(self) -> None:
        journey = outcome_proposed()
        assert journey.response(Decision.REJECT_OUTCOME).applied
        assert (journey.course.proposal, journey.course.proposed_in) == (None, None)
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
        assert set(journey.course.clocks) == {Wait.MEDIATOR_PROPOSES, Wait.NEXT_BODY_WINDOW}
        assert journey.pending == [TO_MEDIATOR]

    def test_returns_to_where_the_case_stood_when_nobody_was_heard_yet(self) -> None:
        journey = awaiting_consent()
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        journey.settle_and_post()
        journey.response(Decision.REJECT_OUTCOME)
        assert journey.settle() is Stage.AWAITING_CONSENT

    def test_makes_room_for_another_proposal(self) -> None:
        journey = outcome_proposed()
        journey.response(Decision.REJECT_OUTCOME)
        assert journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED).applied

    def test_that_is_no_takes_back_the_proposal_that_was_not_posted(self) -> None:
        journey = hearing_both_sides()
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        journey.response(Decision.REJECT_OUTCOME)
        assert journey.pending == [TO_MEDIATOR]

    @pytest.mark.parametrize("answer", [Decision.ACCEPT_OUTCOME, Decision.REJECT_OUTCOME])
    def test_is_refused_when_nothing_was_proposed(self, answer: Decision) -> None:
        journey = hearing_both_sides()
        assert journey.response(answer).refusal is Refusal.NOT_NOW
        assert journey.course.is_open

    def test_is_refused_a_second_time(self) -> None:
        journey = outcome_proposed()
        journey.response(Decision.REJECT_OUTCOME)
        assert journey.response(Decision.ACCEPT_OUTCOME).refusal is Refusal.NOT_NOW

    @pytest.mark.parametrize("answer", [Decision.ACCEPT_OUTCOME, Decision.REJECT_OUTCOME])
    def test_is_about_the_proposal_that_was_read_and_no_other(self, answer: Decision) -> None:
        journey = outcome_proposed()
        read = journey.course.proposed_in
        journey.response(Decision.REJECT_OUTCOME, to=read)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.NOT_SETTLED)
        journey.settle_and_post()
        assert journey.response(answer, to=read).refusal is Refusal.PROPOSAL_CHANGED
        assert journey.course.is_open
        assert journey.course.proposal is Outcome.NOT_SETTLED
        assert journey.settle() is Stage.OUTCOME_PROPOSED
        assert journey.response(answer, to=journey.course.proposed_in).applied

    @pytest.mark.parametrize("other", [Decision.GIVE_CONSENT, Decision.CLOSE_CASE])
    def test_is_yes_or_no_and_otherwise_changes_nothing(self, other: Decision) -> None:
        journey = outcome_proposed()
        assert journey.response(other).refusal is Refusal.NOT_ALLOWED
        assert journey.course.proposal is Outcome.PARTLY_SETTLED
        assert Wait.COMPLAINANT_RESPONDS in journey.course.clocks
