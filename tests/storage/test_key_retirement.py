"""Retiring wrapping keys: only what wraps nothing is destroyed, and then it is gone."""

import asyncio

import pytest

from domain.identifiers import CaseId
from launcher.people import eventually
from settings.key_ring import (
    KeyPurpose,
    KeyRingUnusable,
    UnknownKey,
)
from storage.data_keys import DataKeys
from storage.key_rotation import KeyRotation, Retired
from storage.models import CaseKeyRow
from storage.wrapping_keys import RingKeys, Wrapped
from tests.storage.archive import Archive
from tests.storage.rings import MemoryStore
from tests.storage.rotating import (
    FragileKeys,
    PulledPlug,
    rotation_of,
    stories,
    untold,
    versions_in_use,
    waits_for_a_lock,
)

CASE = KeyPurpose.CASE


class TestRetirement:
    async def test_destroys_what_wraps_nothing_and_nothing_else(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        rotation = rotation_of(archive, rings)
        assert await rotation.retire(CASE) == Retired([], {})
        await rotation.rotate(CASE, untold)
        retired = await rotation.retire(CASE)
        assert retired == Retired([1], {})
        await rotation.destroy(CASE, retired)
        assert [key.version for key in rings.rings[CASE].keys] == [2]
        assert await stories(archive, cases) == 5

    async def test_keeps_a_version_for_as_long_as_one_key_needs_it(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        rings.change(CASE, lambda ring: ring.with_new(2, archive.now))
        await archive.append(await archive.open_case(), body={"text": "onder versie 2"})
        retired = await rotation_of(archive, rings).retire(CASE)
        assert retired == Retired([], {1: 5})
        await rotation_of(archive, rings).destroy(CASE, retired)
        assert [key.version for key in rings.rings[CASE].keys] == [1, 2]
        assert await stories(archive, cases) == 5

    @pytest.mark.usefixtures("cases")
    async def test_waits_for_who_is_wrapping_by_an_older_version_just_now(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        stale = MemoryStore()
        stale.rings = dict(rings.rings)
        rotation = rotation_of(archive, rings)
        case = await archive.open_case()
        await rotation.rotate(CASE, untold)
        async with archive.database.transaction() as session:
            await DataKeys(RingKeys(stale)).find_or_make(session, case, CASE)
            retiring = asyncio.create_task(rotation.retire(CASE))
            await eventually(waits_for_a_lock(archive.database), "the retirement did not wait")
            assert not retiring.done()
        assert await retiring == Retired([], {1: 1})

    @pytest.mark.usefixtures("cases")
    async def test_lets_nobody_wrap_by_a_version_any_more(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        stale = MemoryStore()
        stale.rings = dict(rings.rings)
        rotation = rotation_of(archive, rings)
        await rotation.rotate(CASE, untold)
        await rotation.retire(CASE)
        case = await archive.open_case()
        with pytest.raises(KeyRingUnusable, match="version 1"):
            async with archive.database.transaction() as session:
                await DataKeys(RingKeys(stale)).find_or_make(session, case, CASE)
        assert await versions_in_use(archive) == {2}

    async def test_that_breaks_off_before_the_key_is_destroyed_is_finished_by_the_next_one(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        await rotation_of(archive, rings).rotate(CASE, untold)
        first = await rotation_of(archive, rings).retire(CASE)
        breaking = KeyRotation(archive.database, FragileKeys(rings, 1), archive.clock)
        with pytest.raises(PulledPlug):
            await breaking.destroy(CASE, first)
        assert [key.version for key in rings.rings[CASE].keys] == [1, 2]
        again = await rotation_of(archive, rings).retire(CASE)
        assert again == first
        await rotation_of(archive, rings).destroy(CASE, again)
        assert [key.version for key in rings.rings[CASE].keys] == [2]
        assert await stories(archive, cases) == 5

    async def test_refuses_a_database_that_was_never_used_with_the_ring(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        """Beside the wrong database every version would seem to wrap nothing."""
        rings.change(CASE, lambda ring: ring.with_new(2, archive.now))
        with pytest.raises(KeyRingUnusable, match="never used with version 2"):
            await rotation_of(archive, rings).retire(CASE)

    async def test_makes_what_was_erased_unreadable_in_an_older_backup(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        async with archive.database.transaction() as session:
            backup = await session.get_one(CaseKeyRow, (cases[0], CASE))
            await session.delete(backup)
        rotation = rotation_of(archive, rings)
        await rotation.rotate(CASE, untold)
        await rotation.destroy(CASE, await rotation.retire(CASE))
        for version in (1, 2):
            wrapped = Wrapped(version, backup.wrapped)
            with pytest.raises((UnknownKey, ValueError)):
                await RingKeys(rings).unwrap(CASE, wrapped, str(cases[0]))
