"""The letter book: each letter once, sent by one post office at a time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from domain.identifiers import CaseId
from domain.letters import Letter
from domain.parties import Party
from storage import letter_book
from storage.letter_book import FIRST_PAUSE, LONGEST_PAUSE, LetterBook, LetterContent, LetterText
from storage.models import CaseRow, LetterRow, LetterStatus
from tests.storage.archive import START, Archive, a_letter

CONTENT = LetterContent(
    filed=LetterText(subject="Nieuws", text="Een bericht, met é.\n", html="<p>Een bericht</p>"),
    mailed=LetterText(subject="Nieuws", text="Er is nieuws.\n", html="<p>Er is nieuws.</p>"),
)


async def write(archive: Archive, row: LetterRow) -> LetterRow:
    async with archive.database.transaction() as session:
        await LetterBook(session, archive.vault).write(row, CONTENT)
    return row


class TestALetter:
    async def test_says_what_was_written(self, archive: Archive) -> None:
        letter = await write(archive, a_letter(await archive.open_case()))
        async with archive.database.transaction() as session:
            book = LetterBook(session, archive.vault)
            found = await book.find(letter.id)
            assert found is not None
            assert await book.content_of(found) == CONTENT

    async def test_that_was_never_written_is_not_found(self, archive: Archive) -> None:
        letter = a_letter(await archive.open_case())
        async with archive.database.transaction() as session:
            assert await LetterBook(session, archive.vault).find(letter.id) is None

    async def test_is_written_once_within_its_episode(self, archive: Archive) -> None:
        case = await archive.open_case()
        await write(archive, a_letter(case))
        with pytest.raises(IntegrityError):
            await write(archive, a_letter(case))

    async def test_is_written_anew_under_its_own_id_after_it_was_cancelled(
        self, archive: Archive
    ) -> None:
        case = await archive.open_case()
        cancelled = await write(archive, a_letter(case, status=LetterStatus.CANCELLED))
        again = a_letter(case)
        again.id = cancelled.id
        await write(archive, again)
        async with archive.database.transaction() as session:
            found = await LetterBook(session, archive.vault).find(cancelled.id)
        assert found is not None
        assert found.status is LetterStatus.QUEUED

    async def test_is_listed_for_its_recipient_oldest_first(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        newer = await write(archive, a_letter(case, written_at=START + timedelta(days=1)))
        older = await write(archive, a_letter(case, key="older"))
        gone = a_letter(case, key="gone", status=LetterStatus.CANCELLED)
        await write(archive, gone)
        await write(archive, a_letter(case, key="else", recipient=Party.INSTITUTION))
        await write(archive, a_letter(other))
        async with archive.database.transaction() as session:
            book = LetterBook(session, archive.vault)
            listed = await book.letters_to(case, Party.COMPLAINANT)
        assert [row.id for row in listed] == [older.id, newer.id]


class TestClaiming:
    async def test_is_for_one_post_office_at_a_time(self, archive: Archive) -> None:
        letter = await write(archive, a_letter(await archive.open_case()))
        async with (
            archive.database.transaction() as here,
            archive.database.transaction() as there,
        ):
            assert await LetterBook(here, archive.vault).claim(letter.id, START) is not None
            claiming = LetterBook(there, archive.vault).claim(letter.id, START)
            assert await asyncio.wait_for(claiming, 10) is None
        async with archive.database.transaction() as session:
            assert await LetterBook(session, archive.vault).claim(letter.id, START) is not None

    @pytest.mark.parametrize("status", sorted(set(LetterStatus) - {LetterStatus.QUEUED}))
    async def test_is_for_queued_letters_only(self, archive: Archive, status: LetterStatus) -> None:
        letter = await write(archive, a_letter(await archive.open_case(), status=status))
        async with archive.database.transaction() as session:
            assert await LetterBook(session, archive.vault).claim(letter.id, START) is None
            assert await letter_book.due_letters(session, START, 10) == []
            assert await letter_book.queue_length(session) == 0

    async def test_waits_until_the_letter_is_due(self, archive: Archive) -> None:
        letter = await write(archive, a_letter(await archive.open_case()))
        early = START - timedelta(seconds=1)
        async with archive.database.transaction() as session:
            assert await LetterBook(session, archive.vault).claim(letter.id, early) is None
            assert await letter_book.due_letters(session, early, 10) == []
            assert await letter_book.due_letters(session, START, 10) == [letter.id]
            assert await letter_book.queue_length(session) == 1


class TestPostponing:
    async def test_pauses_longer_each_time_up_to_a_limit(self, archive: Archive) -> None:
        row = a_letter(await archive.open_case())
        pauses: list[timedelta] = []
        for attempt in range(1, 16):
            letter_book.postpone(row, START)
            assert row.attempts == attempt
            assert row.next_attempt_at is not None
            pauses.append(row.next_attempt_at - START)
        assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
        assert pauses == sorted(pauses)
        assert pauses[-1] == LONGEST_PAUSE


class TestTryingAgain:
    @pytest.mark.parametrize(
        ("status", "then"),
        [
            (LetterStatus.FAILED, LetterStatus.QUEUED),
            (LetterStatus.QUEUED, LetterStatus.QUEUED),
            (LetterStatus.SENT, LetterStatus.SENT),
            (LetterStatus.CANCELLED, LetterStatus.CANCELLED),
            (LetterStatus.IN_FILE, LetterStatus.IN_FILE),
        ],
    )
    async def test_makes_due_what_did_not_leave(
        self, archive: Archive, status: LetterStatus, then: LetterStatus
    ) -> None:
        letter = a_letter(await archive.open_case(), status=status)
        letter.attempts, letter.next_attempt_at = 9, START + timedelta(days=9)
        await write(archive, letter)

        tried = await tried_again(archive, letter)

        assert tried.status is then
        due = tried.next_attempt_at == START + timedelta(days=1)
        assert due == (then is LetterStatus.QUEUED)
        assert tried.attempts == (0 if status is LetterStatus.FAILED else 9)

    @pytest.mark.parametrize(
        "letter",
        [
            Letter.INSTITUTION_REMINDER,
            Letter.TERM_ENDS_TODAY,
            Letter.CASE_OFFER,
            Letter.COMPLAINT_TO_INSTITUTION,
        ],
    )
    async def test_leaves_what_speaks_of_a_moment_that_has_gone_by(
        self, archive: Archive, letter: Letter
    ) -> None:
        row = a_letter(await archive.open_case(), status=LetterStatus.FAILED)
        row.letter = letter
        await write(archive, row)

        assert (await tried_again(archive, row)).status is LetterStatus.FAILED

    async def test_leaves_the_letters_of_an_earlier_episode_and_of_other_cases(
        self, archive: Archive
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        mine = await write(archive, a_letter(case, status=LetterStatus.FAILED))
        theirs = await write(archive, a_letter(other, status=LetterStatus.FAILED))
        async with archive.database.transaction() as session:
            await session.execute(update(CaseRow).where(CaseRow.id == case).values(episode=2))

        assert (await tried_again(archive, mine)).status is LetterStatus.FAILED
        async with archive.database.transaction() as session:
            found = await LetterBook(session, archive.vault).find(theirs.id)
        assert found is not None
        assert found.status is LetterStatus.FAILED


async def tried_again(archive: Archive, letter: LetterRow) -> LetterRow:
    """Let the letters of its case be tried again; return the letter."""
    async with archive.database.transaction() as session:
        await letter_book.retry(session, CaseId(letter.case_id), START + timedelta(days=1))
    async with archive.database.transaction() as session:
        found = await LetterBook(session, archive.vault).find(letter.id)
    assert found is not None
    return found
