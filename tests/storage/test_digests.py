"""The digest: numbers only, once for each person and day, and nothing when nothing is due."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from activities.digest_office import DigestOffice
from activities.digests import DigestActivities
from activities.messages import WriteDigests
from domain.digest import DigestFigures
from domain.languages import Language
from domain.stages import Stage
from domain.waits import Attention, Wait
from launcher.people import eventually
from mail.rendering import LetterRenderer
from mail.sending import Envelope
from settings.policy import load_policy
from storage.digest_row import DigestRow
from storage.models import CaseRow, StaffRow
from tests.storage.archive import (
    MEDIATOR_1,
    MEDIATOR_2,
    START,
    SUPERVISOR,
    VOORBEELDSTAD,
    Archive,
    an_overview,
)
from tests.storage.mailbag import Mailbag

TEMPLATES = Path(__file__).parents[2] / "templates"
DAY = timedelta(days=1)
KINGS_DAY = datetime(2026, 4, 27, 6, 0, tzinfo=UTC)
A_SATURDAY = datetime(2026, 3, 7, 7, 0, tzinfo=UTC)
PORTAL = "https://wederhoor.example"


class Morning:
    """A digest office and what it is asked for."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.mailbag = Mailbag()
        self.office = self.another_office()
        self.activities = DigestActivities(archive.database, archive.clock, load_policy(None))

    def another_office(self) -> DigestOffice:
        return DigestOffice(
            self.archive.database,
            self.archive.clock,
            LetterRenderer(TEMPLATES),
            self.mailbag,
            public_url=PORTAL,
            message_id_domain="wederhoor.example",
        )

    async def comes(self) -> list[Envelope]:
        """Write what is to be written and send it; return what was sent because of it."""
        before = len(self.mailbag.sent)
        await self.activities.write_digests(WriteDigests())
        await self.office.dispatch_due()
        return self.mailbag.sent[before:]

    async def has_sent(self) -> list[Envelope] | None:
        return self.mailbag.sent or None

    async def rows(self) -> list[DigestRow]:
        async with self.archive.database.transaction() as session:
            return list(await session.scalars(select(DigestRow)))


@pytest.fixture
async def morning(archive: Archive) -> Morning:
    """Mediator 1 has an offer, a proposal due today and one due on Friday; it is Monday."""
    proposing = replace(
        an_overview(stage=Stage.HEARING_BOTH_SIDES, mediator=MEDIATOR_1),
        waiting_for=Wait.MEDIATOR_PROPOSES,
    )
    for overview in (
        replace(an_overview(offered=MEDIATOR_1), due_at=START + DAY),
        replace(proposing, due_at=START),
        replace(proposing, due_at=START + 4 * DAY),
        replace(proposing, due_at=START + 9 * DAY),
        an_overview(mediator=MEDIATOR_2),
    ):
        await archive.tell(await archive.open_case(), overview)
    return Morning(archive)


