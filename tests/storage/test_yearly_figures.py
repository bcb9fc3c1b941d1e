"""The yearly figures in the database: what closes is counted once, and nobody is found in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from activities.closure import ClosureActivities
from activities.figures import FiguresActivities
from activities.messages import CaseReference, CloseCase, PublishFigures
from domain.case_number import CaseNumber
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.figures import Measure
from domain.identifiers import EntryNumber
from domain.institutions import InstitutionKind
from domain.intake import About, IntakeFacts
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.policy.selection import NoRules
from domain.retention import ErasureReason
from domain.stages import Outcome
from settings.policy import load_policy
from storage import erasing, watched, yearly_figures
from storage.case_file import NewEntry
from storage.figures_models import ClosureCountRow, PublishedFiguresRow
from storage.models import CaseRow, ErasureRow, LetterStatus
from tests.storage.archive import SUPERVISOR, Archive, a_letter
from tests.storage.closing import (
    MUNICIPALITY,
    NEXT_YEAR,
    PLANTED,
    closed_case,
    closed_question,
    closes,
    counts,
    publish,
    published,
    reopens,
)


class TestAClosure:
    async def test_counts_once_however_often_the_activity_is_tried(self, archive: Archive) -> None:
        case = await closed_case(archive)
        await closes(archive, case)

        assert await counts(archive, Measure.OUTCOME) == {"settled": 1}
        assert await counts(archive, Measure.SUBJECT) == {"unsure": 1}

    async def test_adds_to_those_before_it(self, archive: Archive) -> None:
        for outcome in (Outcome.SETTLED, Outcome.SETTLED, Outcome.WITHDRAWN):
            await closed_case(archive, outcome)

        assert await counts(archive, Measure.OUTCOME) == {"settled": 2, "withdrawn": 1}
        assert await counts(archive, Measure.REOPENED) == {"no": 3}

    async def test_is_not_counted_while_something_was_not_read_yet(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT)
        reached = CaseReference(case, CaseNumber((await archive.row(case)).number), 1)
        activities = ClosureActivities(archive.database, archive.vault, archive.clock)
        order = CloseCase(reached, EntryNumber(0), archive.now)

        assert not (await activities.close_case(order)).done
        assert await counts(archive, Measure.OUTCOME) == {}

    async def test_knows_its_subject_from_the_answer_at_intake(self, archive: Archive) -> None:
        case = await archive.open_case()
        complaint = NewEntry(
            kind=EntryKind.COMPLAINT,
            author=Party.COMPLAINANT,
            audience=Audience.MEDIATOR_ONLY,
            details=EntryDetails(intake=IntakeFacts(about=About.DECISION)),
        )
        async with archive.file() as file:
            await file.append(case, complaint, archive.chain)
        await closes(archive, case)

        assert await counts(archive, Measure.SUBJECT) == {"decision": 1}

    async def test_of_a_reopened_case_counts_again_and_apart(self, archive: Archive) -> None:
        case = await closed_case(archive)
        await archive.append(
            case, EntryKind.DECISION, author=Party.SUPERVISOR, decision=Decision.REOPEN_CASE
        )
        await archive.answer(case)
        await reopens(archive, case)
        await closes(archive, case, Outcome.WITHDRAWN)

        assert await counts(archive, Measure.OUTCOME) == {"settled": 1, "withdrawn": 1}
        assert await counts(archive, Measure.REOPENED) == {"no": 1, "yes": 1}
        # What reopened it belongs to the closure before.
        assert await counts(archive, Measure.INTERVENTION) == {"no": 2}

    async def test_says_whether_a_supervisor_intervened(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT)
        await archive.append(
            case,
            EntryKind.DECISION,
            author=Party.SUPERVISOR,
            actor=SUPERVISOR,
            decision=Decision.EXTEND_TERM,
        )
        await archive.answer(case)
        await closes(archive, case)

        assert await counts(archive, Measure.INTERVENTION) == {"yes": 1}

    async def test_does_not_count_a_decision_that_was_refused(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(
            case, EntryKind.DECISION, author=Party.SUPERVISOR, decision=Decision.EXTEND_TERM
        )
        await archive.answer(case, Refusal.CLOSED)
        await closes(archive, case)

        assert await counts(archive, Measure.INTERVENTION) == {"no": 1}

    @pytest.mark.parametrize(
        ("episode", "status", "answer"),
        [
            (1, LetterStatus.SENT, "reminded"),
            (1, LetterStatus.CANCELLED, "unprompted"),
            (2, LetterStatus.SENT, "unprompted"),
        ],
    )
    async def test_knows_of_reminders_that_were_sent_in_this_episode(
        self, archive: Archive, episode: int, status: LetterStatus, answer: str
    ) -> None:
        case = await archive.open_case()
        letter = a_letter(case, status=status)
        letter.letter, letter.episode = Letter.INSTITUTION_REMINDER, episode
        async with archive.database.transaction() as session:
            session.add(letter)
        await closes(archive, case, answered=True)

        assert await counts(archive, Measure.INSTITUTION) == {answer: 1}

    async def test_counts_in_the_next_year_once_its_own_is_out(self, archive: Archive) -> None:
        await closed_case(archive)
        late = await archive.open_case()
        archive.now = NEXT_YEAR
        await publish(archive)
        archive.now = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
        await closes(archive, late)

        assert await counts(archive, Measure.OUTCOME, 2026) == {"settled": 1}
        assert await counts(archive, Measure.OUTCOME, 2027) == {"settled": 1}

    async def test_belongs_to_the_year_of_the_clocks_in_the_netherlands(
        self, archive: Archive
    ) -> None:
        archive.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        await closed_case(archive)
        async with archive.database.transaction() as session:
            received = await yearly_figures.received_in(session, 2027)

        assert await counts(archive, Measure.OUTCOME, 2027) == {"settled": 1}
        assert received == {MUNICIPALITY: 1}


class TestAnErasedCase:
    async def test_leaves_its_count_and_nothing_else(self, archive: Archive) -> None:
        archive.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        case = await closed_case(archive)
        before = await counts(archive, Measure.OUTCOME, 2027)
        async with archive.database.transaction() as session:
            row = await session.get_one(CaseRow, case)
            note = ErasureRow(
                case_hash=b"h" * 32, reason=ErasureReason.RETENTION, erased_at=archive.now
            )
            await erasing.destroy_keys(session, case)
            await erasing.forget(session, row, note)

        assert await counts(archive, Measure.OUTCOME, 2027) == before == {"settled": 1}
        async with archive.database.transaction() as session:
            assert await yearly_figures.received_in(session, 2027) == {MUNICIPALITY: 1}

    async def test_could_not_be_found_in_the_counts_anyway(self, archive: Archive) -> None:
        case = await closed_case(archive)
        number = (await archive.row(case)).number
        async with archive.database.transaction() as session:
            rows = await session.execute(select(ClosureCountRow.__table__))
            told = repr([tuple(row) for row in rows])

        assert "settled" in told
        for secret in (str(case), number, PLANTED, "voorbeeldstad", archive.now.date().isoformat()):
            assert secret not in told


class TestPublishing:
    async def test_happens_once_for_each_year_that_has_ended(self, archive: Archive) -> None:
        for _ in range(6):
            await closed_case(archive)
        await publish(archive)
        assert await published(archive) == []

        archive.now = NEXT_YEAR
        await publish(archive)
        archive.pass_by(timedelta(days=1))
        await publish(archive)

        [row] = await published(archive)
        assert (row.year, row.revision, row.published_at) == (2026, 1, NEXT_YEAR)
        assert (row.figures.closed, row.figures.received) == (6, 6)
        assert {table.measure for table in row.figures.tables} == {
            measure for measure in Measure if measure.matter is Matter.COMPLAINT
        }

    async def test_tells_of_questions_beside_complaints(self, archive: Archive) -> None:
        for _ in range(6):
            await closed_question(archive, InstitutionKind.POLICE)
        archive.now = NEXT_YEAR
        await publish(archive)

        [row] = await published(archive)
        questions = row.figures.questions
        assert row.figures.closed is None
        assert questions is not None
        assert (questions.closed, questions.received) == (6, 6)
        assert {table.measure for table in questions.tables} == {
            measure for measure in Measure if measure.matter is Matter.QUESTION
        }

    async def test_of_before_questions_were_counted_can_still_be_read(
        self, archive: Archive
    ) -> None:
        await closed_case(archive)
        archive.now = NEXT_YEAR
        await publish(archive)
        [row] = await published(archive)
        later = {"year": 2025, "revision": 1, "published_at": NEXT_YEAR}
        statement = text(
            "INSERT INTO published_figures SELECT :year, :revision, :published_at,"
            " figures - 'questions' FROM published_figures"
        )
        await archive.execute(statement.bindparams(**later))

        before = [one for one in await published(archive) if one.year == 2025]
        assert [one.figures for one in before] == [replace(row.figures, questions=None)]

    async def test_makes_up_for_a_year_that_was_missed(self, archive: Archive) -> None:
        await closed_case(archive)
        archive.now = NEXT_YEAR
        await closed_case(archive)
        archive.now = datetime(2028, 3, 1, tzinfo=UTC)
        await publish(archive)

        assert [row.year for row in await published(archive)] == [2026, 2027]

    async def test_is_refused_while_nothing_says_what_is_hidden(self, archive: Archive) -> None:
        await closed_case(archive)
        archive.now = NEXT_YEAR
        policy = replace(load_policy(None), disclosure=())
        activities = FiguresActivities(archive.database, archive.clock, policy)
        with pytest.raises(NoRules):
            await activities.publish_figures(PublishFigures())

    async def test_cannot_be_changed_or_taken_back(self, archive: Archive) -> None:
        await closed_case(archive)
        archive.now = NEXT_YEAR
        await publish(archive)
        for change in (
            update(PublishedFiguresRow).values(revision=2),
            delete(PublishedFiguresRow),
        ):
            with pytest.raises(DBAPIError, match="append-only"):
                await archive.execute(change)

    async def test_that_did_not_happen_is_seen_from_outside_after_its_day(
        self, archive: Archive
    ) -> None:
        await closed_case(archive)

        async def missing(now: datetime) -> Mapping[int, datetime]:
            async with archive.database.transaction() as session:
                return await watched.figures_unpublished(session, now)

        out_at = datetime(2027, 1, 15, 23, 0, tzinfo=UTC)
        assert await missing(out_at) == {}
        assert await missing(out_at + timedelta(minutes=1)) == {2026: out_at}
        archive.now = out_at
        await publish(archive)
        assert await missing(out_at + timedelta(minutes=1)) == {}
