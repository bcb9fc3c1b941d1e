"""What follows when nobody acts: a reminder, an escalation, and where that helps a new round."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.entries import Decision, EntryKind
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    IN_EVERY_OPEN_STAGE,
    Journey,
    awaiting_consent,
    awaiting_institution,
    finding_mediator,
    hearing_both_sides,
    offered,
    outcome_proposed,
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
    def test_covers_every_wait(self) -> None:
        assert set(WAITING) == set(Wait)

    @pytest.mark.parametrize("wait", Wait)
    def test_has_a_running_deadline(self, wait: Wait) -> None:
        course = WAITING[wait]().course
        assert course.wait is wait
        assert course.deadline is not None
        assert course.deadline.due_at - course.deadline.since == course.terms[wait].due_after

    @pytest.mark.parametrize("stage", sorted(set(IN_EVERY_OPEN_STAGE) - {Stage.RECEIVED}))
    def test_is_something_in_every_stage_after_the_receipt(self, stage: Stage) -> None:
        assert IN_EVERY_OPEN_STAGE[stage]().course.wait is not None

    @pytest.mark.parametrize("wait", Wait)
    def test_keeps_its_deadline_when_waiting_goes_on(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        before = journey.course.deadline
        journey.later(timedelta(hours=1)).settle()
        assert journey.course.deadline == before

    @pytest.mark.parametrize("wait", Wait)
    def test_is_not_put_off_by_a_message(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        before = journey.course.deadline
        journey.later(timedelta(hours=1)).shown(EntryKind.MESSAGE, Party.COMPLAINANT)
        journey.settle()
        assert journey.course.deadline == before


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
        deadline = journey.course.deadlines[wait]
        journey.course.remind(wait)
        assert journey.pending == [letter]
        assert (journey.course.outbox[0].wait, journey.course.outbox[0].due_at) == (
            wait,
            deadline.due_at,
        )
        assert journey.course.deadlines[wait] == deadline.after_reminder()
        assert journey.course.attention is None

    def test_that_no_mediator_is_free_goes_to_the_supervisors_instead(self) -> None:
        journey = finding_mediator()
        journey.course.remind(Wait.MEDIATOR_AVAILABLE)
        assert journey.pending == []
        assert journey.course.attention is Attention.NO_MEDIATOR
        assert journey.course.deadlines[Wait.MEDIATOR_AVAILABLE].reminded

    @pytest.mark.parametrize("wait", [Wait.MEDIATOR_ACCEPTS, Wait.MEDIATOR_PROPOSES])
    def test_to_a_mediator_names_the_mediator(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        journey.course.remind(wait)
        assert [letter.mediator for letter in journey.course.outbox] == [ANNA]

    @pytest.mark.parametrize("wait", [Wait.COMPLAINANT_RESPONDS, Wait.MEDIATOR_PROPOSES])
    def test_is_taken_back_when_the_answer_came_first(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        journey.course.remind(wait)
        journey.response(Decision.REJECT_OUTCOME)
        journey.decision(Decision.RECUSE)
        assert Letter.YOUR_TURN not in {letter for letter, _ in journey.pending}


class TestAPassedTerm:
    @pytest.mark.parametrize("wait", BEGUN_ANEW)
    def test_tells_the_mediator_asks_for_attention_and_begins_a_new_round(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        passed = journey.let_pass(wait)
        assert journey.pending == [(Letter.WAIT_PASSED, Party.MEDIATOR)]
        assert [letter.mediator for letter in journey.course.outbox] == [ANNA]
        assert journey.course.attention is BEGUN_ANEW[wait]
        anew = journey.course.deadlines[wait]
        assert (anew.since, anew.round, anew.reminded) == (passed.due_at, passed.round + 1, False)
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
        assert Wait.INSTITUTION_REPLIES not in journey.course.deadlines
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    def test_of_an_offer_only_leads_to_the_next_offer(self) -> None:
        journey = offered()
        journey.let_pass(Wait.MEDIATOR_ACCEPTS)
        assert journey.pending == []
        assert journey.course.attention is None
        assert Wait.MEDIATOR_ACCEPTS not in journey.course.deadlines
        assert journey.settle() is Stage.FINDING_MEDIATOR

    def test_of_the_portal_waits_anew_and_stays_under_attention(self) -> None:
        journey = finding_mediator()
        journey.course.remind(Wait.MEDIATOR_AVAILABLE)
        journey.let_pass(Wait.MEDIATOR_AVAILABLE)
        journey.settle()
        assert journey.course.attention is Attention.NO_MEDIATOR
        assert journey.course.deadlines[Wait.MEDIATOR_AVAILABLE].since == journey.now

    @pytest.mark.parametrize("wait", Wait)
    def test_counts_from_the_deadline_that_passed(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        passed = journey.let_pass(wait)
        assert {letter.due_at for letter in journey.course.outbox} <= {passed.due_at}


class TestLettersOfSeveralRounds:
    @pytest.mark.parametrize("wait", BEGUN_ANEW)
    def test_have_keys_of_their_own(self, wait: Wait) -> None:
        journey = WAITING[wait]()
        keys: list[str] = []
        for _ in range(3):
            journey.course.remind(wait)
            journey.let_pass(wait)
            keys += [letter.key for letter in journey.post()]
        assert len(keys) == 6
        assert len(set(keys)) == 6

    def test_have_keys_of_their_own_when_the_same_wait_began_twice(self) -> None:
        journey = awaiting_institution()
        keys: list[str] = []
        for _ in range(2):
            journey.course.remind(Wait.INSTITUTION_REPLIES)
            keys += [letter.key for letter in journey.post()]
            journey.consent(Decision.REVOKE_CONSENT)
            journey.settle_and_post()
            journey.later(timedelta(hours=1)).consent()
            journey.settle_and_post()
        assert len(keys) == len(set(keys)) == 2

    def test_have_keys_of_their_own_for_each_mediator(self) -> None:
        journey = offered()
        journey.course.remind(Wait.MEDIATOR_ACCEPTS)
        first = journey.post()
        journey.course.offer(BRAM)
        journey.settle_and_post()
        journey.course.remind(Wait.MEDIATOR_ACCEPTS)
        second = journey.post()
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
