"""When the staff is there, and towards whom they are not free."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    cast,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import civil_date
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber, InstitutionId, StaffId
from domain.matching import Absence, ConflictKind, WorkingTime
from domain.stages import Stage
from domain.waits import Attention
from storage.models import (
    CaseRow,
    EntryOutcomeRow,
    EntryRow,
    InstitutionRow,
    Lifecycle,
    OverviewRow,
    StaffAbsenceRow,
    StaffConflictRow,
    StaffRow,
)


async def working_time(session: AsyncSession, member: StaffRow) -> WorkingTime:
    """Return when somebody works."""
    rows = await session.scalars(
        select(StaffAbsenceRow)
        .where(StaffAbsenceRow.staff_id == member.id)
        .order_by(StaffAbsenceRow.first_day)
    )
    return WorkingTime(
        working_days=frozenset(member.working_days),
        absences=tuple(Absence(row.first_day, row.last_day) for row in rows),
    )


async def set_absences(
    session: AsyncSession, member: StaffId, absences: Collection[Absence]
) -> None:
    """Put these absences in the place of all that were known."""
    await session.execute(delete(StaffAbsenceRow).where(StaffAbsenceRow.staff_id == member))
    longest = {one.first_day: one for one in sorted(absences, key=lambda one: one.last_day)}
    session.add_all(
        StaffAbsenceRow(staff_id=member, first_day=one.first_day, last_day=one.last_day)
        for one in longest.values()
    )
    await session.flush()


async def conflicts_of(session: AsyncSession, member: StaffId) -> Sequence[StaffConflictRow]:
    """Return what somebody is not free towards, in a stable order."""
    rows = await session.scalars(
        select(StaffConflictRow)
        .where(StaffConflictRow.staff_id == member)
        .order_by(StaffConflictRow.institution_id, StaffConflictRow.case_id)
    )
    return rows.all()


async def set_institution_conflicts(
    session: AsyncSession, member: StaffId, conflicts: Mapping[InstitutionId, ConflictKind]
) -> None:
    """Put these conflicts in the place of all with institutions that were known."""
    await _forget(session, member, StaffConflictRow.institution_id.is_not(None))
    session.add_all(
        StaffConflictRow(id=uuid4(), staff_id=member, institution_id=institution, kind=kind)
        for institution, kind in conflicts.items()
    )
    await session.flush()


async def set_case_conflicts(
    session: AsyncSession, member: StaffId, conflicts: Mapping[CaseId, ConflictKind]
) -> None:
    """Put these conflicts in the place of all with cases that were known."""
    await _forget(session, member, StaffConflictRow.case_id.is_not(None))
    session.add_all(
        StaffConflictRow(id=uuid4(), staff_id=member, case_id=case, kind=kind)
        for case, kind in conflicts.items()
    )
    await session.flush()


async def unknown_institutions(
    session: AsyncSession, wanted: Collection[InstitutionId]
) -> Collection[InstitutionId]:
    """Return those that the register does not have."""
    known = await session.scalars(
        select(InstitutionRow.id).where(InstitutionRow.id.in_(list(wanted)))
    )
    return set(wanted) - {InstitutionId(one) for one in known}


@dataclass(frozen=True, slots=True)
class Held:
    """An open case and who has it, or was asked to take it.

    Attributes:
        offered: whether they were asked and have not answered.
        due_at: until when they can answer, in UTC, once that is known.
        moved: by how much the time of the case is moved; see ``CaseRow``.
    """

    case: CaseId
    holder: StaffId
    offered: bool
    due_at: datetime | None
    moved: timedelta


async def held_by(session: AsyncSession, holder: StaffId) -> Sequence[Held]:
    """Return the open cases that somebody has, or was asked to take."""
    return await _held(
        session, or_(OverviewRow.mediator_id == holder, OverviewRow.offered_id == holder)
    )


async def offers(session: AsyncSession) -> Sequence[Held]:
    """Return the open cases that somebody was asked to take."""
    return await _held(session, OverviewRow.offered_id.is_not(None))


async def left_behind(session: AsyncSession) -> Sequence[Held]:
    """Return the open cases whose mediator left, or is not free towards them."""
    left = exists().where(StaffRow.id == OverviewRow.mediator_id, ~StaffRow.active)
    return await _held(session, or_(left, _conflicted(OverviewRow.mediator_id)))


async def is_free(session: AsyncSession, held: Held, now: datetime) -> bool:
    """Tell whether whoever was asked can still answer.

    Args:
        now: the present in the time of the case, in UTC.
    """
    member = await session.get_one(StaffRow, held.holder)
    conflict = select(CaseRow.id).where(CaseRow.id == held.case, _conflicted(literal(member.id)))
    if not member.active or await session.scalar(conflict) is not None:
        return False
    if held.due_at is None or held.due_at <= now:
        return True  # its own clock sees to that
    last_day = civil_date(held.due_at - timedelta(microseconds=1))
    time = await working_time(session, member)
    return time.has_a_day(civil_date(now), last_day)


def _conflicted(member: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Return the condition that somebody is not free towards a case or its institution."""
    return (
        exists()
        .where(StaffConflictRow.staff_id == member)
        .where(
            or_(
                StaffConflictRow.case_id == CaseRow.id,
                StaffConflictRow.institution_id == CaseRow.institution_id,
            )
        )
    )


