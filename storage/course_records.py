"""What a workflow tells of its case: its answers to entries, and the read model."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, type_coerce, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.entries import Verdict
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.overview import Overview
from domain.stages import Stage
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


async def record_overview(
    session: AsyncSession,
    case: CaseId,
    episode: int,
    revision: int,
    overview: Overview,
    now: datetime,
) -> None:
    """Write the read model; one that is older than what stands there changes nothing."""
    values = {
        _RENAMED.get(field.name, field.name): getattr(overview, field.name)
        for field in dataclasses.fields(overview)
    }
    values |= {"episode": episode, "revision": revision, "updated_at": now}
    statement = insert(OverviewRow).values(case_id=case, **values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[OverviewRow.case_id],
            set_=values,
            where=or_(
                OverviewRow.episode < episode,
                (OverviewRow.episode == episode) & (OverviewRow.revision < revision),
            ),
        )
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
    return True


async def raise_attention(session: AsyncSession, case: CaseId, attention: Attention) -> None:
    """Ask for a look, beside what is asked already."""
    await note_attentions(session, case, {attention}, among={attention})


async def attention_ended(session: AsyncSession, case: CaseId, ended: Attention) -> None:
    """Note of a closed case that nobody has to look any more for one reason."""
    row = await session.get(OverviewRow, case, populate_existing=True)
    if row is not None and row.attention is ended:
        others = [reason for reason in row.details.attentions if reason is not ended]
        row.details = dataclasses.replace(row.details, attentions=by_urgency(others))
        row.attention = next(iter(by_urgency(others)), None)


async def record_danger(session: AsyncSession, case: CaseId, *, danger: bool) -> None:
    """Note of a closed case whether the complainant is safe; a person should look when not."""
    row = await _overview_to_change(session, case)
    if row is None:
        return
    row.details = dataclasses.replace(row.details, danger=danger)
    noted = {Attention.DANGER}
    await note_attentions(session, case, noted if danger else set(), among=noted)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a staff member asks for; ``None`` leaves a property open.

    Attributes:
        all_cases: whether the reader sees every case, and not only those that are theirs.
    """

    reader: StaffId
    all_cases: bool = False
    stage: Stage | None = None
    attention: Attention | None = None
    after: UUID | None = None
    limit: int = 50


async def find_cases(
    session: AsyncSession, wanted: CaseFilter
) -> Sequence[tuple[CaseRow, OverviewRow | None]]:
    """Return at most ``limit`` cases that the reader may see, in the order of their ids.

    Without ``all_cases`` those are the cases that are theirs or offered to them.
    """
    query = (
        select(CaseRow, OverviewRow)
        .outerjoin(OverviewRow, OverviewRow.case_id == CaseRow.id)
        .where(*_conditions(wanted))
        .order_by(CaseRow.id)
        .limit(wanted.limit)
    )
    rows = await session.execute(query)
    return [(case, overview) for case, overview in rows]


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [CaseRow.lifecycle.not_in(GONE)]
    if not wanted.all_cases:
        conditions.append(
            or_(
                OverviewRow.mediator_id == wanted.reader,
                OverviewRow.offered_id == wanted.reader,
            )
        )
    if wanted.stage is not None:
        conditions.append(OverviewRow.stage == wanted.stage)
    if wanted.attention is not None:
        asked = type_coerce(OverviewRow.details, JSONB).contains({"attentions": [wanted.attention]})
        conditions.append(or_(OverviewRow.attention == wanted.attention, asked))
    if wanted.after is not None:
        conditions.append(CaseRow.id > wanted.after)
    return conditions


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
