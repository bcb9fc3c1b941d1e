"""The first page, help in danger, and the way out."""

import structlog
from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from api import register
from api.pages.cookies import take_cookie
from api.pages.rendering import STYLE, TEMPLATES
from api.portal.addresses import (
    CASE_OPEN,
    COMPLAINT,
    GUIDE,
    HELP,
    HOME,
    LEAVE,
    QUESTION,
    TOPICS,
    at,
)
from api.portal.entering import leave
from api.portal.routing import PublicRoute, go_to, page
from api.problems import language_of
from api.who import case_cookie, draft_cookie, kept_cookie, visit_cookie
from api.wiring import Parts, Wiring

_log = structlog.get_logger()

_DOORS = (
    ("complaint", COMPLAINT),
    ("question", QUESTION),
    ("guide", GUIDE),
    ("topics", TOPICS),
    ("case", CASE_OPEN),
)

router = APIRouter(route_class=PublicRoute, include_in_schema=False)


@router.get("/")
async def choose_language(request: Request) -> RedirectResponse:
    """Go to the first page in the language that the browser asks for."""
    return go_to(HOME, language_of(request))


@router.get(STYLE)
async def read_style() -> FileResponse:
    """Return what the pages look like."""
    return FileResponse(TEMPLATES / "pages" / "style.css", media_type="text/css")


@router.get("/favicon.ico")
async def read_icon() -> Response:
    """Give no icon: browsers keep those longer than their history."""
    return Response(status_code=204)


@router.get(HOME)
async def read_home(request: Request) -> Response:
    """Say what this is, and what can be done here."""
    language = language_of(request)
    doors = [{"name": name, "address": at(address, language)} for name, address in _DOORS]
    return page(request, "home", doors=doors)


@router.get(HELP)
async def read_help(parts: Parts, request: Request) -> Response:
    """Show whom to call; nothing is reported by us."""
    found = await register.list_helplines(parts, request, None)
    return page(request, "help", helplines=found.helplines)


leaving = APIRouter(include_in_schema=False)


@leaving.post(LEAVE)
async def leave_at_once(
    parts: Parts, request: Request, background: BackgroundTasks
) -> RedirectResponse:
    """Leave for a site that everybody visits; end what was open, and have the browser forget.

    No token is asked, and nothing is waited for: whoever wants to leave leaves. What was typed is
    gone.
    """
    away = RedirectResponse(parts.settings.quick_exit_url, status_code=303)
    away.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    for name in (case_cookie, draft_cookie, kept_cookie, visit_cookie):
        take_cookie(parts, away, name(parts.settings))
    background.add_task(_end_everything, parts, request)
    return away


async def _end_everything(parts: Wiring, request: Request) -> None:
    """End the session and forget the drafts, once somebody is away; they end by themselves, too."""
    try:
        await leave(parts, request, Response())
    except SQLAlchemyError as error:
        _log.warning("left_open", error=type(error).__name__)
