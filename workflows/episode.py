"""How an episode of any case begins and ends, whatever the case is about."""

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from activities.closure import ClosureActivities
    from activities.messages import BeginAftercare, CloseCase, Foresee, Foreseen
    from domain.assignment_rules import people_of
    from domain.bells import Bell
    from domain.course import Course
    from domain.letters import Letter
    from domain.matter import Matter
    from domain.parties import Party
    from domain.read_model import referral_of
    from domain.stage_letters import call_for_farewell
    from domain.stages import Outcome, Stage
    from workflows import options
    from workflows.conduct import Conduct
    from workflows.details import static_details, static_summary
    from workflows.identifiers import AFTERCARE, FORESEE, aftercare_workflow_id
    from workflows.search_attributes import at_start, standing_after_closure

_FIRST_LETTER = {
    Matter.COMPLAINT: Letter.ACKNOWLEDGEMENT,
    Matter.QUESTION: Letter.QUESTION_RECEIVED,
}


class Episode:
    """What the workflows of complaints and of questions have in common."""

    _conduct: Conduct
    _course: Course

    @workflow.query(name=FORESEE)
    def foresee(self, question: Foresee) -> Foreseen:
        """Return what an entry would cause if it arrived now, without letting it arrive."""
        return self._conduct.foresee(question)

    async def _acknowledge(self) -> None:
        await self._conduct.fix_rules()
        await self._conduct.read()
        if self._course.stage is Stage.RECEIVED:
            again = self._conduct.case.episode > 1
            letter = Letter.REOPENED if again else _FIRST_LETTER[self._course.matter]
            self._course.post(letter, Party.COMPLAINANT)
        await self._conduct.post_letters()

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
            matter=self._course.matter,
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
