"""The institution's side by the reply link itself: the shortest way to read and answer."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import addressed
from api.answers import AcceptedBody, EntryBody
from api.institution_answers import AddressedBody
from api.paging import After, Limit, Number
from api.receiving import Incoming
from api.schemas import ReplyBody
from api.who import case_of_link
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.entries import EntryKind
from storage.models import CaseRow

router = APIRouter(prefix="/institution-replies", route_class=StrictRoute, tags=["institution"])

_PREFIX = "/v1/institution-replies"


async def _case(parts: Parts, token: str) -> CaseRow:
    return await case_of_link(parts, token)


Linked = Annotated[CaseRow, Depends(_case)]


@router.get("/{token}")
async def read_what_was_addressed(
    parts: Parts, case: Linked, token: str, after: After = 0, limit: Limit = 50
) -> AddressedBody:
    """Show what was addressed to the institution, and what it answered."""
    return await addressed.what_was_addressed(parts, case, f"{_PREFIX}/{token}", after, limit)


@router.post("/{token}", status_code=202)
async def reply(incoming: Incoming, case: Linked, token: str, body: ReplyBody) -> AcceptedBody:
    """Answer the complaint; the complainant and the mediator read the answer."""
    location = f"{_PREFIX}/{token}/entries"
    return await addressed.says(incoming, case, EntryKind.INSTITUTION_REPLY, body.text, location)


@router.get("/{token}/entries/{number}")
async def read_entry(parts: Parts, case: Linked, number: Number) -> EntryBody:
    """Show one entry: ``status`` tells what became of it."""
    return await addressed.one_entry(parts, case, number)
