"""The vault: the only way in and out for what people wrote."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import select

from domain.identifiers import CaseId
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import EntryRow, LetterRow
from storage.vault import CannotOpen, ClearVault, Place
from tests.storage.archive import Archive, a_letter

MARK = b"clear:1:"
SOMEWHERE = Place(CaseId(uuid4()), "entries.body", 1)


class TestTheClearVault:
    @pytest.mark.parametrize("plain", [b"", b"tekst", MARK, MARK + b"tekst", bytes(range(256))])
    async def test_gives_back_what_it_sealed(self, archive: Archive, plain: bytes) -> None:
        vault = ClearVault()
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, SOMEWHERE, plain)
            assert sealed.startswith(MARK)
            assert await vault.open(session, SOMEWHERE, sealed) == plain

    @pytest.mark.parametrize("sealed", [b"", b"tekst", b"clear:2:tekst", b"x" + MARK, MARK[:-1]])
    async def test_opens_only_what_it_sealed(self, archive: Archive, sealed: bytes) -> None:
        async with archive.database.transaction() as session:
            with pytest.raises(CannotOpen, match=r"^entries\.body does not hold"):
                await ClearVault().open(session, SOMEWHERE, sealed)


class AVaultThatRemembers:
    """Turns texts around, and remembers for which place."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    async def seal(self, session: object, place: Place, plain: bytes) -> bytes:
        self.places.append(place)
        return b"sealed:" + plain[::-1]

    async def open(self, session: object, place: Place, sealed: bytes) -> bytes:
        assert place in self.places
        return sealed.removeprefix(b"sealed:")[::-1]


class TestEveryText:
    async def test_of_an_entry_goes_through_the_vault_for_its_own_place(
        self, archive: Archive
    ) -> None:
        vault = AVaultThatRemembers()
        archive.vault = vault  # pyright: ignore[reportAttributeAccessIssue]
        case = await archive.open_case()
        number = await archive.append(case, body={"text": "geplant"})
        assert vault.places == [Place(case, "entries.body", number)]
        [stored] = await self.bodies(archive, EntryRow)
        assert stored.startswith(b"sealed:")
        assert b"geplant" not in stored
        async with archive.file() as file:
            assert await file.body_of(case, number) == {"text": "geplant"}

    async def test_of_a_letter_goes_through_the_vault_for_its_own_place(
        self, archive: Archive
    ) -> None:
        vault = AVaultThatRemembers()
        case = await archive.open_case()
        letter = a_letter(case)
        same = LetterText(subject="geplant", text="geplant", html="geplant")
        async with archive.database.transaction() as session:
            content = LetterContent(filed=same, mailed=same)
            await LetterBook(session, vault).write(letter, content)
        assert vault.places == [Place(case, "letters.body", letter.id)]
        [stored] = await self.bodies(archive, LetterRow)
        assert stored.startswith(b"sealed:")
        assert b"geplant" not in stored

    async def test_bears_the_mark_of_the_vault_that_sealed_it(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, body={"text": "iets"})
        assert all(body.startswith(MARK) for body in await self.bodies(archive, EntryRow))

    @staticmethod
    async def bodies(archive: Archive, table: type[EntryRow | LetterRow]) -> Sequence[bytes]:
        async with archive.database.transaction() as session:
            return [body for body in await session.scalars(select(table.body)) if body is not None]
