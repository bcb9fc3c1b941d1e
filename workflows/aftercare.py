"""After a closure: looking back, the window for reopening, then the end of the dossier."""

from collections.abc import Sequence
from dataclasses import replace

from temporalio import workflow
from temporalio.common import RawValue, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from activities.closure import ClosureActivities
    from activities.letters import LetterActivities
    from activities.messages import (
        BeginAftercare,
        BeginEpisode,
        BeginErasure,
        CaseReference,
        MarkEraseDue,
        PostLetter,
        RecordCourse,
        ReopenCase,
    )
    from domain import aftercare
    from domain.aftercare import Duty, PlannedDuty
    from domain.bells import Bell
    from domain.entries import Verdict
    from domain.letters import Letter, PendingLetter
    from domain.parties import Party
    from domain.retention import ErasureReason
    from domain.stages import Stage
    from domain.waits import Attention
    from workflows import details, ledger, options, search_attributes
    from workflows.alarm import Alarm
    from workflows.effects import Effects
    from workflows.identifiers import (
        AFTERCARE,
        ERASURE,
        episode_workflow_id,
        episode_workflow_type,
        erasure_workflow_id,
    )
    from workflows.options import RUN_EVENT_LIMIT
    from workflows.search_attributes import Standing, at_start, duty_of, standing_after_closure

_LETTERS = {
    Duty.ASK_FOR_FEEDBACK: Letter.FEEDBACK_REQUEST,
    Duty.REMIND_OF_WINDOW: Letter.WINDOW_CLOSING,
}


def _owed(letter: Letter) -> PendingLetter:
    return PendingLetter(letter, Party.COMPLAINANT, occasion="aftercare")


