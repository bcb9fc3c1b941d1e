"""Finding a mediator: offered, accepted, declined, and given back."""

from collections.abc import Callable

import pytest

from domain.entries import Decision, Refusal
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    CARLA,
    Journey,
    awaiting_consent,
    awaiting_institution,
    finding_mediator,
    hearing_both_sides,
    offered,
    outcome_proposed,
    received,
)


class TestAnOffer:
    def test_asks_one_mediator_who_then_is_awaited(self) -> None:
        journey = finding_mediator()
        assert journey.course.wait is Wait.MEDIATOR_AVAILABLE
        journey.course.offer(ANNA, journey.now)
        assert journey.course.offered == ANNA
        assert journey.course.wait is Wait.MEDIATOR_ACCEPTS
        [letter] = journey.course.outbox
        assert (letter.letter, letter.recipient, letter.mediator) == (
            Letter.CASE_OFFER,
            Party.MEDIATOR,
            ANNA,
        )

    def test_has_a_letter_of_its_own_each_time(self) -> None:
        journey = finding_mediator()
        keys: set[str] = set()
        for mediator in (ANNA, BRAM, ANNA):
            journey.course.offer(mediator, journey.now)
            keys.update(letter.key for letter in journey.post())
        assert len(keys) == 3

    def test_ends_the_call_for_attention_that_nobody_was_found(self) -> None:
        journey = finding_mediator()
        journey.settle()
        journey.remind(Wait.MEDIATOR_AVAILABLE)
        assert journey.course.attention is Attention.NO_MEDIATOR
        journey.course.offer(ANNA, journey.now)
        assert journey.course.attention is None
        assert Wait.MEDIATOR_AVAILABLE not in journey.course.clocks


class TestAccepting:
    def test_gives_the_case_its_mediator_and_asks_for_consent(self) -> None:
        journey = offered()
        assert journey.decision(Decision.ACCEPT_CASE).applied
        assert (journey.course.mediator, journey.course.offered) == (ANNA, None)
        assert journey.pending == [(Letter.CONSENT_REQUEST, Party.COMPLAINANT)]
        assert journey.settle() is Stage.AWAITING_CONSENT
        assert set(journey.course.clocks) == {Wait.COMPLAINANT_CONSENTS}

    def test_is_not_for_somebody_who_was_not_asked(self) -> None:
        journey = offered()
        assert journey.decision(Decision.ACCEPT_CASE, BRAM).refusal is Refusal.NOT_OFFERED
        assert journey.course.mediator is None

    def test_is_not_possible_before_any_offer(self) -> None:
        journey = finding_mediator()
        assert journey.decision(Decision.ACCEPT_CASE).refusal is Refusal.NOT_OFFERED

    def test_is_not_possible_twice(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.ACCEPT_CASE).refusal is Refusal.ALREADY_DONE

    def test_comes_too_late_after_the_offer_went_to_another(self) -> None:
        journey = offered()
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        journey.course.offer(BRAM, journey.now)
        assert journey.decision(Decision.ACCEPT_CASE, ANNA).refusal is Refusal.NOT_OFFERED
        assert journey.decision(Decision.ACCEPT_CASE, BRAM).applied
        assert journey.decision(Decision.ACCEPT_CASE, ANNA).refusal is Refusal.ALREADY_TAKEN

    def test_of_two_at_once_counts_for_the_first_whatever_the_second_says(self) -> None:
        journey = offered()
        answers = [Decision.ACCEPT_CASE, Decision.DECLINE_CASE]
        first, *others = [journey.decision(answer, ANNA) for answer in answers * 2]
        assert first.applied
        assert {verdict.refusal for verdict in others} == {Refusal.ALREADY_DONE}
        assert journey.course.mediator == ANNA

    def test_lets_those_who_declined_be_asked_in_a_later_round(self) -> None:
        journey = offered()
        journey.decision(Decision.DECLINE_CASE)
        journey.course.offer(BRAM, journey.now)
        journey.decision(Decision.ACCEPT_CASE, BRAM)
        assert journey.course.declined == []

    def test_asks_for_no_consent_that_was_given_already(self) -> None:
        journey = awaiting_institution()
        journey.decision(Decision.RECUSE)
        journey.course.offer(BRAM, journey.now)
        journey.post()
        journey.decision(Decision.ACCEPT_CASE, BRAM)
        assert journey.pending == []
        assert journey.settle() is Stage.AWAITING_INSTITUTION

    def test_goes_on_where_the_case_stood_even_before_it_was_first_looked_at(self) -> None:
        """The worker was down: complaint, offer and acceptance are read in one go."""
        journey = Journey()
        journey.complaint()
        journey.supervisor_offers_to(ANNA)
        journey.decision(Decision.ACCEPT_CASE)
        assert journey.settle() is Stage.AWAITING_CONSENT


class TestDeclining:
    def test_frees_the_case_for_another_and_is_remembered(self) -> None:
        journey = offered()
        assert journey.decision(Decision.DECLINE_CASE).applied
        assert journey.course.offered is None
        assert journey.course.declined == [ANNA]
        assert journey.course.needed_stage is Stage.FINDING_MEDIATOR
        assert journey.course.wait is Wait.MEDIATOR_AVAILABLE
        assert Wait.MEDIATOR_ACCEPTS not in journey.course.clocks

    def test_takes_back_the_letters_that_were_still_to_go(self) -> None:
        journey = finding_mediator()
        journey.course.offer(ANNA, journey.now)
        journey.decision(Decision.DECLINE_CASE)
        assert journey.pending == []

    def test_is_not_for_somebody_who_was_not_asked(self) -> None:
        journey = offered()
        assert journey.decision(Decision.DECLINE_CASE, BRAM).refusal is Refusal.NOT_OFFERED
        assert journey.course.offered == ANNA

    def test_keeps_an_earlier_letter_to_somebody_else(self) -> None:
        journey = received()
        journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
        journey.settle()
        journey.course.offer(ANNA, journey.now)
        journey.decision(Decision.DECLINE_CASE)
        assert journey.pending == [(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)]


