"""What a workflow tells of its case: its answers to entries, and the read model."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.course import Course
from domain.entries import Verdict
from domain.identifiers import CaseId
from domain.overview import Overview, OverviewDetails
from domain.read_model import overview_of
from domain.todo import Standing, place_in_list, todo_of_mediator
from domain.waits import Attention, by_urgency
from storage.models import CaseRow, EntryOutcomeRow, EntryStatus, Lifecycle, OverviewRow

_RENAMED = {"mediator": "mediator_id", "offered": "offered_id"}


async def record_verdicts(
    session: AsyncSession, case: CaseId, verdicts: Sequence[Verdict], now: datetime
) -> None:
    """Write the workflow's answers beside their entries; an answer, once given, stays."""
    for verdict in verdicts:
        await session.execute(
            update(EntryOutcomeRow)
            .where(
                EntryOutcomeRow.case_id == case,
                EntryOutcomeRow.number == verdict.number,
                EntryOutcomeRow.settled_at.is_(None),
            )
            .values(
                status=EntryStatus.APPLIED if verdict.applied else EntryStatus.REFUSED,
                refusal=verdict.refusal,
                settled_at=now,
                next_attempt_at=None,
            )
        )


async def begin_overview(session: AsyncSession, case: CaseRow) -> None:
    """Write the read model of a new case, of which no workflow has told anything yet."""
    session.add(
        OverviewRow(
            case_id=case.id,
            institution_id=case.institution_id,
            episode=case.episode,
            revision=0,
            updated_at=case.opened_at,
            **columns_of(overview_of(Course())),
        )
    )
    await session.flush()


async def record_overview(
    session: AsyncSession,
    case: CaseId,
    episode: int,
    revision: int,
    overview: Overview,
    now: datetime,
) -> None:
    """Write the read model; one that is older than what stands there changes nothing."""
    await session.execute(
        update(OverviewRow)
        .where(
            OverviewRow.case_id == case,
            or_(
                OverviewRow.episode < episode,
                (OverviewRow.episode == episode) & (OverviewRow.revision < revision),
            ),
        )
        .values(episode=episode, revision=revision, updated_at=now, **columns_of(overview))
    )


def columns_of(overview: Overview) -> dict[str, Any]:
    """Return the columns that tell an overview, and its place among others."""
    values = {
        _RENAMED.get(field.name, field.name): getattr(overview, field.name)
        for field in dataclasses.fields(overview)
    }
    standing = Standing(
        stage=overview.stage,
        has_mediator=overview.mediator is not None,
        is_offered=overview.offered is not None,
        waiting_for=overview.waiting_for,
        due_at=overview.due_at,
        attentions=_attentions(overview.attention, overview.details),
        details=overview.details,
    )
    return values | _listing(standing)


def standing_of(row: OverviewRow) -> Standing:
    """Return what decides who has to do what in a case."""
    return Standing(
        stage=row.stage,
        has_mediator=row.mediator_id is not None,
        is_offered=row.offered_id is not None,
        waiting_for=row.waiting_for,
        due_at=row.due_at,
        attentions=_attentions(row.attention, row.details),
        details=row.details,
    )


def _attentions(attention: Attention | None, details: OverviewDetails) -> tuple[Attention, ...]:
    """Return what the workflow asks, and what was noticed where it could not ask."""
    return () if attention is None else by_urgency([attention, *details.attentions])


def _listing(case: Standing) -> dict[str, Any]:
    return {
        "danger": case.details.danger,
        "needs_mediator": case.has_mediator and bool(todo_of_mediator(case).needs),
        "place": place_in_list(case),
    }


async def raise_attention(session: AsyncSession, case: CaseId, attention: Attention) -> None:
    """Ask for a supervisor's attention where the workflow itself cannot."""
    await session.execute(
        update(OverviewRow).where(OverviewRow.case_id == case).values(attention=attention)
    )


async def record_danger(session: AsyncSession, case: CaseId, *, danger: bool) -> None:
    """Note of a closed case whether the complainant is safe; a person should look when not."""
    row = await session.get(OverviewRow, case, populate_existing=True)
    if row is None:
        return
    others = [reason for reason in row.details.attentions if reason is not Attention.DANGER]
    reasons = by_urgency([*others, Attention.DANGER] if danger else others)
    row.details = dataclasses.replace(row.details, danger=danger, attentions=reasons)
    row.attention = next(iter(reasons), None)
    for name, value in _listing(standing_of(row)).items():
        setattr(row, name, value)


async def all_settled(session: AsyncSession, case: CaseId) -> bool:
    """Tell whether a workflow has answered every entry of the case."""
    unsettled = await session.scalar(
        select(func.count())
        .select_from(EntryOutcomeRow)
        .where(EntryOutcomeRow.case_id == case, EntryOutcomeRow.settled_at.is_(None))
    )
    return unsettled == 0


async def unverified_rows_of_open_cases(
    session: AsyncSession,
) -> dict[CaseId, tuple[date, Mapping[str, str]]]:
    """Return, for every open case, its first day and the unverified policy rows that it keeps."""
    rows = await session.execute(
        select(OverviewRow.case_id, OverviewRow.details)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(CaseRow.lifecycle == Lifecycle.OPEN)
        .order_by(OverviewRow.case_id)
    )
    return {
        CaseId(case): (details.rules_of, details.unverified_rows)
        for case, details in rows
        if details.rules_of is not None
    }


async def overview_row(session: AsyncSession, case: CaseId) -> OverviewRow | None:
    """Return the read model of a case, if its workflow has told one."""
    return await session.get(OverviewRow, case, populate_existing=True)
