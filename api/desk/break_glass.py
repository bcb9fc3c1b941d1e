"""Break-glass at the desk: asking to read a case, answering as the second person, and reading."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import break_glass
from api.answers import AcceptedBody, AttachmentBody, EntriesBody
from api.break_glass import BreakGlassBody, BreakGlassListBody
from api.desk.addresses import BREAK_GLASS
from api.desk.routing import DeskRoute
from api.desk.staff_pages import names_of_staff, staff_page
from api.pages import rendering
from api.pages.fields import Control, Field
from api.paging import After, Limit
from api.problems import Problem, language_of
from api.who import SignedIn, Staff
from api.wiring import Parts, Wiring
from catalogues.texts import text
from domain.languages import Language
from domain.reading import READABLE_FOR, UNANSWERED_FOR, GlassState, ReadingScope
from domain.staff import Role

_REQUEST = f"{BREAK_GLASS}/{{glass_id}}"
_TEXTS = f"{_REQUEST}/texts"
_TIMES = {"minutes": READABLE_FOR.seconds // 60, "hours": UNANSWERED_FOR.days * 24}

router = APIRouter(route_class=DeskRoute, include_in_schema=False)

Requests = Annotated[BreakGlassListBody, Depends(break_glass.list_requests)]


async def reading_of(
    parts: Wiring, staff: Staff, request: Request, number: str
) -> BreakGlassListBody | None:
    """Return the requests to read a case, for whoever may know of them."""
    if Role.SUPERVISOR not in staff.roles:
        return None
    return await break_glass.list_requests(parts, staff, request, number)


@router.get(BREAK_GLASS)
async def read_requests(
    parts: Parts, staff: SignedIn, request: Request, number: str, glass: Requests
) -> Response:
    """Show the requests to read a case, and the form to ask for it."""
    return staff_page(
        parts,
        request,
        staff,
        "break_glass",
        number=number,
        glass=glass,
        names=await names_of_staff(parts),
        **_form(request, _to_ask(language_of(request))),
    )


@router.post(BREAK_GLASS)
async def ask(
    number: str, _: Annotated[AcceptedBody, Depends(break_glass.ask_to_read)]
) -> RedirectResponse:
    """Ask to read a case, and show that the request waits."""
    return RedirectResponse(BREAK_GLASS.format(number=number), status_code=303)


@router.get(_REQUEST)
async def read_request(
    parts: Parts, staff: SignedIn, request: Request, number: str, glass_id: UUID, glass: Requests
) -> Response:
    """Show one request, with what the reader can do about it."""
    return staff_page(
        parts,
        request,
        staff,
        "break_glass_request",
        number=number,
        glass=glass,
        one=_one_of(glass, glass_id),
        names=await names_of_staff(parts),
        **_form(request, _to_answer(language_of(request))),
    )


@router.post(_REQUEST)
async def answer(
    number: str,
    glass_id: UUID,
    _: Annotated[AcceptedBody, Depends(break_glass.answer_request)],
) -> RedirectResponse:
    """Answer a request, and show how it stands."""
    return _to_request(number, glass_id)


@router.post(_TEXTS)
async def open_texts(
    number: str, glass_id: UUID, _: Annotated[EntriesBody, Depends(break_glass.read_texts)]
) -> RedirectResponse:
    """Open what was asked for, which is noted, and show it."""
    return RedirectResponse(_TEXTS.format(number=number, glass_id=glass_id), status_code=303)


@router.get(_TEXTS)
async def read_texts(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    background: BackgroundTasks,
    number: str,
    glass_id: UUID,
    glass: Requests,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """Show what was asked for; before it was opened, the page with the form that does so.

    A mere link, on whatever page, opens nothing.
    """
    one = _one_of(glass, glass_id)
    if _waits_to_be_opened(one):
        return _to_request(number, glass_id)
    found = await break_glass.read_texts(
        parts, staff, request, background, number, glass_id, after, limit
    )
    return staff_page(
        parts,
        request,
        staff,
        "break_glass_texts",
        number=number,
        one=one,
        entries=[entry for entry in found.entries if entry.body],
        next=found.next and f"?{found.next.partition('?')[2]}",
        files=await _files(parts, staff, request, background, number, one),
    )


@router.get(f"{_REQUEST}/attachments/{{attachment_id}}")
async def read_attachment(
    parts: Parts,
    staff: SignedIn,
    background: BackgroundTasks,
    number: str,
    glass_id: UUID,
    attachment_id: UUID,
    glass: Requests,
) -> Response:
    """Give the clean copy of a file, once what was asked for was opened."""
    if _waits_to_be_opened(_one_of(glass, glass_id)):
        return _to_request(number, glass_id)
    return await break_glass.read_attachment(
        parts, staff, background, number, glass_id, attachment_id
    )


def _waits_to_be_opened(one: BreakGlassBody) -> bool:
    return one.may_read and one.state is not GlassState.READ


def _to_request(number: str, glass_id: UUID) -> RedirectResponse:
    return RedirectResponse(_REQUEST.format(number=number, glass_id=glass_id), status_code=303)


def _one_of(glass: BreakGlassListBody, glass_id: UUID) -> BreakGlassBody:
    one = next((one for one in glass.requests if one.id == glass_id), None)
    if one is None:
        raise Problem(404, "not-found")
    return one


async def _files(
    parts: Wiring,
    staff: Staff,
    request: Request,
    background: BackgroundTasks,
    number: str,
    one: BreakGlassBody,
) -> Sequence[AttachmentBody]:
    """Return the files of a case, which belong to its story."""
    if one.scope is not ReadingScope.STORY:
        return ()
    found = await break_glass.list_attachments(parts, staff, request, background, number, one.id)
    return found.attachments


def _form(request: Request, fields: Sequence[Field]) -> Mapping[str, Any]:
    """Return what a page needs to show a form, and what was refused of it."""
    return {
        "fields": fields,
        "key": str(uuid4()),
        "times": _TIMES,
        **rendering.form_of(request),
    }


def _to_ask(language: Language) -> Sequence[Field]:
    scopes = [(it.value, text(language, f"desk.glass.scope.{it}")) for it in ReadingScope]
    return (
        Field(
            name="scope",
            label=text(language, "desk.glass.scope"),
            control=Control.RADIO,
            needed=True,
            choices=scopes,
        ),
        _reason(language, needed=True),
    )


def _to_answer(language: Language) -> Sequence[Field]:
    answers = [(it, text(language, f"desk.glass.answer.{it}")) for it in ("true", "false")]
    return (
        Field(
            name="approve:boolean",
            label=text(language, "desk.glass.answer"),
            control=Control.RADIO,
            needed=True,
            choices=answers,
        ),
        _reason(language, needed=False),
    )


def _reason(language: Language, *, needed: bool) -> Field:
    return Field(
        name="reason",
        label=text(language, "desk.item.reason"),
        control=Control.TEXT,
        needed=needed,
        hint=text(language, "desk.readers.complainant"),
    )
