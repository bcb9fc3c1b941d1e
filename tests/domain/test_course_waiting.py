"""What follows when nobody acts: a reminder, an escalation, and where that helps a new round."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.clocks import Ending
from domain.entries import Decision, EntryKind
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    IN_EVERY_OPEN_STAGE,
    START,
    Journey,
    awaiting_consent,
    awaiting_institution,
    finding_mediator,
    hearing_both_sides,
    offered,
    outcome_proposed,
    received,
)

WAITING: dict[Wait, Callable[[], Journey]] = {
    Wait.MEDIATOR_AVAILABLE: finding_mediator,
    Wait.MEDIATOR_ACCEPTS: offered,
    Wait.COMPLAINANT_CONSENTS: awaiting_consent,
    Wait.INSTITUTION_REPLIES: awaiting_institution,
    Wait.MEDIATOR_PROPOSES: hearing_both_sides,
    Wait.COMPLAINANT_RESPONDS: outcome_proposed,
}
BEGUN_ANEW = {
    Wait.COMPLAINANT_CONSENTS: Attention.COMPLAINANT_SILENT,
    Wait.COMPLAINANT_RESPONDS: Attention.COMPLAINANT_SILENT,
    Wait.MEDIATOR_PROPOSES: Attention.MEDIATOR_SILENT,
}


class TestWhatIsAwaited:
    @pytest.mark.parametrize("wait", WAITING)
    def test_has_a_running_clock_that_says_where_its_term_comes_from(self, wait: Wait) -> None:
        course = WAITING[wait]().course
        assert course.wait is wait
        assert course.clock is not None
        assert (course.clock.span, course.clock.source) == (
            course.term(wait).span,
            course.term(wait).source,
        )

    @pytest.mark.parametrize("stage", sorted(set(IN_EVERY_OPEN_STAGE) - {Stage.RECEIVED}))
    def test_is_something_in_every_stage_after_the_receipt(self, stage: Stage) -> None:
        assert IN_EVERY_OPEN_STAGE[stage]().course.wait is not None

    @pytest.mark.parametrize("wait", WAITING)
    def test_keeps_its_deadline_when_waiting_goes_on(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        before = journey.course.clock
        journey.later(timedelta(hours=1)).settle()
        assert journey.course.clock == before

    @pytest.mark.parametrize("wait", WAITING)
    def test_is_not_put_off_by_a_message(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        before = journey.course.clock
        journey.later(timedelta(hours=1)).shown(EntryKind.MESSAGE, Party.COMPLAINANT)
        journey.settle()
        assert journey.course.clock == before


class TestAReminder:
    @pytest.mark.parametrize(
        ("wait", "letter"),
        [
            (Wait.MEDIATOR_ACCEPTS, (Letter.YOUR_TURN, Party.MEDIATOR)),
            (Wait.COMPLAINANT_CONSENTS, (Letter.YOUR_TURN, Party.COMPLAINANT)),
            (Wait.INSTITUTION_REPLIES, (Letter.INSTITUTION_REMINDER, Party.INSTITUTION)),
            (Wait.MEDIATOR_PROPOSES, (Letter.YOUR_TURN, Party.MEDIATOR)),
            (Wait.COMPLAINANT_RESPONDS, (Letter.YOUR_TURN, Party.COMPLAINANT)),
        ],
    )
    def test_is_one_letter_to_who_is_awaited(
        self, wait: Wait, letter: tuple[Letter, Party]
    ) -> None:
        journey = WAITING[wait]()
        clock = journey.remind(wait)
        assert journey.pending == [letter]
        [item] = journey.course.outbox
        assert (item.wait, item.due_on) == (wait, clock.day)
        assert journey.course.clocks[wait] == clock.climbed()
        assert journey.course.attention is None

    def test_that_no_mediator_is_free_goes_to_the_supervisors_instead(self) -> None:
        journey = finding_mediator()
        journey.remind(Wait.MEDIATOR_AVAILABLE)
        assert journey.pending == []
        assert journey.course.attention is Attention.NO_MEDIATOR

    @pytest.mark.parametrize("wait", [Wait.MEDIATOR_ACCEPTS, Wait.MEDIATOR_PROPOSES])
    def test_to_a_mediator_names_the_mediator(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        journey.remind(wait)
        assert [letter.mediator for letter in journey.course.outbox] == [ANNA]

    @pytest.mark.parametrize("wait", [Wait.COMPLAINANT_RESPONDS, Wait.MEDIATOR_PROPOSES])
    def test_is_taken_back_when_the_answer_came_first(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        journey.remind(wait)
        journey.response(Decision.REJECT_OUTCOME)
        journey.decision(Decision.RECUSE)
        assert Letter.YOUR_TURN not in {letter for letter, _ in journey.pending}

    def test_that_was_overtaken_is_left_out(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        letters = {letter for letter, _ in journey.pending}
        assert not letters & {Letter.INSTITUTION_REMINDER, Letter.TERM_ENDS_TODAY}


class TestAPassedTerm:
    @pytest.mark.parametrize("wait", BEGUN_ANEW)
    def test_tells_the_mediator_asks_for_attention_and_begins_a_new_round(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        passed = journey.let_pass(wait)
        assert journey.pending == [(Letter.WAIT_PASSED, Party.MEDIATOR)]
        [letter] = journey.course.outbox
        assert (letter.mediator, letter.due_on) == (ANNA, passed.day)
        assert journey.course.attention is BEGUN_ANEW[wait]
        anew = journey.course.clocks[wait]
        assert (anew.since, anew.round, anew.rung) == (journey.now, passed.round + 1, 0)
        assert journey.course.past_clocks[-1].ending is Ending.PASSED
        assert journey.settle() is journey.course.needed_stage

    def test_of_the_institution_establishes_its_silence_and_tells_everybody(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(Wait.INSTITUTION_REPLIES)
        assert journey.pending == [
            (Letter.TERM_PASSED, Party.INSTITUTION),
            (Letter.INSTITUTION_SILENT, Party.COMPLAINANT),
            (Letter.WAIT_PASSED, Party.MEDIATOR),
        ]
        assert journey.course.attention is Attention.INSTITUTION_SILENT
        assert journey.course.clocks[Wait.INSTITUTION_REPLIES].passed
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_of_an_offer_only_leads_to_the_next_offer(self) -> None:
        journey = offered()
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        assert journey.pending == []
        assert journey.course.attention is None
        assert Wait.MEDIATOR_ACCEPTS not in journey.course.clocks
        assert journey.settle() is Stage.FINDING_MEDIATOR

    def test_of_the_portal_waits_anew_and_stays_under_attention(self) -> None:
        journey = finding_mediator()
        journey.remind(Wait.MEDIATOR_AVAILABLE)
        journey.let_pass(Wait.MEDIATOR_AVAILABLE)
        journey.settle()
        assert journey.course.attention is Attention.NO_MEDIATOR
        assert journey.course.clocks[Wait.MEDIATOR_AVAILABLE].since == journey.now


class TestOurOwnPromises:
    def test_to_acknowledge_ends_with_the_acknowledgement(self) -> None:
        journey = received()
        journey.settle()
        assert journey.course.clocks[Wait.PORTAL_ACKNOWLEDGES].since == START
        journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
        journey.post()
        assert Wait.PORTAL_ACKNOWLEDGES not in journey.course.clocks

    def test_to_acknowledge_asks_for_attention_when_it_was_not_kept(self) -> None:
        journey = received()
        journey.settle()
        journey.let_pass(Wait.PORTAL_ACKNOWLEDGES)
        assert journey.course.attention is Attention.ACKNOWLEDGEMENT_LATE
        journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
        journey.post()
        assert journey.course.attention is None

    def test_to_find_a_mediator_is_counted_from_the_arrival_whoever_is_asked(self) -> None:
        journey = offered()
        journey.later(timedelta(days=2)).decision(Decision.DECLINE_CASE)
        journey.settle()
        assert journey.course.clocks[Wait.MEDIATOR_FOUND].since == START

    def test_to_find_a_mediator_ends_when_one_accepts(self) -> None:
        assert Wait.MEDIATOR_FOUND not in awaiting_consent().course.clocks

    def test_to_find_a_mediator_is_told_to_the_complainant_when_it_was_not_kept(self) -> None:
        journey = finding_mediator()
        journey.let_pass(Wait.MEDIATOR_FOUND)
        assert (Letter.DELAY_AT_PORTAL, Party.COMPLAINANT) in journey.pending
        assert journey.course.attention is Attention.NO_MEDIATOR


class TestLettersOfSeveralRounds:
    @pytest.mark.parametrize("wait", BEGUN_ANEW)
    def test_have_keys_of_their_own(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        keys: list[str] = []
        for _ in range(3):
            journey.remind(wait)
            keys += [letter.key for letter in journey.post()]
            journey.let_pass(wait)
            keys += [letter.key for letter in journey.post()]
        assert len(keys) == 6
        assert len(set(keys)) == 6

    def test_have_keys_of_their_own_when_the_same_wait_began_twice(self) -> None:
        journey = awaiting_institution()
        keys: list[str] = []
        for _ in range(2):
            journey.remind(Wait.INSTITUTION_REPLIES)
            keys += [letter.key for letter in journey.post()]
            journey.consent(Decision.REVOKE_CONSENT)
            journey.settle_and_post()
            journey.later(timedelta(days=1)).consent()
            journey.settle_and_post()
        assert len(keys) == len(set(keys)) == 2

    def test_have_keys_of_their_own_for_each_mediator(self) -> None:
        journey = offered()
        journey.remind(Wait.MEDIATOR_ACCEPTS)
        first = journey.post()
        journey.course.offer(BRAM, journey.now)
        journey.settle_and_post()
        journey.remind(Wait.MEDIATOR_ACCEPTS)
        second = [letter for letter in journey.post() if letter.letter is Letter.YOUR_TURN]
        assert {letter.mediator for letter in first} == {ANNA}
        assert {letter.mediator for letter in second} == {BRAM}
        assert not {letter.key for letter in first} & {letter.key for letter in second}


class TestALetterThatFailed:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_asks_for_attention(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        assert journey.shown(EntryKind.LETTER_FAILED, Party.PORTAL).applied
        assert journey.course.attention is Attention.LETTER_FAILED

    def test_is_not_forgotten_because_somebody_answers(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.LETTER_FAILED, Party.PORTAL)
        journey.reply()
        assert journey.course.attention is Attention.LETTER_FAILED
