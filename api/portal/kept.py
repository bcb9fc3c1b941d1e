"""What we keep for a moment for whoever has a browser: a form that came too late, a new code."""

from fastapi import Request, Response

from api.pages.forms import Form
from api.portal.routing import below_the_language, take_cookie
from api.who import kept_cookie
from api.wiring import Wiring
from delivery.drafts import Draft


async def read(parts: Wiring, request: Request) -> Draft | None:
    """Return what is kept for this browser."""
    token = request.cookies.get(kept_cookie(parts.settings))
    return await parts.drafts.read(token) if token else None


async def page_of(parts: Wiring, request: Request) -> str | None:
    """Return the page whose form is kept, without its language; ``None`` when none is."""
    found = await read(parts, request)
    return next(iter(found.seen), None) if found else None


async def form_of(parts: Wiring, request: Request) -> Form:
    """Return what somebody typed on this page before their session had ended."""
    found = await read(parts, request)
    if found is None or below_the_language(request) not in found.seen:
        return {}
    return found.answers


async def forget(parts: Wiring, request: Request, answer: Response) -> None:
    """Destroy what is kept for this browser."""
    name = kept_cookie(parts.settings)
    if name in request.cookies:
        await parts.drafts.forget(request.cookies[name])
    take_cookie(parts, answer, name)
