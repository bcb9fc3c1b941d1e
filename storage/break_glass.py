"""Requests to read the texts of a case: how far each has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.reading import UNANSWERED_FOR, Glass, GlassState, ReadingScope
from storage.break_glass_row import BreakGlassRow
from storage.models import CaseRow, OverviewRow
from storage.states import GONE


async def ask(
    session: AsyncSession,
    case: CaseId,
    number: EntryNumber,
    who: StaffId,
    scope: ReadingScope,
    now: datetime,
) -> None:
    """Note that somebody asks to read a case; the entry holds the reason."""
    session.add(
        BreakGlassRow(
            id=uuid4(),
            case_id=case,
            entry_number=number,
            scope=scope,
            state=GlassState.ASKED,
            asked_by=who,
            asked_at=now,
            answered_by=None,
            answered_at=None,
        )
    )
    await session.flush()


async def of_case(session: AsyncSession, case: CaseId) -> Sequence[BreakGlassRow]:
    """Return the requests to read a case, oldest first."""
    rows = await session.scalars(
        select(BreakGlassRow)
        .where(BreakGlassRow.case_id == case)
        .order_by(BreakGlassRow.entry_number)
    )
    return rows.all()


async def unanswered(
    session: AsyncSession, now: datetime
) -> Sequence[tuple[BreakGlassRow, CaseRow, UUID | None]]:
    """Return the requests that can still be answered, with their case and who has it, oldest first.

    Args:
        now: in UTC; each case may have a time of its own.
    """
    rows = await session.execute(
        select(BreakGlassRow, CaseRow, OverviewRow.mediator_id)
        .join(CaseRow, CaseRow.id == BreakGlassRow.case_id)
        .outerjoin(OverviewRow, OverviewRow.case_id == CaseRow.id)
        .where(
            BreakGlassRow.state == GlassState.ASKED,
            BreakGlassRow.asked_at - CaseRow.time_offset > now - UNANSWERED_FOR,
            CaseRow.lifecycle.not_in(GONE),
        )
        .order_by(BreakGlassRow.asked_at)
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def find(session: AsyncSession, case: CaseId, identifier: UUID) -> BreakGlassRow | None:
    """Return a request of this case as it stands now, if there is one."""
    return await session.scalar(
        select(BreakGlassRow)
        .where(BreakGlassRow.case_id == case, BreakGlassRow.id == identifier)
        .execution_options(populate_existing=True)
    )


def glass_of(row: BreakGlassRow) -> Glass:
    """Return a request as the rules know it."""
    return Glass(
        state=row.state,
        asked_by=StaffId(row.asked_by),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )


async def counts(session: AsyncSession) -> Mapping[GlassState, int]:
    """Return how many requests there are in each state."""
    rows = await session.execute(
        select(BreakGlassRow.state, func.count()).group_by(BreakGlassRow.state)
    )
    return {row[0]: row[1] for row in rows}