class TestADigest:
    async def test_tells_how_much_waits_today_and_this_week(self, morning: Morning) -> None:
        [envelope] = await morning.comes()

        [row] = await morning.rows()
        assert row.staff_id == MEDIATOR_1
        assert row.figures == DigestFigures(due_today=1, due_this_week=3, offers=1)
        assert envelope.to_address == "mediator-1@wederhoor.example"
        for line in (
            "- Zaken die vandaag een antwoord nodig hebben: 1",
            "- Zaken die deze week een antwoord nodig hebben: 3",
            "- Zaken waarvoor u bent gevraagd: 1",
            PORTAL,
        ):
            assert line in envelope.rendered.text

    async def test_names_no_case_and_no_institution(
        self, morning: Morning, archive: Archive
    ) -> None:
        [envelope] = await morning.comes()

        async with archive.database.transaction() as session:
            numbers = list(await session.scalars(select(CaseRow.number)))
        said = f"{envelope.rendered.subject} {envelope.rendered.text} {envelope.rendered.html}"
        assert not any(number in said for number in numbers)
        assert VOORBEELDSTAD not in said.lower()
        assert not any(digit.isdigit() for digit in envelope.rendered.subject)

    async def test_speaks_the_language_of_its_reader(
        self, morning: Morning, archive: Archive
    ) -> None:
        await archive.execute(update(StaffRow).values(language=Language.ENGLISH))

        [envelope] = await morning.comes()

        assert envelope.rendered.subject == "Your overview of today"
        assert "- Cases that need an answer today: 1" in envelope.rendered.text

    async def test_tells_a_supervisor_how_many_cases_ask_for_attention(
        self, morning: Morning, archive: Archive
    ) -> None:
        asking = an_overview(attention=Attention.NO_MEDIATOR)
        await archive.tell(await archive.open_case(), asking)

        sent = await morning.comes()

        figures = {row.staff_id: row.figures for row in await morning.rows()}
        assert figures[SUPERVISOR] == DigestFigures(attention=1)
        assert len(sent) == 3  # the other supervisor, and whoever was asked

    async def test_is_not_sent_when_nothing_is_due(
        self, morning: Morning, archive: Archive
    ) -> None:
        await archive.execute(
            update(StaffRow).where(StaffRow.id == MEDIATOR_1).values(active=False)
        )
        assert await morning.comes() == []
        assert await morning.rows() == []

    @pytest.mark.parametrize("moment", [KINGS_DAY, A_SATURDAY])
    async def test_is_not_sent_on_a_day_that_is_not_ordinary(
        self, morning: Morning, archive: Archive, moment: datetime
    ) -> None:
        archive.now = moment
        assert await morning.comes() == []

    async def test_can_be_switched_off_also_after_it_was_written(
        self, morning: Morning, archive: Archive
    ) -> None:
        await morning.activities.write_digests(WriteDigests())
        await archive.execute(update(StaffRow).values(wants_digest=False))
        await morning.office.dispatch_due()
        archive.pass_by(DAY)
        assert await morning.comes() == []
        assert morning.mailbag.sent == []
        assert len(await morning.rows()) == 1


class TestOncePerDay:
    async def test_is_how_often_it_is_sent_however_often_it_is_asked_for(
        self, morning: Morning, archive: Archive
    ) -> None:
        assert len(await morning.comes()) == 1
        archive.pass_by(timedelta(hours=3))
        assert await morning.comes() == []
        archive.pass_by(DAY)
        assert len(await morning.comes()) == 1

    async def test_is_also_how_often_when_two_are_at_it_at_the_same_time(
        self, morning: Morning
    ) -> None:
        requests = [morning.activities.write_digests(WriteDigests()) for _ in range(3)]
        await asyncio.gather(*requests)
        let_go = morning.mailbag.hangs = asyncio.Event()
        first = asyncio.create_task(morning.office.dispatch_due())
        await eventually(morning.has_sent, "nothing was sent")
        morning.mailbag.hangs = None
        await morning.another_office().dispatch_due()
        let_go.set()
        await first
        assert len(morning.mailbag.sent) == 1

    async def test_bears_the_same_message_id_when_the_sender_died_after_handing_it_over(
        self, morning: Morning
    ) -> None:
        await morning.activities.write_digests(WriteDigests())
        morning.mailbag.hangs = asyncio.Event()
        first = asyncio.create_task(morning.office.dispatch_due())
        await eventually(morning.has_sent, "nothing was sent")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        morning.mailbag.hangs = None
        await morning.another_office().dispatch_due()
        once, again = morning.mailbag.sent
        assert once.message_id == again.message_id

    async def test_comes_later_when_the_mail_server_was_down(
        self, morning: Morning, archive: Archive
    ) -> None:
        morning.mailbag.fails = True
        assert await morning.comes() == []
        morning.mailbag.fails = False
        assert await morning.comes() == []  # not yet
        archive.pass_by(timedelta(minutes=1))
        assert len(await morning.comes()) == 1

    async def test_is_one_digest_after_two_days_down(
        self, morning: Morning, archive: Archive
    ) -> None:
        morning.mailbag.fails = True
        for _ in range(2):
            await morning.comes()
            archive.pass_by(DAY)
        morning.mailbag.fails = False
        [envelope] = await morning.comes()
        assert envelope.written_at == archive.now

    async def test_is_not_tried_again_when_the_address_is_refused(
        self, morning: Morning, archive: Archive
    ) -> None:
        morning.mailbag.refuses = True
        await morning.comes()
        morning.mailbag.refuses = False
        archive.pass_by(timedelta(hours=1))
        assert await morning.comes() == []
