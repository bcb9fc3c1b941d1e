"""Looking from outside, round by round, whatever is broken."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from temporalio.service import RPCError

from activities.messages import CaseReference
from domain.clock import Clock
from domain.identifiers import CaseId
from domain.waits import Attention
from storage import watched
from storage.database import Database
from storage.watched import ServedCase
from temporal_client.runs import TemporalRuns
from temporal_client.unreachable import UNREACHABLE
from temporal_client.watching import ScheduleState, TemporalWatch
from watch.figures import Figures
from watch.reasons import NOTED_ON_THE_CASE, Patience, Reason, Seen
from workflows.identifiers import case_number_in, erasure_workflow_id, workflow_ids_of
from workflows.options import TASK_QUEUE
from workflows.saved_queries import WORKFLOW_TASK_FAILING

_log = structlog.get_logger()
_UNREACHABLE = (OperationalError, InterfaceError, NoConnectionInTime, OSError)
"""A mistake in a query is none of these: it ends the watcher, which is noticed, too."""
_RUNNING = 'ExecutionStatus = "Running"'


class Watcher:
    """Sees what a workflow cannot see of itself, and says so on the case, in figures, in logs."""

    def __init__(
        self,
        database: Database,
        temporal: TemporalWatch,
        runs: TemporalRuns,
        clock: Clock,
        figures: Figures,
        patience: Patience,
    ) -> None:
        self._database = database
        self._temporal = temporal
        self._runs = runs
        self._clock = clock
        self._figures = figures
        self._patience = patience
        self._served: Mapping[str, ServedCase] = {}
        self._expected: dict[str, datetime] = {}
        self._troubles: dict[Reason, dict[str, datetime]] = {}

    async def look(self) -> None:
        """Look once at everything; what cannot be asked keeps what it last said."""
        now = self._clock()
        seen: dict[Reason, Mapping[str, datetime | None]] = {}
        seen |= await self._of_the_database(now)
        seen |= await self._of_temporal(now)
        self._compare(seen, now)
        await self._note_on_cases(seen, now)
        self._figures.show(self._troubles, now)

    async def run(self, pause: float) -> None:
        """Look for ever, again after every ``pause`` seconds."""
        while True:
            await self.look()
            await asyncio.sleep(pause)

    async def _of_the_database(self, now: datetime) -> Seen:
        try:
            async with asyncio.timeout(self._patience.answers.total_seconds()):
                seen = await self._ask_database(now)
        except _UNREACHABLE:
            return {Reason.DATABASE_UNREACHABLE: {"": None}}
        return {Reason.DATABASE_UNREACHABLE: {}, **seen}

    async def _ask_database(self, now: datetime) -> Seen:
        patience = self._patience
        async with self._database.transaction() as session:
            unanswered = await watched.unanswered_since(session, now - patience.entries)
            queued = await watched.queued_since(session, now - patience.letters)
            not_accepted = await watched.not_accepted_in_time(session, now)
            not_answered = await watched.not_answered_in_time(session, now)
            self._figures.show_attention(await watched.asked_attention(session))
            served = await watched.served_cases(session)
            figures = await watched.figures_unpublished(session, now)
        self._served = {case.number: case for case in served}
        return {
            Reason.ENTRIES_UNDELIVERED: {str(k): v for k, v in unanswered.items()},
            Reason.LETTERS_WAITING: {str(k): v for k, v in queued.items()},
            Reason.NOT_ACCEPTED_IN_TIME: {str(k): v for k, v in not_accepted.items()},
            Reason.NOT_ANSWERED_IN_TIME: {str(k): v for k, v in not_answered.items()},
            Reason.FIGURES_UNPUBLISHED: {str(k): v for k, v in figures.items()},
        }

    async def _of_temporal(self, now: datetime) -> Seen:
        try:
            async with asyncio.timeout(self._patience.answers.total_seconds()):
                seen = await self._ask_temporal(now)
        except (*UNREACHABLE, OSError) as error:
            told = error.status.name if isinstance(error, RPCError) else type(error).__name__
            _log.warning("temporal_not_asked", error=told)
            return {Reason.TEMPORAL_UNREACHABLE: {"": None}}
        return {Reason.TEMPORAL_UNREACHABLE: {}, **seen}

    async def _ask_temporal(self, now: datetime) -> Seen:
        return {
            Reason.WORKFLOW_FAILING: await self._failing(),
            Reason.WORKFLOW_MISSING: await self._missing(),
            Reason.NO_WORKER: await self._no_worker(now),
            **self._schedules(await self._temporal.schedules(), now),
        }

    async def _failing(self) -> Mapping[str, None]:
        numbers = map(case_number_in, await self._temporal.found_by(WORKFLOW_TASK_FAILING))
        cases = [case for n in numbers if n and (case := self._served.get(n))]
        return {str(case.id): None for case in cases}

    async def _missing(self) -> Mapping[str, datetime | None]:
        running = set(map(case_number_in, await self._temporal.found_by(_RUNNING)))
        missing: dict[str, datetime | None] = {}
        for number, case in self._served.items():
            # Lists may be behind what happens, so each that is not listed is asked for.
            if number not in running and not await self._runs.running(_workflow_ids(case)):
                missing[str(case.id)] = None
        return missing

    async def _no_worker(self, now: datetime) -> Mapping[str, datetime | None]:
        polled = await self._temporal.last_polled(TASK_QUEUE)
        if polled is not None and now - polled <= self._patience.worker:
            return {}
        return {TASK_QUEUE: polled}

    def _schedules(self, states: Mapping[str, ScheduleState], now: datetime) -> Seen:
        paused: dict[str, datetime | None] = {}
        late: dict[str, datetime | None] = {}
        for name, state in states.items():
            expected = self._expected.get(name)
            if state.paused:
                paused[name] = None
                self._expected.pop(name, None)
            elif state.next is None:
                late[name] = expected
            elif expected is None or (state.last is not None and state.last >= expected):
                self._expected[name] = state.next
            elif expected + self._patience.schedules < now:
                late[name] = expected
        return {Reason.SCHEDULE_PAUSED: paused, Reason.SCHEDULE_LATE: late}

    def _compare(self, seen: Seen, now: datetime) -> None:
        """Take over what was seen, and log what is new or over."""
        for reason, subjects in seen.items():
            before = self._troubles.get(reason, {})
            self._troubles[reason] = {
                subject: since or before.get(subject, now) for subject, since in subjects.items()
            }
            for subject in subjects.keys() - before.keys():
                _log.warning("trouble_seen", reason=reason.value, case=self._number_of(subject))
            for subject in before.keys() - subjects.keys():
                _log.info("trouble_over", reason=reason.value, case=self._number_of(subject))

    def _number_of(self, subject: str) -> str | None:
        return next((c.number for c in self._served.values() if str(c.id) == subject), None)

    async def _note_on_cases(self, seen: Seen, now: datetime) -> None:
        known = {r: noted for r, noted in NOTED_ON_THE_CASE.items() if r in seen}
        if not known:
            return
        try:
            async with asyncio.timeout(self._patience.answers.total_seconds()):
                await self._note(seen, known, now)
        except _UNREACHABLE as error:
            _log.warning("troubles_not_noted", error=type(error).__name__)

    async def _note(self, seen: Seen, known: Mapping[Reason, Attention], now: datetime) -> None:
        async with self._database.transaction() as session:
            noted = await watched.cases_asking_for(session, known.values())
        subjects = {case for reason in known for case in seen[reason]} | set(map(str, noted))
        for subject in sorted(subjects):
            reasons = [known[reason] for reason in known if subject in seen[reason]]
            async with self._database.transaction() as session:
                await watched.note_from_outside(
                    session, CaseId(UUID(subject)), reasons, among=known.values(), now=now
                )


def _workflow_ids(case: ServedCase) -> list[str]:
    reference = CaseReference(case.id, case.number, case.episode)
    return [*workflow_ids_of(reference), erasure_workflow_id(reference)]