class TestRecusing:
    @pytest.mark.parametrize(
        "at", [awaiting_consent, awaiting_institution, hearing_both_sides, outcome_proposed]
    )
    def test_sends_the_case_in_search_of_another_from_any_stage(
        self, at: Callable[[], Journey]
    ) -> None:
        journey = at()
        assert journey.decision(Decision.RECUSE).applied
        assert (journey.course.mediator, journey.course.recused) == (None, [ANNA])
        assert journey.settle() is Stage.FINDING_MEDIATOR

    def test_takes_the_proposal_along(self) -> None:
        journey = outcome_proposed()
        journey.decision(Decision.RECUSE)
        assert (journey.course.proposal, journey.course.proposed_in) == (None, None)
        assert Wait.COMPLAINANT_RESPONDS not in journey.course.clocks
        journey.course.offer(BRAM, journey.now)
        journey.decision(Decision.ACCEPT_CASE, BRAM)
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_takes_back_a_proposal_that_was_not_posted(self) -> None:
        journey = hearing_both_sides()
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED)
        journey.decision(Decision.RECUSE)
        assert journey.pending == []

    def test_takes_back_the_letters_to_who_recused(self) -> None:
        journey = awaiting_institution()
        journey.reply()
        journey.decision(Decision.RECUSE)
        assert journey.pending == [(Letter.NEWS, Party.COMPLAINANT)]

    def test_is_for_the_mediator_of_the_case_only(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.RECUSE, BRAM).refusal is Refusal.NOT_ASSIGNED
        assert journey.course.mediator == ANNA

    def test_leaves_nothing_to_do_for_who_recused(self) -> None:
        journey = awaiting_institution()
        journey.decision(Decision.RECUSE)
        refused = [
            journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.SETTLED),
            journey.decision(Decision.CLOSE_CASE, outcome=Outcome.REFERRED),
            journey.message(ANNA, Audience.COMPLAINANT),
        ]
        assert [verdict.refusal for verdict in refused] == [Refusal.NOT_ASSIGNED] * 3

    def test_is_remembered_beyond_the_next_mediator(self) -> None:
        journey = awaiting_consent()
        journey.decision(Decision.RECUSE)
        journey.course.offer(BRAM, journey.now)
        journey.decision(Decision.ACCEPT_CASE, BRAM)
        assert journey.course.recused == [ANNA]


class TestASupervisorsOffer:
    def test_takes_the_place_of_the_one_before(self) -> None:
        journey = offered()
        assert journey.supervisor_offers_to(CARLA).applied
        assert (journey.course.offered, journey.course.declined) == (CARLA, [ANNA])
        assert [letter.mediator for letter in journey.course.outbox] == [CARLA]

    def test_does_not_push_a_mediator_aside(self) -> None:
        journey = awaiting_consent()
        assert journey.supervisor_offers_to(CARLA).refusal is Refusal.NOT_NOW
        assert journey.course.offered is None

    def test_names_a_mediator(self) -> None:
        journey = finding_mediator()
        assert journey.supervisor_offers_to(None).refusal is Refusal.NOT_ALLOWED

    def test_cannot_be_made_by_a_mediator(self) -> None:
        journey = finding_mediator()
        assert journey.decision(Decision.OFFER_CASE).refusal is Refusal.NOT_ALLOWED
        assert journey.course.offered is None

    def test_may_go_to_somebody_who_recused(self) -> None:
        journey = awaiting_consent()
        journey.decision(Decision.RECUSE)
        journey.supervisor_offers_to(ANNA)
        assert journey.decision(Decision.ACCEPT_CASE, ANNA).applied


class TestAnOfferWithoutAnAnswer:
    def test_counts_as_declined(self) -> None:
        journey = offered()
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        assert (journey.course.offered, journey.course.declined) == (None, [ANNA])
        assert journey.course.wait is Wait.MEDIATOR_AVAILABLE

    def test_takes_back_a_reminder_that_was_still_to_go(self) -> None:
        journey = offered()
        journey.remind(Wait.MEDIATOR_ACCEPTS)
        assert journey.pending == [(Letter.YOUR_TURN, Party.MEDIATOR)]
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        assert journey.pending == []


class TestFindingNobody:
    def test_asks_for_attention_and_then_considers_everybody_again(self) -> None:
        journey = offered()
        journey.decision(Decision.DECLINE_CASE)
        journey.settle()
        journey.remind(Wait.MEDIATOR_AVAILABLE)
        assert journey.course.attention is Attention.NO_MEDIATOR
        journey.let_pass(Wait.MEDIATOR_AVAILABLE)
        assert journey.course.declined == []
        assert journey.course.attention is Attention.NO_MEDIATOR

    def test_never_considers_again_who_recused(self) -> None:
        journey = awaiting_consent()
        journey.decision(Decision.RECUSE)
        journey.settle()
        journey.let_pass(Wait.MEDIATOR_AVAILABLE)
        assert journey.course.recused == [ANNA]
