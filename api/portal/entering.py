"""Coming in to a case with its code, by a cookie."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api import sessions
from api.my_case_gathering import my_case_of
from api.pages.cookies import forget_draft, leave_cookie, take_cookie
from api.pages.visits import end_visit
from api.portal import kept
from api.portal.addresses import CASE, HOME
from api.portal.routing import go_to
from api.schemas import SessionRequest
from api.who import case_cookie, draft_cookie, kept_cookie
from api.wiring import Wiring
from settings.secrets import token_hash
from storage import access


async def enter(parts: Wiring, request: Request, code: str) -> RedirectResponse:
    """Open a session and go to the case, in the language that its owner chose.

    Whoever was on a page of it when their session ended comes back there.

    Raises:
        Problem: when the code opens none.
    """
    body = SessionRequest.model_validate({"receiptCode": code})
    session = await sessions.open_session(parts, body)
    async with parts.database.transaction() as reading:
        opened = await access.opened_by_session(reading, token_hash(session.token), parts.clock())
        assert opened is not None  # noqa: S101 - it was opened just now
        found = await my_case_of(parts, reading, opened.case)
    page = await kept.page_of(parts, request, found.case_number)
    answer = go_to(f"{HOME}{page}" if page else CASE, found.language)
    leave_cookie(parts, answer, case_cookie(parts.settings), session.token)
    end_visit(parts, request, answer)
    await _forget_codes(parts, request, answer)
    return answer


async def _forget_codes(parts: Wiring, request: Request, answer: Response) -> None:
    """Forget the codes that we keep for this browser: whoever has a code needs them no more."""
    for name in (draft_cookie(parts.settings), kept_cookie(parts.settings)):
        token = request.cookies.get(name)
        draft = await parts.drafts.read(token) if token else None
        if draft is not None and draft.receipt is not None:
            await forget_draft(parts, request, answer, name)


async def leave(parts: Wiring, request: Request, answer: Response) -> None:
    """End the session of this browser, and forget everything that we keep for it."""
    name = case_cookie(parts.settings)
    if name in request.cookies:
        async with parts.database.transaction() as session:
            await access.end_session(session, token_hash(request.cookies[name]))
    take_cookie(parts, answer, name)
    for kept_under in (kept_cookie, draft_cookie):
        await forget_draft(parts, request, answer, kept_under(parts.settings))
