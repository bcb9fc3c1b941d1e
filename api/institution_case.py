"""The institution's side by a short session: it is heard, too.

The token of a reply link is exchanged once, in a body, so that no address that a browser or a
proxy keeps opens the case.
"""

import secrets as randomness
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter

from api import addressed
from api.answers import AcceptedBody, EntryBody, LettersBody, SessionBody
from api.documentation import may_refuse
from api.downloads import PAPER_ANSWERS, Paper
from api.institution_answers import AddressedBody
from api.letters import printed_letter
from api.paging import After, Limit, Number
from api.receiving import Incoming
from api.schemas import ExtensionBody, ReplyBody, ReplyTokenBody
from api.who import Addressee, case_of_link
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId
from domain.parties import Party
from settings.secrets import token_hash
from storage import access

SESSION_LIFETIME = timedelta(minutes=60)
"""Longer than a complainant's: an institution may look things up while it answers."""

router = APIRouter(route_class=StrictRoute, tags=["institution"])

_PREFIX = "/v1/institution-case"
_ENTRIES = f"{_PREFIX}/entries"
_ME = Party.INSTITUTION


@router.post("/institution-sessions", status_code=201, responses=may_refuse(404, 429))
async def open_session(parts: Parts, body: ReplyTokenBody) -> SessionBody:
    """Exchange the token of a reply link for a session of one hour."""
    case = await case_of_link(parts, body.token)
    now, token = parts.clock(), randomness.token_urlsafe(32)
    expires_at = now + SESSION_LIFETIME
    async with parts.database.transaction() as session:
        await access.add_institution_session(
            session, token_hash(token), CaseId(case.id), now, expires_at
        )
    return SessionBody(token=token, expires_at=expires_at)


@router.get("/institution-case")
async def read_what_was_addressed(
    parts: Parts, case: Addressee, after: After = 0, limit: Limit = 50
) -> AddressedBody:
    """Show what was addressed to the institution, and what it answered."""
    return await addressed.what_was_addressed(parts, case, _PREFIX, after, limit)


@router.get("/institution-case/entries/{number}")
async def read_entry(parts: Parts, case: Addressee, number: Number) -> EntryBody:
    """Show one entry: ``status`` tells what became of it."""
    return await addressed.one_entry(parts, case, number)


@router.get("/institution-case/letters")
async def read_letters(parts: Parts, case: Addressee) -> LettersBody:
    """List the letters that were sent to the institution, oldest first."""
    return await addressed.letters_sent(parts, case)


@router.get(
    "/institution-case/letters/{letter_id}/pdf", response_class=Paper, responses=PAPER_ANSWERS
)
async def print_letter(parts: Parts, case: Addressee, letter_id: UUID) -> Paper:
    """Give one letter that was sent to the institution on paper."""
    return await printed_letter(parts, CaseId(case.id), _ME, letter_id)


@router.post("/institution-case/replies", status_code=202)
async def reply(incoming: Incoming, case: Addressee, body: ReplyBody) -> AcceptedBody:
    """Answer the complaint."""
    return await addressed.says(incoming, case, EntryKind.INSTITUTION_REPLY, body.text, _ENTRIES)


@router.post("/institution-case/extensions", status_code=202)
async def take_more_time(incoming: Incoming, case: Addressee, body: ExtensionBody) -> AcceptedBody:
    """Take more time, with the reason, before the term ends.

    The law gives it once; a further time needs the complainant's consent.
    """
    details = EntryDetails(until=body.until)
    kind = EntryKind.INSTITUTION_EXTENSION
    return await addressed.says(incoming, case, kind, body.text, _ENTRIES, details)


@router.post("/institution-case/objections", status_code=202)
async def object_(incoming: Incoming, case: Addressee, body: ReplyBody) -> AcceptedBody:
    """Object to taking part, or to how it is done. Taking part in mediation is voluntary."""
    kind = EntryKind.INSTITUTION_OBJECTION
    return await addressed.says(incoming, case, kind, body.text, _ENTRIES)


@router.post("/institution-case/corrections", status_code=202)
async def correct_facts(incoming: Incoming, case: Addressee, body: ReplyBody) -> AcceptedBody:
    """Correct a fact. The term runs on: an answer is still awaited."""
    kind = EntryKind.INSTITUTION_CORRECTION
    return await addressed.says(incoming, case, kind, body.text, _ENTRIES)
