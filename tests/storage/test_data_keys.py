"""The data keys of cases: one for each purpose, each bound to its case, purpose and version."""

import asyncio
from itertools import permutations

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.identifiers import CaseId
from settings.key_ring import KeyPurpose, KeyRing, KeyRingUnusable, new_ring
from storage.data_keys import DataKeys
from storage.key_rotation import KeyRotation
from storage.models import CaseKeyRow, WrappingKeyRow
from storage.vault import CannotOpen, KeyWithheld
from storage.wrapping_keys import RingKeys, Wrapped
from tests.storage.archive import Archive
from tests.storage.rings import MADE_AT, MemoryStore

CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY

type Name = tuple[CaseId, KeyPurpose]


@pytest.fixture
def rings() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def keys(rings: MemoryStore) -> DataKeys:
    return DataKeys(RingKeys(rings))


async def made(archive: Archive, keys: DataKeys, case: CaseId, purpose: KeyPurpose) -> bytes:
    async with archive.database.transaction() as session:
        return await keys.find_or_make(session, case, purpose)


async def found(
    archive: Archive, keys: DataKeys, case: CaseId, purpose: KeyPurpose
) -> bytes | None:
    async with archive.database.transaction() as session:
        return await keys.find(session, case, purpose)


async def rows_of(archive: Archive) -> dict[Name, CaseKeyRow]:
    async with archive.database.transaction() as session:
        rows = await session.scalars(select(CaseKeyRow))
        return {(CaseId(row.case_id), row.purpose): row for row in rows}


async def write(archive: Archive, name: Name, **values: object) -> None:
    await archive.execute(
        update(CaseKeyRow)
        .where(CaseKeyRow.case_id == name[0], CaseKeyRow.purpose == name[1])
        .values(**values)
    )


class TestADataKey:
    async def test_is_made_once_and_is_another_one_for_each_case_and_purpose(
        self, archive: Archive, keys: DataKeys
    ) -> None:
        cases = [await archive.open_case(), await archive.open_case()]
        names = [(case, purpose) for case in cases for purpose in (CASE, IDENTITY)]
        first = [await made(archive, keys, *name) for name in names]
        assert [await made(archive, keys, *name) for name in names] == first
        assert [await found(archive, keys, *name) for name in names] == first
        assert len(set(first)) == 4
        assert all(len(key) == 32 for key in first)

    async def test_is_not_there_before_it_is_needed(self, archive: Archive, keys: DataKeys) -> None:
        case = await archive.open_case()
        await made(archive, keys, case, CASE)
        assert await found(archive, keys, case, IDENTITY) is None
        assert set(await rows_of(archive)) == {(case, CASE)}

    async def test_is_one_however_many_make_it_at_once(
        self, archive: Archive, keys: DataKeys
    ) -> None:
        case = await archive.open_case()
        several = await asyncio.gather(*(made(archive, keys, case, CASE) for _ in range(12)))
        assert len(set(several)) == 1
        async with archive.database.transaction() as session:
            assert await session.scalar(select(func.count()).select_from(CaseKeyRow)) == 1
            assert await session.scalar(select(func.count()).select_from(WrappingKeyRow)) == 1

    async def test_is_never_in_its_row(self, archive: Archive, keys: DataKeys) -> None:
        case = await archive.open_case()
        key = await made(archive, keys, case, CASE)
        [row] = (await rows_of(archive)).values()
        assert key not in row.wrapped
        assert len(row.wrapped) == 12 + 32 + 16


