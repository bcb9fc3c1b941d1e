"""The desk: what needs somebody today, one case, and deciding in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import case_lists, cases
from api.answers import AcceptedBody, EntriesBody
from api.case_answers import CasesBody
from api.deciding import OneCaseBody
from api.desk.addresses import DESK
from api.desk.decision_forms import forms_for
from api.desk.pages import page
from api.desk.routing import DeskRoute, form_token_of
from api.desk.sign_in import provider_origin
from api.pages.forms import FORM_TOKEN, KEY
from api.pages.settling import is_settled, settled
from api.paging import Number
from api.problems import language_of
from api.who import SignedIn, Staff
from api.wire_format import Picture
from api.wiring import Parts, Wiring
from storage import directory

router = APIRouter(route_class=DeskRoute, include_in_schema=False)


@router.get(DESK)
async def list_cases(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    found: Annotated[CasesBody, Depends(case_lists.list_cases)],
) -> Response:
    """Show the cases of this reader, and what each waits for."""
    following = found.next and f"{DESK}?{found.next.partition('?')[2]}"
    return _page(parts, request, staff, "list", cases=found.cases, next=following)


@router.get(f"{DESK}/cases/{{number}}")
async def read_case(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    case: Annotated[OneCaseBody, Depends(cases.read_case)],
    entries: Annotated[EntriesBody, Depends(cases.read_entries)],
) -> Response:
    """Show the course of a case, as much of its file as this reader may see, and the forms."""
    async with parts.database.transaction() as session:
        colleagues = await directory.staff(session)
    return _page(
        parts,
        request,
        staff,
        "case",
        case=case,
        entries=entries.entries,
        next=entries.next and f"?{entries.next.partition('?')[2]}",
        names={row.id: row.name for row in colleagues},
        forms=forms_for(case, colleagues, language_of(request)),
    )


@router.get(f"{DESK}/cases/{{number}}/timeline", response_class=Picture)
async def read_timeline(picture: Annotated[Picture, Depends(cases.read_timeline)]) -> Picture:
    """Draw the clocks of a case."""
    return picture


@router.post(f"{DESK}/cases/{{number}}/decisions")
async def decide(
    number: str, accepted: Annotated[AcceptedBody, Depends(cases.decide)]
) -> RedirectResponse:
    """Decide, and go where it is told what became of that."""
    address = f"{DESK}/cases/{number}/decisions/{accepted.number}"
    return RedirectResponse(address, status_code=303)


@router.get(f"{DESK}/cases/{{number}}/decisions/{{entry}}")
async def read_decision(
    parts: Parts, staff: SignedIn, request: Request, number: str, entry: Number
) -> Response:
    """Tell what became of a decision; wait a little for that."""
    found = await settled(lambda: cases.read_entry(parts, staff, request, number, entry))
    known = is_settled(found)
    return _page(parts, request, staff, "decision", number=number, entry=found, settled=known)


def _page(parts: Wiring, request: Request, staff: Staff, name: str, **values: Any) -> Response:
    """Return a page for somebody who is signed in; each has a form to sign out."""
    return page(
        name,
        language_of(request),
        may_lead_to=[it for it in [provider_origin(parts)] if it],
        staff=staff,
        form_token=form_token_of(parts, request),
        form_token_name=FORM_TOKEN,
        key_name=KEY,
        **values,
    )
