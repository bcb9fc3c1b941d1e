"""The stages, and the one table of the steps between them."""

import pytest

from domain.stages import TRANSITIONS, ForbiddenTransition, Stage, step
from tests.domain.asking import IN_EVERY_STAGE_OF_A_QUESTION
from tests.domain.journey import IN_EVERY_OPEN_STAGE


def reachable_from(start: Stage) -> set[Stage]:
    reached: set[Stage] = set()
    ahead = [start]
    while ahead:
        stage = ahead.pop()
        if stage not in reached:
            reached.add(stage)
            ahead += TRANSITIONS[stage]
    return reached


class TestTheTable:
    def test_knows_every_stage(self) -> None:
        assert set(TRANSITIONS) == set(Stage)

    def test_leads_from_the_receipt_to_every_stage(self) -> None:
        assert reachable_from(Stage.RECEIVED) == set(Stage)

    def test_has_no_way_out_of_closed(self) -> None:
        assert TRANSITIONS[Stage.CLOSED] == frozenset()

    def test_has_no_way_back_to_received(self) -> None:
        assert not any(Stage.RECEIVED in following for following in TRANSITIONS.values())

    @pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
    def test_lets_every_stage_close(self, stage: Stage) -> None:
        assert step(stage, Stage.CLOSED) is Stage.CLOSED

    @pytest.mark.parametrize("stage", Stage)
    def test_has_no_step_to_the_same_stage(self, stage: Stage) -> None:
        with pytest.raises(ForbiddenTransition):
            step(stage, stage)

    @pytest.mark.parametrize("following", Stage)
    def test_refuses_every_step_out_of_closed(self, following: Stage) -> None:
        with pytest.raises(ForbiddenTransition, match=f"closed cannot be followed by {following}"):
            step(Stage.CLOSED, following)


class TestTheJourneysOfTheseTests:
    @pytest.mark.parametrize("stage", IN_EVERY_OPEN_STAGE)
    def test_reach_the_stage_they_name(self, stage: Stage) -> None:
        assert IN_EVERY_OPEN_STAGE[stage]().course.stage is stage

    def test_reach_every_stage_but_closed(self) -> None:
        stages = set(IN_EVERY_OPEN_STAGE) | set(IN_EVERY_STAGE_OF_A_QUESTION)
        assert stages == set(Stage) - {Stage.CLOSED}
