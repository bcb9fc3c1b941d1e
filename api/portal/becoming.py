"""A question that becomes a complaint: which institution, and the code of the new case."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api import questions, register
from api.answers import MyCaseBody, ReceiptBody
from api.pages.fields import Control
from api.portal.addresses import INTO_COMPLAINT, NEW_CODE_SHOWN
from api.portal.case_pages import OwnCase, case_page
from api.portal.codes import show
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute
from api.problems import Problem, language_of
from api.wiring import Parts
from domain.matter import Matter

_INSTITUTION = Item("institutionId", Control.CHOICE, needed=True)
_SUBJECT = Item("subject", Control.LINE, limit=200)

router = APIRouter(route_class=CaseRoute, include_in_schema=False)


def may_become_complaint(case: MyCaseBody) -> bool:
    """Tell whether a case is a question from which a complaint can be made."""
    return case.matter is Matter.QUESTION and case.closed_at is None


@router.get(INTO_COMPLAINT)
async def read_choice(parts: Parts, request: Request, case: OwnCase) -> Response:
    """Ask which institution it is about; nothing has to be written again."""
    if not may_become_complaint(case):
        raise Problem(404, "not-found")
    language, found = language_of(request), await register.list_institutions(parts)
    institutions = [(one.id, one.name) for one in found.institutions]
    return case_page(
        request,
        "into_complaint",
        case,
        fields=[_INSTITUTION.shown(language, institutions), _SUBJECT.shown(language)],
        key=str(uuid4()),
    )


@router.post(INTO_COMPLAINT)
async def make_complaint(
    parts: Parts,
    request: Request,
    receipt: Annotated[ReceiptBody, Depends(questions.turn_into_complaint)],
) -> Response:
    """Make the complaint, and show the code of its case."""
    return await show(parts, request, NEW_CODE_SHOWN, receipt.model_dump())
