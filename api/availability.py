"""When mediators are there, which cases suit them, and towards whom they are not free."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.problems import FieldError, Problem
from api.staff_schemas import AvailabilityBody, ConflictBody, SuitabilityBody
from api.staffing_answers import AbsenceStateBody, AvailabilityStateBody, ConflictStateBody
from api.who import SignedIn, Staff
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.identifiers import CaseId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.matching import Absence
from domain.staff import HANDLES, Role
from storage import availability
from storage.models import CaseRow, OverviewRow, StaffRow

router = APIRouter(route_class=StrictRoute, tags=["staff"])


@router.get("/my-availability")
async def read_my_availability(parts: Parts, staff: SignedIn) -> AvailabilityStateBody:
    """Show when one is there, and what one is not free towards."""
    _needs(staff, *HANDLES.values())
    async with parts.database.transaction() as session:
        return await _state(session, await _member(session, staff.id), with_cases=True)


@router.put("/my-availability")
async def set_my_availability(
    parts: Parts, staff: SignedIn, body: AvailabilityBody
) -> AvailabilityStateBody:
    """Say when one is there, and what one is not free towards: institutions, or cases one knows.

    An offer that does not fit any more lapses within seconds.
    """
    _needs(staff, *HANDLES.values())
    async with parts.database.transaction() as session:
        member = await _member(session, staff.id)
        cases = [await _case(session, staff.id, *item) for item in enumerate(body.conflicts)]
        kinds = [conflict.kind for conflict in body.conflicts]
        known = {case: kind for case, kind in zip(cases, kinds, strict=True) if case is not None}
        await availability.set_case_conflicts(session, staff.id, known)
        await _write(session, member, body)
        return await _state(session, member, with_cases=True)


@router.get("/staff/{staff_id}/availability")
async def read_availability(parts: Parts, staff: SignedIn, staff_id: UUID) -> AvailabilityStateBody:
    """Show what the register knows of a mediator; conflicts with cases are theirs alone."""
    _needs(staff, Role.ADMINISTRATOR)
    async with parts.database.transaction() as session:
        return await _state(session, await _member(session, StaffId(staff_id)), with_cases=False)


@router.put("/staff/{staff_id}/availability")
async def set_availability(
    parts: Parts, staff: SignedIn, staff_id: UUID, body: SuitabilityBody
) -> AvailabilityStateBody:
    """Say which cases suit a mediator, and when they are there."""
    _needs(staff, Role.ADMINISTRATOR)
    for place, conflict in enumerate(body.conflicts):
        if conflict.case_number is not None:
            raise _blamed(place, "caseNumber", "value")
    async with parts.database.transaction() as session:
        member = await _member(session, StaffId(staff_id))
        member.institution_kinds = [kind.value for kind in dict.fromkeys(body.institution_kinds)]
        member.regions = [region.value for region in dict.fromkeys(body.regions)]
        member.capacity = body.capacity
        await _write(session, member, body)
        return await _state(session, member, with_cases=False)


def _needs(staff: Staff, *roles: Role) -> None:
    if staff.roles.isdisjoint(roles):
        raise Problem(403, "forbidden")


async def _member(session: AsyncSession, identifier: StaffId) -> StaffRow:
    member = await session.get(StaffRow, identifier)
    if member is None or not set(HANDLES.values()) & set(member.roles):
        raise Problem(404, "not-found")
    return member


async def _case(
    session: AsyncSession, member: StaffId, place: int, conflict: ConflictBody
) -> CaseId | None:
    """Return the case that a conflict names; one that is not theirs does not exist."""
    if conflict.case_number is None:
        return None
    overview = await session.scalar(
        select(OverviewRow)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(CaseRow.number == conflict.case_number)
    )
    declared = {row.case_id for row in await availability.conflicts_of(session, member)}
    if overview is None or not (
        overview.case_id in declared or member in {overview.mediator_id, overview.offered_id}
    ):
        raise _blamed(place, "caseNumber", "value")
    return CaseId(overview.case_id)


async def _write(session: AsyncSession, member: StaffRow, body: AvailabilityBody) -> None:
    """Write what a mediator and an administrator can both say."""
    wanted = {
        conflict.institution_id: conflict.kind
        for conflict in body.conflicts
        if conflict.institution_id is not None
    }
    unknown = await availability.unknown_institutions(session, wanted)
    for place, conflict in enumerate(body.conflicts):
        if conflict.institution_id in unknown:
            raise _blamed(place, "institutionId", "unknown-institution")
    identifier = StaffId(member.id)
    member.working_days = sorted(set(body.working_days))
    absences = [Absence(one.first_day, one.last_day) for one in body.absences]
    await availability.set_absences(session, identifier, absences)
    await availability.set_institution_conflicts(session, identifier, wanted)


def _blamed(place: int, field: str, kind: str) -> Problem:
    return Problem(400, "invalid-request", [FieldError(f"#/conflicts/{place}/{field}", kind)])


async def _state(
    session: AsyncSession, member: StaffRow, *, with_cases: bool
) -> AvailabilityStateBody:
    time = await availability.working_time(session, member)
    conflicts = await availability.conflicts_of(session, StaffId(member.id))
    return AvailabilityStateBody(
        staff_id=member.id,
        working_days=sorted(time.working_days),
        absences=[
            AbsenceStateBody(first_day=one.first_day, last_day=one.last_day)
            for one in time.absences
        ],
        conflicts=await _conflicts(
            session, [one for one in conflicts if with_cases or one.case_id is None]
        ),
        institution_kinds=[InstitutionKind(kind) for kind in member.institution_kinds],
        regions=[Region(region) for region in member.regions],
        capacity=member.capacity,
    )


async def _conflicts(
    session: AsyncSession, rows: Sequence[availability.StaffConflictRow]
) -> list[ConflictStateBody]:
    named = await session.execute(
        select(CaseRow.id, CaseRow.number).where(CaseRow.id.in_([row.case_id for row in rows]))
    )
    numbers = {case: number for case, number in named}  # noqa: C416
    return [
        ConflictStateBody(
            institution_id=row.institution_id,
            case_number=numbers[row.case_id] if row.case_id else None,
            kind=row.kind,
        )
        for row in rows
    ]