class TestAWrappedKey:
    async def test_does_not_open_in_the_place_of_any_other(
        self, archive: Archive, keys: DataKeys
    ) -> None:
        cases = [await archive.open_case(), await archive.open_case()]
        for case in cases:
            for purpose in (CASE, IDENTITY):
                await made(archive, keys, case, purpose)
        rows = await rows_of(archive)
        for place, origin in permutations(rows, 2):
            await write(archive, place, wrapped=rows[origin].wrapped)
            with pytest.raises(CannotOpen, match="does not open"):
                await found(archive, keys, *place)
            await write(archive, place, wrapped=rows[place].wrapped)
            assert await found(archive, keys, *place)

    async def test_does_not_open_as_another_version(
        self, archive: Archive, keys: DataKeys, rings: MemoryStore
    ) -> None:
        """Also not when both versions were the same key."""
        case, other = await archive.open_case(), await archive.open_case()
        await made(archive, keys, case, CASE)
        rings.change(CASE, lambda ring: ring.with_new(2, MADE_AT))
        await made(archive, keys, other, CASE)
        await write(archive, (case, CASE), version=2)
        with pytest.raises(CannotOpen, match="does not open"):
            await found(archive, keys, case, CASE)

        same = rings.rings[CASE].of_version(1)
        renamed = same.model_copy(update={"version": 2})
        rings.rings[CASE] = KeyRing(purpose=CASE, current_version=2, keys=(renamed,))
        with pytest.raises(CannotOpen, match="does not open"):
            await found(archive, keys, case, CASE)

    async def test_does_not_open_when_it_was_damaged_or_cut(
        self, archive: Archive, keys: DataKeys
    ) -> None:
        case = await archive.open_case()
        await made(archive, keys, case, CASE)
        wrapped = (await rows_of(archive))[case, CASE].wrapped
        damaged = [wrapped[:length] for length in (0, 11, 12, 28, 59)]
        damaged += [
            wrapped[:n] + bytes([wrapped[n] ^ 1]) + wrapped[n + 1 :] for n in range(len(wrapped))
        ]
        for one in [*damaged, wrapped + b"\0"]:
            await write(archive, (case, CASE), wrapped=one)
            with pytest.raises(CannotOpen, match="does not open"):
                await found(archive, keys, case, CASE)

    async def test_does_not_open_without_its_version(
        self, archive: Archive, keys: DataKeys, rings: MemoryStore
    ) -> None:
        case = await archive.open_case()
        await made(archive, keys, case, CASE)
        rings.change(CASE, lambda ring: ring.with_new(2, MADE_AT).without([1]))
        with pytest.raises(KeyWithheld, match="no version 1"):
            await found(archive, keys, case, CASE)

    async def test_is_read_again_when_it_was_wrapped_anew_just_now(
        self, archive: Archive, keys: DataKeys, rings: MemoryStore
    ) -> None:
        """Rotated and retired between the reading of a row and the reading of the ring."""
        case = await archive.open_case()
        key = await made(archive, keys, case, CASE)
        rotation = KeyRotation(archive.database, RingKeys(rings), archive.clock)

        class Late(RingKeys):
            async def unwrap(self, purpose: KeyPurpose, wrapped: Wrapped, bound_to: str) -> bytes:
                if wrapped.version == 1:
                    await rotation.rotate(CASE, lambda _done, _total: None)
                    await rotation.destroy(CASE, await rotation.retire(CASE))
                return await super().unwrap(purpose, wrapped, bound_to)

        assert await found(archive, DataKeys(Late(rings)), case, CASE) == key
        assert [one.version for one in rings.rings[CASE].keys] == [2]


class TestTheRegisterOfWrappingKeys:
    async def test_refuses_a_ring_that_belongs_to_another_database(
        self, archive: Archive, keys: DataKeys, rings: MemoryStore
    ) -> None:
        await made(archive, keys, await archive.open_case(), CASE)
        rings.rings[CASE] = new_ring(CASE, MADE_AT)
        case = await archive.open_case()
        with pytest.raises(KeyRingUnusable, match="version 1 of the key ring case is not the one"):
            await made(archive, keys, case, CASE)
        assert await found(archive, keys, case, CASE) is None

    async def test_never_takes_an_older_version_than_it_knows(
        self, archive: Archive, keys: DataKeys, rings: MemoryStore
    ) -> None:
        """A process that has not noticed must not wrap by a version that was retired."""
        stale = MemoryStore()
        stale.rings = dict(rings.rings)
        rings.change(CASE, lambda ring: ring.with_new(2, MADE_AT).without([1]))
        await made(archive, keys, await archive.open_case(), CASE)
        case = await archive.open_case()
        with pytest.raises(KeyRingUnusable, match="version 1"):
            await made(archive, DataKeys(RingKeys(stale)), case, CASE)

    async def test_keeps_a_version_that_wraps_something(
        self, archive: Archive, keys: DataKeys
    ) -> None:
        await made(archive, keys, await archive.open_case(), CASE)
        async with archive.database.transaction() as session:
            row = await session.get_one(WrappingKeyRow, (CASE, 1))
            await session.delete(row)
            with pytest.raises(IntegrityError, match="fk_case_keys"):
                await session.flush()
            await session.rollback()
