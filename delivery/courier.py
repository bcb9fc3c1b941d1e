"""Delivery: telling a case's workflow that something has arrived. The one function that does so."""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import BeginEpisode, CaseReference
from domain.bells import Bell, bell_for
from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.entries import Decision, Refusal
from domain.identifiers import CaseId, EntryNumber
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.stages import Stage
from domain.waits import Attention
from storage import course_records, directory, undelivered
from storage.database import Database
from storage.models import CaseRow, EntryRow, Lifecycle
from telemetry.tracing import OFF, Tracing, within
from telemetry.words import Spans
from temporal_client.connection import CONNECT_TIMEOUT
from temporal_client.unreachable import UNREACHABLE
from workflows.details import desk_page, static_details, static_summary
from workflows.identifiers import (
    aftercare_workflow_id,
    episode_workflow_id,
    episode_workflow_type,
)
from workflows.options import TASK_QUEUE
from workflows.search_attributes import Standing, at_start

_log = structlog.get_logger()


class NotDelivered(Exception):
    """Temporal could not be told; the relay tries again."""


@dataclass(frozen=True, slots=True)
class _Destination:
    case: CaseReference
    bell: Bell
    matter: Matter
    kind: InstitutionKind | None
    may_start: bool
    open: bool
    retries: bool


class Courier:
    """Delivers entries to the workflow that answers them.

    Args:
        public_url: where the desk is reached, for the links in the Temporal UI.
        timeout: how long one call to Temporal may take.
        tracing: notes each delivery.
    """

    def __init__(
        self,
        database: Database,
        client: Client,
        clock: Clock,
        public_url: str,
        timeout: timedelta = CONNECT_TIMEOUT,
        tracing: Tracing = OFF,
    ) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._public_url = public_url
        self._timeout = timeout
        self._tracing = tracing

    async def deliver(self, case: CaseId, number: EntryNumber) -> None:
        """Tell the case's current workflow of an entry, else its aftercare, else refuse it.

        The case's row decides whether a workflow may be started: Temporal would let a case whose
        workflow was deleted begin again. Telling twice changes nothing.

        Raises:
            NotDelivered: when Temporal did not take it; nothing was changed.
        """
        later = self._tracing.late_delivery_of(case, number)
        with self._tracing.span(Spans.DELIVERY, link=later, LATE=False):
            await self._deliver(case, number)

    async def deliver_late(self, case: CaseId, number: EntryNumber) -> None:
        """Deliver what another process could not; the same otherwise."""
        later = self._tracing.late_delivery_of(case, number)
        with self._tracing.span(Spans.DELIVERY, within=later and within(later), LATE=True):
            await self._deliver(case, number)

    async def _deliver(self, case: CaseId, number: EntryNumber) -> None:
        async with self._database.transaction() as session:
            destination = await _destination(session, case, number)
        if destination is None:
            return
        try:
            told = await self._tell(destination, number)
            if told and destination.retries:
                await self._push(destination)
        except UNREACHABLE as error:
            answered = isinstance(error, RPCError)
            raise NotDelivered(error.status.name if answered else "NOT_CONNECTED") from error
        async with self._database.transaction() as session:
            now = self._clock()
            if told:
                await _mark_started(session, case)
                await undelivered.mark_delivered(session, case, number, now)
            elif not destination.open:
                row = await session.get_one(CaseRow, case, with_for_update=True)
                if row.lifecycle is not Lifecycle.OPEN and row.episode == destination.case.episode:
                    await undelivered.refuse_rest(session, case, Refusal.CLOSED, now)
                # Else it was reopened meanwhile, and the next attempt finds its workflow.
            else:
                await course_records.raise_attention(session, case, Attention.WORKFLOW_MISSING)
        if not told and destination.open:
            _log.error("workflow_missing", case=destination.case.number)
            raise NotDelivered("the workflow of an open case is missing")

    async def _tell(self, destination: _Destination, number: EntryNumber) -> bool:
        if destination.may_start:
            await self._start(destination)
            if number == 1:
                return True  # a workflow reads its case file when it starts
        case = destination.case
        return await self._ring(
            episode_workflow_id(case, destination.matter), destination.bell, number
        ) or await self._ring(aftercare_workflow_id(case), destination.bell, number)

    async def _push(self, destination: _Destination) -> None:
        """Let the activities of a case that wait for their next attempt be tried at once."""
        case = destination.case
        episode = episode_workflow_id(case, destination.matter)
        for workflow_id in (episode, aftercare_workflow_id(case)):
            handle = self._client.get_workflow_handle(workflow_id)
            try:
                running = await handle.describe(rpc_timeout=self._timeout)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    continue
                raise
            for pending in running.raw_description.pending_activities:
                if pending.attempt > 1:
                    await self._reset(running, pending.activity_id)

    async def _reset(self, running: WorkflowExecutionDescription, activity_id: str) -> None:
        # It may have ended meanwhile, and a server before 1.28 cannot do it: it is tried again at
        # its own time then, as it would have been.
        with contextlib.suppress(RPCError):
            await self._client.workflow_service.reset_activity(
                ResetActivityRequest(
                    namespace=self._client.namespace,
                    execution=WorkflowExecution(workflow_id=running.id, run_id=running.run_id),
                    identity=self._client.identity,
                    id=activity_id,
                ),
                timeout=self._timeout,
            )

    async def _start(self, destination: _Destination) -> None:
        case, matter = destination.case, destination.matter
        standing = Standing(stage=Stage.RECEIVED, kind=destination.kind)
        # It may have run and completed before anybody noted that it had started.
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                episode_workflow_type(matter),
                BeginEpisode(case=case, desk=desk_page(self._public_url, case.number)),
                id=episode_workflow_id(case, matter),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=at_start(standing),
                static_summary=static_summary(case),
                static_details=static_details(episode_workflow_type(matter)),
                rpc_timeout=self._timeout,
            )

    async def _ring(self, workflow_id: str, bell: Bell, number: EntryNumber) -> bool:
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            await handle.signal(bell, number, rpc_timeout=self._timeout)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True


async def _destination(
    session: AsyncSession, case: CaseId, number: EntryNumber
) -> _Destination | None:
    """Return who is told of an entry; nobody when it was erased since somebody took it up."""
    row = await session.get(CaseRow, case)
    entry = await session.get(EntryRow, (case, number))
    if row is None or entry is None:
        return None
    institution = await directory.other_side_of(session, row)
    is_open = row.lifecycle is Lifecycle.OPEN
    return _Destination(
        case=CaseReference(case, CaseNumber(row.number), row.episode),
        bell=bell_for(entry.kind, entry.author),
        matter=row.matter,
        kind=row.about_kind if institution is None else institution.kind,
        may_start=is_open and not row.workflow_started,
        open=is_open,
        retries=entry.decision is Decision.RETRY_NOW,
    )


async def _mark_started(session: AsyncSession, case: CaseId) -> None:
    row = await session.get_one(CaseRow, case)
    if not row.workflow_started:
        row.workflow_started = True
