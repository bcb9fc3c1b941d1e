"""The course of a question: answered, asked on, late, given back, and turned into a complaint."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.assignment_rules import nobody_fits
from domain.calendar import civil_date
from domain.consultation_rules import last_day_to_begin
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.identifiers import CaseId
from domain.intake import NoticeKind, Safety
from domain.letters import Letter
from domain.matching import Unfit
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.read_model import overview_of
from domain.staff import Role, acts_as
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.asking import (
    IN_EVERY_STAGE_OF_A_QUESTION,
    Asking,
    answered,
    asked,
    awaiting_adviser,
)
from tests.domain.journey import ANNA, BRAM, CARLA, START, Journey

COMPLAINT = CaseId(UUID(int=77))


def asked_on() -> Asking:
    asking = answered()
    asking.shown(EntryKind.MESSAGE, Party.COMPLAINANT)
    asking.settle_and_post()
    assert asking.course.stage is Stage.AWAITING_ADVISER
    return asking


def clock_day(asking: Journey, wait: Wait) -> str:
    return asking.course.clocks[wait].day.isoformat()


class TestAQuestion:
    @pytest.mark.parametrize("stage", IN_EVERY_STAGE_OF_A_QUESTION)
    def test_reaches_its_stages(self, stage: Stage) -> None:
        assert IN_EVERY_STAGE_OF_A_QUESTION[stage]().course.stage is stage

    def test_is_acknowledged_within_a_business_day_and_answered_within_five(self) -> None:
        asking = Asking()
        asking.question()
        asking.settle()
        # A Monday.
        assert clock_day(asking, Wait.PORTAL_ACKNOWLEDGES) == "2026-03-03"
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-09"
        assert asking.course.clocks[Wait.ADVISER_ANSWERS].source == "service_level"

    def test_promises_the_same_day_however_long_the_search_took(self) -> None:
        asking = asked().later(timedelta(days=2))
        assert isinstance(asking, Asking)
        asking.is_given_to(ANNA)
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-09"

    def test_counts_from_its_arrival_although_nobody_heard_of_it_for_days(self) -> None:
        asking = Asking()
        asking.question()
        asking.later(timedelta(days=3))
        asking.settle()
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-09"

    def test_tells_the_adviser_and_awaits_them(self) -> None:
        asking = awaiting_adviser()
        assert (Letter.QUESTION_ASSIGNED, Party.ADVISER) in [
            (it.letter, it.recipient) for it in asking.posted
        ]
        overview = overview_of(asking.course)
        assert overview.waiting_for is Wait.ADVISER_ANSWERS
        assert overview.details.matter is Matter.QUESTION
        assert overview.mediator == ANNA

    def test_asks_for_attention_while_nobody_is_free(self) -> None:
        asking = asked()
        nobody_fits(asking.course, {Unfit.ABSENT: 1})
        assert asking.course.attentions == [Attention.NO_ADVISER]
        asking.is_given_to(ANNA)
        assert asking.course.attentions == []

    def test_asks_for_attention_on_the_last_day_without_an_adviser(self) -> None:
        asking = asked()
        asking.remind(Wait.ADVISER_AVAILABLE)
        assert asking.course.attentions == [Attention.NO_ADVISER]
        asking.let_pass(Wait.ADVISER_AVAILABLE)
        assert Wait.ADVISER_AVAILABLE in asking.course.clocks

    def test_is_not_asked_twice(self) -> None:
        assert asked().question().refusal is Refusal.NOT_ALLOWED

    def test_can_be_withdrawn(self) -> None:
        asking = awaiting_adviser()
        assert asking.withdrawal().applied
        assert asking.course.outcome is Outcome.WITHDRAWN


class TestTheLastDayToBegin:
    def test_is_the_next_one_on_which_people_work(self) -> None:
        asking = asked()
        assert last_day_to_begin(asking.course, START).isoformat() == "2026-03-03"
        saturday = START + timedelta(days=5)
        assert last_day_to_begin(asking.course, saturday).isoformat() == "2026-03-09"


class TestAnAnswer:
    def test_reaches_whoever_asked_and_waits_for_more(self) -> None:
        asking = awaiting_adviser()
        assert asking.advises().applied
        assert asking.pending == [(Letter.ANSWER, Party.COMPLAINANT)]
        asking.settle_and_post()
        assert set(asking.course.clocks) == {Wait.COMPLAINANT_FOLLOWS_UP}
        assert clock_day(asking, Wait.COMPLAINANT_FOLLOWS_UP) == "2026-03-16"

    def test_is_given_by_the_adviser_of_the_question_alone(self) -> None:
        assert awaiting_adviser().advises(actor=BRAM).refusal is Refusal.NOT_ASSIGNED

    def test_can_be_corrected_by_a_second_one(self) -> None:
        asking = answered()
        asking.later(timedelta(days=3))
        assert asking.advises().applied
        asking.settle_and_post()
        assert clock_day(asking, Wait.COMPLAINANT_FOLLOWS_UP) == "2026-03-19"

    def test_that_is_late_ends_the_attention_and_what_was_not_posted(self) -> None:
        asking = awaiting_adviser()
        asking.let_pass(Wait.ADVISER_ANSWERS)
        assert asking.course.attentions == [Attention.ADVISER_SILENT]
        assert asking.advises().applied
        assert asking.course.attentions == []
        assert asking.pending == [(Letter.ANSWER, Party.COMPLAINANT)]

    def test_closes_the_question_when_nothing_is_asked_for_fourteen_days(self) -> None:
        asking = answered()
        asking.let_pass(Wait.COMPLAINANT_FOLLOWS_UP)
        assert civil_date(asking.now).isoformat() == "2026-03-17"
        assert asking.course.outcome is Outcome.ADVISED
        assert asking.course.clocks == {}


class TestSilenceOfTheAdviser:
    def test_is_reminded_of_on_the_day_before_the_last(self) -> None:
        asking = awaiting_adviser()
        asking.remind(Wait.ADVISER_ANSWERS)
        assert civil_date(asking.now).isoformat() == "2026-03-08"
        assert asking.pending == [(Letter.ANSWER_DUE, Party.ADVISER)]

    def test_is_told_to_both_and_to_a_supervisor_and_the_wait_begins_again(self) -> None:
        asking = awaiting_adviser()
        asking.let_pass(Wait.ADVISER_ANSWERS)
        assert (Letter.ANSWER_DUE, Party.ADVISER) in asking.pending
        assert (Letter.ANSWER_DELAYED, Party.COMPLAINANT) in asking.pending
        assert asking.course.attention is Attention.ADVISER_SILENT
        assert asking.course.clocks[Wait.ADVISER_ANSWERS].round == 2
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-17"

    def test_is_noticed_without_any_adviser_as_well(self) -> None:
        asking = asked()
        asking.let_pass(Wait.ADVISER_ANSWERS)
        assert (Letter.ANSWER_DELAYED, Party.COMPLAINANT) in asking.pending
        assert Letter.ANSWER_DUE not in [letter for letter, _ in asking.pending]


class TestAFurtherQuestion:
    def test_opens_the_clock_again_from_the_day_on_which_it_came(self) -> None:
        asking = answered()
        asking.later(timedelta(days=4))
        assert asking.asks_on().applied
        assert asking.pending == [(Letter.QUESTION_NEWS, Party.ADVISER)]
        assert asking.settle() is Stage.AWAITING_ADVISER
        # From Friday 6 March on.
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-13"
        assert Wait.COMPLAINANT_FOLLOWS_UP not in asking.course.clocks

    def test_before_the_answer_moves_no_day(self) -> None:
        asking = awaiting_adviser()
        asking.later(timedelta(days=1))
        asking.asks_on()
        asking.settle_and_post()
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-09"

    def test_goes_to_somebody_else_when_the_adviser_gave_the_question_back(self) -> None:
        asking = answered()
        asking.advises(Decision.RECUSE)
        assert asking.settle() is Stage.ANSWERED
        asking.asks_on()
        assert asking.settle() is Stage.FINDING_ADVISER


class TestAQuestionOfTheAdviser:
    def test_stops_our_clock_until_it_is_answered(self) -> None:
        asking = awaiting_adviser()
        assert asking.advises(Decision.ASK_COMPLAINANT).applied
        asking.settle_and_post()
        assert set(asking.course.clocks) == {Wait.COMPLAINANT_ANSWERS}
        assert asking.course.wait is Wait.COMPLAINANT_ANSWERS
        asking.later(timedelta(days=7))
        asking.asks_on()
        asking.settle_and_post()
        assert clock_day(asking, Wait.ADVISER_ANSWERS) == "2026-03-16"

    def test_is_reminded_of(self) -> None:
        asking = awaiting_adviser()
        asking.advises(Decision.ASK_COMPLAINANT)
        asking.settle_and_post()
        asking.remind(Wait.COMPLAINANT_ANSWERS)
        assert asking.pending == [(Letter.ADVISER_ASKS, Party.COMPLAINANT)]

    def test_leaves_it_to_the_adviser_when_nothing_comes(self) -> None:
        asking = awaiting_adviser()
        asking.advises(Decision.ASK_COMPLAINANT)
        asking.settle_and_post()
        asking.let_pass(Wait.COMPLAINANT_ANSWERS)
        assert (Letter.ANSWER_DUE, Party.ADVISER) in asking.pending
        assert asking.course.attentions == [Attention.COMPLAINANT_SILENT]
        assert asking.course.wait is Wait.ADVISER_ANSWERS
        assert Wait.ADVISER_ANSWERS in asking.course.clocks

    def test_answered_late_is_welcome(self) -> None:
        asking = awaiting_adviser()
        asking.advises(Decision.ASK_COMPLAINANT)
        asking.settle_and_post()
        asking.let_pass(Wait.COMPLAINANT_ANSWERS)
        assert asking.asks_on().applied
        assert asking.course.attentions == []
        assert asking.course.asked == []


class TestWhoAnswers:
    def test_gives_the_question_back_for_good(self) -> None:
        asking = awaiting_adviser()
        assert asking.advises(Decision.RECUSE).applied
        assert asking.course.recused == [ANNA]
        assert asking.settle() is Stage.FINDING_ADVISER

    def test_is_replaced_at_once_when_they_are_gone(self) -> None:
        asking = awaiting_adviser()
        gone = EntryDetails(holder=ANNA)
        assert asking.shown(EntryKind.MEDIATOR_UNAVAILABLE, Party.PORTAL, details=gone).applied
        assert asking.settle() is Stage.FINDING_ADVISER
        assert asking.course.attentions == []

    def test_can_be_named_by_a_supervisor_and_is_not_asked_first(self) -> None:
        asking = awaiting_adviser()
        verdict = asking.is_reassigned(BRAM)
        assert verdict.applied
        assert asking.course.mediator == BRAM
        assert asking.course.offered is None
        assert (Letter.CASE_MOVED, Party.ADVISER) in asking.pending
        assert (Letter.MEDIATOR_CHANGED, Party.COMPLAINANT) not in asking.pending

    def test_can_be_named_by_a_supervisor_when_nobody_is_left(self) -> None:
        asking = asked()
        assert asking.is_reassigned().refusal is Refusal.NOT_NOW
        assert asking.is_reassigned(BRAM).applied
        assert asking.course.mediator == BRAM

    def test_writes_to_whoever_asked_and_to_no_institution(self) -> None:
        asking = awaiting_adviser()
        assert asking.writes(ANNA, Audience.COMPLAINANT).applied
        assert asking.pending == [(Letter.ADVISER_WROTE, Party.COMPLAINANT)]
        assert asking.writes(ANNA, Audience.MEDIATOR_ONLY).applied
        assert asking.writes(ANNA, Audience.BOTH_SIDES).refusal is Refusal.OTHER_MATTER
        assert asking.writes(BRAM, Audience.COMPLAINANT).refusal is Refusal.NOT_ASSIGNED

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            (answered, Outcome.ADVISED),
            (asked_on, Outcome.ADVISED),
            (awaiting_adviser, Outcome.NOT_ADVISED),
        ],
    )
    def test_closes_it_with_what_became_of_it_and_with_nothing_else(
        self, asked: Callable[[], Asking], expected: Outcome
    ) -> None:
        for outcome in (None, *Outcome):
            asking = asked()
            verdict = asking.advises(Decision.CLOSE_CASE, outcome=outcome)
            assert verdict.applied == (outcome is expected)
            assert asking.course.is_open == (outcome is not expected)

    def test_closes_it_with_advice_given_in_the_same_breath(self) -> None:
        asking = awaiting_adviser()
        asking.advises(Decision.ANSWER_QUESTION)
        assert asking.advises(Decision.CLOSE_CASE, outcome=Outcome.ADVISED).applied

    def test_is_an_adviser_and_no_mediator(self) -> None:
        answer, question = Decision.ANSWER_QUESTION, Matter.QUESTION
        assert acts_as({Role.ADVISER}, answer, question, handles=True) is Party.ADVISER
        assert acts_as({Role.MEDIATOR}, answer, question, handles=True) is None
        assert acts_as({Role.SUPERVISOR}, answer, question, handles=False) is None
        for decision in Decision:
            assert acts_as({Role.ADVISER}, decision, Matter.COMPLAINT, handles=True) is None


class TestDanger:
    def test_asks_for_attention_and_does_not_keep_the_answer_waiting(self) -> None:
        asking = asked(Safety.NOT_SAFE)
        assert asking.course.attention is Attention.DANGER
        assert [notice.kind for notice in asking.course.notices] == [NoticeKind.DANGER]
        assert asking.course.clocks[Wait.ADVISER_ANSWERS].paused_at is None

    def test_that_is_over_is_told_of_no_more(self) -> None:
        asking = asked(Safety.NOT_SAFE)
        said = asking.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_SAFE)
        assert said.applied
        assert asking.course.notices == ()

    def test_closes_nothing_by_silence(self) -> None:
        asking = answered()
        asking.advises(Decision.PAUSE_FOR_DANGER)
        asking.settle_and_post()
        assert asking.course.next_moment(Wait.COMPLAINANT_FOLLOWS_UP) is None


class TestAComplaintThatAQuestionBecame:
    @pytest.mark.parametrize("closes", [True, False])
    def test_is_linked_and_the_question_closes_or_goes_on(self, *, closes: bool) -> None:
        asking = awaiting_adviser()
        details = EntryDetails(other_case=COMPLAINT)
        assert asking.becomes_complaint(details, closes=closes).applied
        assert asking.course.linked == [COMPLAINT]
        assert asking.course.is_open != closes
        if closes:
            assert asking.course.outcome is Outcome.BECAME_COMPLAINT
        else:
            assert asking.pending == [(Letter.QUESTION_NEWS, Party.ADVISER)]
            assert asking.settle() is Stage.AWAITING_ADVISER

    def test_can_come_after_the_closure(self) -> None:
        asking = answered()
        asking.withdrawal()
        details = EntryDetails(other_case=COMPLAINT)
        assert asking.becomes_complaint(details, closes=True).applied
        assert asking.course.outcome is Outcome.WITHDRAWN

    def test_is_never_mediated_by_the_adviser_of_the_question(self) -> None:
        journey = Journey()
        details = EntryDetails(other_case=COMPLAINT, adviser=CARLA)
        journey.shown(EntryKind.COMPLAINT, Party.COMPLAINANT, details=details)
        assert journey.course.linked == [COMPLAINT]
        assert journey.course.advised == [CARLA]
        assert journey.supervisor_offers_to(CARLA).refusal is Refusal.ADVISES
