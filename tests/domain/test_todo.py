"""What a case needs of its reader, until when, and which case stands in front of which."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.overview import Overview, OverviewDetails
from domain.read_model import overview_of
from domain.stages import Stage
from domain.todo import (
    AT_ONCE,
    NO_DAY,
    Need,
    Standing,
    place_in_list,
    todo_of_asked,
    todo_of_mediator,
    todo_of_reader,
    todo_of_supervisor,
)
from domain.waits import Attention, Wait
from tests.domain.journey import (
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    hearing_both_sides,
    offered,
    outcome_proposed,
)


def standing(journey: Journey, *attentions: Attention) -> Standing:
    told: Overview = overview_of(journey.course)
    return Standing(
        stage=told.stage,
        has_mediator=told.mediator is not None,
        is_offered=told.offered is not None,
        waiting_for=told.waiting_for,
        due_at=told.due_at,
        attentions=attentions or told.details.attentions,
        details=told.details,
    )


class TestWhatACaseNeedsOfItsMediator:
    @pytest.mark.parametrize("journey", [awaiting_consent, awaiting_institution, outcome_proposed])
    def test_is_nothing_while_somebody_else_has_to_answer(self, journey: type[Journey]) -> None:
        assert todo_of_mediator(standing(journey())).needs == ()

    def test_is_a_proposal_once_both_sides_were_heard(self) -> None:
        case = standing(hearing_both_sides())
        todo = todo_of_mediator(case)
        assert todo.needs == (Need.PROPOSE_OUTCOME,)
        assert todo.until == case.due_at == place_in_list(case)

    def test_is_a_decision_on_the_next_step_before_the_ladder_goes_on_without(self) -> None:
        case = standing(awaiting_institution())
        details = replace(case.details, steps_to_decide=("board",))
        todo = todo_of_mediator(replace(case, details=details))
        assert todo.needs == (Need.DECIDE_STEP,)
        (view,) = [view for view in details.clocks if view.clock.wait is Wait.INSTITUTION_REPLIES]
        assert todo.until == view.next_at
        assert todo.until is not None

    @pytest.mark.parametrize(
        ("reason", "need"),
        [
            (Attention.DANGER, Need.SEE_TO_DANGER),
            (Attention.LETTER_FAILED, Need.SEE_TO_LETTER),
        ],
    )
    def test_cannot_wait_when_somebody_is_not_reached_or_not_safe(
        self, reason: Attention, need: Need
    ) -> None:
        case = standing(awaiting_institution(), reason)
        assert todo_of_mediator(case).needs == (need,)
        assert place_in_list(case) == AT_ONCE

    @pytest.mark.parametrize(
        ("reason", "need"),
        [
            (Attention.COMPLAINANT_SILENT, Need.DECIDE_AFTER_SILENCE),
            (Attention.POLICY_CORRECTED, Need.DECIDE_CORRECTION),
        ],
    )
    def test_is_a_decision_that_has_until_the_case_is_due(
        self, reason: Attention, need: Need
    ) -> None:
        case = standing(awaiting_consent(), reason)
        assert todo_of_mediator(case).needs == (need,)
        assert todo_of_mediator(case).until == place_in_list(case) == case.due_at

    def test_is_due_when_the_first_of_it_is(self) -> None:
        case = standing(hearing_both_sides())
        assert case.due_at is not None
        details = replace(case.details, steps_to_decide=("board",))
        (view, *_) = [v for v in details.clocks if v.clock.wait is Wait.MEDIATOR_PROPOSES]
        early = replace(view.clock, wait=Wait.INSTITUTION_REPLIES)
        at = case.due_at - timedelta(days=3)
        details = replace(details, clocks=(replace(view, clock=early, next_at=at),))
        assert todo_of_mediator(replace(case, details=details)).until == at

    def test_of_a_closed_case_is_only_danger(self) -> None:
        assert todo_of_mediator(standing(closed(), Attention.LETTER_FAILED)).needs == ()
        in_danger = standing(closed(), Attention.LETTER_FAILED, Attention.DANGER)
        assert todo_of_mediator(in_danger).needs == (Need.SEE_TO_DANGER,)
        assert place_in_list(in_danger) == AT_ONCE


class TestWhatACaseNeedsOfOthers:
    def test_is_an_answer_from_the_mediator_who_was_asked(self) -> None:
        case = standing(offered())
        todo = todo_of_asked(case)
        assert todo.needs == (Need.ANSWER_OFFER,)
        assert todo.until == case.due_at == place_in_list(case)

    def test_is_a_look_of_the_supervisors_when_it_asks_for_attention(self) -> None:
        assert todo_of_supervisor(standing(hearing_both_sides())).needs == ()
        asking = standing(hearing_both_sides(), Attention.MEDIATOR_SILENT)
        assert todo_of_supervisor(asking).needs == (Need.LOOK,)

    def test_is_everything_together_for_who_stands_to_it_in_several_ways(self) -> None:
        case = standing(hearing_both_sides(), Attention.MEDIATOR_SILENT)
        both = todo_of_reader(case, mediates=True, is_asked=False, supervises=True)
        assert both.needs == (Need.PROPOSE_OUTCOME, Need.LOOK)
        assert both.until == case.due_at
        nobody = todo_of_reader(case, mediates=False, is_asked=False, supervises=False)
        assert nobody.needs == ()


class TestThePlaceInAList:
    def test_of_what_is_due_on_no_day_is_behind_everything(self) -> None:
        assert place_in_list(standing(Journey())) == NO_DAY
        assert place_in_list(standing(closed())) == NO_DAY

    def test_of_what_waits_for_others_is_when_that_is_due(self) -> None:
        case = standing(awaiting_institution())
        assert place_in_list(case) == case.due_at
        assert case.details != OverviewDetails()
        assert case.stage is Stage.AWAITING_INSTITUTION
