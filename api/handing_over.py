"""Handing over: everything that somebody who leaves still has goes to others."""

from uuid import UUID

from fastapi import APIRouter

from api.problems import Problem
from api.receiving import Incoming
from api.staff_schemas import HandOverBody
from api.staffing_answers import HandedOverBody
from api.who import SignedIn
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.identifiers import StaffId
from domain.parties import Party
from domain.staff import Role
from storage import directory

router = APIRouter(prefix="/staff", route_class=StrictRoute, tags=["staff"])


@router.post("/{staff_id}/hand-over")
async def hand_over(
    parts: Parts, incoming: Incoming, staff: SignedIn, staff_id: UUID, body: HandOverBody
) -> HandedOverBody:
    """Take every open case and offer from a mediator. Doing it again changes nothing more."""
    if staff.roles.isdisjoint({Role.SUPERVISOR, Role.ADMINISTRATOR}):
        raise Problem(403, "forbidden")
    async with parts.database.transaction() as session:
        if await directory.staff_member(session, StaffId(staff_id)) is None:
            raise Problem(404, "not-found")
    await incoming.refuse_receipt_codes(reason=body.reason)
    author = Party.SUPERVISOR if Role.SUPERVISOR in staff.roles else Party.PORTAL
    done = await parts.hand_over.everything_of(StaffId(staff_id), body.reason, author, staff.id)
    return HandedOverBody(
        cases=done.cases, offers=done.offers, under_way=done.under_way, locked=done.locked
    )
