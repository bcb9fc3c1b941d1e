"""To which cookie the forms on a page belong, also in a browser that has none yet.

Browsers that send no ``Sec-Fetch-Site`` do not tell whose page a form stands on. If what such a
form carries were the same for everybody without a cookie, another site could have somebody come in
to the case of its choice, and write there.
"""

import secrets as randomness
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from api.pages.cookies import leave_cookie, take_cookie
from api.who import visit_cookie
from api.wiring import Wiring
from settings.application import Settings

type CookieName = Callable[[Settings], str]


@dataclass(frozen=True, slots=True)
class Visit:
    """To what the forms belong that a browser is shown.

    Attributes:
        token: of its cookie; empty where it has none and needs none.
        is_new: the cookie is not there yet.
    """

    token: str
    is_new: bool = False


def visit_of(
    parts: Wiring, request: Request, cookie: CookieName | None, *, comes_in: bool
) -> Visit:
    """Return the visit of a browser.

    Args:
        cookie: of the session or draft to which the forms belong, where there is one.
        comes_in: whether they can open a case.
    """
    names = [it for it in (cookie, visit_cookie if comes_in else None) if it is not None]
    for name in names:
        if token := request.cookies.get(name(parts.settings)):
            return Visit(token)
    if not comes_in or "sec-fetch-site" in request.headers:
        return Visit("")
    return Visit(randomness.token_urlsafe(32), is_new=True)


def begin_visit(parts: Wiring, visit: Visit, answer: Response, form_token: str) -> None:
    """Leave the cookie of a visit that is new, if the page has a form."""
    if visit.is_new and isinstance(answer, HTMLResponse) and form_token.encode() in answer.body:
        leave_cookie(parts, answer, visit_cookie(parts.settings), visit.token)


def end_visit(parts: Wiring, request: Request, answer: Response) -> None:
    """Take the cookie of a visit away: a session takes its place."""
    name = visit_cookie(parts.settings)
    if name in request.cookies:
        take_cookie(parts, answer, name)
