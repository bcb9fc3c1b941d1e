"""The depot: what is put is kept sealed, given out clean, and let go of."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import delete, update

from attachments.clean_room import CleanRoom
from attachments.depot import GRACE, Depot, Infected, SentFile
from attachments.objects import Objects, ObjectsUnavailable, new_object_name, open_objects
from attachments.orphans import remove_orphans_daily
from attachments.refusal import FileRefused
from attachments.scanning import ScannerUnavailable
from domain.attachments import MOST_PER_CASE, MediaType, ScanState, Unacceptable
from domain.entries import EntryKind
from domain.identifiers import CaseId
from launcher.people import eventually
from storage.attachment_records import Attachment, object_names
from storage.models import AttachmentRow, CaseKeyRow
from storage.vault import CannotOpen
from tests.attachments.conftest import settings_with
from tests.attachments.sample_files import GPS_MAKER, document, gps_of, photo
from tests.storage.archive import Archive

NOTE = SentFile("notitie.txt", "text/plain", b"Wat er gebeurde.")


class FakeScanner:
    """Says what it is told to say."""

    def __init__(self, says: ScanState | None) -> None:
        self._says = says

    async def scan(self, content: bytes) -> ScanState:
        assert content == NOTE.content  # as it was sent, not the clean copy
        if self._says is None:
            raise ScannerUnavailable
        return self._says


class FullDisk(Objects):
    """Takes so many objects and no more."""

    def __init__(self, objects: Objects, takes: int) -> None:
        self._objects = objects
        self._takes = takes

    async def put(self, name: str, content: bytes) -> None:
        if self._takes == 0:
            raise ObjectsUnavailable
        self._takes -= 1
        await self._objects.put(name, content)


@pytest.fixture
def depot(archive: Archive, objects: Objects) -> Depot:
    """Works on a folder, and once more on a bucket."""
    return Depot(archive.database, archive.vault, archive.clock, objects, CleanRoom())


@pytest.fixture
def folder_objects(folder: Path) -> Objects:
    return open_objects(settings_with(attachments_dir=folder))


def depot_of(archive: Archive, objects: Objects, says: ScanState | None) -> Depot:
    return Depot(
        archive.database,
        archive.vault,
        archive.clock,
        objects,
        CleanRoom(),
        FakeScanner(says),
    )


async def attach(depot: Depot, archive: Archive, case: CaseId, sent: SentFile = NOTE) -> Attachment:
    attachment = await depot.put(case, sent)
    entry = await archive.append(case, EntryKind.ATTACHMENT)
    async with archive.database.transaction() as session:
        await depot.record(session, attachment, entry)
    return attachment


class TestAnAttachment:
    @pytest.mark.parametrize(
        ("sent", "kind", "name"),
        [
            (SentFile("../IMG_1.jpeg", "", photo()), MediaType.JPEG, "IMG_1.jpg"),
            (SentFile("x\u202egnp.exe", "", photo("PNG")), MediaType.PNG, "xgnp.png"),
            (SentFile("IMG_2.HEIC", "", photo("HEIF")), MediaType.HEIC, "IMG_2.jpg"),
            (SentFile("brief.pdf", "", document()), MediaType.PDF, "brief.pdf"),
            (NOTE, MediaType.TEXT, "notitie.txt"),
        ],
    )
    async def test_is_kept_as_it_was_and_given_out_clean(
        self, depot: Depot, archive: Archive, sent: SentFile, kind: MediaType, name: str
    ) -> None:
        case = await archive.open_case()
        put = await attach(depot, archive, case, sent)

        [(entry, found)] = await depot.of_case(case)

        assert found == put == await depot.find(case, put.id) == await depot.of_entry(case, entry)
        assert (found.media_type, found.name) == (kind, name)
        assert await depot.original(found) == sent.content
        copy = await depot.clean_copy(found)
        assert len(copy) == found.size
        assert GPS_MAKER not in copy

    async def test_does_not_say_where_its_photo_was_made(
        self, depot: Depot, archive: Archive
    ) -> None:
        case = await archive.open_case()
        put = await attach(depot, archive, case, SentFile("x.jpg", "", photo()))
        assert gps_of(await depot.original(put))
        assert gps_of(await depot.clean_copy(put)) == {}
        with Image.open(io.BytesIO(await depot.clean_copy(put))) as image:
            assert image.size == (64, 48)

    async def test_lies_sealed(self, depot: Depot, archive: Archive, objects: Objects) -> None:
        sent = SentFile("x.txt", "text/plain", b"narcis " * 1000)
        put = await attach(depot, archive, await archive.open_case(), sent)
        for kept in (put.original, put.copy):
            assert b"narcis" not in await objects.get(kept.name)
            assert (await objects.get(kept.name)).startswith(b"frames:1:")

    async def test_is_of_its_own_case_only(self, depot: Depot, archive: Archive) -> None:
        put = await attach(depot, archive, await archive.open_case())
        assert await depot.find(await archive.open_case(), put.id) is None
        assert await depot.find(put.case, uuid4()) is None
        assert await depot.of_case(await archive.open_case()) == []

    async def test_cannot_be_opened_without_the_key_of_its_case(
        self, depot: Depot, archive: Archive
    ) -> None:
        put = await attach(depot, archive, await archive.open_case())
        await archive.execute(delete(CaseKeyRow))
        with pytest.raises(CannotOpen):
            await depot.of_case(put.case)

    async def test_that_was_swapped_for_another_does_not_open(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        case = await archive.open_case()
        put, other = await attach(depot, archive, case), await attach(depot, archive, case)
        await objects.put(put.original.name, await objects.get(other.original.name))
        with pytest.raises(CannotOpen):
            await depot.original(put)
        await objects.put(put.copy.name, await objects.get(put.original.name))
        with pytest.raises(CannotOpen):
            await depot.clean_copy(put)

    async def test_whose_row_was_given_the_object_of_another_does_not_open(
        self, depot: Depot, archive: Archive
    ) -> None:
        case = await archive.open_case()
        put, other = await attach(depot, archive, case), await attach(depot, archive, case)
        taken = AttachmentRow.original_name, AttachmentRow.original_digest
        await archive.execute(
            delete(AttachmentRow).where(AttachmentRow.id == other.id),
            update(AttachmentRow)
            .where(AttachmentRow.id == put.id)
            .values(dict(zip(taken, (other.original.name, other.original.digest), strict=True))),
        )
        found = await depot.find(case, put.id)
        assert found
        with pytest.raises(CannotOpen):
            await depot.original(found)

    async def test_whose_key_was_taken_from_another_does_not_open(
        self, depot: Depot, archive: Archive
    ) -> None:
        case = await archive.open_case()
        put, other = await attach(depot, archive, case), await attach(depot, archive, case)
        async with archive.database.transaction() as session:
            stolen = (await session.get_one(AttachmentRow, other.id)).file_key
            (await session.get_one(AttachmentRow, put.id)).file_key = stolen
        with pytest.raises(CannotOpen):
            await depot.find(case, put.id)

    async def test_whose_object_is_gone_does_not_open(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        put = await attach(depot, archive, await archive.open_case())
        await objects.delete([put.copy.name])
        with pytest.raises(CannotOpen):
            await depot.clean_copy(put)


class TestTheDepot:
    async def test_takes_so_many_files_of_a_case_and_no_more(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        case, other = await archive.open_case(), await archive.open_case()
        put = await depot.put(case, NOTE)
        late = await depot.put(case, NOTE)
        for _ in range(MOST_PER_CASE):
            entry = await archive.append(case, EntryKind.ATTACHMENT)
            original = replace(put.original, name=new_object_name())
            copy = replace(put.copy, name=new_object_name())
            one = replace(put, id=uuid4(), original=original, copy=copy)
            async with archive.database.transaction() as session:
                await depot.record(session, one, entry)

        for attempt in (depot.put(case, NOTE), attach_late(depot, archive, late)):
            with pytest.raises(FileRefused) as refused:
                await attempt
            assert refused.value.reason is Unacceptable.TOO_MANY
        assert len(await depot.of_case(case)) == MOST_PER_CASE
        assert await attach(depot, archive, other)

    async def test_keeps_nothing_of_what_it_refuses(
        self, archive: Archive, folder: Path, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        case = await archive.open_case()
        for sent in (
            SentFile("x.exe", "", b"MZ"),
            SentFile("x.jpg", "", photo()[:-100]),
            SentFile("x.pdf", "", document(password="geheim")),
        ):
            with pytest.raises(FileRefused):
                await depot.put(case, sent)
        assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []

    async def test_lets_go_of_what_came_to_nothing(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        put = await depot.put(await archive.open_case(), NOTE)
        await depot.discard(put)
        assert not await objects.exists(put.original.name)
        assert not await objects.exists(put.copy.name)

    @pytest.mark.parametrize("takes", [0, 1])
    async def test_says_when_it_cannot_keep_a_file(
        self, archive: Archive, folder_objects: Objects, takes: int
    ) -> None:
        full = FullDisk(folder_objects, takes)
        depot = Depot(archive.database, archive.vault, archive.clock, full, CleanRoom())
        case = await archive.open_case()
        with pytest.raises(ObjectsUnavailable):
            await depot.put(case, NOTE)
        assert await depot.of_case(case) == []


async def attach_late(depot: Depot, archive: Archive, put: Attachment) -> None:
    """Record what was put while the case was not full yet."""
    entry = await archive.append(put.case, EntryKind.ATTACHMENT)
    async with archive.database.transaction() as session:
        await depot.record(session, put, entry)


class TestScanning:
    async def test_leaves_every_file_unscanned_when_there_is_no_scanner(
        self, depot: Depot, archive: Archive
    ) -> None:
        put = await attach(depot, archive, await archive.open_case())
        assert put.scan_state is ScanState.UNSCANNED

    @pytest.mark.parametrize(
        ("says", "state"),
        [
            (ScanState.CLEAN, ScanState.CLEAN),
            (ScanState.INFECTED, ScanState.INFECTED),
            (None, ScanState.UNSCANNED),
        ],
    )
    async def test_notes_what_the_scanner_says_and_nothing_when_it_is_silent(
        self, archive: Archive, folder_objects: Objects, says: ScanState | None, state: ScanState
    ) -> None:
        depot = depot_of(archive, folder_objects, says)
        put = await attach(depot, archive, await archive.open_case())
        [(_, found)] = await depot.of_case(put.case)
        assert found.scan_state is state

    async def test_keeps_an_infected_file_as_evidence_and_gives_its_copy_to_nobody(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        depot = depot_of(archive, folder_objects, ScanState.INFECTED)
        put = await attach(depot, archive, await archive.open_case())
        with pytest.raises(Infected):
            await depot.clean_copy(put)
        assert await depot.original(put) == NOTE.content


class TestErasing:
    async def test_deletes_every_object_of_a_case_however_often(
        self, depot: Depot, archive: Archive, objects: Objects
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        gone = [await attach(depot, archive, case) for _ in range(2)]
        kept = await attach(depot, archive, other)
        await objects.delete([gone[0].copy.name])  # an attempt that broke off

        for _ in range(2):
            await depot.delete_objects_of(case)

        for put in gone:
            assert not await objects.exists(put.original.name)
            assert not await objects.exists(put.copy.name)
        assert await depot.clean_copy(kept) == NOTE.content

    async def test_needs_no_key(self, depot: Depot, archive: Archive, objects: Objects) -> None:
        put = await attach(depot, archive, await archive.open_case())
        await archive.execute(delete(CaseKeyRow))
        await depot.delete_objects_of(put.case)
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
        stubborn = Depot(archive.database, archive.vault, archive.clock, Stubborn(), CleanRoom())
        with pytest.raises(ObjectsUnavailable):
            await stubborn.delete_objects_of(put.case)

    async def test_is_not_done_when_the_place_of_the_files_is_gone(
        self, archive: Archive, folder: Path, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        put = await attach(depot, archive, await archive.open_case())
        await asyncio.to_thread(folder.rename, folder.with_name("elsewhere"))
        with pytest.raises(ObjectsUnavailable):
            await depot.delete_objects_of(put.case)

    async def test_has_nothing_to_do_for_a_case_without_files(
        self, depot: Depot, archive: Archive
    ) -> None:
        await depot.delete_objects_of(await archive.open_case())


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
