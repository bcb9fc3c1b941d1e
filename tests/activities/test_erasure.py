"""Erasing a case, step by step: in order, again, and from wherever it was broken off."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from activities.erasure import CaseIsOpen, ErasureActivities, StillThere
from activities.messages import CaseReference, EraseCase, EraseRuns
from domain.attachments import MediaType, ScanState
from domain.case_number import CaseNumber
from domain.identifiers import CaseId, EntryNumber
from domain.matching import ConflictKind
from domain.reading import GlassState, ReadingScope
from domain.retention import ErasureReason
from storage import access, course_records, erasing, idempotency
from storage.case_file import CaseNotFound
from storage.erasure_ledger import ErasureLedger
from storage.idempotency import Answered
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import (
    AttachmentRow,
    Base,
    BreakGlassRow,
    CaseRow,
    CodeRequestRow,
    EntryRow,
    ErasureRow,
    LedgerLinkRow,
    LetterRow,
    LetterStatus,
    Lifecycle,
    StaffConflictRow,
)
from tests.activities.fake_runs import FakeRuns
from tests.storage.archive import MEDIATOR_1, SUPERVISOR, Archive, a_letter, an_overview
from tests.storage.conftest import archive, database, server, url
from tests.storage.tampering import case_of

__all__ = ["archive", "database", "server", "url"]

IDS = ("complaint-x.1", "aftercare-x.1")


class Objects:
    """The files of cases."""

    def __init__(self) -> None:
        self.deleted: list[CaseId] = []

    async def delete_objects_of(self, case: CaseId) -> None:
        self.deleted.append(case)


class Eraser:
    """The activities of the erasure, over real tables and a real file."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.ledger = ErasureLedger(folder, b"e" * 32)
        self.runs = FakeRuns()
        self.objects = Objects()
        self.activities = ErasureActivities(
            archive.database, archive.vault, archive.clock, self.ledger, self.objects, self.runs
        )

    async def reference(self, case: CaseId) -> CaseReference:
        row = await self.archive.row(case)
        return CaseReference(case, CaseNumber(row.number), row.episode)

    async def steps(self, case: CaseId) -> Sequence[Callable[[], Awaitable[object]]]:
        reference = await self.reference(case)
        request, runs = EraseCase(reference, ErasureReason.REQUEST), EraseRuns(IDS)
        return (
            lambda: self.activities.close_doors(reference),
            lambda: self.activities.await_end_of_runs(runs),
            lambda: self.activities.note_erasure(request),
            lambda: self.activities.destroy_keys(reference),
            lambda: self.activities.delete_objects(reference),
            lambda: self._until_done(runs),
            lambda: self.activities.delete_rows(request),
        )

    async def erases(self, case: CaseId, *, times: int = 1) -> None:
        for step in await self.steps(case):
            for _ in range(times):
                await step()

    async def _until_done(self, runs: EraseRuns) -> None:
        while True:
            try:
                return await self.activities.delete_runs(runs)
            except StillThere:
                continue


@pytest.fixture
def eraser(archive: Archive, tmp_path: Path) -> Eraser:
    return Eraser(archive, tmp_path)