async def is_noted(session: AsyncSession, held: Held, kind: EntryKind) -> bool:
    """Tell whether an entry of a kind that names the holder would say nothing new.

    Either one waits for its answer, or the workflow told already that the case has moved on.
    """
    overview = await session.get_one(OverviewRow, held.case, populate_existing=True)
    if held.holder not in {overview.mediator_id, overview.offered_id}:
        return True
    told = Attention.MEDIATOR_UNAVAILABLE in overview.details.attentions
    if told and kind is EntryKind.MEDIATOR_UNAVAILABLE:
        return True
    pending = await session.scalars(
        select(EntryRow)
        .join(EntryOutcomeRow)
        .where(
            EntryRow.case_id == held.case,
            EntryRow.kind == kind,
            EntryOutcomeRow.settled_at.is_(None),
        )
    )
    return any(row.details is not None and row.details.holder == held.holder for row in pending)


async def seeking(session: AsyncSession) -> Sequence[tuple[CaseId, EntryNumber]]:
    """Return the open cases that look for somebody and ask nobody, with their last entry."""
    rows = await session.execute(
        select(CaseRow.id, CaseRow.entry_count)
        .join(OverviewRow, OverviewRow.case_id == CaseRow.id)
        .where(
            CaseRow.lifecycle == Lifecycle.OPEN,
            OverviewRow.stage.in_([Stage.FINDING_MEDIATOR, Stage.FINDING_ADVISER]),
            OverviewRow.offered_id.is_(None),
        )
        .order_by(CaseRow.opened_at)
    )
    return [(CaseId(case), EntryNumber(count)) for case, count in rows]


async def fingerprint(session: AsyncSession) -> str:
    """Return what is another as soon as anything in the register changed."""
    digests: list[str] = []
    for table in (InstitutionRow, StaffRow, StaffAbsenceRow, StaffConflictRow):
        row = cast(literal_column(table.__tablename__), Text)
        whole = func.string_agg(row, aggregate_order_by(literal("\n"), row))
        digest = await session.scalar(select(func.md5(whole)).select_from(table))
        digests.append(digest or "")
    return " ".join(digests)


async def _held(session: AsyncSession, condition: ColumnElement[bool]) -> Sequence[Held]:
    rows = await session.execute(
        select(CaseRow, OverviewRow)
        .join(OverviewRow, OverviewRow.case_id == CaseRow.id)
        .where(CaseRow.lifecycle == Lifecycle.OPEN, condition)
        .order_by(CaseRow.opened_at)
    )
    return [
        Held(
            case=CaseId(case.id),
            holder=StaffId(holder),
            offered=overview.mediator_id is None,
            due_at=overview.due_at,
            moved=case.time_offset,
        )
        for case, overview in rows
        if (holder := overview.mediator_id or overview.offered_id) is not None
    ]


async def _forget(session: AsyncSession, member: StaffId, which: ColumnElement[bool]) -> None:
    await session.execute(
        delete(StaffConflictRow).where(StaffConflictRow.staff_id == member, which)
    )
