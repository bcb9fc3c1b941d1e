"""What the database itself refuses."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Delete, TextClause, Update, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from domain.entries import EntryKind
from domain.identifiers import EntryNumber
from storage.database import Database
from storage.models import CaseRow, EntryOutcomeRow, EntryRow
from tests.storage.archive import Archive, a_letter

APPEND_ONLY = "the case file is append-only"


class TestTheCaseFile:
    @pytest.mark.parametrize(
        "change",
        [
            update(EntryRow).values(kind=EntryKind.WITHDRAWAL),
            update(EntryRow).values(body=None),
            delete(EntryRow),
        ],
    )
    async def test_is_append_only(self, archive: Archive, change: Update | Delete) -> None:
        case = await archive.open_case()
        number = await archive.append(case, body={"text": "blijft"})
        with pytest.raises(StatementError, match=APPEND_ONLY):
            await archive.execute(delete(EntryOutcomeRow), change)
        async with archive.file() as file:
            assert await file.body_of(case, number) == {"text": "blijft"}
        assert (await archive.outcome_of(case, number)).settled_at is None

    async def test_can_be_erased_by_who_says_so_in_that_transaction_only(
        self, archive: Archive
    ) -> None:
        case = await archive.open_case()
        await archive.append(case)
        await archive.execute(erasing("on"), delete(EntryOutcomeRow), delete(EntryRow))
        async with archive.file() as file:
            assert await file.facts_beyond(case, EntryNumber(0), 9) == []
        await archive.append(case)
        with pytest.raises(StatementError, match=APPEND_ONLY):
            await archive.execute(delete(EntryOutcomeRow), delete(EntryRow))

    @pytest.mark.parametrize("word", ["off", "true", "1", ""])
    async def test_is_erased_by_no_other_word(self, archive: Archive, word: str) -> None:
        await archive.append(await archive.open_case())
        with pytest.raises(StatementError, match=APPEND_ONLY):
            await archive.execute(erasing(word), delete(EntryOutcomeRow), delete(EntryRow))

    async def test_cannot_be_changed_even_while_it_is_erased(self, archive: Archive) -> None:
        await archive.append(await archive.open_case())
        with pytest.raises(StatementError, match=APPEND_ONLY):
            await archive.execute(erasing("on"), update(EntryRow).values(body=b"clear:1:{}"))


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("statement", "constraint"),
        [
            ("UPDATE cases SET lifecycle = 'asleep'", "ck_cases_lifecycle_known"),
            ("UPDATE cases SET episode = 0", "ck_cases_episode_counts_from_one"),
            ("UPDATE entry_outcomes SET status = 'lost'", "ck_entry_outcomes_status_known"),
            ("UPDATE entry_outcomes SET status = 'refused'", "entry_outcomes_refused_with_reason"),
            (
                "UPDATE entry_outcomes SET status = 'applied', refusal = 'closed'",
                "ck_entry_outcomes_refused_with_reason",
            ),
            ("UPDATE staff_members SET roles = '{complainant}'", "ck_staff_members_roles_known"),
            ("UPDATE institutions SET kind = 'shop'", "ck_institutions_kind_known"),
        ],
    )
    async def test_refuses_what_no_rule_knows(
        self, archive: Archive, statement: str, constraint: str
    ) -> None:
        await archive.append(await archive.open_case())
        with pytest.raises(IntegrityError, match=constraint):
            await archive.execute(text(statement))

    async def test_refuses_two_cases_of_one_number(self, archive: Archive) -> None:
        row = await archive.row(await archive.open_case())
        twin = await archive.open_case()
        with pytest.raises(IntegrityError, match="uq_cases_number"):
            await archive.execute(
                update(CaseRow).where(CaseRow.id == twin).values(number=row.number)
            )

    async def test_refuses_the_same_letter_twice_in_an_episode(self, archive: Archive) -> None:
        case = await archive.open_case()
        with pytest.raises(IntegrityError, match="uq_letters_case_id_episode_key"):
            async with archive.database.transaction() as session:
                session.add_all([a_letter(case), a_letter(case)])

    async def test_never_repeats_what_was_written_in_an_error(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        entry = {"case_id": case, "number": 1, "body": b"clear:1:geplant"}
        facts = {"kind": "message", "author": "complainant", "audience": "complainant"}
        again = insert(EntryRow).values(entry | facts | {"received_at": archive.now})
        with pytest.raises(IntegrityError) as refused:
            await archive.execute(again)
        assert "geplant" not in str(refused.value)


class TestAMoment:
    async def test_without_a_time_zone_is_refused(self, archive: Archive) -> None:
        case = await archive.open_case()
        naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001
        with pytest.raises(StatementError, match="without a time zone"):
            await archive.execute(update(CaseRow).values(closed_at=naive))
        assert (await archive.row(case)).closed_at is None

    @pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/New_York"])
    async def test_is_read_back_in_utc_whatever_the_session_says(
        self, archive: Archive, zone: str
    ) -> None:
        case = await archive.open_case()
        there = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
        async with archive.database.transaction() as session:
            await session.execute(text(f"SET LOCAL TIME ZONE '{zone}'"))
            await session.execute(update(CaseRow).values(closed_at=there))
            found = await session.scalar(select(CaseRow.closed_at).where(CaseRow.id == case))
        assert found == there
        assert found is not None
        assert found.tzinfo is UTC


class TestTheDatabaseConnection:
    async def test_answers_a_check(self, database: Database) -> None:
        await database.check()

    async def test_takes_back_everything_when_a_block_fails(self, archive: Archive) -> None:
        case = await archive.open_case()
        with pytest.raises(IntegrityError):
            await archive.execute(
                update(CaseRow).values(workflow_started=True), update(CaseRow).values(episode=0)
            )
        assert not (await archive.row(case)).workflow_started


def erasing(word: str) -> TextClause:
    return text(f"SET LOCAL wederhoor.erasing = '{word}'")
