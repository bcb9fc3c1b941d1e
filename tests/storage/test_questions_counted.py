"""Questions in the yearly figures: counted once, by what was said of their kind."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.calendar import civil_date
from domain.clocks import Ending, PastClock
from domain.entries import Decision, EntryKind, Refusal
from domain.figures import Measure, NotSaid
from domain.institutions import InstitutionKind
from domain.parties import Party
from domain.retention import ErasureReason
from domain.stages import Outcome
from domain.waits import Wait
from storage import erasing, yearly_figures
from storage.figures_models import ClosureCountRow
from storage.models import CaseRow, ErasureRow
from tests.storage.archive import Archive
from tests.storage.closing import (
    MUNICIPALITY,
    PLANTED,
    answers,
    closed_case,
    closed_question,
    closes,
    question_counts,
    reopens,
)


class TestAQuestionThatCloses:
    async def test_counts_once_by_the_kind_that_was_said(self, archive: Archive) -> None:
        question = await closed_question(archive, InstitutionKind.POLICE)
        await closes(archive, question, Outcome.ADVISED)
        await closed_question(archive, outcome=Outcome.BECAME_COMPLAINT)

        assert await question_counts(archive, Measure.QUESTION_OUTCOME) == {
            (InstitutionKind.POLICE, "advised"): 1,
            (NotSaid.NOT_SAID, "became_complaint"): 1,
        }
        assert await question_counts(archive, Measure.QUESTION_DURATION) == {
            (InstitutionKind.POLICE, "to_14"): 1,
            (NotSaid.NOT_SAID, "to_14"): 1,
        }

    async def test_counts_as_no_complaint_and_no_complaint_as_a_question(
        self, archive: Archive
    ) -> None:
        await closed_question(archive, MUNICIPALITY)
        await closed_case(archive)
        async with archive.database.transaction() as session:
            closed = await yearly_figures.closures_in(session, 2026)
            received = await yearly_figures.received_in(session, 2026)
            asked = await yearly_figures.asked_in(session, 2026)

        assert {measure: sum(found.values()) for measure, found in closed.items()} == dict.fromkeys(
            Measure, 1
        )
        assert received == asked == {MUNICIPALITY: 1}

    async def test_knows_when_it_was_answered_first(self, archive: Archive) -> None:
        question = await archive.open_question()
        await archive.append(question, EntryKind.QUESTION)
        archive.pass_by(timedelta(days=2))
        await answers(archive, question)
        archive.pass_by(timedelta(days=20))
        await answers(archive, question)
        await closes(archive, question, Outcome.ADVISED)

        assert await question_counts(archive, Measure.QUESTION_ANSWER) == {
            (NotSaid.NOT_SAID, "soon"): 1
        }
        assert await question_counts(archive, Measure.QUESTION_DURATION) == {
            (NotSaid.NOT_SAID, "to_42"): 1
        }

    @pytest.mark.parametrize(
        ("decision", "refusal"),
        [(Decision.ANSWER_QUESTION, Refusal.NOT_ASSIGNED), (Decision.ASK_COMPLAINANT, None)],
    )
    async def test_knows_that_it_was_not_answered(
        self, archive: Archive, decision: Decision, refusal: Refusal | None
    ) -> None:
        question = await archive.open_question()
        await archive.append(question, EntryKind.DECISION, author=Party.ADVISER, decision=decision)
        await archive.answer(question, refusal)
        await closes(archive, question, Outcome.WITHDRAWN)

        assert await question_counts(archive, Measure.QUESTION_ANSWER) == {
            (NotSaid.NOT_SAID, "not_due"): 1
        }

    async def test_knows_that_the_term_of_the_answer_had_passed(self, archive: Archive) -> None:
        question = await archive.open_question()
        passed = PastClock(
            wait=Wait.ADVISER_ANSWERS,
            start=civil_date(archive.now),
            day=civil_date(archive.now),
            ended=archive.now + timedelta(days=1),
            ending=Ending.PASSED,
            round=1,
        )
        await answers(archive, question)
        await closes(archive, question, Outcome.ADVISED, past_clocks=(passed,))

        assert await question_counts(archive, Measure.QUESTION_ANSWER) == {
            (NotSaid.NOT_SAID, "late"): 1
        }

    async def test_of_a_reopened_one_counts_again_without_its_answer_before(
        self, archive: Archive
    ) -> None:
        question = await closed_question(archive)
        await archive.append(
            question, EntryKind.DECISION, author=Party.SUPERVISOR, decision=Decision.REOPEN_CASE
        )
        await archive.answer(question)
        await reopens(archive, question)
        await closes(archive, question, Outcome.WITHDRAWN)

        assert await question_counts(archive, Measure.QUESTION_ANSWER) == {
            (NotSaid.NOT_SAID, "soon"): 1,
            (NotSaid.NOT_SAID, "not_due"): 1,
        }

    async def test_cannot_be_found_in_the_counts(self, archive: Archive) -> None:
        question = await closed_question(archive, InstitutionKind.POLICE)
        number = (await archive.row(question)).number
        async with archive.database.transaction() as session:
            rows = await session.execute(select(ClosureCountRow.__table__))
            told = repr([tuple(row) for row in rows])

        assert "advised" in told
        for secret in (str(question), number, PLANTED, archive.now.date().isoformat()):
            assert secret not in told


class TestQuestionsThatArrived:
    async def test_count_in_the_year_of_the_clocks_in_the_netherlands_also_when_erased(
        self, archive: Archive
    ) -> None:
        archive.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        question = await closed_question(archive, InstitutionKind.POLICE)
        await archive.open_question()
        async with archive.database.transaction() as session:
            row = await session.get_one(CaseRow, question)
            note = ErasureRow(
                case_hash=b"h" * 32, reason=ErasureReason.RETENTION, erased_at=archive.now
            )
            await erasing.destroy_keys(session, question)
            await erasing.forget(session, row, note)
            assert await yearly_figures.asked_in(session, 2026) == {}
            assert await yearly_figures.asked_in(session, 2027) == {
                InstitutionKind.POLICE: 1,
                NotSaid.NOT_SAID: 1,
            }
