"""The administrators' side: who works here, and as what. They read no case."""

from uuid import UUID, uuid4

from fastapi import APIRouter

from api.problems import FieldError, Problem
from api.staff_bodies import NewStaffBody, StaffBody, StaffChangesBody, StaffMemberBody
from api.who import Administrator
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.identifiers import StaffId
from storage import staff_register
from storage.models import StaffRow
from storage.staff_register import LastAdministrator, StaffMemberNotFound, SubjectTaken

router = APIRouter(prefix="/staff", route_class=StrictRoute, tags=["staff"])


@router.get("")
async def list_staff(parts: Parts, _: Administrator) -> StaffBody:
    """List everybody who works here or did."""
    async with parts.database.transaction() as session:
        rows = await staff_register.everybody(session)
    return StaffBody(staff=[_presented(row) for row in rows])


@router.post("", status_code=201)
async def add_staff(parts: Parts, _: Administrator, body: NewStaffBody) -> StaffMemberBody:
    """Add somebody; they can sign in from now on."""
    row = StaffRow(id=uuid4(), active=True, **body.model_dump(mode="json"))
    try:
        async with parts.database.transaction() as session:
            await staff_register.add(session, row)
    except SubjectTaken:
        blame = FieldError("#/subject", "subject-taken")
        raise Problem(400, "invalid-request", [blame]) from None
    return _presented(row)


@router.patch("/{staff_id}")
async def change_staff(
    parts: Parts, _: Administrator, staff_id: UUID, body: StaffChangesBody
) -> StaffMemberBody:
    """Change what the register says of somebody; it counts from their next request on."""
    changes = body.model_dump(mode="json", exclude_none=True)
    try:
        async with parts.database.transaction() as session:
            row = await staff_register.change(session, StaffId(staff_id), changes)
    except StaffMemberNotFound:
        raise Problem(404, "not-found") from None
    except LastAdministrator:
        blamed = "active" if body.active is False else "roles"
        blame = FieldError(f"#/{blamed}", "last-administrator")
        raise Problem(400, "invalid-request", [blame]) from None
    return _presented(row)


def _presented(row: StaffRow) -> StaffMemberBody:
    return StaffMemberBody.model_validate(row, from_attributes=True)
