"""Allowing one thing, or taking that back; and asking that everything is erased, or not."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api import erasure, my_case
from api.answers import AcceptedBody, ErasureBody
from api.pages.fields import Control
from api.portal.acting import accepted_at
from api.portal.addresses import CONSENT, ERASURE, KEEP_CASE, at
from api.portal.case_pages import OwnCase, case_page
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute
from api.problems import Problem, language_of
from api.wiring import Parts
from domain.policy.model import Purpose

Accepted = Annotated[AcceptedBody, Depends(my_case.give_or_revoke_consent)]

router = APIRouter(route_class=CaseRoute, include_in_schema=False)


@router.get(CONSENT)
async def read_consent(request: Request, case: OwnCase, purpose: Purpose) -> Response:
    """Say what one consent means, whether it is given, and whether contact needs it."""
    found = next((one for one in case.consents if one.purpose is purpose), None)
    if found is None:
        raise Problem(404, "not-found")
    return case_page(request, "consent", case, consent=found, key=str(uuid4()))


@router.post(CONSENT)
async def consent(parts: Parts, request: Request, accepted: Accepted, purpose: Purpose) -> Response:
    """Give or revoke one consent."""
    return await accepted_at(parts, request, accepted)


@router.get(ERASURE)
async def read_erasure(
    request: Request,
    case: OwnCase,
    told: Annotated[ErasureBody, Depends(erasure.read_erasure)],
) -> Response:
    """Say what is erased and what stays, and ask whether that is wanted."""
    language = language_of(request)
    confirm = Item("confirm:boolean", Control.CHECKBOX, needed=True)
    return case_page(
        request,
        "erasure",
        case,
        erasure=told,
        field=confirm.shown(language),
        keep_case=at(KEEP_CASE, language),
        key=str(uuid4()),
    )


@router.post(ERASURE)
async def ask_to_be_erased(
    parts: Parts,
    request: Request,
    accepted: Annotated[AcceptedBody, Depends(erasure.ask_to_be_erased)],
) -> Response:
    """Ask that everything is erased."""
    return await accepted_at(parts, request, accepted)


@router.post(KEEP_CASE)
async def keep_case(
    parts: Parts,
    request: Request,
    accepted: Annotated[AcceptedBody, Depends(erasure.keep_my_case)],
) -> Response:
    """Take that request back."""
    return await accepted_at(parts, request, accepted)
