"""The dossier that a complainant takes to the next body: what was said to the institution, what it
said, and by when it had to.

What belongs to the mediation stays out of it: notes, what was told in confidence, proposals and the
answers to them.
"""

from fastapi import APIRouter

from api import presenting
from api.dossier_answers import DossierBody, DossierLetterBody
from api.who import Complainant
from api.wire_format import StrictRoute
from api.wiring import Parts
from catalogues.texts import text
from domain.calendar import civil_date
from domain.entries import EntryKind
from domain.identifiers import EntryNumber
from domain.parties import Party
from mail.letter import REPLY_LINK_PLACE
from storage import course_records, directory
from storage.case_file import CaseFile, FiledEntry, moment_of
from storage.letter_book import LetterBook
from storage.models import CaseRow, EntryStatus

router = APIRouter(prefix="/my-case", route_class=StrictRoute, tags=["complainant"])

_ALL = 100_000
"""Far more entries than a case ever has."""

_OF_THE_EXCHANGE = frozenset(
    {
        EntryKind.COMPLAINT,
        EntryKind.MESSAGE,
        EntryKind.INSTITUTION_REPLY,
        EntryKind.INSTITUTION_EXTENSION,
        EntryKind.INSTITUTION_OBJECTION,
        EntryKind.INSTITUTION_CORRECTION,
    }
)


@router.get("/dossier")
async def read_dossier(parts: Parts, case: Complainant) -> DossierBody:
    """Give what can be taken to the next body, to read by people and programs."""
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        row = await session.get_one(CaseRow, case)
        institution = await directory.other_side_of(session, row)
        language = await file.language_of(case)
        overview = await course_records.overview_row(session, case)
        entries = await file.entries_for(case, Party.INSTITUTION, EntryNumber(0), _ALL)
        book = LetterBook(session, parts.vault)
        letters = [
            DossierLetterBody(
                title=text(language, f"letter.{letter.letter}"),
                written_at=letter.written_at,
                status=letter.status,
                text=(await book.content_of(letter)).filed.text.replace(REPLY_LINK_PLACE, "…"),
            )
            for letter in await book.letters_to(case, Party.INSTITUTION)
        ]
    today = civil_date(moment_of(row, parts.clock))
    shown = presenting.course_of(row, overview, language, today)
    return DossierBody(
        case_number=row.number,
        institution=institution and presenting.institution_body(institution),
        made_on=today,
        entries=[presenting.entry_body(entry, language) for entry in entries if _belongs(entry)],
        letters=letters,
        clocks=shown.clocks,
        timeline=shown.timeline,
        referral=shown.referral,
    )


def _belongs(entry: FiledEntry) -> bool:
    return entry.facts.kind in _OF_THE_EXCHANGE and entry.answer.status is EntryStatus.APPLIED
