"""Letting go of files: of a case that is erased, and of what a crash left behind."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from attachments.clean_room import CleanRoom
from attachments.depot import GRACE, Depot
from attachments.letting_go import ObjectsOfCases
from attachments.objects import Objects, ObjectsUnavailable
from attachments.orphans import remove_orphans_daily
from launcher.people import eventually
from storage.attachment_records import object_names
from storage.models import CaseKeyRow
from tests.attachments.keeping import NOTE, attach
from tests.storage.archive import Archive


class TestErasing:
    async def test_deletes_every_object_of_a_case_however_often(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        gone = [await attach(depot, archive, case) for _ in range(2)]
        kept = await attach(depot, archive, other)
        await objects.delete([gone[0].copy.name])  # an attempt that broke off

        for _ in range(2):
            await ObjectsOfCases(archive.database, objects).delete_objects_of(case)

        for put in gone:
            assert not await objects.exists(put.original.name)
            assert not await objects.exists(put.copy.name)
        assert await depot.clean_copy(kept) == NOTE.content

    async def test_needs_no_key(self, depot: Depot, archive: Archive, objects: Objects) -> None:
        put = await attach(depot, archive, await archive.open_case())
        await archive.execute(delete(CaseKeyRow))
        await ObjectsOfCases(archive.database, objects).delete_objects_of(put.case)
        assert not await objects.exists(put.original.name)

    async def test_is_not_done_while_something_is_left(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        class Stubborn(Objects):
            def __init__(self) -> None:
                pass

            async def check(self) -> None:
                pass

            async def delete(self, names: object) -> None:
                pass

            async def exists(self, name: str) -> bool:
                return await folder_objects.exists(name)

        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        put = await attach(depot, archive, await archive.open_case())
        stubborn = ObjectsOfCases(archive.database, Stubborn())
        with pytest.raises(ObjectsUnavailable):
            await stubborn.delete_objects_of(put.case)

    async def test_is_not_done_when_the_place_of_the_files_is_gone(
        self, archive: Archive, folder: Path, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        put = await attach(depot, archive, await archive.open_case())
        await asyncio.to_thread(folder.rename, folder.with_name("elsewhere"))
        with pytest.raises(ObjectsUnavailable):
            await ObjectsOfCases(archive.database, folder_objects).delete_objects_of(put.case)

    async def test_has_nothing_to_do_for_a_case_without_files(
        self, archive: Archive, objects: Objects
    ) -> None:
        letting_go = ObjectsOfCases(archive.database, objects)
        await letting_go.delete_objects_of(await archive.open_case())


class TestOrphans:
    async def test_are_removed_once_they_are_old_and_nothing_else_is(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        archive.now = datetime.now(UTC)  # objects are as old as their store says
        put = await attach(depot, archive, await archive.open_case())
        crashed = await depot.put(put.case, NOTE)
        archive.pass_by(GRACE - timedelta(minutes=10))
        assert await depot.remove_orphans() == 0
        archive.pass_by(timedelta(minutes=20))

        assert await depot.remove_orphans() == 2
        assert await depot.remove_orphans() == 0

        assert not await objects.exists(crashed.original.name)
        assert not await objects.exists(crashed.copy.name)
        assert await depot.original(put) == NOTE.content
        async with archive.database.transaction() as session:
            assert set(await object_names(session)) == {put.original.name, put.copy.name}

    async def test_are_removed_by_a_loop_that_outlives_an_outage(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        class Flaky(Depot):
            outages = 2

            async def remove_orphans(self) -> int:
                if self.outages:
                    self.outages -= 1
                    raise ObjectsUnavailable
                return await super().remove_orphans()

        depot = Flaky(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        archive.now = datetime.now(UTC)
        crashed = await depot.put(await archive.open_case(), NOTE)
        archive.pass_by(2 * GRACE)
        loop = asyncio.create_task(remove_orphans_daily(depot, pause=0.01))

        async def gone() -> bool | None:
            return None if await folder_objects.exists(crashed.copy.name) else True

        await eventually(gone, "the orphan is still there")
        loop.cancel()
