"""Entries about whoever has a case: handing cases over, and noticing that somebody is gone."""

from dataclasses import dataclass

import structlog

from delivery.courier import Courier, NotDelivered
from domain.clock import Clock
from domain.entries import Decision, EntryDetails, EntryKind
from domain.identifiers import StaffId
from domain.parties import Party
from storage import availability
from storage.availability import Held
from storage.case_file import CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.models import Lifecycle
from storage.persistence import keep_doing
from storage.vault import CannotOpen, Vault

_log = structlog.get_logger()


class Holders:
    """Puts an entry about its holder into a case, unless it would say nothing new.

    The relay delivers it; nothing here needs Temporal.
    """

    def __init__(self, database: Database, vault: Vault, clock: Clock, chain: LedgerChain) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._chain = chain

    async def note(self, held: Held, entry: NewEntry) -> bool:
        """Append an entry, in a transaction of its own; tell whether that was needed."""
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            row = await file.lock(held.case)
            if row.lifecycle is not Lifecycle.OPEN:
                return False
            if await availability.is_noted(session, held, entry.kind):
                return False
            await file.append(held.case, entry, self._chain)
        return True


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a hand-over found: cases and offers that go to others now, and those under way.

    Attributes:
        locked: cases and offers that stayed, because the key of the case does not open.
    """

    cases: int = 0
    offers: int = 0
    under_way: int = 0
    locked: int = 0


class HandOver:
    """Takes everything from somebody who leaves."""

    def __init__(self, database: Database, holders: Holders) -> None:
        self._database = database
        self._holders = holders

    async def everything_of(
        self, leaver: StaffId, reason: str, author: Party, actor: StaffId | None = None
    ) -> HandedOver:
        """Reassign each open case and offer; what was left, the next call goes on with."""
        async with self._database.transaction() as session:
            found = await availability.held_by(session, leaver)
        entry = NewEntry(
            kind=EntryKind.DECISION,
            author=author,
            actor=actor,
            decision=Decision.REASSIGN,
            details=EntryDetails(holder=leaver),
            body={"text": reason},
        )
        done: list[Held] = []
        locked = 0
        for held in found:
            try:
                if await self._holders.note(held, entry):
                    done.append(held)
            except CannotOpen:
                locked += 1  # whatever is wrong with one case, the others go to somebody else
        offers = sum(held.offered for held in done)
        under_way = len(found) - len(done) - locked
        return HandedOver(len(done) - offers, offers, under_way, locked)


class Staffing:
    """Looks whether everybody who was asked is there, and tells cases that the register changed."""

    def __init__(
        self, database: Database, holders: Holders, courier: Courier, clock: Clock
    ) -> None:
        self._database = database
        self._holders = holders
        self._courier = courier
        self._clock = clock
        self._register = ""

    async def look(self) -> int:
        """Look once; return how many cases were told something."""
        async with self._database.transaction() as session:
            register = await availability.fingerprint(session)
            gone = [
                held
                for held in await availability.offers(session)
                if not await availability.is_free(session, held, self._clock() + held.moved)
            ]
            if register != self._register:
                gone += await availability.left_behind(session)
        told = sum([await self._holders.note(held, _unavailable(held)) for held in gone])
        if register != self._register:
            told += await self._ring_whoever_seeks()
            self._register = register
        return told

    async def run(self, pause: float = 10.0) -> None:
        """Look for ever, again after every ``pause`` seconds."""
        await keep_doing(self.look, pause, "staffing_paused")

    async def _ring_whoever_seeks(self) -> int:
        async with self._database.transaction() as session:
            seeking = await availability.seeking(session)
        for case, number in seeking:
            try:
                await self._courier.deliver(case, number)
            except NotDelivered as error:
                _log.warning("entry_not_delivered", reason=str(error))
        return len(seeking)


def _unavailable(held: Held) -> NewEntry:
    return NewEntry(
        kind=EntryKind.MEDIATOR_UNAVAILABLE,
        author=Party.PORTAL,
        details=EntryDetails(holder=held.holder),
    )
