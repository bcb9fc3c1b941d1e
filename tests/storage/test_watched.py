"""What the watcher asks the database: what waits too long, and who asks for a look."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from domain.calendar import end_of
from domain.entries import Decision, EntryDetails, Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.overview import OverviewDetails
from domain.read_model import overview_of
from domain.stages import Stage
from domain.waits import NOTED_FROM_OUTSIDE, Attention, Wait
from storage import course_records, watched
from storage.models import CaseRow
from tests.domain.asking import asked
from tests.storage.archive import ADVISER, START, Archive, an_overview

A_MINUTE = timedelta(minutes=1)
PROMISED_UNTIL = end_of(date(2026, 3, 9))


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


class Promise:
    """A question whose course is told as its workflow would."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.asking = asked()

    async def late_since(self, days: int, *, ahead: timedelta = timedelta(0)) -> datetime | None:
        """Look so many days after the question came; ``ahead`` is the time of the case alone."""
        question = await self.archive.open_question()
        told = overview_of(self.asking.course)
        await self.archive.tell(question, replace(told, mediator=told.mediator and ADVISER))
        now = START + timedelta(days=days)
        async with self.archive.database.transaction() as session:
            (await session.get_one(CaseRow, question)).time_offset = ahead
            await session.flush()
            late = await watched.not_answered_in_time(session, now)
            assert question not in await watched.not_accepted_in_time(session, now)
        return late.get(question)


@pytest.fixture
def promise(archive: Archive) -> Promise:
    return Promise(archive)


class TestAQuestionWithoutAnAnswer:
    """Five business days from a Monday end on a Monday."""

    @pytest.mark.parametrize("found", [False, True])
    async def test_is_late_after_its_last_day_with_an_adviser_or_without(
        self, promise: Promise, found: bool
    ) -> None:
        if found:
            promise.asking.is_given_to()
        assert await promise.late_since(7) is None
        assert await promise.late_since(8) == PROMISED_UNTIL

    async def test_is_late_by_the_time_of_its_own_case(self, promise: Promise) -> None:
        assert await promise.late_since(7, ahead=timedelta(days=1)) == PROMISED_UNTIL

    async def test_stays_late_when_the_answer_is_awaited_anew(self, promise: Promise) -> None:
        promise.asking.is_given_to().let_pass(Wait.ADVISER_ANSWERS)
        assert promise.asking.course.clocks[Wait.ADVISER_ANSWERS].round == 2
        assert await promise.late_since(9) == PROMISED_UNTIL
        promise.asking.let_pass(Wait.ADVISER_ANSWERS)
        assert await promise.late_since(20) == PROMISED_UNTIL

    async def test_stays_late_when_somebody_gets_it_afterwards(self, promise: Promise) -> None:
        promise.asking.let_pass(Wait.ADVISER_ANSWERS)
        promise.asking.is_given_to()
        assert await promise.late_since(9) == PROMISED_UNTIL

    async def test_is_not_late_once_somebody_gave_it_a_new_term_in_time(
        self, promise: Promise
    ) -> None:
        promise.asking.is_given_to().later(timedelta(days=2))
        again = EntryDetails(wait=Wait.ADVISER_ANSWERS)
        assert promise.asking.advises(Decision.RESTART_TERM, details=again).applied
        assert promise.asking.course.clocks[Wait.ADVISER_ANSWERS].round == 2
        assert await promise.late_since(8) is None

    async def test_that_was_answered_late_is_not_late_with_what_is_asked_then(
        self, promise: Promise
    ) -> None:
        promise.asking.is_given_to().let_pass(Wait.ADVISER_ANSWERS)
        promise.asking.advises()
        promise.asking.settle_and_post()
        assert await promise.late_since(30) is None
        promise.asking.asks_on()
        promise.asking.settle_and_post()
        assert await promise.late_since(9) is None

    async def test_is_not_late_while_the_complainant_has_something_to_answer(
        self, promise: Promise
    ) -> None:
        promise.asking.is_given_to().advises(Decision.ASK_COMPLAINANT)
        promise.asking.settle_and_post()
        assert await promise.late_since(8) is None


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
