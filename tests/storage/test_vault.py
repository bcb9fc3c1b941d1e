"""The vault: the only way in and out for what people wrote."""

import base64
from collections.abc import Sequence
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update

from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.letters import Letter
from domain.parties import Party
from settings.key_ring import KeyPurpose, new_ring
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import CaseKeyRow, CaseRow, EntryRow, LetterRow, OverviewRow, WrappingKeyRow
from storage.sealed_vault import SealedVault
from storage.vault import CannotOpen, KeyWithheld, Place, place_of_entry, place_of_letter
from storage.wrapping_keys import RingKeys
from tests.storage.archive import Archive, a_letter
from tests.storage.rings import MADE_AT, MemoryStore, a_ring_of

MARK = b"gcm:1:"
CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY


@pytest.fixture
def rings() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def vault(rings: MemoryStore) -> SealedVault:
    return SealedVault(RingKeys(rings))


class TestTheSealedVault:
    @pytest.mark.parametrize("purpose", [CASE, IDENTITY])
    @pytest.mark.parametrize(
        "plain", [b"", b"tekst", MARK, bytes(range(256)), b"x" * 253, b"x" * 100_000]
    )
    async def test_gives_back_what_it_sealed(
        self, archive: Archive, rings: MemoryStore, plain: bytes, purpose: KeyPurpose
    ) -> None:
        place = Place(await archive.open_case(), "entries.body", 1, purpose)
        vault = SealedVault(RingKeys(rings))
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, plain)
            assert await vault.open(session, place, sealed) == plain
        async with archive.database.transaction() as session:
            assert await SealedVault(RingKeys(rings)).open(session, place, sealed) == plain
        assert sealed.startswith(MARK)
        assert len(plain) < 4 or plain not in sealed.removeprefix(MARK)

    async def test_never_seals_the_same_text_to_the_same_bytes(
        self, archive: Archive, vault: SealedVault
    ) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = {await vault.seal(session, place, b"tekst") for _ in range(20)}
        assert len(sealed) == 20

    async def test_opens_nothing_that_was_damaged_cut_or_made_longer(
        self, archive: Archive, vault: SealedVault
    ) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, b"tekst")
            damaged = [sealed + b"\0", sealed * 2, b"clear:1:tekst"]
            damaged += [sealed[:length] for length in range(len(sealed))]
            damaged += [
                sealed[:n] + bytes([sealed[n] ^ bit]) + sealed[n + 1 :]
                for n in range(len(sealed))
                for bit in (1, 0x80)
            ]
            for one in damaged:
                with pytest.raises(CannotOpen, match=r"^entries\.body does not hold"):
                    await vault.open(session, place, one)

    async def test_opens_nothing_in_another_place(
        self, archive: Archive, vault: SealedVault
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        place = Place(case, "entries.body", 1)
        places = [
            place,
            Place(case, "entries.body", 2),
            Place(case, "letters.body", 1),
            Place(other, "entries.body", 1),
            Place(case, "entries.body", 1, IDENTITY),
        ]
        async with archive.database.transaction() as session:
            sealed = {one: await vault.seal(session, one, b"tekst") for one in places}
            for origin in places:
                for elsewhere in places:
                    if elsewhere == origin:
                        assert await vault.open(session, origin, sealed[origin]) == b"tekst"
                        continue
                    with pytest.raises(CannotOpen):
                        await vault.open(session, elsewhere, sealed[origin])

    async def test_opens_nothing_without_the_key_of_the_case(
        self, archive: Archive, vault: SealedVault
    ) -> None:
        place = Place(await archive.open_case(), "entries.body", 1)
        async with archive.database.transaction() as session:
            sealed = await vault.seal(session, place, b"tekst")
        await archive.execute(delete(CaseKeyRow))
        async with archive.database.transaction() as session:
            with pytest.raises(KeyWithheld, match="is gone"):
                await vault.open(session, place, sealed)

    async def test_cannot_know_that_an_older_text_was_put_back_in_its_own_place(
        self, archive: Archive, vault: SealedVault
    ) -> None:
        """What the seal of a text alone never shows; the chain of the case file has to."""
        place = Place(await archive.open_case(), "letters.body", 1)
        async with archive.database.transaction() as session:
            older = await vault.seal(session, place, b"eerst")
            newer = await vault.seal(session, place, b"later")
            assert await vault.open(session, place, newer) == b"later"
            assert await vault.open(session, place, older) == b"eerst"


class TestTheStoredForm:
    """Computed by another library (PyCryptodome 3.23); a release must not change it."""

    case = CaseId(UUID("0f4c3f86-2b1e-4a55-9d0c-6d1f1a2b3c4d"))
    wrapped = (
        "6e6e6e6e6e6e6e6e6e6e6e6e55a1bd1484fa3d80e8cd05e95a66afaadfe212315de8845d321e6b2b190b38ed"
    )
    sealed = base64.b64decode(
        "Z2NtOjE6bW1tbW1tbW1tbW1t5VprDtqcmVeb0ssA08xBBi3wht22KT3Ngqkr82vKZECcvobGm29rWM2Y1d/e/wm0"
        "5WT9DA5tRxj6qz6XvYTu1ClVraCSPKN4ayBK1pql35a2nsnnmC8qscO+954bLXgXa28TDMeBgK84RKChtna2oFON"
        "82G4k4lCxsxzPLmGQIdtonigHqoshOC9zZGxiCMDAk8QCgwWDDUQu2rTO5SAJGYGkgcim+FQPwTkqmLdwqILk5q6"
        "8paipbQk9yxhdAZMzzS5ywp61hB2KQibwT7Q5jsTCFlOBWuLXylUWymXURqJcUG346YZHCazATGo/0wPTJD5vKET"
        "3FzZS2mZzgJieqLrk0t1c66Wl1Ia/VXHAS0="
    )

    @pytest.mark.parametrize(
        ("purpose", "tag"),
        [
            (CASE, "edfcd1bb38238b82401bf4e7d49b956f"),
            (IDENTITY, "a66e1d3e70b2fdf3d95205340e2ee761"),
        ],
    )
    async def test_opens(self, archive: Archive, purpose: KeyPurpose, tag: str) -> None:
        rings = MemoryStore()
        rings.rings[purpose] = a_ring_of(purpose, bytes(range(100, 132)), version=7)
        vault = SealedVault(RingKeys(rings))
        opened = await archive.open_case()
        await archive.execute(
            delete(OverviewRow),
            update(CaseRow).where(CaseRow.id == opened).values(id=self.case),
        )
        key = rings.rings[purpose].current
        async with archive.database.transaction() as session:
            session.add(WrappingKeyRow(purpose=purpose, version=7, fingerprint=key.fingerprint))
            await session.flush()
            wrapped = bytes.fromhex(self.wrapped + tag)
            session.add(CaseKeyRow(case_id=self.case, purpose=purpose, version=7, wrapped=wrapped))
            await session.flush()
            place = Place(self.case, "entries.body", 7, purpose)
            assert await vault.open(session, place, self.sealed) == b"tekst"
            assert await vault.seal(session, place, b"tekst") != self.sealed


class TestThePurposeOfAText:
    @pytest.mark.parametrize("kind", EntryKind)
    def test_of_an_entry_is_identity_for_who_and_where_alone(self, kind: EntryKind) -> None:
        place = place_of_entry(CaseId(UUID(int=1)), EntryNumber(3), kind)
        identifying = kind in {EntryKind.CONTACT, EntryKind.IDENTITY, EntryKind.MANDATE_GIVEN}
        assert place.purpose is (IDENTITY if identifying else CASE)
        assert (place.column, place.row) == ("entries.body", 3)

    @pytest.mark.parametrize("letter", Letter)
    def test_of_a_letter_is_identity_when_it_may_name_the_complainant(self, letter: Letter) -> None:
        place = place_of_letter(CaseId(UUID(int=1)), UUID(int=2), letter)
        naming = letter is Letter.COMPLAINT_TO_INSTITUTION
        purpose = IDENTITY if naming else CASE
        assert place == Place(CaseId(UUID(int=1)), "letters.body", UUID(int=2), purpose)


class TestTheIdentityKey:
    """The story can be read without the power to open identities, and the other way round."""

    @pytest.fixture
    async def case(self, archive: Archive, vault: SealedVault) -> CaseId:
        archive.vault = vault
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT, body={"text": "het verhaal"})
        await archive.append(case, EntryKind.IDENTITY, body={"name": "Plantnaam"})
        await archive.append(case, EntryKind.CONTACT, body={"email": "iemand@post.example"})
        return case

    async def test_taken_away_leaves_the_story_readable(
        self, archive: Archive, rings: MemoryStore, case: CaseId
    ) -> None:
        del rings.rings[IDENTITY]
        async with archive.file() as file:
            assert await file.body_of(case, EntryNumber(1)) == {"text": "het verhaal"}
            for number in (2, 3):
                with pytest.raises(KeyWithheld, match="no ring identity"):
                    await file.body_of(case, EntryNumber(number))

    async def test_taken_away_leaves_the_case_file_readable_but_for_identities(
        self, archive: Archive, rings: MemoryStore, case: CaseId
    ) -> None:
        del rings.rings[IDENTITY]
        async with archive.file() as file:
            filed = await file.entries_for(case, Party.COMPLAINANT, EntryNumber(0), 10)
        assert [entry.body for entry in filed] == [{"text": "het verhaal"}, None, None]

    async def test_is_no_excuse_for_a_story_or_an_identity_that_was_damaged(
        self, archive: Archive, rings: MemoryStore, case: CaseId
    ) -> None:
        del rings.rings[CASE]
        async with archive.file() as file:
            with pytest.raises(KeyWithheld):
                await file.entries_for(case, Party.COMPLAINANT, EntryNumber(0), 10)
        rings.rings[CASE] = new_ring(CASE, MADE_AT)
        rings.rings[IDENTITY] = new_ring(IDENTITY, MADE_AT)
        async with archive.file() as file:
            with pytest.raises(CannotOpen, match="does not open"):
                await file.entries_for(case, Party.COMPLAINANT, EntryNumber(1), 10)

    async def test_destroyed_in_one_case_leaves_its_story_readable(
        self, archive: Archive, case: CaseId
    ) -> None:
        await archive.execute(delete(CaseKeyRow).where(CaseKeyRow.purpose == IDENTITY))
        async with archive.file() as file:
            assert await file.body_of(case, EntryNumber(1)) == {"text": "het verhaal"}
            for number in (2, 3):
                with pytest.raises(KeyWithheld, match="gone"):
                    await file.body_of(case, EntryNumber(number))

    async def test_opens_without_the_key_of_the_story(
        self, archive: Archive, rings: MemoryStore, case: CaseId
    ) -> None:
        del rings.rings[CASE]
        async with archive.file() as file:
            assert await file.latest(case, EntryKind.IDENTITY) == {"name": "Plantnaam"}

    async def test_is_needed_for_an_entry_that_is_passed_off_as_another_kind(
        self, archive: Archive, case: CaseId
    ) -> None:
        async with archive.database.transaction() as session:
            await session.execute(text("ALTER TABLE entries DISABLE TRIGGER USER"))
            await session.execute(
                update(EntryRow).where(EntryRow.number == 2).values(kind=EntryKind.MESSAGE)
            )
            await session.execute(text("ALTER TABLE entries ENABLE TRIGGER USER"))
        async with archive.file() as file:
            with pytest.raises(CannotOpen):
                await file.body_of(case, EntryNumber(2))


class TestRowsOfTheDatabase:
    async def test_that_were_swapped_do_not_open(self, archive: Archive) -> None:
        cases = [await archive.open_case(), await archive.open_case()]
        for case in cases:
            for words in ("een", "twee"):
                await archive.append(case, body={"text": words})
        async with archive.database.transaction() as session:
            rows = (await session.scalars(select(EntryRow))).all()
            bodies = {(row.case_id, row.number): row.body for row in rows}
        for row in rows:
            for origin, body in bodies.items():
                if body is None or origin == (row.case_id, row.number):
                    continue
                place = place_of_entry(CaseId(row.case_id), EntryNumber(row.number), row.kind)
                async with archive.database.transaction() as session:
                    with pytest.raises(CannotOpen):
                        await archive.vault.open(session, place, body)


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
        assert vault.places == [Place(case, "entries.body", number, KeyPurpose.CASE)]
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
        assert vault.places == [Place(case, "letters.body", letter.id, KeyPurpose.CASE)]
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
