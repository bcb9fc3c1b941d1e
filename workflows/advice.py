"""The promise of one question: an adviser answers it on time, and can be asked on."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.assignment import AssignmentActivities
    from activities.messages import BeginEpisode, ChooseAdviser
    from domain.assignment_rules import nobody_fits
    from domain.consultation_rules import last_day_to_begin, take_up
    from domain.matter import Matter
    from domain.stages import Outcome, Stage
    from workflows import options
    from workflows.conduct import Conduct
    from workflows.episode import Episode
    from workflows.identifiers import ADVICE


@workflow.defn(name=ADVICE)
class AdviceWorkflow(Episode):
    """One episode of one question."""

    @workflow.init
    def __init__(self, begin: BeginEpisode) -> None:
        self._conduct = Conduct(begin, Matter.QUESTION)
        self._course = self._conduct.course

    @workflow.run
    async def run(self, begin: BeginEpisode) -> Outcome:
        """Keep the promise; return how the question ended."""
        await self._acknowledge()
        while self._course.is_open:
            await self._find_an_adviser()
            await self._conduct.stay(Stage.AWAITING_ADVISER)
            await self._conduct.stay(Stage.ANSWERED)
        outcome = await self._close()
        await self._begin_aftercare()
        return outcome

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived; the case file tells what."""
        self._conduct.rung = True

    async def _find_an_adviser(self) -> None:
        while self._course.needed_stage is Stage.FINDING_ADVISER:
            await self._ask_somebody()
            await self._conduct.turn(Stage.FINDING_ADVISER)

    async def _ask_somebody(self) -> None:
        course, now = self._course, workflow.now()
        choice = await self._conduct.effects.do(
            AssignmentActivities.choose_adviser,
            ChooseAdviser(
                self._conduct.case,
                course.recused,
                now,
                last_day_to_begin(course, now),
                course.earlier_mediator,
            ),
            options.database_write("Find an adviser who is free and speaks the language"),
        )
        if choice.mediator is None:
            nobody_fits(course, choice.unfit)
        else:
            take_up(course, choice.mediator, workflow.now())
