"""A case with entries that have every column, and what can be done to it past the application."""

from sqlalchemy import text

from domain.entries import Decision, EntryDetails, EntryKind
from domain.identifiers import CaseId
from domain.intake import IntakeFacts
from domain.languages import Language
from domain.parties import Audience, Party
from domain.policy.model import Purpose
from domain.stages import Outcome
from storage.case_file import NewEntry
from tests.storage.archive import MEDIATOR_1, Archive

FULL = NewEntry(
    kind=EntryKind.DECISION,
    author=Party.MEDIATOR,
    audience=Audience.COMPLAINANT,
    actor=MEDIATOR_1,
    decision=Decision.OFFER_CASE,
    outcome=Outcome.SETTLED,
    mediator=MEDIATOR_1,
    language=Language.DUTCH,
    details=EntryDetails(purpose=Purpose.NAME, intake=IntakeFacts()),
    body={"text": "één"},
)


async def case_of(archive: Archive, entries: int = 4) -> CaseId:
    case = await archive.open_case()
    async with archive.file() as file:
        for _ in range(entries):
            await file.append(case, FULL, archive.chain)
    return case


async def tampered(archive: Archive, *statements: str) -> None:
    """Do what whoever holds the database can do, past every trigger."""
    tables = ("entries", "ledger_links")
    async with archive.database.transaction() as session:
        for table in tables:
            await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        await session.execute(text("DELETE FROM entry_outcomes"))
        for statement in statements:
            await session.execute(text(statement))
        for table in tables:
            await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
