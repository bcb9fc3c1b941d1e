"""Requests for a new receipt code: by people who lost theirs, or who say so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case_number import CaseNumber
from domain.identifiers import CaseId
from storage.column_types import UtcDateTime
from storage.models import CaseRow, CodeRequestRow


async def add(
    session: AsyncSession, claim: bytes, number: CaseNumber, address_mac: bytes, now: datetime
) -> None:
    """Keep a request as it came, whether or not there is such a case: nothing is looked up."""
    session.add(
        CodeRequestRow(
            id=uuid4(),
            claim=claim,
            case_number=number,
            address_mac=address_mac,
            asked_at=now,
            case_id=None,
            due_at=None,
            letter_id=None,
            expires_at=None,
        )
    )
    await session.flush()


async def unread(session: AsyncSession, limit: int) -> Sequence[CodeRequestRow]:
    """Lock the requests that nobody compared with a case yet."""
    rows = await session.scalars(
        select(CodeRequestRow)
        .where(CodeRequestRow.case_id.is_(None))
        .order_by(CodeRequestRow.asked_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def due(session: AsyncSession, now: datetime) -> CodeRequestRow | None:
    """Lock a request whose letter is due, in the time of its case."""
    return await session.scalar(
        select(CodeRequestRow)
        .join(CaseRow, CaseRow.id == CodeRequestRow.case_id)
        .where(CodeRequestRow.letter_id.is_(None), CodeRequestRow.due_at <= _in_its_case(now))
        .order_by(CodeRequestRow.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=CodeRequestRow)
    )


async def of_case(
    session: AsyncSession, case: CaseId, moment: datetime
) -> Sequence[CodeRequestRow]:
    """Return the requests that can still lead to a new code, oldest first."""
    rows = await session.scalars(
        select(CodeRequestRow)
        .where(CodeRequestRow.case_id == case, CodeRequestRow.expires_at > moment)
        .order_by(CodeRequestRow.asked_at)
    )
    return rows.all()


async def ready(session: AsyncSession, claim: bytes, now: datetime) -> CodeRequestRow | None:
    """Lock the request of a claim, if its letter was written and its time is not over."""
    return await session.scalar(
        select(CodeRequestRow)
        .join(CaseRow, CaseRow.id == CodeRequestRow.case_id)
        .where(
            CodeRequestRow.claim == claim,
            CodeRequestRow.letter_id.is_not(None),
            CodeRequestRow.expires_at > _in_its_case(now),
        )
        .with_for_update(of=CodeRequestRow)
    )


async def count(session: AsyncSession, case: CaseId) -> int:
    """Return how many requests a case has."""
    found = await session.scalar(
        select(func.count()).select_from(CodeRequestRow).where(CodeRequestRow.case_id == case)
    )
    return found or 0


async def stop(session: AsyncSession, case: CaseId, request: UUID) -> bool:
    """Stop one request of a case; return whether there was one."""
    stopped = await session.scalar(
        delete(CodeRequestRow)
        .where(CodeRequestRow.case_id == case, CodeRequestRow.id == request)
        .returning(CodeRequestRow.id)
    )
    return stopped is not None


async def stop_all(session: AsyncSession, case: CaseId) -> None:
    """Stop every request of a case."""
    await session.execute(delete(CodeRequestRow).where(CodeRequestRow.case_id == case))


async def forget(session: AsyncSession, now: datetime, unread_since: datetime) -> None:
    """Forget the requests whose time is over, and those that nobody could compare for so long."""
    await session.execute(
        delete(CodeRequestRow).where(
            CodeRequestRow.case_id.is_(None), CodeRequestRow.asked_at < unread_since
        )
    )
    await session.execute(
        delete(CodeRequestRow).where(
            CodeRequestRow.case_id == CaseRow.id,
            CodeRequestRow.expires_at <= _in_its_case(now),
        )
    )


def _in_its_case(now: datetime) -> ColumnElement[datetime]:
    """Return the present moment in the time of the case of a request."""
    return literal(now, UtcDateTime()) + CaseRow.time_offset
