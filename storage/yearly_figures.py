"""Counting closures for the yearly figures, and keeping what was published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain import figures, question_figures
from domain.calendar import civil_date
from domain.clock import CIVIL_TIME
from domain.entries import Decision, EntryKind
from domain.figures import KINDS, Closure, Kind, Measure, NotSaid
from domain.identifiers import CaseId
from domain.intake import About
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.question_figures import QuestionClosure
from domain.stages import Outcome
from domain.year_figures import Counts, MeasuredCounts, YearFigures
from storage.course_records import overview_row
from storage.figures_models import ClosureCountRow, PublishedFiguresRow
from storage.models import (
    CaseRow,
    EntryOutcomeRow,
    EntryRow,
    InstitutionRow,
    LetterRow,
    OverviewRow,
)
from storage.states import EntryStatus, LetterStatus


async def count_closure(session: AsyncSession, case: CaseRow, now: datetime) -> None:
    """Count a case that closes, as its read model tells it.

    Called in the transaction that closes it, and only there, so that each closure counts once. What
    closes after its year was published counts in the next one, so that no publication can be
    compared with a later count of the same year.

    Raises:
        ValueError: when the read model does not say how the case ended.
    """
    if case.matter is Matter.QUESTION:
        kind: Kind | None = case.about_kind or NotSaid.NOT_SAID
        values = question_figures.counted(await _question_closure(session, case, now))
    else:
        kind = await session.scalar(
            select(InstitutionRow.kind).where(InstitutionRow.id == case.institution_id)
        )
        values = figures.counted(await _closure(session, case, now))
    year = max(civil_date(now).year, await _newest_published(session) + 1)
    counter = insert(ClosureCountRow).values(
        [
            {"year": year, "kind": kind, "measure": measure, "value": value, "cases": 1}
            for measure, value in values.items()
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
    overview, outcome = await _ended(session, case)
    details = overview.details
    return Closure(
        about=await _about(session, identifier),
        outcome=outcome,
        complained_on=details.complained_on or civil_date(case.opened_at),
        closed_on=civil_date(now),
        contacted=overview.contacted,
        replied=overview.replied,
        past_clocks=details.past_clocks,
        letters=await _letters(session, case),
        intervened=await _intervened(session, identifier),
        episode=case.episode,
    )


async def _question_closure(session: AsyncSession, case: CaseRow, now: datetime) -> QuestionClosure:
    overview, outcome = await _ended(session, case)
    details = overview.details
    is_answer = EntryRow.decision == Decision.ANSWER_QUESTION
    answered = await _first_decision(session, CaseId(case.id), is_answer)
    return QuestionClosure(
        outcome=outcome,
        asked_on=details.complained_on or civil_date(case.opened_at),
        answered_on=answered and civil_date(answered),
        closed_on=civil_date(now),
        past_clocks=details.past_clocks,
    )


async def _ended(session: AsyncSession, case: CaseRow) -> tuple[OverviewRow, Outcome]:
    overview = await overview_row(session, CaseId(case.id))
    if overview is None or overview.outcome is None:
        raise ValueError("the case closes without an outcome")
    return overview, overview.outcome


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
    is_intervention = (EntryRow.author == Party.SUPERVISOR) & EntryRow.decision.is_not(None)
    return await _first_decision(session, case, is_intervention) is not None


async def _first_decision(
    session: AsyncSession, case: CaseId, which: ColumnElement[bool]
) -> datetime | None:
    """Return when the first decision came that had an effect since the case was last reopened."""
    reopened = (
        select(func.coalesce(func.max(EntryRow.number), 0))
        .where(EntryRow.case_id == case, EntryRow.decision == Decision.REOPEN_CASE)
        .scalar_subquery()
    )
    return await session.scalar(
        select(func.min(EntryRow.received_at))
        .join(EntryOutcomeRow)
        .where(
            EntryRow.case_id == case,
            which,
            EntryRow.number > reopened,
            EntryOutcomeRow.status == EntryStatus.APPLIED,
        )
    )


async def closures_in(session: AsyncSession, year: int) -> MeasuredCounts:
    """Return how many closures of a year there are, by measure, kind and value."""
    rows = await session.scalars(select(ClosureCountRow).where(ClosureCountRow.year == year))
    kinds = {kind.value: kind for kind in KINDS}
    counts: dict[Measure, dict[tuple[Kind, str], int]] = {}
    for row in rows:
        counts.setdefault(row.measure, {})[kinds[row.kind], row.value] = row.cases
    return counts


async def received_in(session: AsyncSession, year: int) -> Counts:
    """Return how many complaints arrived in a year, by kind; erased ones are among them."""
    rows = await session.execute(
        select(InstitutionRow.kind, func.count())
        .join(CaseRow, CaseRow.institution_id == InstitutionRow.id)
        .where(_opened_in(year))
        .group_by(InstitutionRow.kind)
    )
    return {row[0]: row[1] for row in rows}


async def asked_in(session: AsyncSession, year: int) -> Counts:
    """Return how many questions arrived in a year, by kind; erased ones are among them."""
    rows = await session.execute(
        select(CaseRow.about_kind, func.count())
        .where(CaseRow.matter == Matter.QUESTION, _opened_in(year))
        .group_by(CaseRow.about_kind)
    )
    return {row[0] or NotSaid.NOT_SAID: row[1] for row in rows}


def _opened_in(year: int) -> ColumnElement[bool]:
    return extract("year", func.timezone(CIVIL_TIME.key, CaseRow.opened_at)) == year


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
