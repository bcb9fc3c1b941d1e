"""Nothing leaves to an institution without consent: the one place that decides, by letter."""

import asyncio

import pytest
from sqlalchemy import update

from domain.entries import EntryKind
from domain.identifiers import CaseId
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.waits import Attention
from launcher.people import eventually
from settings.key_ring import KeyPurpose
from storage import course_records
from storage.case_file import WHOLE_LETTERS, CaseFile
from storage.letter_book import LONGEST_PAUSE, LetterBook, LetterContent, LetterText
from storage.models import (
    CaseRow,
    EntryOutcomeRow,
    EntryStatus,
    LetterStatus,
    Lifecycle,
)
from tests.storage.archive import Archive, a_letter
from tests.storage.posting import TEXT, Desk
from tests.storage.rings import MemoryStore

EVERY_LETTER = pytest.mark.parametrize("letter", Letter)


@pytest.fixture
def desk(archive: Archive) -> Desk:
    return Desk(archive)


class TestALetterToAnInstitution:
    @EVERY_LETTER
    async def test_does_not_leave_without_consent(self, desk: Desk, letter: Letter) -> None:
        row = await desk.tries(await desk.case_with(), letter)

        assert row.status is LetterStatus.CANCELLED
        assert desk.mailbag.sent == []

    @EVERY_LETTER
    async def test_leaves_with_consent(self, desk: Desk, letter: Letter) -> None:
        row = await desk.tries(await desk.case_with(Purpose.CONTACT), letter)

        assert row.status is LetterStatus.SENT
        assert len(desk.mailbag.sent) == 1

    @EVERY_LETTER
    @pytest.mark.parametrize("missing", [Purpose.CONTACT, Purpose.POLICE_COPY])
    async def test_needs_every_consent_that_it_was_written_with(
        self, desk: Desk, letter: Letter, missing: Purpose
    ) -> None:
        needs = (Purpose.CONTACT, Purpose.POLICE_COPY)
        given = [purpose for purpose in needs if purpose is not missing]

        row = await desk.tries(await desk.case_with(*given), letter, needs)

        assert row.status is LetterStatus.CANCELLED
        assert desk.mailbag.sent == []

    @EVERY_LETTER
    async def test_waits_while_the_complainant_is_in_danger(
        self, desk: Desk, letter: Letter
    ) -> None:
        case = await desk.case_with(Purpose.CONTACT, danger=True)

        row = await desk.tries(case, letter)

        assert row.status is LetterStatus.QUEUED
        assert row.attempts == 0
        assert row.next_attempt_at is not None
        assert row.next_attempt_at > desk.archive.now
        assert desk.mailbag.sent == []

    @EVERY_LETTER
    async def test_stays_here_for_good_when_the_case_closed_in_danger(
        self, desk: Desk, letter: Letter
    ) -> None:
        case = await desk.case_with(Purpose.CONTACT, danger=True)
        await desk.archive.execute(
            update(CaseRow).where(CaseRow.id == case).values(lifecycle=Lifecycle.CLOSED)
        )

        row = await desk.tries(case, letter)

        assert row.status is LetterStatus.CANCELLED
        assert desk.mailbag.sent == []

    async def test_waits_while_something_was_not_read_yet(self, desk: Desk) -> None:
        case = await desk.case_with(Purpose.CONTACT)
        await desk.archive.append(case)

        row = await desk.tries(case, Letter.TERM_PASSED)

        assert row.status is LetterStatus.QUEUED
        settled = (
            update(EntryOutcomeRow)
            .where(EntryOutcomeRow.case_id == case)
            .values(status=EntryStatus.APPLIED, settled_at=desk.archive.now)
        )
        await desk.archive.execute(settled)
        await desk.office.dispatch(row.id)
        assert len(desk.mailbag.sent) == 1

    async def test_does_not_leave_for_a_case_of_which_nothing_was_told(self, desk: Desk) -> None:
        case = await desk.archive.open_case()

        row = await desk.tries(case, Letter.COMPLAINT_TO_INSTITUTION)

        assert row.status is LetterStatus.CANCELLED


class TestALetterWithTheComplainantsName:
    UNSIGNED = LetterText(subject="Brief", text="Zonder naam", html="<p>Zonder naam</p>")
    LETTER = Letter.COMPLAINT_TO_INSTITUTION

    async def named(self, desk: Desk, *consents: Purpose, name: str = "Noor") -> CaseId:
        case = await desk.case_with(*consents)
        await desk.archive.append(case, EntryKind.IDENTITY, body={"name": name})
        await desk.archive.answer(case)
        return case

    async def test_leaves_with_it_while_it_may_be_told(self, desk: Desk) -> None:
        case = await self.named(desk, Purpose.CONTACT, Purpose.NAME)

        row = await desk.tries(case, self.LETTER, unsigned=self.UNSIGNED)

        assert [envelope.rendered.text for envelope in desk.mailbag.sent] == [TEXT.text]
        assert (await desk.content_of(row)).unsigned == self.UNSIGNED

    @pytest.mark.parametrize(
        ("consents", "name"),
        [((Purpose.CONTACT,), "Noor"), ((Purpose.CONTACT, Purpose.NAME), "")],
    )
    async def test_leaves_without_it_once_consent_or_name_was_taken_back(
        self, desk: Desk, consents: tuple[Purpose, ...], name: str
    ) -> None:
        case = await self.named(desk, *consents, name=name)

        row = await desk.tries(case, self.LETTER, unsigned=self.UNSIGNED)

        assert row.status is LetterStatus.SENT
        assert [envelope.rendered.text for envelope in desk.mailbag.sent] == [self.UNSIGNED.text]
        # The file holds what was sent, and nothing says that the name was in it.
        content = await desk.content_of(row)
        assert content == LetterContent(filed=self.UNSIGNED, mailed=self.UNSIGNED)


