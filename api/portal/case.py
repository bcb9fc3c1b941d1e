"""A complainant's own case as pages: coming in with the code, and where it stands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import my_case
from api.answers import MyCaseBody
from api.pages.fields import Control
from api.portal.addresses import CASE, CASE_OPEN
from api.portal.entering import enter
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute, page
from api.problems import language_of
from api.schemas import SessionRequest
from api.wiring import Parts

router = APIRouter(route_class=CaseRoute, include_in_schema=False)


@router.get(CASE_OPEN)
async def ask_for_the_code(request: Request) -> Response:
    """Ask for the code."""
    code = Item("receiptCode", Control.LINE, needed=True, limit=300)
    return page(request, "code", field=code.shown(language_of(request)))


@router.post(CASE_OPEN)
async def open_case(parts: Parts, body: SessionRequest) -> Response:
    """Open the case of a code."""
    return await enter(parts, body.receipt_code)


@router.get(CASE)
async def read_case(
    request: Request, case: Annotated[MyCaseBody, Depends(my_case.read_my_case)]
) -> Response:
    """Show where the case stands, who is waited for, until when, and what if nobody acts."""
    return page(request, "case", case=case)
