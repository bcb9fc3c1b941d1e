"""The letters of lost receipt codes: a loop in the worker that compares requests and waits."""

import contextlib
import hmac
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from activities.letters import LetterActivities
from activities.messages import CaseReference, PostLetter
from activities.post_office import PostOffice
from delivery.lost_codes import address_as_compared
from domain.calendar import civil_date
from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.letters import Letter, PendingLetter, letter_id
from domain.lost_code import MOST_AT_ONCE, USABLE, WAITING
from domain.parties import Party
from settings.secrets import Secrets
from storage import code_requests
from storage.case_file import CaseFile, CaseNotFound, moment_of
from storage.database import Database
from storage.models import CaseRow, CodeRequestRow
from storage.persistence import keep_doing
from storage.vault import CannotOpen, KeyWithheld, Vault

_log = structlog.get_logger()
_BATCH = 50
_LATER = timedelta(minutes=5)
"""When a letter whose case does not open now is tried again."""
_ONE_DAY = timedelta(days=1)
"""The last whole day is told in letters, since the time ends on the next one."""


class CodeLetters:
    """Finds the case of each request, and writes its letter when the waiting is over."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        secrets: Secrets,
        letters: LetterActivities,
        post_office: PostOffice,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._secrets = secrets
        self._letters = letters
        self._post_office = post_office

    async def compare_new(self) -> None:
        """Begin the waiting of requests that fit a case, and forget the others."""
        async with self._database.transaction() as session:
            for row in await code_requests.unread(session, _BATCH):
                try:
                    case = await self._case_of(session, row)
                except KeyWithheld:
                    continue  # it stays unread, and is looked at again
                if case is None or await code_requests.count(session, CaseId(case.id)) >= (
                    MOST_AT_ONCE
                ):
                    await session.delete(row)
                else:
                    due_at = moment_of(case, self._clock) + WAITING
                    row.case_id, row.due_at, row.expires_at = case.id, due_at, due_at + USABLE
                await session.flush()

    async def write_due(self) -> None:
        """Write the letters whose waiting is over; forget requests whose time is over."""
        while await self._write_next():
            pass
        async with self._database.transaction() as session:
            await code_requests.forget(session, self._clock(), self._clock() - USABLE)

    async def run(self, pause: float = 1.0) -> None:
        """Do both for ever, looking again every ``pause`` seconds."""
        await keep_doing(self._look, pause, "code_letters_paused")

    async def _look(self) -> None:
        await self.compare_new()
        await self.write_due()

    async def _write_next(self) -> bool:
        async with self._database.transaction() as session:
            row = await code_requests.due(session, self._clock())
            if row is None:
                return False
            try:
                case = await self._case_of(session, row)
                letter = await self._write(session, case, row) if case is not None else None
            except CannotOpen as error:
                _log.warning("code_letter_not_written", error=type(error).__name__)
                row.due_at = (row.due_at or self._clock()) + _LATER
                return True
            if letter is None:
                await session.delete(row)  # another address, or the case is being erased
                return True
        with contextlib.suppress(CannotOpen):  # the post office tries it again
            await self._post_office.dispatch(letter)
        return True

    async def _write(self, session: AsyncSession, case: CaseRow, row: CodeRequestRow) -> UUID:
        reference = CaseReference(CaseId(case.id), CaseNumber(case.number), case.episode)
        order = PostLetter(
            case=reference,
            letter=PendingLetter(Letter.NEW_RECEIPT_CODE, Party.COMPLAINANT, occasion=row.id.hex),
            cursor=EntryNumber(case.entry_count),
            now=moment_of(case, self._clock),
            due_on=civil_date(row.expires_at - _ONE_DAY) if row.expires_at else None,
        )
        await self._letters.write(session, case, order)
        letter = letter_id(reference.id, reference.episode, order.letter)
        row.letter_id = letter
        await session.flush()
        return letter

    async def _case_of(self, session: AsyncSession, row: CodeRequestRow) -> CaseRow | None:
        """Return the case of a request, when it has the address that the request names.

        Raises:
            storage.vault.KeyWithheld: when that cannot be said now.
        """
        file = CaseFile(session, self._vault, self._clock)
        try:
            case = await file.find(CaseNumber(row.case_number))
            contact = await file.latest(CaseId(case.id), EntryKind.CONTACT)
        except KeyWithheld:
            raise
        except (CaseNotFound, CannotOpen):
            return None
        address = contact.get("email")
        if not address:
            return None
        expected = self._secrets.address_mac(case.number, address_as_compared(address))
        return case if hmac.compare_digest(expected, row.address_mac) else None
