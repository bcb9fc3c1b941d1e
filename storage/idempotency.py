"""Requests that were answered once and may be sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId, EntryNumber
from storage.models import IdempotencyRow

REMEMBERED = timedelta(hours=24)
"""How long the same key gets the same answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An earlier answer to the same key."""

    body_mac: bytes
    case: CaseId
    entry: EntryNumber
    sealed_answer: bytes | None


async def earlier_answer(session: AsyncSession, lookup: bytes, now: datetime) -> Answered | None:
    """Return the answer given to this key before, if any.

    The key is locked until the transaction ends, so that of two requests that arrive together
    the second one waits and then finds the answer of the first.
    """
    await session.execute(
        select(func.pg_advisory_xact_lock(int.from_bytes(lookup[:8], signed=True)))
    )
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.expires_at <= now))
    row = await session.get(IdempotencyRow, lookup)
    if row is None:
        return None
    return Answered(
        row.body_mac, CaseId(row.case_id), EntryNumber(row.entry_number), row.sealed_answer
    )


async def remember(session: AsyncSession, lookup: bytes, answered: Answered, now: datetime) -> None:
    """Keep an answer for ``REMEMBERED``."""
    session.add(
        IdempotencyRow(
            lookup=lookup,
            body_mac=answered.body_mac,
            case_id=answered.case,
            entry_number=answered.entry,
            sealed_answer=answered.sealed_answer,
            expires_at=now + REMEMBERED,
        )
    )
    await session.flush()
