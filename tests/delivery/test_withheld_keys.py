"""What is done case by case waits for a key that does not open, and holds up no other case."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from activities.letters import Composer, LetterActivities
from activities.post_office import PostOffice
from delivery.code_letters import CodeLetters
from delivery.corrections import Corrections
from delivery.lost_codes import LostCodes
from delivery.reception import new_contact
from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.entries import EntryKind
from domain.identifiers import CaseId
from domain.lost_code import USABLE, WAITING
from domain.overview import OverviewDetails
from mail.rendering import LetterRenderer
from mail.sending import Envelope
from printing.typesetting import Typesetter
from settings.key_ring import KeyPurpose
from settings.policy import load_policy
from settings.secrets import Secrets
from storage.models import CaseKeyRow, CodeRequestRow, EntryRow
from tests.storage.archive import Archive, an_overview
from tests.storage.conftest import archive, database, rings, server, url
from tests.storage.rings import MemoryStore

__all__ = ["archive", "database", "rings", "server", "url"]

ADDRESS = "iemand@post.example"
URL = "https://wederhoor.example"


class Postman:
    """Notes where letters went."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, envelope: Envelope) -> None:
        self.sent.append(envelope.to_address)

    async def check(self) -> None: ...


class Losers:
    """People who lost their codes, and the loop that writes to them."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.postman = archive, Postman()
        clock: Clock = archive.clock
        secrets = Secrets(b"k" * 32)
        vault, database = archive.vault, archive.database
        office = PostOffice(
            database,
            vault,
            clock,
            secrets,
            self.postman,
            Typesetter(Path("templates")),
            public_url=URL,
            message_id_domain="wederhoor.example",
        )
        renderer = LetterRenderer(Path("templates"))
        composer = Composer(vault, clock, renderer, URL)
        letters = LetterActivities(database, vault, clock, composer, office)
        self.desk = LostCodes(database, vault, clock, secrets)
        self.loop = CodeLetters(database, vault, clock, secrets, letters, office)

    async def loses_a_code(self, address: str) -> CaseId:
        case = await self.archive.open_case()
        await self.archive.append(case, EntryKind.COMPLAINT, body={"text": "verhaal"})
        async with self.archive.file() as file:
            await file.append(case, new_contact(address), self.archive.chain)
        await self.archive.answer(case)
        number = (await self.archive.row(case)).number
        await self.desk.ask(CaseNumber(number), address)
        return case

    async def looks(self) -> None:
        await self.loop.compare_new()
        await self.loop.write_due()

    async def requests(self) -> list[CodeRequestRow]:
        async with self.archive.database.transaction() as session:
            rows = await session.scalars(select(CodeRequestRow).order_by(CodeRequestRow.asked_at))
            return list(rows)


@pytest.fixture
def losers(archive: Archive, rings: MemoryStore) -> Losers:
    assert rings.rings
    return Losers(archive)


class TestARequestForANewCode:
    async def test_is_kept_while_the_ring_of_identities_is_away(
        self, losers: Losers, rings: MemoryStore
    ) -> None:
        case = await losers.loses_a_code(ADDRESS)
        away = rings.rings.pop(KeyPurpose.IDENTITY)
        await losers.looks()
        assert [row.case_id for row in await losers.requests()] == [None]

        rings.rings[KeyPurpose.IDENTITY] = away
        await losers.looks()

        assert [row.case_id for row in await losers.requests()] == [case]

    async def test_has_its_letter_later_when_the_ring_is_away_on_that_day(
        self, losers: Losers, rings: MemoryStore
    ) -> None:
        await losers.loses_a_code(ADDRESS)
        await losers.looks()
        away = rings.rings.pop(KeyPurpose.IDENTITY)
        losers.archive.pass_by(WAITING)
        await losers.looks()
        [row] = await losers.requests()
        assert (row.letter_id, losers.postman.sent) == (None, [])

        rings.rings[KeyPurpose.IDENTITY] = away
        losers.archive.pass_by(timedelta(minutes=5))
        await losers.looks()

        assert losers.postman.sent == [ADDRESS]

    async def test_of_a_case_without_a_key_holds_up_no_other(self, losers: Losers) -> None:
        broken = await losers.loses_a_code("eerste@post.example")
        await losers.looks()
        await losers.loses_a_code(ADDRESS)
        await losers.archive.execute(
            delete(CaseKeyRow).where(
                CaseKeyRow.case_id == broken, CaseKeyRow.purpose == KeyPurpose.IDENTITY
            )
        )
        await losers.looks()
        losers.archive.pass_by(WAITING)
        await losers.looks()
        assert losers.postman.sent == [ADDRESS]

    async def test_that_nobody_could_compare_is_not_kept_for_ever(
        self, losers: Losers, rings: MemoryStore
    ) -> None:
        await losers.loses_a_code(ADDRESS)
        rings.rings.pop(KeyPurpose.IDENTITY)
        losers.archive.pass_by(USABLE)
        await losers.looks()
        assert len(await losers.requests()) == 1
        losers.archive.pass_by(timedelta(seconds=1))
        await losers.looks()
        assert await losers.requests() == []

    async def test_of_a_case_with_a_damaged_key_waits_and_holds_up_no_other(
        self, losers: Losers
    ) -> None:
        broken = await losers.loses_a_code("eerste@post.example")
        await losers.looks()
        await losers.loses_a_code(ADDRESS)
        await losers.archive.turn_key(broken)
        losers.archive.pass_by(timedelta(seconds=1))
        await losers.looks()
        losers.archive.pass_by(WAITING)
        with capture_logs() as logs:
            await losers.looks()
        assert losers.postman.sent == [ADDRESS]
        assert logs == [
            {"event": "code_letter_not_written", "log_level": "warning", "error": "CannotOpen"}
        ]

        await losers.archive.turn_key(broken)
        losers.archive.pass_by(timedelta(minutes=5))
        await losers.looks()

        assert losers.postman.sent == [ADDRESS, "eerste@post.example"]


class TestACorrection:
    async def test_reaches_every_case_whose_key_opens_and_the_others_later(
        self, archive: Archive
    ) -> None:
        cases = [await self._touched(archive) for _ in range(3)]
        await archive.turn_key(cases[1])
        corrections = Corrections(
            archive.database, archive.vault, archive.clock, load_policy(None), archive.chain
        )

        first = await corrections.tell()

        assert (set(first.cases), first.unread) == ({cases[0], cases[2]}, [cases[1]])
        await archive.turn_key(cases[1])
        second = await corrections.tell()
        assert (second.cases, second.unread) == ([cases[1]], [])
        async with archive.database.transaction() as session:
            told = select(EntryRow.case_id).where(EntryRow.kind == EntryKind.RULES_CORRECTED)
            assert sorted(await session.scalars(told)) == sorted(cases)

    async def _touched(self, archive: Archive) -> CaseId:
        """Return a case that keeps a row which is not what it was."""
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT, body={"text": "verhaal"})
        details = OverviewDetails(
            rules_of=date(2026, 3, 2), unverified_rows={"extensions.politiewet-extension": "old"}
        )
        await archive.tell(case, replace(an_overview(), details=details))
        return case
