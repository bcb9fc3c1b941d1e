"""The institution's side: by the reply link on each letter, it reads what was addressed to it
and answers. It is heard, too.
"""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.paging import After, Limit, Number, page
from api.problems import Problem
from api.receiving import Incoming
from api.schemas import AcceptedBody, AddressedBody, EntryBody, ReplyBody
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber, InstitutionId
from domain.parties import Audience, Party
from settings.secrets import token_hash
from storage import access, directory
from storage.case_file import CaseFile, CaseNotFound, NewEntry
from storage.models import CaseRow, InstitutionRow

router = APIRouter(prefix="/institution-replies", route_class=StrictRoute, tags=["institution"])

_PREFIX = "/v1/institution-replies"


async def _case(session: AsyncSession, token: str) -> CaseRow:
    case = await access.case_of_reply_link(session, token_hash(token))
    if case is None:
        raise Problem(404, "reply-link-invalid")
    return case


async def _institution(session: AsyncSession, case: CaseRow) -> InstitutionRow:
    found = await directory.institution(session, InstitutionId(case.institution_id))
    if found is None:
        raise CaseNotFound
    return found


@router.get("/{token}")
async def read_what_was_addressed(
    parts: Parts, token: str, after: After = 0, limit: Limit = 50
) -> AddressedBody:
    """Show what was addressed to the institution, and what it answered."""
    async with parts.database.transaction() as session:
        case = await _case(session, token)
        institution = await _institution(session, case)
        entries = await CaseFile(session, parts.vault, parts.clock).entries_for(
            CaseId(case.id), Party.INSTITUTION, EntryNumber(after), limit
        )
    shown = page(entries, limit, f"{_PREFIX}/{token}", institution.language)
    return AddressedBody(
        case_number=case.number,
        institution=presenting.institution_body(institution),
        entries=shown.entries,
        next=shown.next,
    )


@router.post("/{token}", status_code=202)
async def reply(parts: Parts, incoming: Incoming, token: str, body: ReplyBody) -> AcceptedBody:
    """Answer the complaint; the complainant and the mediator read the answer."""
    async with parts.database.transaction() as session:
        case = CaseId((await _case(session, token)).id)
    entry = NewEntry(
        kind=EntryKind.INSTITUTION_REPLY,
        author=Party.INSTITUTION,
        audience=Audience.BOTH_SIDES,
        body={"text": body.text},
    )
    return await incoming.entry(case, entry, f"{_PREFIX}/{token}/entries")


@router.get("/{token}/entries/{number}")
async def read_entry(parts: Parts, token: str, number: Number) -> EntryBody:
    """Show one entry: ``status`` tells what became of it."""
    async with parts.database.transaction() as session:
        case = await _case(session, token)
        institution = await _institution(session, case)
        found = await CaseFile(session, parts.vault, parts.clock).entry_for(
            CaseId(case.id), Party.INSTITUTION, EntryNumber(number)
        )
    if found is None:
        raise Problem(404, "not-found")
    return presenting.entry_body(found, institution.language)
