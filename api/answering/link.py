"""The link in a letter: what it is, coming in by it, and leaving.

Opening the link changes nothing: programs that look for harmful mail open it, too.
"""

from fastapi import APIRouter, Request, Response

from api import institution_case
from api.answering.addresses import CASE, LINK, OPEN, STOP
from api.answering.routing import AnsweringRoute, closed_page, page
from api.pages.cookies import leave_cookie, take_cookie
from api.pages.visits import end_visit
from api.portal.addresses import at
from api.portal.routing import go_to
from api.problems import language_of
from api.schemas import ReplyTokenBody
from api.who import case_of_link, institution_cookie
from api.wiring import Parts
from settings.secrets import token_hash
from storage import access

router = APIRouter(route_class=AnsweringRoute, include_in_schema=False)


@router.get(LINK)
async def read_link(parts: Parts, request: Request, token: str) -> Response:
    """Say what this is, and offer to come in."""
    await case_of_link(parts, token)
    return page(request, "link", token=token, open_address=at(OPEN, language_of(request)))


@router.get(OPEN)
async def say_how_to_come_in(request: Request) -> Response:
    """Say that the link in a letter leads here."""
    return closed_page(request)


@router.post(OPEN)
async def come_in(parts: Parts, request: Request, body: ReplyTokenBody) -> Response:
    """Exchange the token of a link for a session, and go where no address has a token in it."""
    session = await institution_case.open_session(parts, body)
    answer = go_to(CASE, language_of(request))
    leave_cookie(parts, answer, institution_cookie(parts.settings), session.token)
    end_visit(parts, request, answer)
    return answer


@router.post(STOP)
async def stop(parts: Parts, request: Request) -> Response:
    """End the session of this browser."""
    name = institution_cookie(parts.settings)
    async with parts.database.transaction() as session:
        await access.end_institution_session(session, token_hash(request.cookies.get(name, "")))
    answer = go_to(OPEN, language_of(request))
    take_cookie(parts, answer, name)
    return answer
