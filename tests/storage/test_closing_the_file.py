"""Closing a case in its file: nobody sees it closed before it is, and nothing arrives in vain."""

from dataclasses import replace
from pathlib import Path

import pytest

from activities.closure import ClosureActivities
from activities.ledger import LedgerActivities
from activities.letters import Composer, LetterActivities
from activities.messages import CaseReference, CloseCase, PostLetter, RecordCourse
from domain.case_number import CaseNumber
from domain.identifiers import CaseId, EntryNumber
from domain.letters import Letter, PendingLetter
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.stages import Outcome, Stage
from domain.waits import Attention
from mail.rendering import LetterRenderer
from settings.policy import load_policy
from storage import course_records
from storage.letter_book import LetterBook
from storage.models import Lifecycle, OverviewRow
from tests.storage.archive import Archive, an_overview
from tests.storage.test_permission_to_leave import Desk


async def reference(archive: Archive, case: CaseId) -> CaseReference:
    return CaseReference(case, CaseNumber((await archive.row(case)).number), 1)


async def told(archive: Archive, case: CaseId) -> OverviewRow:
    async with archive.database.transaction() as session:
        row = await course_records.overview_row(session, case)
        assert row is not None
        return row


async def closes(archive: Archive, case: CaseId, cursor: int) -> bool:
    reached = await reference(archive, case)
    overview = replace(an_overview(stage=Stage.CLOSED), outcome=Outcome.SETTLED)
    news = RecordCourse(reached, (), 2, overview, archive.now)
    activities = ClosureActivities(archive.database, archive.vault, archive.clock)
    order = CloseCase(reached, EntryNumber(cursor), archive.now, news)
    return (await activities.close_case(order)).done


class TestClosing:
    async def test_shows_the_case_as_closed_in_the_same_moment(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.tell(case, an_overview())
        await archive.append(case)

        assert await closes(archive, case, cursor=1)

        assert (await archive.row(case)).lifecycle is Lifecycle.CLOSED
        assert (await told(archive, case)).stage is Stage.CLOSED

    async def test_shows_nothing_while_something_was_not_read_yet(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.tell(case, an_overview())
        for _ in range(2):
            await archive.append(case)

        assert not await closes(archive, case, cursor=1)

        assert (await archive.row(case)).lifecycle is Lifecycle.OPEN
        assert (await told(archive, case)).stage is Stage.FINDING_MEDIATOR


class TestTheClosingLetter:
    @pytest.mark.parametrize(("cursor", "written"), [(1, 0), (None, 1)])
    async def test_is_written_whatever_arrives_for_the_aftercare(
        self, archive: Archive, cursor: int | None, written: int
    ) -> None:
        case = await archive.open_case()
        await archive.tell(case, an_overview(stage=Stage.CLOSED))
        for _ in range(2):
            await archive.append(case)
        letters = LetterActivities(
            archive.database,
            archive.vault,
            archive.clock,
            Composer(
                archive.vault,
                archive.clock,
                LetterRenderer(Path("templates")),
                "https://wederhoor.example",
            ),
            Desk(archive).office,
        )
        order = PostLetter(
            case=await reference(archive, case),
            letter=PendingLetter(Letter.CLOSING, Party.COMPLAINANT),
            cursor=None if cursor is None else EntryNumber(cursor),
            now=archive.now,
            outcome=Outcome.WITHDRAWN,
        )

        acted = await letters.post_letter(order)

        assert acted.done == bool(written)
        async with archive.database.transaction() as session:
            book = LetterBook(session, archive.vault)
            assert len(await book.letters_to(case, Party.COMPLAINANT)) == written


class TestDangerAfterAClosure:
    async def says(self, archive: Archive, case: CaseId, danger: bool | None) -> OverviewRow:
        ledger = LedgerActivities(archive.database, archive.vault, archive.clock, load_policy(None))
        reached = await reference(archive, case)
        await ledger.record_course(RecordCourse(reached, (), 0, None, archive.now, danger))
        return await told(archive, case)

    async def test_asks_somebody_to_look_until_it_is_over(self, archive: Archive) -> None:
        case = await archive.open_case()
        failed = (Attention.LETTER_FAILED,)
        before = an_overview(stage=Stage.CLOSED, attention=Attention.LETTER_FAILED)
        await archive.tell(case, replace(before, details=OverviewDetails(attentions=failed)))

        row = await self.says(archive, case, danger=True)

        assert row.details.danger
        assert row.attention is Attention.DANGER
        assert row.details.attentions == (Attention.DANGER, Attention.LETTER_FAILED)

        row = await self.says(archive, case, danger=None)

        assert row.details.danger

        row = await self.says(archive, case, danger=False)

        assert not row.details.danger
        assert row.attention is Attention.LETTER_FAILED
        assert row.details.attentions == failed