async def a_full_case(archive: Archive) -> CaseId:
    """Return a closed case that has a row in every table."""
    case = await case_of(archive)
    other = await case_of(archive)
    await archive.tell(case, an_overview())
    letter = a_letter(case)
    same = LetterText(subject="brief", text="brief", html="brief")
    async with archive.database.transaction() as session:
        await LetterBook(session, archive.vault).write(
            letter, LetterContent(filed=same, mailed=same)
        )
        await session.execute(
            update(CaseRow)
            .where(CaseRow.id == case)
            .values(lifecycle=Lifecycle.CLOSED, closed_at=archive.now)
        )
        later = archive.now + timedelta(days=1)
        await access.add_receipt(session, case.bytes, case, archive.now)
        await access.add_session(session, case.bytes, access.Opened(case), archive.now, later)
        await access.add_institution_session(session, case.bytes, case, archive.now, later)
        row = await session.get_one(CaseRow, case)
        await access.add_reply_link(session, case.bytes, letter.id, row, archive.now)
        answered = Answered(b"mac", case, EntryNumber(1), None)
        await idempotency.remember(session, case.bytes, answered, archive.now)
        await course_records.record_links(session, case, [other])
        session.add_all(
            [
                AttachmentRow(
                    id=uuid4(),
                    case_id=case,
                    entry_number=1,
                    media_type=MediaType.PDF,
                    scan_state=ScanState.UNSCANNED,
                    file_key=b"sealed",
                    description=b"sealed",
                    original_name=f"{case}-original",
                    original_digest=b"digest",
                    copy_name=f"{case}-copy",
                    copy_digest=b"digest",
                ),
                StaffConflictRow(
                    id=uuid4(),
                    staff_id=MEDIATOR_1,
                    institution_id=None,
                    case_id=case,
                    kind=ConflictKind.FAMILY,
                ),
                BreakGlassRow(
                    id=uuid4(),
                    case_id=case,
                    entry_number=1,
                    scope=ReadingScope.STORY,
                    state=GlassState.ASKED,
                    asked_by=SUPERVISOR,
                    asked_at=archive.now,
                    answered_by=None,
                    answered_at=None,
                ),
                CodeRequestRow(
                    id=uuid4(),
                    claim=case.bytes,
                    case_number=row.number,
                    address_mac=b"mac",
                    asked_at=archive.now,
                    case_id=case,
                    due_at=later,
                    letter_id=letter.id,
                    expires_at=later,
                ),
            ]
        )
    return case


async def tables_of(archive: Archive, case: CaseId) -> set[str]:
    """Return every table that holds a row of a case, its own aside."""
    async with archive.database.transaction() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if "case_id" in table.c
            and await session.scalar(select(table.c.case_id).where(table.c.case_id == case))
        }


