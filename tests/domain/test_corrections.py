"""A corrected rule: nothing changes by itself, and the mediator decides about each case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.correction_rules import bind_anew
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.letters import Letter
from domain.parties import Party
from domain.spans import parse_span
from domain.waits import Attention, Wait
from tests.domain.journey import Journey, awaiting_institution, hearing_both_sides, rules_for

REPLY = Wait.INSTITUTION_REPLIES
OLD = rules_for()
LONGER = replace(
    OLD, terms={**OLD.terms, REPLY: replace(OLD.terms[REPLY], span=parse_span("8 weeks"))}
)
SHORTER = replace(
    OLD, terms={**OLD.terms, REPLY: replace(OLD.terms[REPLY], span=parse_span("4 weeks"))}
)


def corrected() -> Journey:
    journey = awaiting_institution()
    assert journey.shown(EntryKind.RULES_CORRECTED, Party.PORTAL).applied
    return journey


class TestACorrection:
    def test_moves_no_clock_by_itself(self) -> None:
        before = awaiting_institution().course.clocks
        journey = corrected()
        journey.settle()
        assert journey.course.clocks == before
        assert journey.course.attention is Attention.POLICY_CORRECTED
        assert journey.pending == [(Letter.NEWS, Party.MEDIATOR)]

    def test_is_wanted_when_the_mediator_says_so(self) -> None:
        journey = corrected()
        assert journey.decision(Decision.APPLY_CORRECTION).applied
        assert journey.course.correction_wanted
        assert journey.course.attention is None

    def test_is_left_alone_when_the_mediator_says_no(self) -> None:
        journey = corrected()
        assert journey.decision(Decision.KEEP_RULES).applied
        assert not journey.course.correction_wanted

    @pytest.mark.parametrize("decision", [Decision.APPLY_CORRECTION, Decision.KEEP_RULES])
    def test_cannot_be_decided_on_where_there_is_none(self, decision: Decision) -> None:
        verdict = awaiting_institution().decision(decision)
        assert verdict.refusal is Refusal.NOTHING_TO_DECIDE

    def test_once_it_binds_counts_the_running_clock_from_its_own_start(self) -> None:
        journey = corrected()
        before = journey.course.clocks[REPLY]
        bind_anew(journey.course, LONGER, journey.now + timedelta(days=3))
        after = journey.course.clocks[REPLY]
        assert after.since == before.since
        assert (after.raw - before.raw) == timedelta(weeks=2)
        assert not journey.course.correction_wanted

    def test_stays_a_question_while_something_else_asks_for_attention(self) -> None:
        journey = corrected()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        assert journey.course.attention is Attention.DANGER
        assert journey.decision(Decision.APPLY_CORRECTION).applied
        assert journey.course.correction_wanted
        assert journey.course.attention is Attention.DANGER

    def test_once_it_binds_keeps_the_days_for_which_a_clock_stood_still(self) -> None:
        journey = hearing_both_sides()
        waits = Wait.MEDIATOR_PROPOSES
        before = journey.course.clocks[waits].day
        journey.decision(Decision.PAUSE_FOR_DANGER)
        journey.later(timedelta(days=10))
        journey.decision(Decision.RESUME)
        bind_anew(journey.course, LONGER, journey.now)
        assert journey.course.clocks[waits].day == before + timedelta(days=10)

    def test_once_it_binds_keeps_days_of_a_pause_on_top_of_more_time(self) -> None:
        journey = hearing_both_sides()
        waits = Wait.MEDIATOR_PROPOSES
        until = journey.course.clocks[waits].day + timedelta(days=5)
        journey.decision(Decision.EXTEND_TERM, details=EntryDetails(wait=waits, until=until))
        journey.decision(Decision.PAUSE_FOR_DANGER)
        journey.later(timedelta(days=10))
        journey.decision(Decision.RESUME)
        bind_anew(journey.course, LONGER, journey.now)
        assert journey.course.clocks[waits].day == until + timedelta(days=10)

    def test_once_it_binds_reminds_no_second_time_that_the_window_ends(self) -> None:
        journey = hearing_both_sides()
        window = Wait.NEXT_BODY_WINDOW
        journey.remind(window)
        journey.post()
        before = journey.course.clocks[window]
        bind_anew(journey.course, LONGER, journey.now)
        journey.settle()
        assert journey.course.clocks[window] == before
        assert journey.course.clocks[window].rung == 1

    def test_once_it_binds_keeps_an_extension_that_was_given(self) -> None:
        journey = corrected()
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        given = journey.course.clocks[REPLY].day
        shorter = replace(
            OLD, terms={**OLD.terms, REPLY: replace(OLD.terms[REPLY], span=parse_span("2 weeks"))}
        )
        bind_anew(journey.course, shorter, journey.now)
        assert journey.course.clocks[REPLY].day == given


class TestACorrectionAfterTheTerm:
    """What followed from an end that was counted by wrong rules follows from the right one."""

    def test_that_is_longer_takes_the_silence_back(self) -> None:
        journey = corrected()
        journey.let_pass(REPLY)
        journey.settle_and_post()
        assert journey.course.silence_established
        assert Wait.NEXT_BODY_WINDOW in journey.course.clocks

        bind_anew(journey.course, LONGER, journey.now)
        journey.settle()

        assert not journey.course.clocks[REPLY].passed
        assert not journey.course.silence_established
        assert journey.course.handling_ended is None
        assert Wait.NEXT_BODY_WINDOW not in journey.course.clocks
        assert journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION).applied

    def test_that_is_longer_and_passes_then_is_silence_then(self) -> None:
        journey = corrected()
        journey.let_pass(REPLY)
        bind_anew(journey.course, LONGER, journey.now)
        journey.settle()
        day = journey.course.clocks[REPLY].day

        journey.let_pass(REPLY)

        assert journey.course.silence_established
        assert journey.course.handling_ended == day

    def test_that_is_shorter_counts_the_window_from_the_earlier_end(self) -> None:
        journey = corrected()
        journey.let_pass(REPLY)
        journey.settle_and_post()
        before = journey.course.clocks[Wait.NEXT_BODY_WINDOW]

        bind_anew(journey.course, SHORTER, journey.now)

        ended = journey.course.clocks[REPLY].day
        assert journey.course.silence_established
        assert journey.course.handling_ended == ended
        assert journey.course.clocks[Wait.NEXT_BODY_WINDOW].start == ended < before.start

    def test_leaves_the_day_of_an_answer(self) -> None:
        journey = hearing_both_sides()
        answered = journey.course.handling_ended
        bind_anew(journey.course, SHORTER, journey.now)
        assert journey.course.handling_ended == answered
