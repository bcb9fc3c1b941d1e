"""What is counted over all cases for the operator, without any identifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Result, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.stages import Stage
from domain.waits import Attention
from storage.models import EntryOutcomeRow, EntryRow, LetterRow, LetterStatus, OverviewRow
from storage.undelivered import UNSETTLED


@dataclass(frozen=True, slots=True)
class Figures:
    """How all cases stand.

    Attributes:
        oldest_unanswered: how long ago the oldest entry arrived that no workflow has answered.
    """

    cases: Mapping[Stage, int]
    attentions: Mapping[Attention, int]
    letters: Mapping[LetterStatus, int]
    oldest_unanswered: timedelta


async def figures(session: AsyncSession, now: datetime) -> Figures:
    """Count; what there is none of is counted as 0."""
    stages = await session.execute(
        select(OverviewRow.stage, func.count()).group_by(OverviewRow.stage)
    )
    attentions = await session.execute(
        select(OverviewRow.attention, func.count())
        .where(OverviewRow.attention.is_not(None))
        .group_by(OverviewRow.attention)
    )
    letters = await session.execute(
        select(LetterRow.status, func.count()).group_by(LetterRow.status)
    )
    oldest = await session.scalar(
        select(func.min(EntryRow.received_at))
        .join(EntryOutcomeRow)
        .where(EntryOutcomeRow.status.in_(UNSETTLED))
    )
    return Figures(
        cases=dict.fromkeys(Stage, 0) | _counts(stages),
        attentions=dict.fromkeys(Attention, 0)
        | {reason: count for reason, count in _counts(attentions).items() if reason},
        letters=dict.fromkeys(LetterStatus, 0) | _counts(letters),
        oldest_unanswered=max(now - oldest, timedelta(0)) if oldest else timedelta(0),
    )


def _counts[T](counted: Result[T, int]) -> dict[T, int]:
    return {row[0]: row[1] for row in counted}
