"""What we keep for a moment for whoever has a browser: a form that came too late, a new code."""

from collections.abc import Mapping

from fastapi import Request, Response

from api.pages.cookies import forget_draft
from api.pages.forms import CASE_MARK, Form
from api.portal.routing import below_the_language
from api.who import kept_cookie
from api.wiring import Wiring
from delivery.drafts import Draft


async def read(parts: Wiring, request: Request) -> Draft | None:
    """Return what is kept for this browser."""
    token = request.cookies.get(kept_cookie(parts.settings))
    return await parts.drafts.read(token) if token else None


async def shown_once(parts: Wiring, request: Request, name: str) -> Mapping[str, str] | None:
    """Return the codes that are kept until somebody has noted them down, if ``name`` is one."""
    found = await read(parts, request)
    codes = found.receipt if found else None
    return codes if codes and name in codes else None


async def has_form(parts: Wiring, request: Request) -> bool:
    """Tell whether a form is kept for this browser, of whichever case."""
    found = await read(parts, request)
    return found is not None and bool(found.seen)


async def page_of(parts: Wiring, request: Request, case_number: str) -> str | None:
    """Return the page of a case whose form is kept, without its language; ``None`` for none."""
    found = await _of_case(parts, request, case_number)
    return next(iter(found.seen), None) if found else None


async def form_of(parts: Wiring, request: Request, case_number: str) -> Form:
    """Return what somebody typed on this page of a case before their session had ended."""
    found = await _of_case(parts, request, case_number)
    return found.answers if found and below_the_language(request) in found.seen[:1] else {}


async def _of_case(parts: Wiring, request: Request, case_number: str) -> Draft | None:
    found = await read(parts, request)
    return found if found and _belongs(parts, found, case_number) else None


def _belongs(parts: Wiring, found: Draft, case_number: str) -> bool:
    """Tell whether a form was filled in for this case: others may use the same browser."""
    return found.answers.get(CASE_MARK) == parts.secrets.case_mark(case_number)


async def forget(parts: Wiring, request: Request, answer: Response) -> None:
    """Destroy what is kept for this browser."""
    await forget_draft(parts, request, answer, kept_cookie(parts.settings))
