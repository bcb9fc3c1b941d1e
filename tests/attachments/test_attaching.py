"""A file comes in with its entry, or leaves nothing behind."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from attachments.clean_room import CleanRoom
from attachments.depot import Depot, SentFile
from attachments.objects import Objects, open_objects
from attachments.refusal import FileRefused
from delivery.attaching import Attaching
from delivery.reception import Reception, Record
from delivery.repeats import KeyReused, Request
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from settings.secrets import Secrets
from storage.case_file import NewEntry
from tests.attachments.conftest import settings_with
from tests.storage.archive import Archive

NOTE = SentFile("notitie.txt", "text/plain", b"Wat er gebeurde.")
SECRETS = Secrets(b"s" * 32)


class BreaksBefore(Reception):
    """Loses the database before the file is recorded."""

    async def entry(
        self,
        case: CaseId,
        entry: NewEntry,
        request: Request | None = None,
        record: Record | None = None,
    ) -> EntryNumber:
        raise OperationalError("", {}, Exception())


class BreaksAfter(Reception):
    """Loses the database once everything was written: whether it is committed, nobody knows."""

    async def entry(
        self,
        case: CaseId,
        entry: NewEntry,
        request: Request | None = None,
        record: Record | None = None,
    ) -> EntryNumber:
        assert record is not None
        await super().entry(case, entry, request, record)
        raise OperationalError("", {}, Exception())


@pytest.fixture
def depot(archive: Archive, folder: Path) -> Depot:
    objects: Objects = open_objects(settings_with(attachments_dir=folder))
    return Depot(archive.database, archive.vault, archive.clock, objects, CleanRoom())


def reception(archive: Archive, kind: type[Reception] = Reception) -> Reception:
    return kind(archive.database, archive.vault, archive.clock, SECRETS)


async def objects_in(folder: Path) -> int:
    return await asyncio.to_thread(lambda: len(list(folder.iterdir())))


def request(key: str, content: bytes = NOTE.content) -> Request:
    return Request(key, content)


class TestAttaching:
    async def test_appends_an_entry_that_tells_the_digest_of_what_was_sent(
        self, archive: Archive, depot: Depot
    ) -> None:
        case = await archive.open_case()
        number = await Attaching(reception(archive), depot).attach(case, NOTE)
        [(entry, attachment)] = await depot.of_case(case)
        assert entry == number == 1
        async with archive.file() as file:
            [facts] = await file.facts_beyond(case, EntryNumber(0), 9)
            body = await file.body_of(case, number)
        assert facts.kind is EntryKind.ATTACHMENT
        assert body == {
            "attachment_id": str(attachment.id),
            "sha256": "69545ff74e00bcee9667783b30f57472a5a5b75ed3b5b6d063f3f411a93eea57",
        }

    async def test_keeps_one_file_for_one_request(
        self, archive: Archive, depot: Depot, folder: Path
    ) -> None:
        case, attaching = await archive.open_case(), Attaching(reception(archive), depot)
        first = await attaching.attach(case, NOTE, request("a"))
        for _ in range(2):
            assert await attaching.attach(case, NOTE, request("a")) == first
        assert await attaching.attach(case, NOTE, request("b")) == first + 1
        with pytest.raises(KeyReused):
            await attaching.attach(case, NOTE, request("a", b"another"))
        assert await objects_in(folder) == 4

    async def test_keeps_one_file_of_the_same_request_at_once(
        self, archive: Archive, depot: Depot, folder: Path
    ) -> None:
        case, attaching = await archive.open_case(), Attaching(reception(archive), depot)
        numbers = await asyncio.gather(
            *(attaching.attach(case, NOTE, request("a")) for _ in range(4))
        )
        assert set(numbers) == {1}
        assert await objects_in(folder) == 2
        assert len(await depot.of_case(case)) == 1

    async def test_leaves_nothing_when_the_database_is_lost(
        self, archive: Archive, depot: Depot, folder: Path
    ) -> None:
        case = await archive.open_case()
        with pytest.raises(OperationalError):
            await Attaching(reception(archive, BreaksBefore), depot).attach(case, NOTE)
        assert await objects_in(folder) == 0
        assert await depot.of_case(case) == []

    async def test_keeps_the_file_when_it_cannot_know_whether_it_is_committed(
        self, archive: Archive, depot: Depot
    ) -> None:
        case = await archive.open_case()
        with pytest.raises(OperationalError):
            await Attaching(reception(archive, BreaksAfter), depot).attach(case, NOTE)
        [(_, attachment)] = await depot.of_case(case)
        assert await depot.original(attachment) == NOTE.content

    async def test_appends_no_entry_when_the_case_filled_up_meanwhile(
        self, archive: Archive, folder: Path, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, attaching = await archive.open_case(), Attaching(reception(archive), depot)
        monkeypatch.setattr("attachments.depot.MOST_PER_CASE", 2)
        answers = await asyncio.gather(
            *(attaching.attach(case, NOTE) for _ in range(4)), return_exceptions=True
        )
        assert sum(isinstance(answer, FileRefused) for answer in answers) == 2
        assert await objects_in(folder) == 4
        assert (await archive.row(case)).entry_count == 2
