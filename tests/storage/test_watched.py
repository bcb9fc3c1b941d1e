"""What the watcher asks the database: what waits too long, and who asks for a look."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.entries import Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.overview import OverviewDetails
from domain.stages import Stage
from domain.waits import NOTED_FROM_OUTSIDE, Attention
from storage import course_records, watched
from tests.storage.archive import Archive, an_overview

A_MINUTE = timedelta(minutes=1)


async def note(archive: Archive, case: CaseId, *reasons: Attention) -> bool:
    async with archive.database.transaction() as session:
        return await watched.note_from_outside(
            session, case, reasons, among=NOTED_FROM_OUTSIDE, now=archive.now
        )


async def attentions(archive: Archive, case: CaseId) -> tuple[Attention | None, list[Attention]]:
    async with archive.database.transaction() as session:
        row = await course_records.overview_row(session, case)
        assert row is not None
        return row.attention, list(row.details.attentions)


class TestAnEntryWithoutAnAnswer:
    async def test_is_found_once_it_is_old_enough(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        async with archive.database.transaction() as session:
            now = archive.now
            assert case not in await watched.unanswered_since(session, now)
            found = await watched.unanswered_since(session, now + A_MINUTE)
        assert found[case] == now

    async def test_is_not_found_once_it_was_answered(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        async with archive.database.transaction() as session:
            verdicts = [Verdict(EntryNumber(1))]
            await course_records.record_verdicts(session, case, verdicts, archive.now)
            assert case not in await watched.unanswered_since(session, archive.now + A_MINUTE)


class TestWhatIsNotedFromOutside:
    async def test_stands_beside_what_the_workflow_told(self, archive: Archive) -> None:
        case = await archive.open_case()
        details = OverviewDetails(attentions=(Attention.LETTER_FAILED,))
        told = replace(an_overview(attention=Attention.LETTER_FAILED), details=details)
        await archive.tell(case, told, revision=1)

        assert await note(archive, case, Attention.WORKFLOW_FAILING)
        assert not await note(archive, case, Attention.WORKFLOW_FAILING)

        expected = [Attention.WORKFLOW_FAILING, Attention.LETTER_FAILED]
        assert await attentions(archive, case) == (expected[0], expected)
        async with archive.database.transaction() as session:
            asked = await watched.asked_attention(session)
            noted = await watched.cases_asking_for(session, NOTED_FROM_OUTSIDE)
        assert asked[Attention.WORKFLOW_FAILING] >= 1
        assert case in noted

    async def test_ends_without_the_rest(self, archive: Archive) -> None:
        case = await archive.open_case()
        details = OverviewDetails(attentions=(Attention.DANGER,))
        told = replace(an_overview(attention=Attention.DANGER), details=details)
        await archive.tell(case, told, revision=1)
        await note(archive, case, Attention.ENTRIES_UNDELIVERED)

        assert await note(archive, case)

        assert await attentions(archive, case) == (Attention.DANGER, [Attention.DANGER])

    async def test_stands_on_a_case_of_which_nothing_was_told_yet(self, archive: Archive) -> None:
        case = await archive.open_case()

        await note(archive, case, Attention.WORKFLOW_FAILING)
        assert (await attentions(archive, case))[0] is Attention.WORKFLOW_FAILING

        await archive.tell(case, an_overview(stage=Stage.RECEIVED), revision=1)
        assert (await attentions(archive, case))[0] is None

    @pytest.mark.parametrize("reasons", [[], [Attention.WORKFLOW_MISSING]])
    async def test_changes_nothing_where_there_is_no_case(
        self, archive: Archive, reasons: list[Attention]
    ) -> None:
        assert not await note(archive, CaseId(uuid4()), *reasons)
