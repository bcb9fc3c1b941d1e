"""Entries that no workflow has answered yet: what the relay works through."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.entries import Refusal
from domain.identifiers import CaseId, EntryNumber
from storage.models import EntryOutcomeRow, EntryStatus

UNSETTLED = (EntryStatus.UNDELIVERED, EntryStatus.DELIVERED)
"""Entries that no workflow has answered."""
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=1)
_ANSWER_EXPECTED_WITHIN = timedelta(seconds=60)


async def claim_due(
    session: AsyncSession, now: datetime, limit: int
) -> Sequence[tuple[CaseId, EntryNumber]]:
    """Claim entries whose next attempt is due, so that no other relay takes them as well.

    Each claimed entry is due again after a pause that grows with the number of attempts, whatever
    becomes of this one: a relay that dies leaves nothing behind. Of several entries of one case
    only the newest is returned, because a workflow that is told of one reads them all.
    """
    rows = (
        await session.scalars(
            select(EntryOutcomeRow)
            .where(
                EntryOutcomeRow.status.in_(UNSETTLED),
                EntryOutcomeRow.next_attempt_at <= now,
            )
            .order_by(EntryOutcomeRow.next_attempt_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for row in rows:
        row.attempts += 1
        pause = _FIRST_PAUSE * 2 ** min(row.attempts, 10)
        row.next_attempt_at = now + min(pause, _LONGEST_PAUSE)
    newest: dict[CaseId, EntryNumber] = {}
    for row in rows:
        case, number = CaseId(row.case_id), EntryNumber(row.number)
        newest[case] = max(newest.get(case, number), number)
    return list(newest.items())


async def mark_delivered(
    session: AsyncSession, case: CaseId, up_to: EntryNumber, now: datetime
) -> None:
    """Note that the case's workflow was told of an entry, and so of all before it.

    An entry that has no answer after a minute is due again: a bell can be lost.
    """
    await session.execute(
        update(EntryOutcomeRow)
        .where(
            EntryOutcomeRow.case_id == case,
            EntryOutcomeRow.number <= up_to,
            EntryOutcomeRow.status == EntryStatus.UNDELIVERED,
        )
        .values(status=EntryStatus.DELIVERED, next_attempt_at=now + _ANSWER_EXPECTED_WITHIN)
    )


async def refuse_rest(session: AsyncSession, case: CaseId, refusal: Refusal, now: datetime) -> None:
    """Refuse every entry of a case that no workflow will answer any more."""
    await session.execute(
        update(EntryOutcomeRow)
        .where(EntryOutcomeRow.case_id == case, EntryOutcomeRow.settled_at.is_(None))
        .values(status=EntryStatus.REFUSED, refusal=refusal, settled_at=now, next_attempt_at=None)
    )


async def backlog(session: AsyncSession) -> int:
    """Return how many entries wait for their delivery."""
    count = await session.scalar(
        select(func.count())
        .select_from(EntryOutcomeRow)
        .where(EntryOutcomeRow.status == EntryStatus.UNDELIVERED)
    )
    return count or 0
