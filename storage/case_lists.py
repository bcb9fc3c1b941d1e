"""Lists and counts of cases for whoever looks after them, from the read model by its indexes.

What is read grows with the page or with the cases that are under way, never with all cases.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnExpressionArgument,
    SQLColumnExpression,
    false,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from domain.digest import DigestFigures, ends_of
from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.stages import Stage
from domain.waits import Attention, Wait
from storage.models import CaseRow, InstitutionRow, OverviewRow
from storage.states import GONE

type Condition = ColumnExpressionArgument[bool]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the place of its last case, and that case."""

    place: datetime
    case: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """What a word can stand for; a case that has one of these fits."""

    institutions: Collection[InstitutionId] = ()
    stages: Collection[Stage] = ()
    cases: Collection[CaseId] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases a staff member asks for; what is empty or ``None`` is left open.

    Attributes:
        all_cases: whether the reader sees every case, and not only those that are theirs.
        closed: whether closed cases are wanted; without that only those that ask for attention.
        due_before: what is awaited is due before this moment, in UTC.
        needs_reader: only cases that need something of the reader.
        words: each has to fit.
    """

    reader: StaffId
    all_cases: bool = False
    closed: bool = False
    stages: Collection[Stage] = ()
    attentions: Collection[Attention] = ()
    institutions: Collection[InstitutionId] = ()
    kinds: Collection[InstitutionKind] = ()
    matter: Matter | None = None
    mediators: Collection[StaffId] = ()
    waits: Collection[Wait] = ()
    due_before: datetime | None = None
    needs_reader: bool = False
    danger: bool | None = None
    reopened: bool | None = None
    words: Sequence[AnyOf] = ()
    after: Position | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case of a list."""

    case: CaseRow
    overview: OverviewRow
    institution: InstitutionRow | None

    @property
    def position(self) -> Position:
        """Where a page that ends with this case goes on."""
        return Position(self.overview.place, self.case.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """How many cases are under way: open, or closed and still asking for attention."""

    stages: Mapping[Stage, int]
    waits: Mapping[Wait, int]
    attentions: Mapping[Attention, int]
    needs_reader: int


_LIFECYCLE = select(CaseRow.lifecycle).where(CaseRow.id == OverviewRow.case_id)
_NOT_GONE = or_(OverviewRow.stage != Stage.CLOSED, _LIFECYCLE.scalar_subquery().not_in(list(GONE)))
"""Only a closed case is ever erased. As a join, this would make the server read every case."""


async def find_cases(session: AsyncSession, wanted: CaseFilter) -> Sequence[ListedCase]:
    """Return at most ``limit`` cases that the reader may see, what is due first in front.

    Without ``all_cases`` those are the cases that are theirs or offered to them.
    """
    order = (OverviewRow.place, OverviewRow.case_id)
    pages = [
        select(OverviewRow.case_id)
        .where(*of_kind, *_existing(wanted))
        .order_by(*order)
        .limit(wanted.limit)
        for of_kind in _of_kind(wanted)
    ]
    rows = await session.execute(
        select(CaseRow, OverviewRow, InstitutionRow)
        .join(OverviewRow, OverviewRow.case_id == CaseRow.id)
        .outerjoin(InstitutionRow, InstitutionRow.id == OverviewRow.institution_id)
        .where(OverviewRow.case_id.in_(union_all(*pages)))
        .order_by(*order)
        .limit(wanted.limit)
    )
    return [ListedCase(*row) for row in rows]


async def count_cases(session: AsyncSession, reader: StaffId, *, all_cases: bool) -> CaseCounts:
    """Count the cases under way that the reader may see."""
    conditions = _existing(CaseFilter(reader=reader, all_cases=all_cases))
    needing = CaseFilter(reader=reader, all_cases=all_cases, needs_reader=True)
    grouped = await session.execute(
        select(OverviewRow.stage, OverviewRow.waiting_for, func.count())
        .where(*conditions)
        .group_by(OverviewRow.stage, OverviewRow.waiting_for)
    )
    stages, waits = Counter[Stage](), Counter[Wait]()
    for stage, wait, count in grouped:
        stages[stage] += count
        if wait is not None:
            waits[wait] += count
    return CaseCounts(
        stages=stages,
        waits=waits,
        attentions=await _count_attentions(session, conditions),
        needs_reader=await _count(session, _existing(needing)),
    )


async def figures_for(
    session: AsyncSession, reader: StaffId, day: date, *, supervises: bool
) -> DigestFigures:
    """Count what a digest tells of a day."""
    day_ends, week_ends = ends_of(day)
    needs = CaseFilter(reader=reader, needs_reader=True)
    today, this_week, offers = (
        await session.execute(
            select(
                func.count().filter(OverviewRow.place < day_ends),
                func.count().filter(OverviewRow.place < week_ends),
                func.count().filter(OverviewRow.offered_id == reader),
            ).where(*_existing(needs))
        )
    ).one()
    attention = 0
    if supervises:
        asking = [OverviewRow.attention.is_not(None), _NOT_GONE]
        attention = await _count(session, asking)
    return DigestFigures(
        due_today=today, due_this_week=this_week, offers=offers, attention=attention
    )


async def _count(session: AsyncSession, conditions: Sequence[Condition]) -> int:
    counted = select(func.count()).select_from(OverviewRow).where(*conditions)
    return await session.scalar(counted) or 0


async def _count_attentions(
    session: AsyncSession, conditions: Sequence[Condition]
) -> Mapping[Attention, int]:
    """Count the cases for each reason to look; one with several reasons counts for each."""
    told = type_coerce(OverviewRow.details, JSONB)["attentions"]
    asking = select(OverviewRow.attention, told).where(
        OverviewRow.attention.is_not(None), *conditions
    )
    return Counter[Attention](
        Attention(reason)
        for attention, others in await session.execute(asking)
        for reason in {attention, *(others or ())}
    )


def _existing(wanted: CaseFilter) -> list[Condition]:
    """Return the conditions for the cases that are wanted, unless they are being erased."""
    only_open = wanted.stages and Stage.CLOSED not in wanted.stages
    return [*([] if only_open else [_NOT_GONE]), *_conditions(wanted)]


def _conditions(wanted: CaseFilter) -> list[Condition]:
    return [
        *_of_reader(wanted),
        *_among(OverviewRow.stage, wanted.stages),
        *_asking(wanted.attentions),
        *_among(OverviewRow.institution_id, wanted.institutions),
        *_about(wanted.matter),
        *_among(OverviewRow.mediator_id, wanted.mediators),
        *_among(OverviewRow.waiting_for, wanted.waits),
        *_properties(wanted),
        *map(_fits, wanted.words),
    ]


def _of_reader(wanted: CaseFilter) -> list[Condition]:
    conditions: list[Condition] = []
    # Where it follows from another condition it is left out: the server would take the two for
    # independent, and expect far fewer cases than there are.
    follows = wanted.attentions or wanted.danger or (wanted.all_cases and wanted.stages)
    if not (wanted.closed or Stage.CLOSED in wanted.stages or follows):
        conditions.append(OverviewRow.active)
    is_theirs, is_offered = (
        OverviewRow.mediator_id == wanted.reader,
        OverviewRow.offered_id == wanted.reader,
    )
    if not wanted.all_cases:
        conditions.append(or_(is_theirs, is_offered))
    if wanted.needs_reader:
        needing = or_(is_theirs & OverviewRow.needs_mediator, is_offered)
        asks = OverviewRow.attention.is_not(None)
        conditions.append(or_(needing, asks) if wanted.all_cases else needing)
    return conditions


def _among(column: SQLColumnExpression[Any], values: Collection[Any]) -> list[Condition]:
    return [column.in_(values)] if values else []


def _asking(attentions: Collection[Attention]) -> list[Condition]:
    if not attentions:
        return []
    details = type_coerce(OverviewRow.details, JSONB)
    told = [details.contains({"attentions": [reason.value]}) for reason in attentions]
    return [
        OverviewRow.attention.is_not(None),
        or_(OverviewRow.attention.in_(attentions), *told),
    ]


def _of_kind(wanted: CaseFilter) -> Sequence[Sequence[Condition]]:
    """Return the conditions for complaints about such an institution, and for such questions.

    One page is read of each: for both at once the server has no index.
    """
    if not wanted.kinds:
        return [[]]
    of_kind = select(InstitutionRow.id).where(InstitutionRow.kind.in_(wanted.kinds))
    conditions: Mapping[Matter, Condition] = {
        Matter.COMPLAINT: OverviewRow.institution_id.in_(of_kind),
        Matter.QUESTION: OverviewRow.about_kind.in_(wanted.kinds),
    }
    return [[it] for matter, it in conditions.items() if wanted.matter in {None, matter}]


def _about(matter: Matter | None) -> list[Condition]:
    """Return the condition for what cases are about: a question has no other side."""
    if matter is None:
        return []
    no_other_side = OverviewRow.institution_id.is_(None)
    return [no_other_side if matter is Matter.QUESTION else ~no_other_side]


def _properties(wanted: CaseFilter) -> list[Condition]:
    conditions: list[Condition] = []
    if wanted.due_before is not None:
        conditions.append(OverviewRow.due_at < wanted.due_before)
    if wanted.danger is not None:
        conditions.append(OverviewRow.danger == wanted.danger)
    if wanted.danger:
        conditions.append(OverviewRow.attention.is_not(None))  # danger always asks for it
    if wanted.reopened is not None:
        again = OverviewRow.episode > 1
        conditions.append(again if wanted.reopened else ~again)
    if wanted.after is not None:
        place = tuple_(OverviewRow.place, OverviewRow.case_id)
        conditions.append(place > tuple_(wanted.after.place, wanted.after.case))
    return conditions


def _fits(word: AnyOf) -> Condition:
    arms = [
        *_among(OverviewRow.institution_id, word.institutions),
        *_among(OverviewRow.stage, word.stages),
        *_among(OverviewRow.case_id, word.cases),
    ]
    return or_(*arms) if arms else false()
