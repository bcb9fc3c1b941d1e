"""Case files in a real database, with a clock that tests move."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from domain.entries import Decision, EntryKind, Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber, InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.letters import Contact, Letter
from domain.overview import Overview, OverviewDetails
from domain.parties import Audience, Party
from domain.stages import Stage
from domain.waits import Attention
from settings.key_ring import KeyPurpose
from storage import course_records
from storage.case_file import CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.models import CaseKeyRow, CaseRow, EntryOutcomeRow, LetterRow, LetterStatus
from storage.sealed_vault import SealedVault
from storage.vault import Vault
from storage.wrapping_keys import RingKeys
from tests.storage.rings import RINGS

MEDIATOR_1 = StaffId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"))
MEDIATOR_2 = StaffId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0002"))
ADVISER = StaffId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0005"))
SUPERVISOR = StaffId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0009"))
"""The staff of ``storage/examples.toml``."""

VOORBEELDSTAD = InstitutionId("voorbeeldstad")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Archive:
    """The case files of one database; ``now`` is what their clock says."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.vault: Vault = SealedVault(RingKeys(RINGS))
        self.chain = LedgerChain(b"l" * 32)
        self.now = START

    def clock(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time

    @asynccontextmanager
    async def file(self) -> AsyncGenerator[CaseFile]:
        """Give the case file within a transaction of its own."""
        async with self.database.transaction() as session:
            yield self.file_in(session)

    def file_in(self, session: AsyncSession) -> CaseFile:
        return CaseFile(session, self.vault, self.clock)

    async def execute(self, *statements: Executable) -> None:
        """Execute statements in one transaction."""
        async with self.database.transaction() as session:
            for statement in statements:
                await session.execute(statement)

    async def open_case(self) -> CaseId:
        async with self.file() as file:
            return CaseId((await file.open_case(VOORBEELDSTAD)).id)

    async def open_question(self, about_kind: InstitutionKind | None = None) -> CaseId:
        async with self.file() as file:
            return CaseId((await file.open_case(about_kind=about_kind)).id)

    async def append(
        self,
        case: CaseId,
        kind: EntryKind = EntryKind.MESSAGE,
        *,
        author: Party = Party.COMPLAINANT,
        audience: Audience = Audience.MEDIATOR_ONLY,
        body: Mapping[str, str] | None = None,
        actor: StaffId | None = None,
        decision: Decision | None = None,
        language: Language | None = None,
    ) -> EntryNumber:
        entry = NewEntry(
            kind=kind,
            author=author,
            audience=audience,
            body=body,
            actor=actor,
            decision=decision,
            language=language,
        )
        async with self.file() as file:
            return await file.append(case, entry, self.chain)

    async def answer(self, case: CaseId, refusal: Refusal | None = None) -> None:
        """Answer every entry of a case as its workflow would: applied, unless a reason is given."""
        async with self.database.transaction() as session:
            count = (await session.get_one(CaseRow, case)).entry_count
            verdicts = [Verdict(EntryNumber(n + 1), refusal) for n in range(count)]
            await course_records.record_verdicts(session, case, verdicts, self.now)

    async def turn_key(self, case: CaseId) -> None:
        """Turn the key of a case around: it does not open until it is turned again."""
        async with self.database.transaction() as session:
            key = await session.get_one(CaseKeyRow, (case, KeyPurpose.CASE))
            key.wrapped = key.wrapped[::-1]

    async def row(self, case: CaseId) -> CaseRow:
        async with self.database.transaction() as session:
            return await session.get_one(CaseRow, case)

    async def outcome_of(self, case: CaseId, number: int) -> EntryOutcomeRow:
        async with self.database.transaction() as session:
            return await session.get_one(EntryOutcomeRow, (case, number))

    async def tell(
        self, case: CaseId, overview: Overview, *, episode: int = 1, revision: int = 1
    ) -> None:
        async with self.database.transaction() as session:
            await course_records.record_overview(
                session, case, episode, revision, overview, self.now
            )


def an_overview(
    *,
    stage: Stage = Stage.FINDING_MEDIATOR,
    mediator: StaffId | None = None,
    offered: StaffId | None = None,
    attention: Attention | None = None,
    cursor: int = 1,
) -> Overview:
    return Overview(
        stage=stage,
        cursor=EntryNumber(cursor),
        waiting_for=None,
        waiting_since=None,
        remind_at=None,
        due_at=None,
        term_source=None,
        mediator=mediator,
        offered=offered,
        consent=False,
        contacted=False,
        replied=False,
        proposal=None,
        proposed_in=None,
        outcome=None,
        attention=attention,
        details=OverviewDetails(),
    )


def a_letter(
    case: CaseId,
    *,
    key: str = "news:complainant",
    recipient: Party = Party.COMPLAINANT,
    status: LetterStatus = LetterStatus.QUEUED,
    written_at: datetime = START,
    about: int | None = None,
) -> LetterRow:
    return LetterRow(
        id=uuid4(),
        case_id=case,
        episode=1,
        key=key,
        letter=Letter.NEWS,
        recipient=recipient,
        mediator_id=None,
        contact=Contact.HANDLER,
        needs=[],
        language=Language.DUTCH,
        about=about,
        written_at=written_at,
        body=b"",
        status=status,
        attempts=0,
        queued_at=written_at,
        next_attempt_at=written_at,
        sent_at=None,
    )
