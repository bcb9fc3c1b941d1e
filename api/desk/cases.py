"""The desk: what needs somebody today, one case, and deciding in it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api import case_lists, cases, previews
from api.answers import AcceptedBody, AttachmentBody, EntriesBody
from api.attachments import CleanCopy
from api.case_answers import CasesBody, CountsBody, FoundBody
from api.case_lists import CaseQuery, Reader, SearchBody
from api.deciding import OneCaseBody
from api.desk.addresses import DECIDE, DESK
from api.desk.break_glass import reading_of
from api.desk.decision_forms import forms_for
from api.desk.routing import DeskRoute
from api.desk.staff_pages import staff_page
from api.pages import rendering
from api.pages.refusing import refused_form, typed_form
from api.pages.settling import is_settled, settled
from api.paging import Number
from api.previews import PreviewBody
from api.problems import Problem, language_of
from api.who import SignedIn, Staff
from api.wire_format import Picture
from api.wiring import Parts, Wiring
from domain.matter import Matter
from domain.staff import Role
from storage import directory
from workflows.saved_queries import course_of

_VIEWS = (
    ("needs_me", "needsMe=true"),
    ("all", ""),
    ("overdue", "overdue=true"),
    ("danger", "danger=true"),
    ("closed_too", "closed=true"),
)
"""What the list can be narrowed to, and the query of that."""

_ON_A_PAGE = 25
"""Cases; a list of more would be heavy for a slow line."""

router = APIRouter(route_class=DeskRoute, include_in_schema=False)


async def _some_cases(
    parts: Parts, reader: Reader, request: Request, query: Annotated[CaseQuery, Query()]
) -> CasesBody:
    """List as many cases as one page shows."""
    told = "limit" in query.model_fields_set
    fewer = query if told else query.model_copy(update={"limit": _ON_A_PAGE})
    return await case_lists.list_cases(parts, reader, request, fewer)


@router.get(DESK)
async def list_cases(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    found: Annotated[CasesBody, Depends(_some_cases)],
    counts: Annotated[CountsBody, Depends(case_lists.count_cases)],
) -> Response:
    """Show the cases of this reader, what each waits for, and how many need somebody."""
    following = found.next and f"{DESK}?{found.next.partition('?')[2]}"
    query = request.url.query
    return _list(parts, request, staff, found, counts, next=following, query=query, words="")


@router.post(f"{DESK}/search")
async def search(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    body: SearchBody,
    found: Annotated[FoundBody, Depends(case_lists.search_cases)],
    counts: Annotated[CountsBody, Depends(case_lists.count_cases)],
) -> Response:
    """Show the cases that a search finds; what was looked for stands in no address."""
    return _list(parts, request, staff, found, counts, next=None, query=None, words=body.words)


@router.get(f"{DESK}/cases/{{number}}")
async def read_case(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    number: str,
    case: Annotated[OneCaseBody, Depends(cases.read_case)],
    entries: Annotated[EntriesBody, Depends(cases.read_entries)],
) -> Response:
    """Show the course of a case, as much of its file as this reader may see, and the forms."""
    async with parts.database.transaction() as session:
        colleagues = await directory.staff(session)
    return staff_page(
        parts,
        request,
        staff,
        "case",
        case=case,
        entries=entries.entries,
        next=entries.next and f"?{entries.next.partition('?')[2]}",
        names={row.id: row.name for row in colleagues},
        files=await _files(parts, staff, request, number, case),
        course=_in_temporal(parts, staff, case),
        forms=forms_for(case, colleagues, language_of(request)),
        glass=await reading_of(parts, staff, request, number),
    )


@router.get(f"{DESK}/cases/{{number}}/timeline", response_class=Picture)
async def read_timeline(picture: Annotated[Picture, Depends(cases.read_timeline)]) -> Picture:
    """Draw the clocks of a case."""
    return picture


@router.get(f"{DESK}/cases/{{number}}/attachments/{{attachment_id}}")
async def read_attachment(copy: Annotated[CleanCopy, Depends(cases.read_attachment)]) -> Response:
    """Give the clean copy of a file."""
    return copy


@router.post(f"{DESK}/cases/{{number}}/decisions")
async def decide(
    number: str, accepted: Annotated[AcceptedBody, Depends(cases.decide)]
) -> RedirectResponse:
    """Decide, and go where it is told what became of that."""
    address = f"{DESK}/cases/{number}/decisions/{accepted.number}"
    return RedirectResponse(address, status_code=303)


@router.post(f"{DESK}/cases/{{number}}/decisions/preview")
async def preview(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    number: str,
    shown: Annotated[PreviewBody, Depends(previews.preview_decision)],
) -> Response:
    """Show which letters a decision would cause."""
    typed = typed_form(request)
    return staff_page(parts, request, staff, "preview", number=number, preview=shown, typed=typed)


@router.post(DECIDE)
async def change(
    parts: Parts, staff: SignedIn, request: Request, number: str, decision: str
) -> Response:
    """Show the form of a decision again, with what was typed."""
    return await read_form_of(parts, staff, request, number, decision)


@router.get(DECIDE)
async def read_form_of(
    parts: Parts, staff: SignedIn, request: Request, number: str, decision: str
) -> Response:
    """Show the form of one decision."""
    case = await cases.read_case(parts, staff, request, number)
    language, refused = language_of(request), refused_form(request)
    async with parts.database.transaction() as session:
        colleagues = await directory.staff(session)
    forms = forms_for(case, colleagues, language)
    form = next((one for one in forms if one.decision.value == decision), None)
    if form is None:
        raise refused.problem if refused else Problem(404, "not-found")
    return staff_page(
        parts,
        request,
        staff,
        "decide",
        number=number,
        form=form,
        **rendering.form_of(request, typed_form(request)),
    )


@router.get(f"{DESK}/cases/{{number}}/decisions/{{entry}}")
async def read_decision(
    parts: Parts, staff: SignedIn, request: Request, number: str, entry: Number
) -> Response:
    """Tell what became of a decision; wait a little for that."""
    found = await settled(lambda: cases.read_entry(parts, staff, request, number, entry))
    known = is_settled(found)
    return staff_page(parts, request, staff, "decision", number=number, entry=found, settled=known)


async def _files(
    parts: Wiring, staff: Staff, request: Request, number: str, case: OneCaseBody
) -> Sequence[AttachmentBody]:
    """Return the files of a case, for its mediator; nobody else reads them."""
    holder = case.adviser_id if case.matter is Matter.QUESTION else case.mediator_id
    if holder != staff.id:
        return ()
    return (await cases.list_attachments(parts, staff, request, number)).attachments


def _in_temporal(parts: Wiring, staff: Staff, case: OneCaseBody) -> str | None:
    """Return where a supervisor finds the course of a case in the Temporal UI."""
    settings = parts.settings
    if Role.SUPERVISOR not in staff.roles or not settings.temporal_ui_url:
        return None
    query = course_of(case.case_number, case.matter)
    return query.url(settings.temporal_ui_url, settings.temporal_namespace)


def _list(
    parts: Wiring,
    request: Request,
    staff: Staff,
    found: CasesBody | FoundBody,
    counts: CountsBody,
    **values: Any,
) -> Response:
    return staff_page(
        parts, request, staff, "list", cases=found.cases, counts=counts, views=_VIEWS, **values
    )
