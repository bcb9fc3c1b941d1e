"""What is counted over all cases."""

from datetime import timedelta

from domain.stages import Stage
from domain.waits import Attention
from storage.figures import Figures, figures
from storage.letter_book import LetterBook
from storage.models import LetterStatus
from tests.storage.archive import Archive, a_letter, an_overview
from tests.storage.test_letter_book import CONTENT

MINUTE = timedelta(minutes=1)


async def counted(archive: Archive) -> Figures:
    async with archive.database.transaction() as session:
        return await figures(session, archive.now)


class TestTheFigures:
    async def test_are_zero_for_everything_that_there_is_none_of(self, archive: Archive) -> None:
        found = await counted(archive)

        assert found.cases == dict.fromkeys(Stage, 0)
        assert found.attentions == dict.fromkeys(Attention, 0)
        assert found.letters == dict.fromkeys(LetterStatus, 0)
        assert found.oldest_unanswered == timedelta(0)

    async def test_count_cases_by_stage_and_by_the_most_urgent_attention(
        self, archive: Archive
    ) -> None:
        for stage, attention in (
            (Stage.AWAITING_CONSENT, None),
            (Stage.AWAITING_CONSENT, Attention.COMPLAINANT_SILENT),
            (Stage.CLOSED, None),
        ):
            case = await archive.open_case()
            await archive.tell(case, an_overview(stage=stage, attention=attention))

        found = await counted(archive)

        assert (found.cases[Stage.AWAITING_CONSENT], found.cases[Stage.CLOSED]) == (2, 1)
        assert found.attentions[Attention.COMPLAINANT_SILENT] == 1
        assert sum(found.attentions.values()) == 1

    async def test_count_letters_by_how_far_they_have_come(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            letter = a_letter(await archive.open_case())
            await LetterBook(session, archive.vault).write(letter, CONTENT)

        assert (await counted(archive)).letters[letter.status] == 1

    async def test_tell_the_age_of_the_oldest_entry_that_is_not_answered(
        self, archive: Archive
    ) -> None:
        answered, waiting = await archive.open_case(), await archive.open_case()
        await archive.append(answered)
        archive.pass_by(MINUTE)
        await archive.append(waiting)
        archive.pass_by(2 * MINUTE)
        await archive.answer(answered)

        assert (await counted(archive)).oldest_unanswered == 2 * MINUTE
        await archive.answer(waiting)
        assert (await counted(archive)).oldest_unanswered == timedelta(0)
