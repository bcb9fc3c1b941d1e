"""A post office with a case, for tests."""

from dataclasses import replace
from uuid import UUID

from activities.post_office import PostOffice
from domain.identifiers import CaseId
from domain.letters import Letter
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.policy.model import Purpose
from printing.typesetting import Typesetter
from settings.secrets import Secrets
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import (
    LetterRow,
)
from tests.printing.samples import TEMPLATES
from tests.storage.archive import Archive, a_letter, an_overview
from tests.storage.mailbag import Mailbag

TEXT = LetterText(subject="Brief", text="Tekst", html="<p>Tekst</p>")


class Desk:
    """A post office with one case, and the consents that its read model tells."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.mailbag = Mailbag()
        self.office = PostOffice(
            archive.database,
            archive.vault,
            archive.clock,
            Secrets(b"k" * 32),
            self.mailbag,
            Typesetter(TEMPLATES),
            public_url="https://wederhoor.example",
            message_id_domain="wederhoor.example",
        )

    async def case_with(self, *consents: Purpose, danger: bool = False) -> CaseId:
        case = await self.archive.open_case()
        details = OverviewDetails(consents=consents, danger=danger)
        await self.archive.tell(case, replace(an_overview(), details=details))
        return case

    async def writes(
        self,
        case: CaseId,
        letter: Letter = Letter.NEWS,
        needs: tuple[Purpose, ...] = (Purpose.CONTACT,),
        recipient: Party = Party.INSTITUTION,
        unsigned: LetterText | None = None,
    ) -> UUID:
        """Write a letter that is due; return its id."""
        row = a_letter(case, key=f"{letter}:{recipient}", recipient=recipient)
        row.letter, row.needs = letter, list(needs)
        async with self.archive.database.transaction() as session:
            content = LetterContent(filed=TEXT, mailed=TEXT, unsigned=unsigned)
            await LetterBook(session, self.archive.vault).write(row, content)
        return row.id

    async def tries(
        self,
        case: CaseId,
        letter: Letter,
        needs: tuple[Purpose, ...] = (Purpose.CONTACT,),
        recipient: Party = Party.INSTITUTION,
        unsigned: LetterText | None = None,
    ) -> LetterRow:
        """Write a letter and try to send it; return what became of it."""
        identifier = await self.writes(case, letter, needs, recipient, unsigned)
        await self.office.dispatch(identifier)
        return await self.row(identifier)

    async def row(self, letter: UUID) -> LetterRow:
        async with self.archive.database.transaction() as session:
            return await session.get_one(LetterRow, letter)

    async def content_of(self, row: LetterRow) -> LetterContent:
        async with self.archive.database.transaction() as session:
            return await LetterBook(session, self.archive.vault).content_of(row)
