"""What an institution may do in one case: read what was addressed to it, and answer."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.answers import AcceptedBody, EntryBody, LettersBody
from api.institution_answers import AddressedBody
from api.letters import letters_of
from api.paging import page
from api.problems import Problem
from api.receiving import Handover
from api.wiring import Wiring
from domain.entries import NO_DETAILS, EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.letters import Letter
from domain.overview import ClockView
from domain.parties import Audience, Party
from domain.waits import Wait
from storage import course_records, directory
from storage.case_file import CaseFile, FiledEntry, NewEntry
from storage.letter_book import LetterBook
from storage.models import CaseRow, LetterStatus
from storage.vault import Vault

_ASKED_BY = {
    Wait.INSTITUTION_REPLIES: Letter.COMPLAINT_TO_INSTITUTION,
    Wait.INSTITUTION_ANSWERS: Letter.QUESTION_TO_INSTITUTION,
}
"""Which letter asks an institution for what is awaited of it."""


async def what_was_addressed(
    parts: Wiring,
    case: CaseRow,
    address: str,
    after: int,
    limit: int,
    language: Language | None = None,
) -> AddressedBody:
    """Show what was addressed to the institution, and what it answered.

    Args:
        address: below which the next ones are.
        language: of our own words, if not the institution's.
    """
    async with parts.database.transaction() as session:
        institution = await directory.institution_of(session, case)
        clocks = await _awaited(session, parts.vault, CaseId(case.id))
        entries = await _entries(parts, session, case, after, limit)
    language = language or institution.language
    shown = page(entries, limit, address, language)
    return AddressedBody(
        case_number=case.number,
        institution=presenting.institution_body(institution),
        awaited=[presenting.awaited_body(view, language) for view in clocks],
        entries=shown.entries,
        next=shown.next,
    )


async def entries_after(
    parts: Wiring, case: CaseRow, after: int, limit: int, language: Language
) -> Sequence[EntryBody]:
    """Return entries that the institution may read, in order."""
    async with parts.database.transaction() as session:
        entries = await _entries(parts, session, case, after, limit)
    return presenting.entry_bodies(entries, language)


async def letters_sent(
    parts: Wiring, case: CaseRow, language: Language | None = None
) -> LettersBody:
    """Return the letters that were sent to the institution, oldest first.

    Args:
        language: of our own words, if not the institution's.
    """
    async with parts.database.transaction() as session:
        institution = await directory.institution_of(session, case)
        language = language or institution.language
        return await letters_of(parts, session, CaseId(case.id), Party.INSTITUTION, language)


async def one_entry(
    parts: Wiring, case: CaseRow, number: int, language: Language | None = None
) -> EntryBody:
    """Show one entry: ``status`` tells what became of it.

    Args:
        language: of our own words, if not the institution's.

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
    return presenting.entry_body(_without_helper(found), language or institution.language)


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


async def _entries(
    parts: Wiring, session: AsyncSession, case: CaseRow, after: int, limit: int
) -> Sequence[FiledEntry]:
    file = CaseFile(session, parts.vault, parts.clock)
    found = await file.entries_for(CaseId(case.id), Party.INSTITUTION, EntryNumber(after), limit)
    return [_without_helper(entry) for entry in found]


def _without_helper(entry: FiledEntry) -> FiledEntry:
    """Return an entry that does not tell that somebody handed it in for the complainant."""
    details = replace(entry.facts.details, mandate=None)
    return replace(entry, facts=replace(entry.facts, details=details))


async def _awaited(session: AsyncSession, vault: Vault, case: CaseId) -> Sequence[ClockView]:
    """Return the clocks of what the institution was asked for by a letter that has left.

    While the complainant is in danger a letter waits, and nothing tells that it does.
    """
    overview = await course_records.overview_row(session, case)
    letters = await LetterBook(session, vault).letters_to(case, Party.INSTITUTION)
    newest = {row.letter: row.status for row in letters}
    return [
        view
        for view in (overview.details.clocks if overview else ())
        if (letter := _ASKED_BY.get(view.clock.wait)) and newest.get(letter) is LetterStatus.SENT
    ]
