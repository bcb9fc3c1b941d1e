"""The promise of one complaint: both sides are heard, on time, until it is settled or closed."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from activities.assignment import AssignmentActivities
    from activities.closure import ClosureActivities
    from activities.messages import (
        BeginAftercare,
        BeginComplaint,
        Choice,
        ChooseMediator,
        CloseCase,
        Foresee,
        Foreseen,
    )
    from domain.assignment_rules import last_day_to_accept, nobody_fits, people_of
    from domain.entries import Bell
    from domain.letters import Letter
    from domain.parties import Party
    from domain.read_model import referral_of
    from domain.stage_letters import call_for_contact, call_for_farewell
    from domain.stages import Outcome, Stage
    from workflows import options
    from workflows.conduct import Conduct
    from workflows.details import static_details, static_summary
    from workflows.identifiers import AFTERCARE, COMPLAINT, FORESEE, aftercare_workflow_id
    from workflows.search_attributes import at_start, standing_after_closure


@workflow.defn(name=COMPLAINT)
class ComplaintWorkflow:
    """One episode of one complaint about one institution."""

    @workflow.init
    def __init__(self, begin: BeginComplaint) -> None:
        self._conduct = Conduct(begin)
        self._course = self._conduct.course

    @workflow.run
    async def run(self, begin: BeginComplaint) -> Outcome:
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

    @workflow.query(name=FORESEE)
    def foresee(self, question: Foresee) -> Foreseen:
        """Return what an entry would cause if it arrived now, without letting it arrive."""
        return self._conduct.foresee(question)

    async def _acknowledge(self) -> None:
        await self._conduct.fix_rules()
        await self._conduct.read()
        if self._course.stage is Stage.RECEIVED:
            first = self._conduct.case.episode == 1
            letter = Letter.ACKNOWLEDGEMENT if first else Letter.REOPENED
            self._course.post(letter, Party.COMPLAINANT)
        await self._conduct.post_letters()

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
            call_for_contact(self._course)
            await self._conduct.turn(Stage.AWAITING_INSTITUTION)

    async def _hear_both_sides(self) -> None:
        await self._conduct.stay(Stage.HEARING_BOTH_SIDES)

    async def _agree_on_an_outcome(self) -> None:
        await self._conduct.stay(Stage.OUTCOME_PROPOSED)

    async def _close(self) -> Outcome:
        self._conduct.at_rest()
        await self._conduct.post_letters()
        self._course.enter(Stage.CLOSED)
        while not await self._closed_in_the_file():
            await self._conduct.read()
        call_for_farewell(self._course)
        await self._conduct.post_last_letters()
        await self._conduct.tell()
        return self._course.final_outcome

    async def _closed_in_the_file(self) -> bool:
        outcome, news = self._course.final_outcome, self._conduct.news()
        closed = await self._conduct.effects.do(
            ClosureActivities.close_case,
            CloseCase(self._conduct.case, self._course.cursor, workflow.now(), news),
            options.database_write(f"Close the case: {outcome}"),
        )
        if closed.done:
            self._conduct.told(news)
        return closed.done

    async def _begin_aftercare(self) -> None:
        case = self._conduct.case
        rules = self._course.bound_by
        begin = BeginAftercare(
            case=case,
            cursor=self._course.cursor,
            closed_at=workflow.now(),
            mediator=self._course.mediator,
            danger=self._course.danger,
            outcome=self._course.final_outcome,
            referral=referral_of(self._course),
            erasure_asked_at=self._course.erasure_asked_at,
            people=people_of(self._course),
            kind=rules.kind,
            policy_version=rules.version,
            desk=self._conduct.desk,
        )
        aftercare = await workflow.start_child_workflow(
            AFTERCARE,
            begin,
            id=aftercare_workflow_id(case),
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=at_start(standing_after_closure(begin)),
            static_summary=static_summary(case),
            static_details=static_details(AFTERCARE),
        )
        # What rang while the file was handed over would otherwise ring in an empty house.
        while self._conduct.rung:
            self._conduct.rung = False
            await aftercare.signal(Bell.PORTAL_NOTED, self._course.cursor)
