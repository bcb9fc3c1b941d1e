"""Rotating the wrapping keys: everything stays readable, whatever breaks off in the middle."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from domain.identifiers import CaseId
from launcher.people import eventually
from settings.key_ring import (
    KeyPurpose,
    KeyRingReadOnly,
    KeyRingUnusable,
    new_ring,
)
from storage.data_keys import DataKeys
from storage.key_rotation import KeyRotation, Retired, Rotated, refuse_other_rings
from storage.models import CaseKeyRow
from storage.sealed_vault import SealedVault
from storage.vault import KeyWithheld
from storage.wrapping_keys import RingKeys, Wrapped
from tests.storage.archive import Archive
from tests.storage.rings import MADE_AT, MemoryStore
from tests.storage.rotating import (
    A_MONTH,
    FragileKeys,
    PulledPlug,
    ReadOnlyStore,
    rotation_of,
    stories,
    untold,
    versions_in_use,
    waits_for_a_lock,
)

CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY


class TestARotation:
    async def test_wraps_every_key_by_a_new_version_and_changes_no_text(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        told: list[tuple[int, int]] = []
        done = await rotation_of(archive, rings).rotate(
            CASE, lambda done, total: told.append((done, total)), batch=2
        )
        assert (done.version, done.is_new, done.rewrapped, done.unopened) == (2, True, 5, [])
        assert told == [(2, 5), (4, 5), (5, 5)]
        assert await versions_in_use(archive) == {2}
        assert rings.rings[CASE].current.created_at == archive.now
        assert await stories(archive, cases) == 5

    @pytest.mark.usefixtures("cases")
    async def test_leaves_the_other_purpose_alone(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        before = rings.rings[CASE]
        await rotation_of(archive, rings).rotate(IDENTITY, untold)
        assert rings.rings[CASE] == before
        assert rings.rings[IDENTITY].current_version == 2
        assert await versions_in_use(archive) == {1}

    async def test_makes_one_more_version_each_time(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        for version in (2, 3, 4):
            done = await rotation_of(archive, rings).rotate(CASE, untold)
            assert (done.version, done.is_new, done.rewrapped) == (version, True, 5)
        assert [key.version for key in rings.rings[CASE].keys] == [1, 2, 3, 4]
        assert await stories(archive, cases) == 5

    async def test_that_breaks_off_anywhere_is_finished_by_the_next_one(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        for at in range(1, 100):
            version = rings.rings[CASE].current_version
            breaking = KeyRotation(archive.database, FragileKeys(rings, at), archive.clock)
            try:
                await breaking.rotate(CASE, untold, batch=2)
            except PulledPlug:
                assert await stories(archive, cases) == 5
            else:
                assert rings.rings[CASE].current_version == version + 1
                assert at > 10
                return
            done = await rotation_of(archive, rings).rotate(CASE, untold, batch=2)
            assert await versions_in_use(archive) == {done.version}
            assert await stories(archive, cases) == 5
            archive.pass_by(A_MONTH)
        pytest.fail("it never came to its end")

    async def test_that_was_interrupted_goes_on_with_its_version(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        def breaks_off(done: int, _total: int) -> None:
            if done == 2:
                raise PulledPlug

        with pytest.raises(PulledPlug):
            await rotation_of(archive, rings).rotate(CASE, breaks_off, batch=2)
        assert await versions_in_use(archive) == {1, 2}
        assert await stories(archive, cases) == 5
        archive.pass_by(timedelta(hours=23))
        done = await rotation_of(archive, rings).rotate(CASE, untold)
        assert (done.version, done.is_new, done.rewrapped) == (2, False, 3)

    async def test_that_was_interrupted_long_ago_is_overtaken_by_a_new_version(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        rings.change(CASE, lambda ring: ring.with_new(2, archive.now))
        archive.pass_by(timedelta(days=1))
        done = await rotation_of(archive, rings).rotate(CASE, untold)
        assert (done.version, done.is_new, done.rewrapped) == (3, True, 5)
        assert await stories(archive, cases) == 5

    async def test_that_begins_while_another_one_does_goes_along_with_it(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        others: list[asyncio.Task[Rotated]] = []

        class Slow(RingKeys):
            """Waits twice, until the other one waits for it."""

            async def add(self, purpose: KeyPurpose, version: int, now: datetime) -> None:
                other = rotation_of(archive, rings).rotate(CASE, untold, batch=1)
                others.append(asyncio.create_task(other))
                await eventually(waits_for_a_lock(archive.database), "nobody waits to begin")
                await super().add(purpose, version, now)

            async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str) -> Wrapped:
                if bound_to == str(cases[0]):
                    await eventually(waits_for_a_lock(archive.database), "nobody waits for a row")
                return await super().wrap(purpose, data_key, bound_to)

        first = await KeyRotation(archive.database, Slow(rings), archive.clock).rotate(
            CASE, untold, batch=1
        )
        second = await others[0]
        assert (first.version, first.is_new) == (2, True)
        assert (second.version, second.is_new) == (2, False)
        assert first.rewrapped + second.rewrapped == 5
        assert await versions_in_use(archive) == {2}
        assert await stories(archive, cases) == 5

    async def test_leaves_a_key_alone_that_does_not_open_and_names_its_case(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        await archive.execute(
            update(CaseKeyRow).where(CaseKeyRow.case_id == cases[1]).values(wrapped=b"damaged")
        )
        number = (await archive.row(cases[1])).number
        for version in (2, 3):
            done = await rotation_of(archive, rings).rotate(CASE, untold, batch=1)
            assert (done.version, done.rewrapped, done.unopened) == (version, 4, [number])
            archive.pass_by(A_MONTH)
        retired = await rotation_of(archive, rings).retire(CASE)
        assert retired == Retired([2], {1: 1})

    async def test_takes_along_what_is_written_meanwhile(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        """Also by a process that has not noticed the new version, in a case already passed."""
        stale = MemoryStore()
        stale.rings = dict(rings.rings)
        everything = [*cases]

        async def writes() -> None:
            for number in range(5):
                case = await archive.open_case()
                vault = archive.vault
                archive.vault = SealedVault(RingKeys(stale if number % 2 else rings))
                await archive.append(case, body={"text": "nieuw"})
                archive.vault = vault
                everything.append(case)

        rotating = rotation_of(archive, rings).rotate(CASE, untold, batch=1)
        await asyncio.gather(rotating, writes())
        await rotation_of(archive, rings).rotate(CASE, untold)
        assert await versions_in_use(archive) == {rings.rings[CASE].current_version}
        assert await stories(archive, everything) == 10

    async def test_goes_back_for_a_key_that_was_made_behind_it(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        await archive.execute(delete(CaseKeyRow).where(CaseKeyRow.case_id == cases[0]))
        stale = MemoryStore()
        stale.rings = dict(rings.rings)

        class Overtaken(RingKeys):
            async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str) -> Wrapped:
                async with archive.database.transaction() as session:
                    await DataKeys(RingKeys(stale)).find_or_make(session, cases[0], CASE)
                return await super().wrap(purpose, data_key, bound_to)

        rotation = KeyRotation(archive.database, Overtaken(rings), archive.clock)
        done = await rotation.rotate(CASE, untold, batch=1)
        assert done.rewrapped == 5
        assert await versions_in_use(archive) == {2}

    async def test_lets_a_case_be_erased_at_the_very_moment_at_which_its_key_is_wrapped(
        self, archive: Archive, rings: MemoryStore, cases: list[CaseId]
    ) -> None:
        erasing: list[asyncio.Task[None]] = []

        async def erasure_is_done_or_waits() -> bool | None:
            return True if erasing[0].done() else await waits_for_a_lock(archive.database)()

        class Erased(RingKeys):
            async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str) -> Wrapped:
                if not erasing:
                    row = delete(CaseKeyRow).where(CaseKeyRow.case_id == UUID(bound_to))
                    erasing.append(asyncio.create_task(archive.execute(row)))
                    await eventually(erasure_is_done_or_waits, "the erasure hangs")
                return await super().wrap(purpose, data_key, bound_to)

        rotation = KeyRotation(archive.database, Erased(rings), archive.clock)
        await rotation.rotate(CASE, untold, batch=2)
        await erasing[0]
        left = [case for case in cases if case != min(cases)]
        assert await versions_in_use(archive) == {2}
        assert await stories(archive, left) == 4
        with pytest.raises(KeyWithheld):
            await stories(archive, [min(cases)])

    async def test_of_a_ring_that_cannot_be_written_goes_on_with_its_current_version(
        self, archive: Archive, cases: list[CaseId], rings: MemoryStore
    ) -> None:
        store = ReadOnlyStore()
        store.rings = dict(rings.rings)
        with pytest.raises(KeyRingReadOnly):
            await rotation_of(archive, store).rotate(CASE, untold)
        store.rings[CASE] = store.rings[CASE].with_spare(2, MADE_AT)
        with pytest.raises(KeyRingReadOnly):
            await rotation_of(archive, store).rotate(CASE, untold)
        store.rings[CASE] = store.rings[CASE].with_current(2)
        done = await rotation_of(archive, store).rotate(CASE, untold)
        assert (done.version, done.is_new, done.rewrapped) == (2, False, 5)
        archive.vault = SealedVault(RingKeys(store))
        assert await stories(archive, cases) == 5

    @pytest.mark.usefixtures("cases")
    async def test_refuses_a_ring_of_another_database_and_leaves_it_as_it_is(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        rings.rings[CASE] = other = new_ring(CASE, MADE_AT)
        for command in (
            rotation_of(archive, rings).rotate(CASE, untold),
            rotation_of(archive, rings).retire(CASE),
        ):
            with pytest.raises(KeyRingUnusable, match="does not have version 1"):
                await command
        assert rings.rings[CASE] == other
        assert await versions_in_use(archive) == {1}


class TestTheStatus:
    @pytest.mark.usefixtures("cases")
    async def test_tells_what_each_version_wraps(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        rings.change(CASE, lambda ring: ring.with_new(2, archive.now))
        await archive.append(await archive.open_case(), body={"text": "onder versie 2"})
        status = await rotation_of(archive, rings).status(CASE)
        assert [(s.version, s.wraps) for s in status] == [(1, 5), (2, 1)]
        assert [s.key is not None and s.key.is_current for s in status] == [False, True]

    @pytest.mark.usefixtures("cases")
    async def test_names_a_version_that_the_ring_does_not_have(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        rings.change(CASE, lambda ring: ring.with_new(2, archive.now).without([1]))
        status = await rotation_of(archive, rings).status(CASE)
        assert [(s.version, s.wraps, s.key is None) for s in status] == [
            (1, 5, True),
            (2, 0, False),
        ]


class TestTheStart:
    @pytest.mark.usefixtures("cases")
    async def test_is_refused_with_rings_of_another_database(
        self, archive: Archive, rings: MemoryStore
    ) -> None:
        await refuse_other_rings(archive.database, RingKeys(rings))
        with pytest.raises(KeyRingUnusable, match="case does not have version 1"):
            await refuse_other_rings(archive.database, RingKeys(MemoryStore()))
