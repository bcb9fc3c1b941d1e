"""Letters as they are read again by whom they were written to, also on paper."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.answers import LettersBody
from api.downloads import Paper
from api.problems import Problem
from api.wiring import Wiring
from domain.case_number import CaseNumber
from domain.identifiers import CaseId
from domain.languages import Language
from domain.parties import Party
from mail.letter import REPLY_LINK_PLACE
from printing.letters import letter_document
from printing.typesetting import LETTER_NAME
from storage.letter_book import LetterBook, LetterText
from storage.models import CaseRow, LetterRow


async def letters_of(
    parts: Wiring, session: AsyncSession, case: CaseId, reader: Party, language: Language
) -> LettersBody:
    """Return the letters to one side of a case, oldest first."""
    book = LetterBook(session, parts.vault)
    rows = await _readable(book, case, reader)
    letters = [presenting.letter_body(row, await _content(book, row), language) for row in rows]
    return LettersBody(letters=letters)


async def printed_letter(parts: Wiring, case: CaseId, reader: Party, letter: UUID) -> Paper:
    """Return one letter to a side of a case on paper.

    Raises:
        Problem: when there is no such letter to this side.
    """
    async with parts.database.transaction() as session:
        book = LetterBook(session, parts.vault)
        found = [row for row in await _readable(book, case, reader) if row.id == letter]
        if not found:
            raise Problem(404, "not-found")
        [row] = found
        content = await _content(book, row)
        number = CaseNumber((await session.get_one(CaseRow, case)).number)
    document = letter_document(
        row.language,
        content.subject,
        content.text,
        case_number=number,
        written_at=row.written_at,
        addresses_below=parts.settings.public_url,
    )
    return Paper(await parts.typesetter.pdf(document), LETTER_NAME)


def without_reply_link(words: str) -> str:
    """Return a letter's text without the place that was kept for its reply link."""
    return words.replace(REPLY_LINK_PLACE, "…")


async def _readable(book: LetterBook, case: CaseId, reader: Party) -> Sequence[LetterRow]:
    """Return what a side may read: its letters, but an institution only what it was sent."""
    if reader is Party.INSTITUTION:
        return await book.sent_to(case, reader)
    return await book.letters_to(case, reader)


async def _content(book: LetterBook, row: LetterRow) -> LetterText:
    filed = (await book.content_of(row)).filed
    return LetterText(
        subject=filed.subject,
        text=without_reply_link(filed.text),
        html=without_reply_link(filed.html),
    )
