"""What the database forgets of a case that is erased, and the little that it keeps.

Everything that names the case goes, whatever table it is in: texts, keys, letters, answers, the
read model, what opens it. What stays is the case's row with its number, so that nobody is given
that number again, its institution and its year, for the yearly count; and the links of the ledger,
from which nothing can be read.
"""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import civil_date
from domain.identifiers import CaseId
from storage import access
from storage.models import (
    Base,
    CaseKeyRow,
    CaseRow,
    ErasureRow,
    LedgerLinkRow,
    LetterRow,
    LetterStatus,
    Lifecycle,
)

_NAMING = {"case_id", "case_number", "other_id"}
"""What a row calls its case by."""

_KEPT = {LedgerLinkRow.__tablename__}
FORGOTTEN: tuple[Table, ...] = tuple(
    table
    for table in reversed(Base.metadata.sorted_tables)
    if _NAMING & set(table.columns.keys()) and table.name not in _KEPT
)
"""Every table with rows of cases but those that are kept, in an order in which rows can go."""


async def close_doors(session: AsyncSession, case: CaseId) -> None:
    """Destroy what opens a case, and let no queued letter leave any more."""
    await access.close_doors(session, case)
    await session.execute(
        update(LetterRow)
        .where(LetterRow.case_id == case, LetterRow.status == LetterStatus.QUEUED)
        .values(status=LetterStatus.CANCELLED, next_attempt_at=None)
    )


async def destroy_keys(session: AsyncSession, case: CaseId) -> None:
    """Destroy the keys of a case: nothing that was sealed under them can be read again."""
    await session.execute(delete(CaseKeyRow).where(CaseKeyRow.case_id == case))


async def keys_left(session: AsyncSession, case: CaseId) -> int:
    """Return how many keys a case has."""
    keys = select(func.count()).select_from(CaseKeyRow).where(CaseKeyRow.case_id == case)
    return await session.scalar(keys) or 0


async def forget(session: AsyncSession, row: CaseRow, note: ErasureRow) -> None:
    """Delete every row of a case, and note that it is erased: in its own, and as an erasure."""
    await session.execute(text("SET LOCAL wederhoor.erasing = 'on'"))
    for table in FORGOTTEN:
        await session.execute(delete(table).where(_names(table, row)))
    await session.execute(text("SET LOCAL wederhoor.erasing = 'off'"))
    row.lifecycle = Lifecycle.ERASED
    row.opened_at = _year_of(row.opened_at)
    row.closed_at = None
    await session.merge(note)
    await session.flush()


async def rows_left(session: AsyncSession, row: CaseRow) -> int:
    """Return how many rows of a case there are besides those that are kept."""
    counts = [
        await session.scalar(select(func.count()).select_from(table).where(_names(table, row)))
        for table in FORGOTTEN
    ]
    return sum(count or 0 for count in counts)


def _names(table: Table, row: CaseRow) -> ColumnElement[bool]:
    """Return the condition that a row of a table is about a case."""
    called = {"case_id": row.id, "case_number": row.number, "other_id": row.id}
    return or_(*(table.c[name] == called[name] for name in _NAMING & set(table.columns.keys())))


def _year_of(moment: datetime) -> datetime:
    return datetime(civil_date(moment).year, 1, 1, tzinfo=UTC)
