"""The mediators and advisers of the register, with all that decides whether a case suits them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, ScalarSelect, any_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import civil_date
from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.languages import Language
from domain.letters import Letter
from domain.matching import Absence, Candidate, WorkingTime
from domain.matter import Matter
from domain.staff import Role
from domain.stages import Stage
from storage.models import (
    CaseLinkRow,
    CaseRow,
    LetterRow,
    OverviewRow,
    StaffAbsenceRow,
    StaffConflictRow,
    StaffRow,
)

_LATELY = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the case knows of people before anybody is asked.

    Attributes:
        mediated: whoever mediated for this complainant before.
        withdrew: whoever left a case of this complainant, or was objected to.
        advised: whoever advises in the case, or did.
    """

    mediated: Collection[StaffId] = ()
    withdrew: Collection[StaffId] = ()
    advised: Collection[StaffId] = ()


async def history_of_links(session: AsyncSession, case: CaseId) -> History:
    """Return what the cases that belong to a case tell of people."""
    rows = await session.execute(
        select(CaseRow.matter, OverviewRow.mediator_id, OverviewRow.details)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .join(CaseLinkRow, CaseLinkRow.other_id == OverviewRow.case_id)
        .where(CaseLinkRow.case_id == case)
    )
    mediated: set[StaffId] = set()
    withdrew: set[StaffId] = set()
    advised: set[StaffId] = set()
    for matter, holder, details in rows:
        had_it = {StaffId(holder)} if holder is not None else set[StaffId]()
        if matter is Matter.QUESTION:
            advised.update(had_it, details.recused)
        else:
            withdrew.update(details.recused)
            mediated.update(had_it)
    return History(mediated=mediated, withdrew=withdrew, advised=advised)


async def candidates(
    session: AsyncSession,
    role: Role,
    institution: InstitutionId | None,
    history: History,
    now: datetime,
) -> Sequence[Candidate]:
    """Return every active member of the staff who has a role.

    Args:
        institution: that the case is about; ``None`` for a question.
        now: the present in UTC; what is over by then is left out.
    """
    rows = await session.execute(
        select(
            StaffRow,
            _load().label("load"),
            _cases_about(institution, now - _LATELY).label("with_institution"),
            _last_offer().label("last_asked_at"),
            _absences(civil_date(now)).label("absences"),
            _conflicts(StaffConflictRow.institution_id).label("institutions"),
            _conflicts(StaffConflictRow.case_id).label("cases"),
        ).where(StaffRow.active, any_(StaffRow.roles) == role.value)
    )
    return [_candidate(row, history) for row in rows]


def _candidate(found: Row[*tuple[Any, ...]], history: History) -> Candidate:
    row: StaffRow = found.StaffRow
    member = StaffId(row.id)
    absences = (Absence(*map(date.fromisoformat, days)) for days in found.absences or ())
    conflicts = {
        *map(InstitutionId, found.institutions or ()),
        *map(CaseId, found.cases or ()),
    }
    return Candidate(
        id=member,
        languages=frozenset(map(Language, row.languages)),
        kinds=frozenset(map(InstitutionKind, row.institution_kinds)),
        regions=frozenset(map(Region, row.regions)),
        capacity=row.capacity,
        time=WorkingTime(
            working_days=frozenset(row.working_days),
            absences=tuple(absences),
        ),
        conflicts=frozenset(conflicts),
        withdrew=member in history.withdrew,
        advises=member in history.advised,
        knows_the_case=member in history.mediated,
        load=found.load,
        with_institution=found.with_institution,
        last_asked_at=found.last_asked_at,
    )


def _load() -> ScalarSelect[int]:
    theirs = or_(OverviewRow.mediator_id == StaffRow.id, OverviewRow.offered_id == StaffRow.id)
    return (
        select(func.count())
        .select_from(OverviewRow)
        .where(theirs, OverviewRow.stage != Stage.CLOSED)
        .scalar_subquery()
    )


def _cases_about(institution: InstitutionId | None, since: datetime) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(OverviewRow)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(
            OverviewRow.mediator_id == StaffRow.id,
            CaseRow.institution_id == institution,
            CaseRow.opened_at >= since,
        )
        .scalar_subquery()
    )


def _last_offer() -> ScalarSelect[datetime]:
    return (
        select(func.max(LetterRow.queued_at))
        .where(LetterRow.mediator_id == StaffRow.id, LetterRow.letter == Letter.CASE_OFFER)
        .scalar_subquery()
    )


def _absences(today: date) -> ScalarSelect[Any]:
    days = func.jsonb_build_array(StaffAbsenceRow.first_day, StaffAbsenceRow.last_day)
    return (
        select(func.jsonb_agg(days))
        .where(StaffAbsenceRow.staff_id == StaffRow.id, StaffAbsenceRow.last_day >= today)
        .scalar_subquery()
    )


def _conflicts(column: Any) -> ScalarSelect[Any]:
    return (
        select(func.array_agg(column))
        .where(StaffConflictRow.staff_id == StaffRow.id, column.is_not(None))
        .scalar_subquery()
    )
