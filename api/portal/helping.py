"""Who may act for a complainant: the list, letting somebody in by a code, and ending that."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from api import mandates
from api.answers import AcceptedBody, RepresentativeCodeBody
from api.pages.fields import Control
from api.portal import kept
from api.portal.acting import accepted_at
from api.portal.addresses import CASE, HELPER_STOP, HELPERS, HELPERS_CODE, at
from api.portal.case_pages import OwnCase, case_page
from api.portal.codes import forget, show
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute, KeptRoute, go_to, page
from api.problems import language_of
from api.wiring import Parts

_CODE, _WORDS = "code_of_helper", "words_of_helper"
_FIELDS = (
    Item("name", Control.LINE, needed=True, limit=200, asks="helper_name"),
    Item("organisation", Control.LINE, limit=200),
)

router = APIRouter(route_class=CaseRoute, include_in_schema=False)
shown = APIRouter(route_class=KeptRoute, include_in_schema=False)


@shown.get(HELPERS_CODE)
async def read_code(parts: Parts, request: Request) -> Response:
    """Show the code of whoever was let in until the complainant says that they have it."""
    codes = await kept.shown_once(parts, request, _CODE)
    if codes is None:
        return go_to(HELPERS, language_of(request))
    return page(
        request,
        "who_helps_code",
        address=at(HELPERS_CODE, language_of(request)),
        code=codes[_CODE],
        words=codes[_WORDS],
    )


@shown.post(HELPERS_CODE)
async def go_on(parts: Parts, request: Request) -> Response:
    """Forget that code, and go back to the list."""
    return await forget(parts, request, HELPERS)


@router.get(HELPERS)
async def read_helpers(request: Request, case: OwnCase) -> Response:
    """List who may act for the complainant, and who could; ask for one more."""
    language = language_of(request)
    stops = [(one, at(HELPER_STOP, language, mandate=one.number)) for one in case.mandates]
    return case_page(
        request,
        "who_helps",
        case,
        helpers=stops[::-1],
        keys={one.number: str(uuid4()) for one in case.mandates},
        fields=[item.shown(language) for item in _FIELDS],
        key=str(uuid4()),
        contact_page=at(f"{CASE}/contact", language),
    )


@router.post(HELPERS)
async def let_in(
    parts: Parts,
    request: Request,
    given: Annotated[RepresentativeCodeBody, Depends(mandates.give_mandate)],
) -> Response:
    """Let somebody act for the complainant, and show their code."""
    codes = {_CODE: given.receipt_code, _WORDS: given.receipt_words}
    return await show(parts, request, HELPERS_CODE, codes)


@router.post(HELPER_STOP)
async def stop(
    parts: Parts,
    request: Request,
    accepted: Annotated[AcceptedBody, Depends(mandates.revoke_mandate)],
) -> Response:
    """End a mandate."""
    return await accepted_at(parts, request, accepted)
