"""Counting closures for the yearly figures, and keeping what was published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import extract, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain import figures
from domain.calendar import civil_date
from domain.clock import CIVIL_TIME
from domain.entries import Decision, EntryKind
from domain.figures import Closure, Counts, Measure, MeasuredCounts, YearFigures
from domain.identifiers import CaseId
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.letters import Letter
from domain.parties import Party
from storage.course_records import overview_row
from storage.figures_models import ClosureCountRow, PublishedFiguresRow
from storage.models import CaseRow, EntryOutcomeRow, EntryRow, InstitutionRow, LetterRow
from storage.states import EntryStatus, LetterStatus


async def count_closure(session: AsyncSession, case: CaseRow, now: datetime) -> None:
    """Count a case that closes, as its read model tells it.

    Called in the transaction that closes it, and only there, so that each closure counts once. What
    closes after its year was published counts in the next one, so that no publication can be
    compared with a later count of the same year.

    Raises:
        ValueError: when the read model does not say how the case ended.
    """
    if case.institution_id is None:
        return  # a question is about none
    kind = await session.scalar(
        select(InstitutionRow.kind).where(InstitutionRow.id == case.institution_id)
    )
    closure = await _closure(session, case, now)
    year = max(closure.closed_on.year, await _newest_published(session) + 1)
    counter = insert(ClosureCountRow).values(
        [
            {"year": year, "kind": kind, "measure": measure, "value": value, "cases": 1}
            for measure, value in figures.counted(closure).items()
        ]
    )
    await session.execute(
        counter.on_conflict_do_update(
            index_elements=list(ClosureCountRow.__table__.primary_key),
            set_={"cases": ClosureCountRow.cases + 1},
        )
    )


async def _closure(session: AsyncSession, case: CaseRow, now: datetime) -> Closure:
    identifier = CaseId(case.id)
    overview = await overview_row(session, identifier)
    if overview is None or overview.outcome is None:
        raise ValueError("the case closes without an outcome")
    details = overview.details
    return Closure(
        about=await _about(session, identifier),
        outcome=overview.outcome,
        complained_on=details.complained_on or civil_date(case.opened_at),
        closed_on=civil_date(now),
        contacted=overview.contacted,
        replied=overview.replied,
        past_clocks=details.past_clocks,
        letters=await _letters(session, case),
        intervened=await _intervened(session, identifier),
        episode=case.episode,
    )


async def _about(session: AsyncSession, case: CaseId) -> About:
    details = await session.scalar(
        select(EntryRow.details).where(
            EntryRow.case_id == case, EntryRow.kind == EntryKind.COMPLAINT
        )
    )
    return details.intake.about if details and details.intake else About.UNSURE


async def _letters(session: AsyncSession, case: CaseRow) -> Sequence[Letter]:
    letters = await session.scalars(
        select(LetterRow.letter).where(
            LetterRow.case_id == case.id,
            LetterRow.episode == case.episode,
            LetterRow.status != LetterStatus.CANCELLED,
        )
    )
    return letters.all()


async def _intervened(session: AsyncSession, case: CaseId) -> bool:
    """Tell whether a supervisor's decision had an effect since the case was last reopened."""
    reopened = (
        select(func.coalesce(func.max(EntryRow.number), 0))
        .where(EntryRow.case_id == case, EntryRow.decision == Decision.REOPEN_CASE)
        .scalar_subquery()
    )
    decision = await session.scalar(
        select(EntryRow.number)
        .join(
            EntryOutcomeRow,
            (EntryOutcomeRow.case_id == EntryRow.case_id)
            & (EntryOutcomeRow.number == EntryRow.number),
        )
        .where(
            EntryRow.case_id == case,
            EntryRow.author == Party.SUPERVISOR,
            EntryRow.decision.is_not(None),
            EntryRow.number > reopened,
            EntryOutcomeRow.status == EntryStatus.APPLIED,
        )
        .limit(1)
    )
    return decision is not None


async def closures_in(session: AsyncSession, year: int) -> MeasuredCounts:
    """Return how many closures of a year there are, by measure, kind and value."""
    rows = await session.scalars(select(ClosureCountRow).where(ClosureCountRow.year == year))
    counts: dict[Measure, dict[tuple[InstitutionKind, str], int]] = {}
    for row in rows:
        counts.setdefault(row.measure, {})[row.kind, row.value] = row.cases
    return counts


async def received_in(session: AsyncSession, year: int) -> Counts:
    """Return how many complaints arrived in a year, by kind; erased ones are among them."""
    civil = func.timezone(CIVIL_TIME.key, CaseRow.opened_at)
    rows = await session.execute(
        select(InstitutionRow.kind, func.count())
        .join(CaseRow, CaseRow.institution_id == InstitutionRow.id)
        .where(extract("year", civil) == year)
        .group_by(InstitutionRow.kind)
    )
    return {row[0]: row[1] for row in rows}


async def unpublished(session: AsyncSession, this_year: int) -> Sequence[int]:
    """Return the years that have ended, in which something was counted, and that are not out."""
    rows = await session.scalars(
        select(ClosureCountRow.year)
        .distinct()
        .where(
            ClosureCountRow.year < this_year,
            ClosureCountRow.year.not_in(select(PublishedFiguresRow.year)),
        )
        .order_by(ClosureCountRow.year)
    )
    return rows.all()


async def publish(
    session: AsyncSession, year: YearFigures, now: datetime, revision: int = 1
) -> None:
    """Keep what is published of a year; what was published before under that number stays."""
    await session.execute(
        insert(PublishedFiguresRow)
        .values(year=year.year, revision=revision, published_at=now, figures=year)
        .on_conflict_do_nothing()
    )


async def published_years(session: AsyncSession) -> Sequence[PublishedFiguresRow]:
    """Return the newest revision of every year, the latest year in front."""
    rows = await session.scalars(
        select(PublishedFiguresRow)
        .ext(distinct_on(PublishedFiguresRow.year))
        .order_by(PublishedFiguresRow.year.desc(), PublishedFiguresRow.revision.desc())
    )
    return rows.all()


async def published(session: AsyncSession, year: int) -> PublishedFiguresRow | None:
    """Return the newest revision of a year, if there is one."""
    return await session.scalar(
        select(PublishedFiguresRow)
        .where(PublishedFiguresRow.year == year)
        .order_by(PublishedFiguresRow.revision.desc())
        .limit(1)
    )


async def _newest_published(session: AsyncSession) -> int:
    return await session.scalar(select(func.max(PublishedFiguresRow.year))) or 0
