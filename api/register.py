"""The public register of institutions."""

from fastapi import APIRouter

from api import presenting
from api.answers import InstitutionsBody
from api.wiring import Parts
from storage import directory

router = APIRouter(tags=["public"])


@router.get("/institutions")
async def list_institutions(parts: Parts) -> InstitutionsBody:
    """List the institutions that a complaint can be about."""
    async with parts.database.transaction() as session:
        rows = await directory.institutions(session)
    return InstitutionsBody(institutions=[presenting.institution_body(row) for row in rows])
