"""What an institution may do in one case: read what was addressed to it, and answer."""

from api import presenting
from api.answers import AcceptedBody, AddressedBody, EntryBody
from api.paging import page
from api.problems import Problem
from api.receiving import Handover
from api.wiring import Wiring
from domain.entries import NO_DETAILS, EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.parties import Audience, Party
from storage import directory
from storage.case_file import CaseFile, NewEntry
from storage.models import CaseRow


async def what_was_addressed(
    parts: Wiring, case: CaseRow, address: str, after: int, limit: int
) -> AddressedBody:
    """Show what was addressed to the institution, and what it answered."""
    async with parts.database.transaction() as session:
        institution = await directory.institution_of(session, case)
        entries = await CaseFile(session, parts.vault, parts.clock).entries_for(
            CaseId(case.id), Party.INSTITUTION, EntryNumber(after), limit
        )
    shown = page(entries, limit, address, institution.language)
    return AddressedBody(
        case_number=case.number,
        institution=presenting.institution_body(institution),
        entries=shown.entries,
        next=shown.next,
    )


async def one_entry(parts: Wiring, case: CaseRow, number: int) -> EntryBody:
    """Show one entry: ``status`` tells what became of it.

    Raises:
        Problem: when there is none, or it is not for the institution.
    """
    async with parts.database.transaction() as session:
        institution = await directory.institution_of(session, case)
        found = await CaseFile(session, parts.vault, parts.clock).entry_for(
            CaseId(case.id), Party.INSTITUTION, EntryNumber(number)
        )
    if found is None:
        raise Problem(404, "not-found")
    return presenting.entry_body(found, institution.language)


async def says(
    incoming: Handover,
    case: CaseRow,
    kind: EntryKind,
    text: str,
    location: str,
    details: EntryDetails = NO_DETAILS,
) -> AcceptedBody:
    """Take in what the institution says; the complainant and the mediator read it."""
    await incoming.refuse_receipt_codes(text=text)
    entry = NewEntry(
        kind=kind,
        author=Party.INSTITUTION,
        audience=Audience.BOTH_SIDES,
        details=details,
        body={"text": text},
    )
    return await incoming.entry(CaseId(case.id), entry, location)
