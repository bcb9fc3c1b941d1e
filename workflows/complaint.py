"""The promise of one complaint: both sides are heard, on time, until it is settled or closed."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.assignment import AssignmentActivities
    from activities.messages import BeginEpisode, Choice, ChooseMediator
    from domain.assignment_rules import last_day_to_accept, nobody_fits
    from domain.letters import Letter
    from domain.matter import Matter
    from domain.parties import Party
    from domain.stages import Outcome, Stage
    from workflows import options
    from workflows.conduct import Conduct
    from workflows.episode import Episode
    from workflows.identifiers import COMPLAINT


@workflow.defn(name=COMPLAINT)
class ComplaintWorkflow(Episode):
    """One episode of one complaint about one institution."""

    @workflow.init
    def __init__(self, begin: BeginEpisode) -> None:
        self._conduct = Conduct(begin, Matter.COMPLAINT)
        self._course = self._conduct.course

    @workflow.run
    async def run(self, begin: BeginEpisode) -> Outcome:
        """Keep the promise; return how the complaint ended."""
        await self._acknowledge()
        while self._course.is_open:
            await self._find_a_mediator()
            await self._obtain_consent()
            await self._contact_the_institution()
            await self._hear_both_sides()
            await self._agree_on_an_outcome()
        outcome = await self._close()
        await self._begin_aftercare()
        return outcome

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived; the case file tells what.

        Neither the name nor the arguments are believed, so nothing that anybody signals can do
        more than make the workflow look.
        """
        self._conduct.rung = True

    async def _find_a_mediator(self) -> None:
        while self._course.needed_stage is Stage.FINDING_MEDIATOR:
            if self._course.offered is None:
                await self._offer_to_somebody()
            await self._conduct.turn(Stage.FINDING_MEDIATOR)

    async def _offer_to_somebody(self) -> None:
        course, now = self._course, workflow.now()
        choice = await self._conduct.effects.do(
            AssignmentActivities.choose_mediator,
            ChooseMediator(
                self._conduct.case,
                [*course.declined, *course.recused],
                now,
                last_day_to_accept(course, now),
                course.advised,
                course.earlier_mediator,
            ),
            options.database_write("Find a mediator who is free and speaks the language"),
        )
        if isinstance(choice, Choice) and choice.mediator is None:
            nobody_fits(course, choice.unfit)
            return
        # An earlier release answered with a mediator, or nothing.
        mediator = choice.mediator if isinstance(choice, Choice) else choice
        if mediator is not None:
            course.offer(mediator, workflow.now())

    async def _obtain_consent(self) -> None:
        await self._conduct.stay(Stage.AWAITING_CONSENT)

    async def _contact_the_institution(self) -> None:
        while self._course.needed_stage is Stage.AWAITING_INSTITUTION:
            if not (self._course.contacted or self._course.danger):
                self._course.post(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)
            await self._conduct.turn(Stage.AWAITING_INSTITUTION)

    async def _hear_both_sides(self) -> None:
        await self._conduct.stay(Stage.HEARING_BOTH_SIDES)

    async def _agree_on_an_outcome(self) -> None:
        await self._conduct.stay(Stage.OUTCOME_PROPOSED)
