"""What a workflow tells of its case: its answers to entries, and the read model."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.course import Course
from domain.entries import Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.intake import of_somebody_safe
from domain.overview import Overview, OverviewDetails
from domain.read_model import overview_of
from domain.todo import Standing, place_in_list, todo_of_mediator
from domain.waits import Attention, by_urgency
from storage.models import (
    CaseLinkRow,
    CaseRow,
    EntryOutcomeRow,
    EntryStatus,
    Lifecycle,
    OverviewRow,
)
from storage.states import GONE

_RENAMED = {"mediator": "mediator_id", "offered": "offered_id"}


async def record_verdicts(
    session: AsyncSession, case: CaseId, verdicts: Sequence[Verdict], now: datetime
) -> Sequence[EntryNumber]:
    """Write the workflow's answers beside their entries; an answer, once given, stays.

    Returns:
        the entries that are applied by it, and were not answered before.
    """
    applied: list[EntryNumber] = []
    for verdict in verdicts:
        answered = await session.scalar(
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
            .returning(EntryOutcomeRow.number)
        )
        if verdict.applied and answered is not None:
            applied.append(verdict.number)
    return applied


async def begin_overview(session: AsyncSession, case: CaseRow) -> None:
    """Write the read model of a new case, of which no workflow has told anything yet."""
    session.add(
        OverviewRow(
            case_id=case.id,
            institution_id=case.institution_id,
            about_kind=case.about_kind,
            episode=case.episode,
            revision=0,
            updated_at=case.opened_at,
            **columns_of(overview_of(Course(matter=case.matter))),
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


async def record_links(session: AsyncSession, case: CaseId, others: Iterable[CaseId]) -> None:
    """Note which cases belong to a case, and it to them; what is noted stays.

    One that is gone meanwhile is left out.
    """
    for other in others:
        for one, another in ((case, other), (other, case)):
            await session.execute(
                insert(CaseLinkRow)
                .from_select(
                    ["case_id", "other_id"],
                    select(literal(one), CaseRow.id).where(
                        CaseRow.id == another,
                        exists().where(CaseRow.id == other, CaseRow.lifecycle.not_in(GONE)),
                    ),
                )
                .on_conflict_do_nothing()
            )


async def linked_cases(
    session: AsyncSession, cases: Iterable[CaseId]
) -> Mapping[CaseId, Sequence[str]]:
    """Return the numbers of the cases that belong to each of some cases."""
    rows = await session.execute(
        select(CaseLinkRow.case_id, CaseRow.number)
        .join(CaseRow, CaseRow.id == CaseLinkRow.other_id)
        .where(CaseLinkRow.case_id.in_(list(cases)))
        .order_by(CaseRow.number)
    )
    linked: dict[CaseId, list[str]] = {}
    for case, number in rows:
        linked.setdefault(CaseId(case), []).append(number)
    return linked


def columns_of(overview: Overview) -> dict[str, Any]:
    """Return the columns that tell an overview, and its place among others.

    Nothing is due while time stands still: else a case would be called late that is not.
    """
    if overview.details.still_since(overview.waiting_for) is not None:
        overview = dataclasses.replace(overview, remind_at=None, due_at=None)
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


async def note_attentions(
    session: AsyncSession, case: CaseId, reasons: Collection[Attention], *, among: Set[Attention]
) -> bool:
    """Ask for a look where the workflow itself cannot; return whether anything changed.

    Args:
        reasons: those of ``among`` that there are; the others of ``among`` have ended.
    """
    row = await _overview_to_change(session, case)
    if row is None:
        return False
    others = [reason for reason in row.details.attentions if reason not in among]
    asked = by_urgency([*others, *reasons])
    if asked == row.details.attentions and row.attention == next(iter(asked), None):
        return False
    row.details = dataclasses.replace(row.details, attentions=asked)
    row.attention = next(iter(asked), None)
    _list_anew(row)
    return True


async def raise_attention(session: AsyncSession, case: CaseId, attention: Attention) -> None:
    """Ask for a look, beside what is asked already."""
    await note_attentions(session, case, {attention}, among={attention})


async def attention_ended(session: AsyncSession, case: CaseId, ended: Attention) -> None:
    """Note of a closed case that nobody has to look any more for one reason."""
    await note_attentions(session, case, set(), among={ended})


async def record_danger(session: AsyncSession, case: CaseId, *, danger: bool) -> None:
    """Note of a closed case whether the complainant is safe; a person should look when not."""
    row = await _overview_to_change(session, case)
    if row is None:
        return
    told = row.details.notices
    row.details = dataclasses.replace(
        row.details, danger=danger, notices=told if danger else of_somebody_safe(told)
    )
    noted = {Attention.DANGER}
    await note_attentions(session, case, noted if danger else set(), among=noted)
    _list_anew(row)


def _list_anew(row: OverviewRow) -> None:
    for name, value in _listing(standing_of(row)).items():
        setattr(row, name, value)


async def _overview_to_change(session: AsyncSession, case: CaseId) -> OverviewRow | None:
    await session.flush()
    return await session.get(OverviewRow, case, populate_existing=True, with_for_update=True)


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
