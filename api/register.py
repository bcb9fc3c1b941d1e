"""What anybody may look up: institutions, telephone numbers that help, and other ways."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import presenting
from api.answers import HelplinesBody, InstitutionsBody, SideRoutesBody
from api.problems import language_of
from api.wiring import Parts
from domain.calendar import civil_date
from domain.institutions import InstitutionKind
from storage import directory

router = APIRouter(tags=["public"])


@router.get("/institutions")
async def list_institutions(parts: Parts) -> InstitutionsBody:
    """List the institutions that a complaint can be about."""
    async with parts.database.transaction() as session:
        rows = await directory.institutions(session)
    return InstitutionsBody(institutions=[presenting.institution_body(row) for row in rows])


@router.get("/helplines")
async def list_helplines(
    parts: Parts,
    request: Request,
    danger: Annotated[
        bool | None, Query(description="Only those for somebody who is not safe, or the others.")
    ] = None,
) -> HelplinesBody:
    """List telephone numbers that help. Calling is up to the caller; nothing is reported by us."""
    today, language = civil_date(parts.clock()), language_of(request)
    rows = [
        row
        for row in parts.policy.helplines
        if row.is_valid_on(today) and danger in {None, row.danger}
    ]
    return HelplinesBody(helplines=[presenting.helpline_body(row, language) for row in rows])


@router.get("/side-routes")
async def list_side_routes(
    parts: Parts, request: Request, kind: InstitutionKind | None = None
) -> SideRoutesBody:
    """List other ways, beside a complaint; for one kind of institution, or all of them."""
    today, language = civil_date(parts.clock()), language_of(request)
    rows = [
        row
        for row in parts.policy.side_routes
        if row.is_valid_on(today) and (kind is None or not row.kinds or kind in row.kinds)
    ]
    return SideRoutesBody(side_routes=[presenting.side_route_body(row, language) for row in rows])