@workflow.defn(name=AFTERCARE)
class AftercareWorkflow:
    """Looks after one closed episode until it is reopened or due to be erased."""

    @workflow.init
    def __init__(self, begin: BeginAftercare) -> None:
        self._case = begin.case
        self._cursor = begin.cursor
        self._begin = begin
        self._duties_done = begin.duties_done
        self._rung = True
        self._reopen = False
        self._danger = begin.danger
        self._erasure_asked_at = begin.erasure_asked_at
        self._request = begin.request
        self._outbox: list[PendingLetter] = []
        self._alarm = Alarm()
        self._effects = Effects(self._notice_trouble)
        self._shown = standing_after_closure(begin)
        self._told_failing: bool | None = False
        """Whether the case file says that something fails; ``None`` when that is not known."""
        self._show()

    @workflow.run
    async def run(self, begin: BeginAftercare) -> str:
        """Answer what arrives, and do what is due; return ``reopened`` or ``erase_due``."""
        while True:
            await self._read()
            duty = duty_of(self._baton())
            if self._outbox:
                if await self._posted(self._outbox[0]):
                    del self._outbox[0]
            elif self._reopen:
                if await self._reopened():
                    return "reopened"
            elif workflow.now() < duty.at:
                await self._until_something_happens(duty)
            elif duty.duty is Duty.ERASE:
                if await self._erase_due():
                    return "erase_due"
            elif duty.duty is Duty.REMIND_OF_REQUEST:
                self._remind_of_request()
            elif duty.duty is Duty.REQUEST_LATE:
                await self._note_late_request()
            elif await self._posted(_owed(_LETTERS[duty.duty])):
                self._duties_done += 1

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived; the case file tells what."""
        self._rung = True

    def _baton(self) -> BeginAftercare:
        return replace(
            self._begin,
            cursor=self._cursor,
            duties_done=self._duties_done,
            danger=self._danger,
            erasure_asked_at=self._erasure_asked_at,
            request=self._request,
        )

    async def _notice_trouble(self) -> None:
        self._show()
        failing = self._effects.trouble is not None
        if failing is not self._told_failing:
            told = await ledger.record_if_possible(self._news_of_trouble(failing=failing))
            self._told_failing = failing if told else None

    async def _tell_end_of_trouble(self) -> None:
        if self._told_failing is not False:
            await ledger.record(self._effects, self._news_of_trouble(failing=False))
            self._told_failing = False

    def _news_of_trouble(self, *, failing: bool) -> RecordCourse:
        return RecordCourse(self._case, (), 0, None, workflow.now(), failing=failing)

    def _show(self) -> None:
        now, trouble = self._baton(), self._effects.trouble
        self._shown = search_attributes.show(self._shown, standing_after_closure(now, trouble))
        workflow.set_current_details(
            details.of_aftercare(now, duty_of(now), self._shown.attentions, trouble)
        )

    async def _read(self) -> None:
        self._rung = False
        verdicts: list[Verdict] = []
        danger: bool | None = None
        before = self._why_look()
        for entry in await ledger.read_beyond(self._effects, self._case, self._cursor):
            verdict = aftercare.answer(
                entry,
                closed_at=self._begin.closed_at,
                mediator=self._begin.mediator,
                reopening=self._reopen,
                erasing=self._erasure_asked_at is not None,
                request=self._request,
            )
            self._request = aftercare.request_after(self._request, entry, verdict)
            self._call_for(
                aftercare.letter_after(entry, verdict, self._begin.matter, self._begin.mediator)
            )
            self._reopen = self._reopen or aftercare.reopens(entry, verdict)
            asked = aftercare.erasure_asked(entry, verdict)
            if asked is not None:
                self._erasure_asked_at = entry.received_at if asked else None
            told = aftercare.danger_told(entry)
            danger = danger if told is None else told
            self._cursor = entry.number
            verdicts.append(verdict)
        if danger is not None:
            self._danger = danger
        if verdicts:
            news = self._news(verdicts, danger)
            if self._why_look() != before:
                news = replace(news, reopening=self._why_look())
            await ledger.record(self._effects, news)

    def _news(self, verdicts: Sequence[Verdict] = (), danger: bool | None = None) -> RecordCourse:
        return RecordCourse(self._case, tuple(verdicts), 0, None, workflow.now(), danger)

    def _why_look(self) -> tuple[Attention, ...]:
        return aftercare.why_look(self._request, self._erasure_asked_at)

    def _call_for(self, letter: PendingLetter | None) -> None:
        if letter is not None:
            self._outbox.append(letter)

    def _remind_of_request(self) -> None:
        assert self._request is not None  # noqa: S101 - otherwise there is no such duty
        matter, handler = self._begin.matter, self._begin.mediator
        self._call_for(aftercare.reopening_asked(self._request, matter, handler, ":reminder"))
        self._request = replace(self._request, reminded=True)

    async def _note_late_request(self) -> None:
        assert self._request is not None  # noqa: S101 - otherwise there is no such duty
        self._request = replace(self._request, late=True)
        news = replace(self._news(), reopening=self._why_look())
        await ledger.record(self._effects, news)

    async def _until_something_happens(self, duty: PlannedDuty) -> None:
        await self._tell_end_of_trouble()
        self._show()
        if workflow.info().get_current_history_length() > RUN_EVENT_LIMIT:
            workflow.continue_as_new(self._baton())
        self._alarm.set(duty.at, details.duty_summary(duty.duty))
        await workflow.wait_condition(lambda: self._rung or self._alarm.rings)

    async def _posted(self, letter: PendingLetter) -> bool:
        acted = await self._effects.do(
            LetterActivities.post_letter,
            PostLetter(
                case=self._case,
                letter=letter,
                cursor=self._cursor,
                now=workflow.now(),
            ),
            options.send_letter(f"Letter: {letter.letter} to the {letter.recipient}"),
        )
        return acted.done

    async def _reopened(self) -> bool:
        acted = await self._effects.do(
            ClosureActivities.reopen_case,
            ReopenCase(self._case, self._cursor),
            options.database_write("Reopen the case as its next episode"),
        )
        if not acted.done:
            return False
        following = CaseReference(self._case.id, self._case.number, self._case.episode + 1)
        episode = await workflow.start_child_workflow(
            episode_workflow_type(self._begin.matter),
            BeginEpisode(
                case=following,
                cursor=self._cursor,
                danger=self._danger,
                people=self._begin.people,
                desk=self._begin.desk,
            ),
            id=episode_workflow_id(following, self._begin.matter),
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=at_start(Standing(stage=Stage.RECEIVED, kind=self._begin.kind)),
            static_summary=details.static_summary(following),
            static_details=details.static_details(episode_workflow_type(self._begin.matter)),
        )
        while self._rung:
            self._rung = False
            await episode.signal(Bell.PORTAL_NOTED, self._cursor)
        return True

    async def _erase_due(self) -> bool:
        acted = await self._effects.do(
            ClosureActivities.mark_erase_due,
            MarkEraseDue(self._case, self._cursor),
            options.database_write("Mark the case as due to be erased"),
        )
        if acted.done:
            asked = self._erasure_asked_at is not None
            reason = ErasureReason.REQUEST if asked else ErasureReason.RETENTION
            await workflow.start_child_workflow(
                ERASURE,
                BeginErasure(self._case, reason),
                id=erasure_workflow_id(self._case),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                search_attributes=at_start(Standing(stage=Stage.CLOSED)),
                static_summary=details.static_summary(self._case),
                static_details=details.static_details(ERASURE),
            )
        return acted.done
