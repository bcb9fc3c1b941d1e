"""Break-glass, step by step: each one is an entry, and what it changes is written with it.

Whether a step is possible is looked at in the transaction that appends the entry, which holds the
lock of the case. A step that is not possible leaves nothing behind.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from delivery.reception import Reception
from domain.clock import Clock
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.parties import Audience, Party
from domain.reading import GlassProblem, GlassState, ReadingScope
from storage import break_glass, course_records, directory
from storage.break_glass_row import BreakGlassRow
from storage.case_file import NewEntry, moment_of


class NoSuchRequest(LookupError):
    """The case has no such request."""


class StepNotPossible(Exception):
    """A step of a request is not possible, and had no effect."""

    def __init__(self, problem: GlassProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class _AlreadyOpened(Exception):
    pass


def step(kind: EntryKind, who: StaffId, scope: ReadingScope, reason: str | None) -> NewEntry:
    """Return the entry of a step; the complainant reads it, with the reason."""
    return NewEntry(
        kind=kind,
        author=Party.SUPERVISOR,
        actor=who,
        audience=Audience.COMPLAINANT,
        details=EntryDetails(scope=scope),
        body={"text": reason} if reason else None,
    )


class Asking:
    """Notes a request, with the entry that holds its reason."""

    def __init__(self, case: CaseId, who: StaffId, scope: ReadingScope, now: datetime) -> None:
        self._case = case
        self._who = who
        self._scope = scope
        self._now = now

    async def record(self, session: AsyncSession, number: EntryNumber) -> None:
        """Write the request."""
        await break_glass.ask(session, self._case, number, self._who, self._scope, self._now)


class Answering:
    """Notes what a second person answered.

    Args:
        now: the present of the case, in UTC.
    """

    def __init__(
        self, case: CaseId, request: UUID, who: StaffId, now: datetime, *, approve: bool
    ) -> None:
        self._case = case
        self._request = request
        self._who = who
        self._now = now
        self._approve = approve

    async def record(self, session: AsyncSession, _: EntryNumber) -> None:
        """Write the answer.

        Raises:
            NoSuchRequest: when the case has none like that.
            StepNotPossible: when it cannot be answered by this person or now.
        """
        row = await _found(session, self._case, self._request)
        overview = await course_records.overview_row(session, self._case)
        mediator = overview.mediator_id if overview else None
        problem = break_glass.glass_of(row).why_not_answer(
            self._who,
            self._now,
            mediator=StaffId(mediator) if mediator else None,
            supervisors=await directory.supervisors(session),
        )
        if problem is not None:
            raise StepNotPossible(problem)
        row.state = GlassState.APPROVED if self._approve else GlassState.REFUSED
        row.answered_by, row.answered_at = self._who, self._now


async def awaiting_answer(session: AsyncSession, who: StaffId, clock: Clock) -> Sequence[str]:
    """Return the numbers of the cases with a request that somebody can answer, oldest first."""
    supervisors = await directory.supervisors(session)
    if who not in supervisors:
        return ()
    found = [
        case.number
        for row, case, mediator in await break_glass.unanswered(session, clock())
        if break_glass.glass_of(row).why_not_answer(
            who,
            moment_of(case, clock),
            mediator=StaffId(mediator) if mediator else None,
            supervisors=supervisors,
        )
        is None
    ]
    return list(dict.fromkeys(found))


async def note_opening(
    reception: Reception,
    case: CaseId,
    row: BreakGlassRow,
    who: StaffId,
    now: datetime,
) -> EntryNumber | None:
    """Note that somebody opens the texts that they may read; ``None`` when that was noted before.

    Raises:
        StepNotPossible: when they may not read now.
    """

    async def record(session: AsyncSession, _: EntryNumber) -> None:
        found = await _found(session, case, row.id)
        problem = break_glass.glass_of(found).why_not_read(who, now)
        if problem is not None:
            raise StepNotPossible(problem)
        if found.state is GlassState.READ:
            raise _AlreadyOpened
        found.state = GlassState.READ

    try:
        entry = step(EntryKind.BREAK_GLASS_READ, who, row.scope, None)
        return await reception.entry(case, entry, record=record)
    except _AlreadyOpened:
        return None


async def _found(session: AsyncSession, case: CaseId, request: UUID) -> BreakGlassRow:
    row = await break_glass.find(session, case, request)
    if row is None:
        raise NoSuchRequest
    return row
