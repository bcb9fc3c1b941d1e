"""The vault: the only way in and out for what people wrote."""

import asyncio
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, select, update

from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import CaseKeyRow, EntryRow, LetterRow
from storage.sealed_vault import KeyFromSecret, SealedVault
from storage.vault import CannotOpen, Place
from tests.storage.archive import Archive, a_letter

MARK = b"gcm:1:"


KEYS = KeyFromSecret(b"k" * 32)


class TestTheSealedVault:
    @pytest.mark.parametrize(
        "plain", [b"", b"tekst", MARK, bytes(range(256)), b"x" * 253, b"x" * 100_000]
    )
    async def test_gives_back_what_it_sealed(self, archive: Archive, plain: bytes) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        vault = SealedVault(KEYS)
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, plain)
            assert await vault.open(session, place, sealed) == plain
        async with archive.database.transaction() as session:
            assert await SealedVault(KEYS).open(session, place, sealed) == plain
        assert sealed.startswith(MARK)
        assert len(plain) < 4 or plain not in sealed.removeprefix(MARK)

    async def test_never_seals_the_same_text_to_the_same_bytes(self, archive: Archive) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = {await SealedVault(KEYS).seal(session, place, b"tekst") for _ in range(20)}
        assert len(sealed) == 20

    async def test_opens_nothing_that_was_damaged_cut_or_made_longer(
        self, archive: Archive
    ) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        vault = SealedVault(KEYS)
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, b"tekst")
            damaged = [sealed[:-1], sealed + b"\0", sealed[:20], MARK, b"", b"clear:1:tekst"]
            damaged += [
                sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))
            ]
            for one in damaged:
                with pytest.raises(CannotOpen, match=r"^entries\.body does not hold"):
                    await vault.open(session, place, one)

    async def test_opens_nothing_in_another_place(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        place = Place(case, "entries.body", 1)
        vault = SealedVault(KEYS)
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, b"tekst")
            await vault.seal(session, Place(other, "entries.body", 1), b"iets anders")
            for elsewhere in (
                Place(case, "entries.body", 2),
                Place(case, "letters.body", 1),
                Place(other, "entries.body", 1),
            ):
                with pytest.raises(CannotOpen):
                    await vault.open(session, elsewhere, sealed)

    async def test_opens_nothing_without_the_key_of_the_case(self, archive: Archive) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = await SealedVault(KEYS).seal(session, place, b"tekst")
        await archive.execute(delete(CaseKeyRow))
        async with archive.database.transaction() as session:
            with pytest.raises(CannotOpen, match="is gone"):
                await SealedVault(KEYS).open(session, place, sealed)

    async def test_opens_nothing_under_another_wrapping_key(self, archive: Archive) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = await SealedVault(KEYS).seal(session, place, b"tekst")
        async with archive.database.transaction() as session:
            with pytest.raises(CannotOpen, match="does not open"):
                await SealedVault(KeyFromSecret(b"x" * 32)).open(session, place, sealed)

    async def test_opens_nothing_with_the_wrapped_key_of_another_case(
        self, archive: Archive
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        async with archive.database.transaction() as session:
            sealed = await SealedVault(KEYS).seal(session, Place(case, "t.c", 1), b"tekst")
            await SealedVault(KEYS).seal(session, Place(other, "t.c", 1), b"tekst")
            stolen = (await session.get_one(CaseKeyRow, other)).wrapped
        await archive.execute(
            update(CaseKeyRow).where(CaseKeyRow.case_id == case).values(wrapped=stolen)
        )
        async with archive.database.transaction() as session:
            with pytest.raises(CannotOpen):
                await SealedVault(KEYS).open(session, Place(case, "t.c", 1), sealed)

    async def test_gives_a_case_one_key_however_many_write_at_once(self, archive: Archive) -> None:
        case = await archive.open_case()

        async def seal(row: int) -> bytes:
            async with archive.database.transaction() as session:
                return await SealedVault(KEYS).seal(session, Place(case, "t.c", row), b"tekst")

        sealed = await asyncio.gather(*(seal(row) for row in range(12)))
        async with archive.database.transaction() as session:
            assert await session.scalar(select(func.count()).select_from(CaseKeyRow)) == 1
            for row, one in enumerate(sealed):
                place = Place(case, "t.c", row)
                assert await SealedVault(KEYS).open(session, place, one) == b"tekst"

    async def test_opens_what_an_earlier_release_sealed(self, archive: Archive) -> None:
        """The form in which texts are stored, written out; a release must not change it."""
        case, data_key = await archive.open_case(), bytes(range(32))
        wrapping = f"wederhoor:case-key:1:{case}:1".encode()
        wrapped = b"n" * 12 + AESGCM(b"k" * 32).encrypt(b"n" * 12, data_key, wrapping)
        bound = f"wederhoor:1:{case}:entries.body:7".encode()
        padded = b"\0\0\0\x05tekst".ljust(256, b"\0")
        sealed = b"gcm:1:" + b"m" * 12 + AESGCM(data_key).encrypt(b"m" * 12, padded, bound)
        async with archive.database.transaction() as session:
            session.add(CaseKeyRow(case_id=case, version=1, wrapped=wrapped))
            await session.flush()
            place = Place(case, "entries.body", 7)
            assert await SealedVault(KEYS).open(session, place, sealed) == b"tekst"


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
        archive.vault = vault
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
