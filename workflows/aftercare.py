"""After a closure: the window for reopening, then the end of the time a dossier is kept."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue, WorkflowIDReusePolicy

with workflow.unsafe.imports_passed_through():
    from activities.closure import ClosureActivities
    from activities.messages import (
        BeginAftercare,
        BeginComplaint,
        CaseReference,
        MarkEraseDue,
        ReopenCase,
    )
    from domain import aftercare
    from domain.entries import Bell, Verdict
    from domain.policy.terms import RETENTION
    from domain.stages import Stage
    from workflows import ledger, options, search_attributes
    from workflows.alarm import Alarm
    from workflows.details import static_summary
    from workflows.identifiers import AFTERCARE, COMPLAINT, complaint_workflow_id
    from workflows.options import RUN_EVENT_LIMIT


@workflow.defn(name=AFTERCARE)
class AftercareWorkflow:
    """Looks after one closed episode until it is reopened or due to be erased."""

    @workflow.init
    def __init__(self, begin: BeginAftercare) -> None:
        self._case = begin.case
        self._cursor = begin.cursor
        self._begin = begin
        self._rung = True
        self._reopen = False
        self._alarm = Alarm()

    @workflow.run
    async def run(self, begin: BeginAftercare) -> str:
        """Answer what arrives; return ``reopened`` or ``erase_due``."""
        self._alarm.set(begin.closed_at + RETENTION, "End of the time this dossier is kept")
        while True:
            await self._read()
            if self._reopen:
                if await self._reopened():
                    return "reopened"
            elif self._alarm.rings:
                if await self._erase_due():
                    return "erase_due"
            else:
                await self._until_something_happens()

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived; the case file tells what."""
        self._rung = True

    async def _read(self) -> None:
        self._rung = False
        verdicts: list[Verdict] = []
        for entry in await ledger.read_beyond(self._case, self._cursor):
            verdict = aftercare.answer(
                entry,
                closed_at=self._begin.closed_at,
                mediator=self._begin.mediator,
                reopening=self._reopen,
            )
            self._reopen = self._reopen or aftercare.reopens(entry, verdict)
            self._cursor = entry.number
            verdicts.append(verdict)
        if verdicts:
            await ledger.record(self._case, verdicts, 0, None)

    async def _until_something_happens(self) -> None:
        if workflow.info().get_current_history_length() > RUN_EVENT_LIMIT:
            workflow.continue_as_new(
                BeginAftercare(
                    self._case, self._cursor, self._begin.closed_at, self._begin.mediator
                )
            )
        await workflow.wait_condition(lambda: self._rung or self._alarm.rings)

    async def _reopened(self) -> bool:
        acted = await workflow.execute_activity_method(
            ClosureActivities.reopen_case,
            ReopenCase(self._case, self._cursor),
            **options.database_write("Reopen the case as its next episode"),
        )
        if not acted.done:
            return False
        following = CaseReference(self._case.id, self._case.number, self._case.episode + 1)
        episode = await workflow.start_child_workflow(
            COMPLAINT,
            BeginComplaint(case=following, cursor=self._cursor),
            id=complaint_workflow_id(following),
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            search_attributes=search_attributes.at_start(Stage.RECEIVED),
            static_summary=static_summary(following),
        )
        while self._rung:
            self._rung = False
            await episode.signal(Bell.PORTAL_NOTED, self._cursor)
        return True

    async def _erase_due(self) -> bool:
        acted = await workflow.execute_activity_method(
            ClosureActivities.mark_erase_due,
            MarkEraseDue(self._case, self._cursor),
            **options.database_write("Mark the case as due to be erased"),
        )
        return acted.done
