"""What opens a case: receipts for ever, sessions for a while, reply links while it is open."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from launcher.people import eventually
from storage import access
from storage.access import Opened
from storage.models import CaseRow, Lifecycle, SessionRow
from tests.storage.archive import START, Archive, a_letter
from tests.storage.rotating import waits_for_a_lock

TOKEN, ANOTHER_TOKEN, THIRD_TOKEN = b"t" * 32, b"u" * 32, b"v" * 32
HOUR = timedelta(hours=1)


class TestAReceipt:
    async def test_opens_its_case_and_no_other_opens_it(self, archive: Archive) -> None:
        case = await archive.open_case()
        async with archive.database.transaction() as session:
            await access.add_receipt(session, TOKEN, case, START)
        async with archive.database.transaction() as session:
            assert await access.opened_by_receipt(session, TOKEN) == Opened(case)
            assert await access.opened_by_receipt(session, ANOTHER_TOKEN) is None

    async def test_opens_one_case_only(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        async with archive.database.transaction() as session:
            await access.add_receipt(session, TOKEN, case, START)
        with pytest.raises(IntegrityError):
            await self.add(archive, other)

    @staticmethod
    async def add(archive: Archive, case: CaseId) -> None:
        async with archive.database.transaction() as session:
            await access.add_receipt(session, TOKEN, case, START)


class TestASession:
    async def test_opens_its_case_until_it_ends(self, archive: Archive) -> None:
        case = await archive.open_case()
        async with archive.database.transaction() as session:
            await access.add_session(session, TOKEN, Opened(case), START, START + HOUR)
        last = START + HOUR - timedelta(microseconds=1)
        async with archive.database.transaction() as session:
            assert await access.opened_by_session(session, TOKEN, START) == Opened(case)
            assert await access.opened_by_session(session, TOKEN, last) == Opened(case)
            assert await access.opened_by_session(session, TOKEN, START + HOUR) is None
            assert await access.opened_by_session(session, ANOTHER_TOKEN, START) is None

    async def test_that_ended_is_forgotten_when_another_begins_after_a_while(
        self, archive: Archive
    ) -> None:
        case = await archive.open_case()
        ended = START + HOUR
        forgotten = ended + access.REMEMBERED
        async with archive.database.transaction() as session:
            await access.add_session(session, TOKEN, Opened(case), START, ended)
            just_before = forgotten - timedelta(microseconds=1)
            await access.add_session(
                session, ANOTHER_TOKEN, Opened(case), just_before, just_before + HOUR
            )
            assert await access.number_of_session(session, TOKEN) is not None
            assert await access.opened_by_session(session, TOKEN, ended) is None
            await access.add_session(
                session, THIRD_TOKEN, Opened(case), forgotten, forgotten + HOUR
            )
            assert await access.number_of_session(session, TOKEN) is None
            assert await session.scalar(select(func.count()).select_from(SessionRow)) == 2


class TestASessionThatBeginsWhileItsCodeEnds:
    """Both in transactions of their own, in either order."""

    async def test_does_not_begin_once_the_code_is_ending(self, archive: Archive) -> None:
        case = await self.opened(archive)
        async with archive.database.transaction() as session:
            await archive.file_in(session).lock(case)
            coming = asyncio.create_task(self.comes(archive))
            await self.waits(archive, coming)
            await access.shut_out(session, case)
        assert await coming is None
        assert await self.sessions(archive) == 0

    async def test_ends_with_the_code_when_it_was_first(self, archive: Archive) -> None:
        case = await self.opened(archive)
        async with archive.database.transaction() as session:
            opened = await access.opened_by_receipt(session, TOKEN)
            assert opened is not None
            ending = asyncio.create_task(self.ends(archive, case))
            await self.waits(archive, ending)
            await access.add_session(session, ANOTHER_TOKEN, opened, START, START + HOUR)
        await ending
        assert await self.sessions(archive) == 0

    async def opened(self, archive: Archive) -> CaseId:
        case = await archive.open_case()
        async with archive.database.transaction() as session:
            await access.add_receipt(session, TOKEN, case, START)
        return case

    async def comes(self, archive: Archive) -> Opened | None:
        """Open a session, as the API does."""
        async with archive.database.transaction() as session:
            opened = await access.opened_by_receipt(session, TOKEN)
            if opened is not None:
                await access.add_session(session, ANOTHER_TOKEN, opened, START, START + HOUR)
            return opened

    async def ends(self, archive: Archive, case: CaseId) -> None:
        """Shut the complainant out, as a new code does."""
        async with archive.database.transaction() as session:
            await archive.file_in(session).lock(case)
            await access.shut_out(session, case)

    async def waits(self, archive: Archive, other: asyncio.Task[object]) -> None:
        """Return once the other transaction waits for this one, or does not wait at all."""
        is_waiting = waits_for_a_lock(archive.database)

        async def ask() -> bool | None:
            return True if other.done() else await is_waiting()

        await eventually(ask, "the other transaction waits")

    async def sessions(self, archive: Archive) -> int | None:
        async with archive.database.transaction() as session:
            return await session.scalar(select(func.count()).select_from(SessionRow))


class TestAMandate:
    async def test_opens_the_case_for_somebody_else(self, archive: Archive) -> None:
        case, mandate = await self.given(archive)
        async with archive.database.transaction() as session:
            await access.add_session(session, TOKEN, Opened(case, mandate), START, START + HOUR)
            found = Opened(case, mandate)
            assert await access.opened_by_receipt(session, TOKEN) == found
            assert await access.opened_by_session(session, TOKEN, START) == found
            assert await access.mandates_in_force(session, case) == {mandate}

    async def test_ends_with_its_codes_and_sessions_and_no_others(self, archive: Archive) -> None:
        case, mandate = await self.given(archive)
        async with archive.database.transaction() as session:
            await access.add_receipt(session, ANOTHER_TOKEN, case, START)
            for token, opened in ((TOKEN, Opened(case, mandate)), (ANOTHER_TOKEN, Opened(case))):
                await access.add_session(session, token, opened, START, START + HOUR)
            assert await access.shut_out(session, case, mandate=mandate)
            assert await access.opened_by_receipt(session, TOKEN) is None
            assert await access.opened_by_session(session, TOKEN, START) is None
            assert await access.opened_by_receipt(session, ANOTHER_TOKEN) == Opened(case)
            assert await access.opened_by_session(session, ANOTHER_TOKEN, START) == Opened(case)
            assert await access.mandates_in_force(session, case) == set()
            assert not await access.shut_out(session, case, mandate=mandate)

    async def test_outlives_the_codes_of_the_complainant(self, archive: Archive) -> None:
        case, mandate = await self.given(archive)
        async with archive.database.transaction() as session:
            await access.add_receipt(session, ANOTHER_TOKEN, case, START)
            assert await access.shut_out(session, case)
            assert await access.opened_by_receipt(session, ANOTHER_TOKEN) is None
            assert await access.opened_by_receipt(session, TOKEN) == Opened(case, mandate)

    async def test_has_one_code(self, archive: Archive) -> None:
        case, mandate = await self.given(archive)
        with pytest.raises(IntegrityError, match="ix_receipts_case_id_mandate"):
            async with archive.database.transaction() as session:
                await access.add_receipt(session, ANOTHER_TOKEN, case, START, mandate)

    async def test_is_an_entry_of_the_case(self, archive: Archive) -> None:
        case, mandate = await self.given(archive)
        none = EntryNumber(mandate + 1)
        with pytest.raises(IntegrityError, match="fk_receipts_case_id_mandate"):
            async with archive.database.transaction() as session:
                await access.add_receipt(session, ANOTHER_TOKEN, case, START, none)

    async def given(self, archive: Archive) -> tuple[CaseId, EntryNumber]:
        case = await archive.open_case()
        mandate = await archive.append(case, EntryKind.MANDATE_GIVEN, body={"name": "Joke"})
        async with archive.database.transaction() as session:
            await access.add_receipt(session, TOKEN, case, START, mandate)
        return case, mandate


class TestAReplyLink:
    async def test_opens_its_case_while_that_is_open(self, archive: Archive) -> None:
        case = await self.linked(archive)
        assert await self.opened(archive) == case

    @pytest.mark.parametrize("lifecycle", [Lifecycle.CLOSED, Lifecycle.ERASE_DUE])
    async def test_opens_nothing_once_the_case_is_closed(
        self, archive: Archive, lifecycle: Lifecycle
    ) -> None:
        await self.linked(archive)
        await archive.execute(update(CaseRow).values(lifecycle=lifecycle))
        assert await self.opened(archive) is None

    async def test_opens_nothing_when_the_case_is_reopened(self, archive: Archive) -> None:
        await self.linked(archive)
        await archive.execute(update(CaseRow).values(lifecycle=Lifecycle.CLOSED))
        await archive.execute(update(CaseRow).values(lifecycle=Lifecycle.OPEN, episode=2))
        assert await self.opened(archive) is None

    async def test_may_be_added_twice(self, archive: Archive) -> None:
        case = await self.linked(archive, times=2)
        assert await self.opened(archive) == case

    async def test_that_nobody_made_opens_nothing(self, archive: Archive) -> None:
        await archive.open_case()
        assert await self.opened(archive) is None

    @staticmethod
    async def linked(archive: Archive, times: int = 1) -> CaseId:
        case = await archive.open_case()
        letter = a_letter(case)
        async with archive.database.transaction() as session:
            row = await archive.file_in(session).lock(case)
            session.add(letter)
            await session.flush()
            for _ in range(times):
                await access.add_reply_link(session, TOKEN, letter.id, row, START)
        return case

    @staticmethod
    async def opened(archive: Archive) -> CaseId | None:
        async with archive.database.transaction() as session:
            row = await access.case_of_reply_link(session, TOKEN)
        return None if row is None else CaseId(row.id)


class TestTheDoorsOfACase:
    async def test_are_closed_for_good_and_those_of_others_are_not(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        async with archive.database.transaction() as session:
            for n, owner in enumerate((case, other)):
                token = bytes([n]) * 32
                await access.add_receipt(session, token, owner, START)
                await access.add_session(session, token, Opened(owner), START, START + HOUR)
                await access.add_institution_session(session, token, owner, START, START + HOUR)
        async with archive.database.transaction() as session:
            assert await access.open_doors(session, case) == 3
            await access.close_doors(session, case)
        async with archive.database.transaction() as session:
            assert await access.open_doors(session, case) == 0
            assert await access.open_doors(session, other) == 3
