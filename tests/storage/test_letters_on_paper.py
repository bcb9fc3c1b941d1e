"""A letter on paper goes along with the mail to an institution, and with no other."""

import pytest
from sqlalchemy import update

from domain.entries import EntryKind
from domain.parties import Party
from domain.policy.model import Purpose
from mail.letter import REPLY_LINK_PLACE
from printing.typesetting import CannotPrint, Typesetter
from storage.case_file import WHOLE_LETTERS
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import (
    LetterRow,
    LetterStatus,
)
from tests.printing.reading import words_of
from tests.storage.archive import MEDIATOR_1, Archive, a_letter
from tests.storage.posting import TEXT, Desk


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


class TestTheSameOnPaper:
    TO_THE_INSTITUTION = LetterText(
        subject="Een brief aan u", text=f"Goedendag,\n\n{REPLY_LINK_PLACE}\n", html="<p>…</p>"
    )

    async def dispatched(self, desk: Desk) -> LetterRow:
        row = a_letter(await desk.case_with(Purpose.CONTACT), recipient=Party.INSTITUTION)
        async with desk.archive.database.transaction() as session:
            content = LetterContent(filed=self.TO_THE_INSTITUTION, mailed=self.TO_THE_INSTITUTION)
            await LetterBook(session, desk.archive.vault).write(row, content)
        await desk.office.dispatch(row.id)
        return await desk.row(row.id)

    async def test_goes_along_to_the_institution_with_its_reply_link(self, desk: Desk) -> None:
        await self.dispatched(desk)

        [envelope] = desk.mailbag.sent
        assert envelope.enclosed is not None
        assert envelope.enclosed.name == "letter.pdf"
        words = words_of(envelope.enclosed.content).replace("\n", "")
        assert "Een brief aan u" in words
        assert "/nl/reply/" in words
        assert REPLY_LINK_PLACE not in words

    async def test_is_the_same_when_it_is_sent_again(self, desk: Desk) -> None:
        row = await self.dispatched(desk)
        again = (
            update(LetterRow)
            .where(LetterRow.id == row.id)
            .values(status=LetterStatus.QUEUED, next_attempt_at=desk.archive.now)
        )
        await desk.archive.execute(again)

        await desk.office.dispatch(row.id)

        first, second = desk.mailbag.sent
        assert first.enclosed is not None
        assert first == second

    @pytest.mark.parametrize("recipient", [Party.COMPLAINANT, Party.MEDIATOR])
    async def test_goes_along_to_nobody_else(self, desk: Desk, recipient: Party) -> None:
        case = await desk.case_with()
        await desk.archive.append(
            case, EntryKind.CONTACT, body={"email": "iemand@post.example", WHOLE_LETTERS: "yes"}
        )
        await desk.archive.answer(case)
        row = a_letter(case, recipient=recipient)
        row.mediator_id = MEDIATOR_1
        async with desk.archive.database.transaction() as session:
            content = LetterContent(filed=TEXT, mailed=TEXT)
            await LetterBook(session, desk.archive.vault).write(row, content)

        await desk.office.dispatch(row.id)

        assert [envelope.enclosed for envelope in desk.mailbag.sent] == [None]

    async def test_never_keeps_the_letter_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuses(*_: object) -> bytes:
            raise CannotPrint("a test")

        monkeypatch.setattr(Typesetter, "pdf", refuses)

        row = await self.dispatched(desk)

        assert row.status is LetterStatus.SENT
        assert [envelope.enclosed for envelope in desk.mailbag.sent] == [None]
