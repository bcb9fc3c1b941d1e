"""A complainant's own case as pages: coming in with the code, where it stands, and leaving."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import my_case, receipt_codes
from api.answers import LettersBody, MyCaseBody
from api.pages.fields import Control
from api.pages.refusing import typed_form
from api.portal import kept
from api.portal.actions import ACTIONS, YOUR_TURN, YOUR_TURN_IN_A_QUESTION, is_open
from api.portal.addresses import (
    ATTACHMENTS,
    CASE,
    CASE_LANGUAGE,
    CASE_OPEN,
    CONSENT,
    DOSSIER,
    DOSSIER_PDF,
    ERASURE,
    EXPORT,
    HELPERS,
    HOME,
    INTO_COMPLAINT,
    LOST_CODE,
    NEW_CODE,
    STOP,
    STOP_REQUEST,
    TIMELINE,
    at,
)
from api.portal.becoming import may_become_complaint
from api.portal.case_pages import MyCase, case_page
from api.portal.entering import enter, leave
from api.portal.questionnaire import Item
from api.portal.routing import CaseRoute, go_to, is_kept_now, page
from api.problems import Problem, language_of
from api.receiving import Incoming
from api.schemas import LanguageBody, SessionRequest
from api.who import Complainant, case_cookie
from api.wire_format import Picture
from api.wiring import Parts
from catalogues.texts import text
from domain.languages import SPOKEN, Language
from domain.matter import Matter
from domain.stages import Stage
from domain.waits import Wait
from settings.secrets import token_hash
from storage import access

NEWEST = 3
"""How many letters stand on the first page of a case."""

TAKE_AWAY = (
    ("portal.dossier", DOSSIER),
    ("portal.dossier.pdf", DOSSIER_PDF),
    ("portal.export", EXPORT),
)
"""What somebody can take along: its words, and where it is."""

_COURSE = (
    Stage.RECEIVED,
    Stage.FINDING_MEDIATOR,
    Stage.AWAITING_CONSENT,
    Stage.AWAITING_INSTITUTION,
    Stage.HEARING_BOTH_SIDES,
    Stage.OUTCOME_PROPOSED,
    Stage.CLOSED,
)
_WITH_THE_INSTITUTION = {Stage.AWAITING_CONSENT, Stage.AWAITING_INSTITUTION}
_PAGE_OF_A_CASE = re.compile(r"/case(/[a-z0-9_-]+)*")

router = APIRouter(route_class=CaseRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Link:
    """What can be done, and where."""

    words: str
    address: str


@router.get(CASE_OPEN)
async def ask_for_the_code(parts: Parts, request: Request) -> Response:
    """Ask for the code."""
    language = language_of(request)
    token = request.cookies.get(case_cookie(parts.settings))
    opened = None
    if token is not None:
        async with parts.database.transaction() as session:
            opened = await access.opened_by_session(session, token_hash(token), parts.clock())
    code = Item("receiptCode", Control.LINE, needed=True, limit=300)
    return page(
        request,
        "code",
        field=code.shown(language),
        open_address=at(CASE_OPEN, language),
        lost_code=at(LOST_CODE, language),
        is_open=opened is not None,
        ended=token is not None and opened is None,
        kept=is_kept_now(request) or await kept.has_form(parts, request),
    )


@router.post(CASE_OPEN)
async def open_case(parts: Parts, request: Request, body: SessionRequest) -> Response:
    """Open the case of a code, where somebody was when their session ended."""
    return await enter(parts, request, body.receipt_code)


@router.get(CASE)
async def read_case(
    parts: Parts,
    request: Request,
    case: MyCase,
    found: Annotated[LettersBody, Depends(my_case.read_letters)],
) -> Response:
    """Show where the case stands, who is waited for, until when, and what if nobody acts."""
    language = language_of(request)
    return case_page(
        request,
        "case",
        case,
        course=course_of(case),
        turn=_turn(case, language),
        last_day=_last_day(case),
        letter_waits=_letter_waits(case),
        advice_only=case.matter is Matter.COMPLAINT and not case.consents,
        letters=found.letters[::-1][:NEWEST],
        links=_links(case, language),
        consent_at=at(CONSENT, language, purpose=""),
        timeline=at(TIMELINE, language),
        code_requests=[
            (one, at(STOP_REQUEST, language, request_id=one.id)) for one in case.code_requests
        ],
        take_away=[
            Link(key, at(address, language)) for key, address in TAKE_AWAY if not case.read_by
        ],
        helpers=at(HELPERS, language),
    )


@router.get(TIMELINE, response_class=Picture)
async def read_timeline(picture: Annotated[Picture, Depends(my_case.read_timeline)]) -> Picture:
    """Draw the clocks of the case."""
    return picture


@router.post(CASE_LANGUAGE)
async def set_language(request: Request, incoming: Incoming, case: Complainant) -> Response:
    """Speak another language with whoever has this case, from this page on."""
    typed = typed_form(request)
    wanted, here = typed.get("language", ""), typed.get("page", "")
    if wanted not in SPOKEN or not _PAGE_OF_A_CASE.fullmatch(here):
        raise Problem(400, "invalid-request")
    language = Language(wanted)
    await my_case.set_language(incoming, case, LanguageBody(language=language))
    return go_to(f"{HOME}{here}", language)


@router.post(STOP)
async def stop(parts: Parts, request: Request) -> RedirectResponse:
    """End the session, and go to the first page."""
    answer = go_to(HOME, language_of(request))
    await leave(parts, request, answer)
    return answer


@router.post(STOP_REQUEST, dependencies=[Depends(receipt_codes.stop_request)])
async def stop_request(request: Request, request_id: UUID) -> Response:
    """Stop a request for a new code that somebody else may have made."""
    return go_to(CASE, language_of(request))


def course_of(case: MyCaseBody) -> list[tuple[str, Stage]]:
    """Return the stages of a case, and of each whether it is done, now, or next.

    What was passed over is not known after a closure, so it is not told then.
    """
    now = case.stage.code
    if now is Stage.CLOSED:
        return [("done", Stage.RECEIVED), ("now", now)]
    ahead = [it for it in _COURSE if case.consents or it not in _WITH_THE_INSTITUTION]
    if now not in ahead:
        return [("now", now)]
    place = ahead.index(now)
    states = ["done"] * place + ["now"] + ["next"] * (len(ahead) - place - 1)
    return list(zip(states, ahead, strict=True))


def _turn(case: MyCaseBody, language: Language) -> Link | None:
    """Return what the complainant is waited for to do, if anything."""
    wait = case.waiting_for
    if wait is None or not is_open(case):
        return None
    if wait.code is Wait.COMPLAINANT_CONSENTS and not case.read_by:
        lacking = [one for one in case.consents if one.needed and not one.given]
        if not lacking:
            return None
        return Link(lacking[0].title, at(CONSENT, language, purpose=lacking[0].purpose))
    turns = YOUR_TURN if case.matter is Matter.COMPLAINT else YOUR_TURN_IN_A_QUESTION
    name = turns.get(wait.code)
    action = next((one for one in ACTIONS if one.name == name and one.is_open_to(case)), None)
    return action and Link(text(language, action.words), at(action.address, language))


def _last_day(case: MyCaseBody) -> date | None:
    """Return the last day on which something is waited for; none while its time stands still."""
    wait = case.waiting_for
    if wait and wait.still_since:
        return None
    return next((one.last_day for one in case.clocks if wait and one.code is wait.code), None)


def _letter_waits(case: MyCaseBody) -> bool:
    """Tell whether the first letter to the institution waits for the complainant to be safe.

    The institution's own clock never stands still, so it has none when it has no letter.
    """
    wait = case.waiting_for
    if wait is None or wait.code is not Wait.INSTITUTION_REPLIES or not case.in_danger:
        return False
    return all(clock.code is not wait.code for clock in case.clocks)


def _links(case: MyCaseBody, language: Language) -> Sequence[Link]:
    """Return what can be done now."""
    found = [(one.words, one.address) for one in ACTIONS if one.is_open_to(case)]
    if may_become_complaint(case) and not case.read_by:
        found.append(("portal.into_complaint", INTO_COMPLAINT))
    if is_open(case):
        found.append(("portal.attachments.add", ATTACHMENTS))
    if not case.read_by:
        found += [
            ("portal.helpers", HELPERS),
            ("portal.new_code", NEW_CODE),
            ("portal.erasure", ERASURE),
        ]
    return [Link(text(language, key), at(address, language)) for key, address in found]
