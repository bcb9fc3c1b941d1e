"""What we keep for a moment for whoever has a browser: a form that came too late, a new code."""

from fastapi import Request, Response

from api.pages.forms import CASE_MARK, Form
from api.portal.routing import below_the_language, take_cookie
from api.who import kept_cookie
from api.wiring import Wiring
from delivery.drafts import Draft


async def read(parts: Wiring, request: Request) -> Draft | None:
    """Return what is kept for this browser."""
    token = request.cookies.get(kept_cookie(parts.settings))
    return await parts.drafts.read(token) if token else None


async def has_form(parts: Wiring, request: Request) -> bool:
    """Tell whether a form is kept for this browser, of whichever case."""
    found = await read(parts, request)
    return found is not None and bool(found.seen)


async def page_of(parts: Wiring, request: Request, case_number: str) -> str | None:
    """Return the page of a case whose form is kept, without its language; ``None`` for none."""
    found = await read(parts, request)
    if found is None or not _belongs(parts, found, case_number):
        return None
    return next(iter(found.seen), None)


async def form_of(parts: Wiring, request: Request, case_number: str) -> Form:
    """Return what somebody typed on this page of a case before their session had ended."""
    if await page_of(parts, request, case_number) != below_the_language(request):
        return {}
    found = await read(parts, request)
    return found.answers if found else {}


def _belongs(parts: Wiring, found: Draft, case_number: str) -> bool:
    """Tell whether a form was filled in for this case: others may use the same browser."""
    return found.answers.get(CASE_MARK) == parts.secrets.case_mark(case_number)


async def forget(parts: Wiring, request: Request, answer: Response) -> None:
    """Destroy what is kept for this browser."""
    name = kept_cookie(parts.settings)
    if name in request.cookies:
        await parts.drafts.forget(request.cookies[name])
    take_cookie(parts, answer, name)