class TestAnErasure:
    async def test_leaves_the_number_the_year_and_the_links(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case = await a_full_case(archive)
        number = (await archive.row(case)).number
        everything = {t.name for t in Base.metadata.sorted_tables if "case_id" in t.c}
        assert await tables_of(archive, case) == everything

        await eraser.erases(case)

        assert await tables_of(archive, case) == {"ledger_links"}
        row = await archive.row(case)
        assert (row.number, row.lifecycle, row.closed_at) == (number, Lifecycle.ERASED, None)
        assert row.opened_at == datetime(archive.now.year, 1, 1, tzinfo=UTC)
        async with archive.database.transaction() as session:
            of_the_case = select(LedgerLinkRow.number).where(LedgerLinkRow.case_id == case)
            links = (await session.scalars(of_the_case)).all()
            assert len(links) == row.entry_count
            assert (await archive.chain.verify(session, row, []))[1] == []

    async def test_is_noted_in_both_ledgers_without_naming_the_case(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case = await a_full_case(archive)

        await eraser.erases(case)

        [noted] = eraser.ledger.erasures().values()
        assert (noted.case_hash, noted.reason) == (
            eraser.ledger.hash_of(case),
            ErasureReason.REQUEST,
        )
        async with archive.database.transaction() as session:
            [row] = (await session.scalars(select(ErasureRow))).all()
        assert (row.case_hash, row.reason, row.erased_at) == (
            noted.case_hash,
            ErasureReason.REQUEST,
            archive.now,
        )

    async def test_touches_no_other_case(self, eraser: Eraser, archive: Archive) -> None:
        case, other = await a_full_case(archive), await case_of(archive)
        before = await tables_of(archive, other)

        await eraser.erases(case)

        assert await tables_of(archive, other) == before
        async with archive.file() as file:
            body = await file.body_of(other, (await file.facts_beyond(other, 0, 1))[0].number)  # pyright: ignore[reportArgumentType]
        assert body == {"text": "één"}
        assert eraser.objects.deleted == [case]

    async def test_ends_the_same_when_every_step_is_done_again(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case = await a_full_case(archive)

        await eraser.erases(case, times=2)
        await eraser.erases(case)

        assert await tables_of(archive, case) == {"ledger_links"}
        assert len(eraser.ledger.erasures()) == 1

    @pytest.mark.parametrize("broken_off_after", range(7))
    async def test_ends_the_same_from_wherever_it_was_broken_off(
        self, eraser: Eraser, archive: Archive, broken_off_after: int
    ) -> None:
        case = await a_full_case(archive)
        for step in (await eraser.steps(case))[:broken_off_after]:
            await step()
        await eraser.ledger.refuse_erased_cases(archive.database)

        await eraser.erases(case)

        assert await tables_of(archive, case) == {"ledger_links"}
        assert (await archive.row(case)).lifecycle is Lifecycle.ERASED
        await eraser.ledger.refuse_erased_cases(archive.database)

    @pytest.mark.parametrize("step", [0, 2, 3, 6])
    async def test_does_nothing_to_a_case_that_is_open(
        self, eraser: Eraser, archive: Archive, step: int
    ) -> None:
        case = await case_of(archive)
        before = await tables_of(archive, case)

        with pytest.raises(CaseIsOpen):
            await (await eraser.steps(case))[step]()

        assert await tables_of(archive, case) == before
        assert eraser.ledger.erasures() == {}

    async def test_waits_until_no_workflow_runs(self, eraser: Eraser, archive: Archive) -> None:
        case = await a_full_case(archive)
        eraser.runs.now_running = 1
        steps = await eraser.steps(case)

        with pytest.raises(StillThere):
            await steps[1]()

        eraser.runs.now_running = 0
        await steps[1]()

    async def test_destroys_nothing_that_it_could_not_note(
        self, eraser: Eraser, archive: Archive, tmp_path: Path
    ) -> None:
        case = await a_full_case(archive)
        eraser.ledger.file.mkdir()  # a file cannot be written there

        with pytest.raises(IsADirectoryError):
            await (await eraser.steps(case))[2]()

        assert "case_keys" in await tables_of(archive, case)

    async def test_forgets_every_row_in_its_last_step_whatever_came_back(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case = await a_full_case(archive)

        await (await eraser.steps(case))[6]()

        assert await tables_of(archive, case) == {"ledger_links"}

    async def test_forgets_who_asked_for_a_code_of_it_and_was_not_looked_at_yet(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case, other = await a_full_case(archive), await case_of(archive)
        async with archive.database.transaction() as session:
            for asked in (case, other):
                request = CodeRequestRow(
                    id=uuid4(),
                    claim=asked.bytes + b"2",
                    case_number=(await session.get_one(CaseRow, asked)).number,
                    address_mac=b"mac",
                    asked_at=archive.now,
                )
                session.add(request)

        await eraser.erases(case)

        async with archive.database.transaction() as session:
            [left] = await session.scalars(select(CodeRequestRow.case_number))
        assert left == (await archive.row(other)).number

    async def test_closes_every_door_first(self, eraser: Eraser, archive: Archive) -> None:
        case = await a_full_case(archive)

        assert await (await eraser.steps(case))[0]() is True

        async with archive.database.transaction() as session:
            assert await access.open_doors(session, case) == 0
            assert await erasing.keys_left(session, case) == 1

    async def test_lets_no_queued_letter_leave(self, eraser: Eraser, archive: Archive) -> None:
        case = await a_full_case(archive)

        await (await eraser.steps(case))[0]()

        async with archive.database.transaction() as session:
            statuses = (await session.scalars(select(LetterRow.status))).all()
        assert statuses == [LetterStatus.CANCELLED]

    async def test_lets_nobody_write_into_the_case_any_more(
        self, eraser: Eraser, archive: Archive
    ) -> None:
        case = await a_full_case(archive)
        number = CaseNumber((await archive.row(case)).number)
        for step in await eraser.steps(case):
            await step()
            with pytest.raises(CaseNotFound):
                await archive.append(case, body={"text": "nog iets"})
            with pytest.raises(CaseNotFound):
                async with archive.file() as file:
                    await file.find(number)

        async with archive.database.transaction() as session:
            written = select(EntryRow).where(EntryRow.case_id == case)
            assert (await session.scalars(written)).all() == []
            assert await erasing.keys_left(session, case) == 0
