"""Coming in to a case with its code, by a cookie."""

from fastapi.responses import RedirectResponse

from api import my_case, sessions
from api.portal.addresses import CASE
from api.portal.routing import go_to, leave_cookie
from api.schemas import SessionRequest
from api.who import case_cookie
from api.wiring import Wiring
from settings.secrets import token_hash
from storage import access


async def enter(parts: Wiring, code: str) -> RedirectResponse:
    """Open a session and go to the case, in the language that its owner chose.

    Raises:
        Problem: when the code opens none.
    """
    body = SessionRequest.model_validate({"receiptCode": code})
    session = await sessions.open_session(parts, body)
    async with parts.database.transaction() as reading:
        case = await access.case_of_session(reading, token_hash(session.token), parts.clock())
    assert case is not None  # noqa: S101 - it was opened just now
    found = await my_case.read_my_case(parts, case)
    answer = go_to(CASE, found.language)
    leave_cookie(parts, answer, case_cookie(parts.settings), session.token)
    return answer
