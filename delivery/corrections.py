"""Corrections of the policy: running cases that keep a row which turned out to be wrong."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from domain.clock import Clock
from domain.entries import EntryKind
from domain.identifiers import CaseId
from domain.parties import Party
from domain.policy.rows import Policy
from domain.policy.selection import touched_rows
from storage import course_records
from storage.case_file import CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.vault import CannotOpen, Vault

_log = structlog.get_logger()
_PAUSE, _LONGEST_PAUSE = 30.0, 3600.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of a correction.

    Attributes:
        unread: cases whose key did not open, so that nobody knows what they were told before.
    """

    cases: Sequence[CaseId]
    unread: Sequence[CaseId]


class Corrections:
    """Tells running cases that an unverified row which they keep was corrected.

    A case keeps its rules all the same: what arrives is an entry, and the mediator decides.
    """

    def __init__(
        self, database: Database, vault: Vault, clock: Clock, policy: Policy, chain: LedgerChain
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._policy = policy
        self._chain = chain

    async def tell(self) -> Told:
        """Put an entry into every case that is touched and does not know it."""
        async with self._database.transaction() as session:
            kept = await course_records.unverified_rows_of_open_cases(session)
        told: list[CaseId] = []
        unread: list[CaseId] = []
        for case in kept:
            try:
                if await self._tell(case, *kept[case]):
                    told.append(case)
            except CannotOpen:
                unread.append(case)  # whatever is wrong with one case, the others hear of it
        return Told(told, unread)

    async def run_once(self) -> None:
        """Tell them, trying again until the database and the keys of every case let us."""
        pause = _PAUSE
        while True:
            try:
                told = await self.tell()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("corrections_paused", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)
                continue
            if told.cases:
                _log.info("rules_corrected", attempt=len(told.cases))
            if not told.unread:
                return
            _log.warning("corrections_paused", attempt=len(told.unread))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _tell(self, case: CaseId, first_day: date, unverified: Mapping[str, str]) -> bool:
        touched = touched_rows(unverified, self._policy, first_day)
        if not touched:
            return False
        corrected = ", ".join(f"{place} {digest or 'gone'}" for place, digest in touched.items())
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            await file.lock(case)
            known = await file.latest(case, EntryKind.RULES_CORRECTED)
            if known.get("rows") == corrected:
                return False  # asked already, whatever the mediator decided
            entry = NewEntry(
                kind=EntryKind.RULES_CORRECTED,
                author=Party.PORTAL,
                body={"policy_version": self._policy.version, "rows": corrected},
            )
            await file.append(case, entry, self._chain)
        return True
