"""A new code as pages: for whoever has the old one, and for whoever lost it."""

from collections.abc import Mapping
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api import receipt_codes
from api.answers import LostCodeBody, ReceiptBody
from api.pages.fields import Control
from api.portal import kept
from api.portal.addresses import (
    HALVES,
    HOME,
    LOST_CODE,
    LOST_CODE_SHOWN,
    NEW_CODE,
    NEW_CODE_SHOWN,
    at,
)
from api.portal.case_pages import OwnCase, case_page
from api.portal.entering import enter
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute, KeptRoute, go_to, keep, page
from api.problems import language_of
from api.wiring import Parts, Wiring
from delivery.drafts import Draft

_CLAIM = "claim_code"
_CODE = "receipt_code"
_LOST = (
    Item("caseNumber", Control.LINE, needed=True, limit=40),
    Item("email", Control.EMAIL, needed=True, limit=254, asks="lost_email"),
)
_BOTH = (
    Item("claimCode", Control.LINE, needed=True, limit=300),
    Item("letterCode", Control.LINE, needed=True, limit=300),
)

router = APIRouter(route_class=CaseRoute, include_in_schema=False)
shown = APIRouter(route_class=KeptRoute, include_in_schema=False)


@router.get(NEW_CODE)
async def read_new_code(request: Request, case: OwnCase) -> Response:
    """Say what a new code does to the old one."""
    return case_page(request, "new_code", case, key=str(uuid4()))


@router.post(NEW_CODE)
async def replace_code(
    parts: Parts,
    request: Request,
    receipt: Annotated[ReceiptBody, Depends(receipt_codes.replace_receipt_code)],
) -> Response:
    """Replace the code, and show the new one."""
    return await show(parts, request, NEW_CODE_SHOWN, receipt.model_dump())


@router.get(LOST_CODE)
async def read_lost_code(request: Request) -> Response:
    """Say how a new code is had without the old one, and ask for what that takes."""
    language = language_of(request)
    return page(
        request,
        "lost_code",
        fields=[item.shown(language) for item in _LOST],
        halves=at(HALVES, language),
    )


@router.post(LOST_CODE)
async def ask_for_new_code(
    parts: Parts,
    request: Request,
    claim: Annotated[LostCodeBody, Depends(receipt_codes.ask_for_new_code)],
) -> Response:
    """Ask for a new code, and show the first half."""
    told = {_CLAIM: claim.claim_code, "text": "\n".join(claim.text)}
    return await show(parts, request, LOST_CODE_SHOWN, told)


@router.get(HALVES)
async def read_halves(request: Request) -> Response:
    """Ask for both halves."""
    fields = [item.shown(language_of(request)) for item in _BOTH]
    return page(request, "two_codes", fields=fields, key=str(uuid4()))


@router.post(HALVES)
async def exchange_halves(
    parts: Parts,
    request: Request,
    receipt: Annotated[ReceiptBody, Depends(receipt_codes.exchange_halves)],
) -> Response:
    """Exchange both halves, and show the new code."""
    return await show(parts, request, NEW_CODE_SHOWN, receipt.model_dump())


@shown.get(NEW_CODE_SHOWN)
async def read_shown_code(parts: Parts, request: Request) -> Response:
    """Show the new code until its owner says that they have it."""
    codes = await kept.shown_once(parts, request, _CODE)
    if codes is None:
        return go_to(HOME, language_of(request))
    return page(
        request,
        "receipt",
        words="portal.new_code",
        address=at(NEW_CODE_SHOWN, language_of(request)),
        receipt=codes,
    )


@shown.post(NEW_CODE_SHOWN)
async def go_on(parts: Parts, request: Request) -> Response:
    """Forget the new code, and open the case with it."""
    codes = await kept.shown_once(parts, request, _CODE)
    if codes is None:
        return go_to(HOME, language_of(request))
    return await enter(parts, request, codes[_CODE])


@shown.get(LOST_CODE_SHOWN)
async def read_shown_half(parts: Parts, request: Request) -> Response:
    """Show the first half until its owner says that they have it."""
    codes = await kept.shown_once(parts, request, _CLAIM)
    if codes is None:
        return go_to(LOST_CODE, language_of(request))
    return page(
        request,
        "first_half",
        address=at(LOST_CODE_SHOWN, language_of(request)),
        code=codes[_CLAIM],
        told=codes["text"].split("\n"),
    )


@shown.post(LOST_CODE_SHOWN)
async def leave_half(parts: Parts, request: Request) -> Response:
    """Forget the first half, and go to the first page."""
    return await forget(parts, request, HOME)


async def forget(parts: Wiring, request: Request, address: str) -> Response:
    """Forget codes that were noted down, and go on."""
    answer = go_to(address, language_of(request))
    await kept.forget(parts, request, answer)
    return answer


async def show(
    parts: Wiring, request: Request, address: str, receipt: Mapping[str, str]
) -> Response:
    """Keep something until its owner says that they have it, and go where it is shown."""
    answer = go_to(address, language_of(request))
    await keep(parts, request, answer, Draft(receipt=receipt))
    return answer