class TestALetterToTheComplainant:
    async def test_needs_no_consent_and_no_safety(self, desk: Desk) -> None:
        case = await desk.case_with(danger=True)

        row = await desk.tries(case, Letter.NEWS, (), Party.COMPLAINANT)

        assert row.status is LetterStatus.IN_FILE  # there is no address


class TestWhatAComplainantsMailSays:
    WHOLE = LetterText(subject="Brief", text="De hele brief", html="<p>De hele brief</p>")

    @pytest.mark.parametrize(
        ("contact", "said"),
        [
            ({"email": "iemand@post.example"}, TEXT.text),
            ({"email": "iemand@post.example", WHOLE_LETTERS: "yes"}, WHOLE.text),
        ],
    )
    async def test_is_that_there_is_news_unless_they_asked_for_more(
        self, desk: Desk, contact: dict[str, str], said: str
    ) -> None:
        case = await desk.case_with()
        await desk.archive.append(case, EntryKind.CONTACT, body=contact)
        await desk.archive.answer(case)
        row = a_letter(case)
        async with desk.archive.database.transaction() as session:
            content = LetterContent(filed=self.WHOLE, mailed=TEXT)
            await LetterBook(session, desk.archive.vault).write(row, content)

        await desk.office.dispatch(row.id)

        assert [envelope.rendered.text for envelope in desk.mailbag.sent] == [said]


class TestManyLettersThatHaveToWait:
    async def test_do_not_stand_in_the_way_of_others(self, desk: Desk) -> None:
        for _ in range(30):
            blocked = await desk.case_with(Purpose.CONTACT)
            await desk.archive.append(blocked)  # nobody answers this entry
            await desk.tries(blocked, Letter.TERM_PASSED)
        free = await desk.case_with(Purpose.CONTACT)
        await desk.writes(free)

        await desk.office.dispatch_due()

        assert len(desk.mailbag.sent) == 1


class TestALetterThatCannotBeOpened:
    async def test_waits_for_its_key_and_lets_others_go_before_it(
        self, rings: MemoryStore, desk: Desk
    ) -> None:
        identity = rings.rings[KeyPurpose.IDENTITY]
        case = await desk.case_with(Purpose.CONTACT)
        await desk.archive.append(case, EntryKind.CONTACT, body={"email": "iemand@post.example"})
        await desk.archive.answer(case)
        del rings.rings[KeyPurpose.IDENTITY]
        for key, recipient in (("first", Party.COMPLAINANT), ("second", Party.INSTITUTION)):
            row = a_letter(case, key=key, recipient=recipient, written_at=desk.archive.now)
            async with desk.archive.database.transaction() as session:
                content = LetterContent(filed=TEXT, mailed=TEXT)
                await LetterBook(session, desk.archive.vault).write(row, content)

        await desk.office.dispatch_due()

        assert [one.to_address for one in desk.mailbag.sent] == ["klachten@voorbeeldstad.example"]
        rings.rings[KeyPurpose.IDENTITY] = identity
        await desk.office.dispatch_due()
        assert len(desk.mailbag.sent) == 1
        desk.archive.pass_by(LONGEST_PAUSE)
        await desk.office.dispatch_due()
        assert [one.to_address for one in desk.mailbag.sent[1:]] == ["iemand@post.example"]


class TestALetterThatIsRefusedForGood:
    async def test_asks_for_attention_although_the_case_is_closed(self, desk: Desk) -> None:
        case = await desk.case_with(Purpose.CONTACT)
        await desk.archive.execute(
            update(CaseRow).where(CaseRow.id == case).values(lifecycle=Lifecycle.CLOSED)
        )
        desk.mailbag.refuses = True

        row = await desk.tries(case, Letter.CLOSING_TO_INSTITUTION)

        assert row.status is LetterStatus.FAILED
        async with desk.archive.database.transaction() as session:
            overview = await course_records.overview_row(session, case)
        assert overview is not None
        assert overview.attention is Attention.LETTER_FAILED

    @pytest.mark.parametrize("episode", [1, 2])
    async def test_is_named_to_the_case_when_it_is_of_its_present_episode(
        self, desk: Desk, episode: int
    ) -> None:
        case = await desk.case_with(Purpose.CONTACT)
        await desk.archive.execute(
            update(CaseRow).where(CaseRow.id == case).values(episode=episode)
        )
        desk.mailbag.refuses = True

        await desk.tries(case, Letter.COMPLAINT_TO_INSTITUTION)

        async with desk.archive.database.transaction() as session:
            file = CaseFile(session, desk.archive.vault, desk.archive.clock)
            told = await file.latest_facts(case, EntryKind.LETTER_FAILED)
        assert told is not None
        expected = Letter.COMPLAINT_TO_INSTITUTION if episode == 1 else None
        assert told.details.letter is expected


class TestAMailServerThatHangs:
    async def test_takes_only_some_connections_away_from_the_cases(self, desk: Desk) -> None:
        desk.mailbag.hangs = asyncio.Event()
        letters = [await desk.writes(await desk.case_with(Purpose.CONTACT)) for _ in range(20)]

        sending = [asyncio.create_task(desk.office.dispatch(letter)) for letter in letters]

        async def six() -> bool | None:
            return True if len(desk.mailbag.sent) == 6 else None

        await eventually(six, "six conversations were not begun")
        done, waiting = await asyncio.wait(sending, timeout=1)
        desk.mailbag.hangs.set()
        await asyncio.gather(*waiting)

        assert (len(done), len(waiting)) == (14, 6)
        assert len(desk.mailbag.sent) == 6
