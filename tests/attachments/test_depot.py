"""The depot: what is put is kept sealed, given out clean, and let go of."""

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import delete, update

from attachments import frames
from attachments.clean_room import CleanRoom
from attachments.depot import Depot, Infected, SentFile
from attachments.objects import Objects, ObjectsUnavailable, new_object_name
from attachments.refusal import FileRefused
from attachments.scanning import ScannerUnavailable
from domain.attachments import MOST_PER_CASE, MediaType, ScanState, Unacceptable
from domain.entries import EntryKind
from storage.attachment_records import Attachment
from storage.models import AttachmentRow, CaseKeyRow
from storage.vault import CannotOpen
from tests.attachments.keeping import NOTE, attach
from tests.attachments.sample_files import GPS_MAKER, document, gps_of, photo
from tests.storage.archive import Archive


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


def depot_of(archive: Archive, objects: Objects, says: ScanState | None) -> Depot:
    return Depot(
        archive.database,
        archive.vault,
        archive.clock,
        objects,
        CleanRoom(),
        FakeScanner(says),
    )


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

    async def test_never_gives_its_original_out_as_its_copy(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        put = await attach(depot, archive, await archive.open_case())
        with pytest.raises(CannotOpen):
            await depot.clean_copy(replace(put, copy=put.original))

    async def test_that_was_sealed_anew_does_not_open(
        self, archive: Archive, folder_objects: Objects
    ) -> None:
        depot = Depot(archive.database, archive.vault, archive.clock, folder_objects, CleanRoom())
        put = await attach(depot, archive, await archive.open_case())
        anew = frames.seal(put.key, f"{put.case}:{put.id}:original", b"Iets anders.")
        await folder_objects.put(put.original.name, anew)
        with pytest.raises(CannotOpen, match="not the one that was kept"):
            await depot.original(put)

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
