"""A lost receipt code: asking for a new one, stopping that, and exchanging two halves for it.

One half, the claim, is shown to whoever asks; the other one comes by letter to the address that the
case knows. A request is kept as it comes and compared with its case later, by the worker: so asking
costs the same and tells the same, whether or not there is such a case or address.
"""

import hmac
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from delivery.receipts import Receipt, ReceiptDesk
from delivery.repeats import Repeats, Request
from domain.addresses import as_it_travels
from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.identifiers import CaseId
from domain.receipt_code import ReceiptCode, draw_receipt_code
from settings.secrets import Secrets
from storage import access, code_requests
from storage.case_file import CaseFile, moment_of
from storage.database import Database
from storage.models import CaseRow, CodeRequestRow
from storage.vault import Vault


class HalvesRefused(Exception):
    """The two halves do not belong together, or not any more."""


def address_as_compared(address: str) -> str:
    """Return what two spellings of one address have in common."""
    return as_it_travels(address).lower()


class LostCodes:
    """Takes requests for a new receipt code."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, secrets: Secrets) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._secrets = secrets

    async def ask(self, number: CaseNumber, address: str) -> ReceiptCode:
        """Keep a request; return the claim, which is shown once and stored as a keyed hash."""
        claim = draw_receipt_code()
        lookup = self._secrets.claim_lookup(claim)
        address_mac = self._secrets.address_mac(number, address_as_compared(address))
        async with self._database.transaction() as session:
            await code_requests.add(session, lookup, number, address_mac, self._clock())
        return claim

    async def under_way(self, session: AsyncSession, row: CaseRow) -> Sequence[CodeRequestRow]:
        """Return the requests for a new code that have an effect on a case."""
        return await code_requests.of_case(session, CaseId(row.id), moment_of(row, self._clock))

    async def stop(self, case: CaseId, request: UUID) -> bool:
        """Stop a request; return whether there was one."""
        async with self._database.transaction() as session:
            return await code_requests.stop(session, case, request)

    async def exchange(self, claim: ReceiptCode, half: ReceiptCode, request: Request) -> Receipt:
        """Give a new code for two halves; the old code, all sessions and all requests end.

        Raises:
            HalvesRefused: when nothing is to be had for them.
            delivery.repeats.KeyReused: when the key was used with another body.
        """
        async with self._database.transaction() as session:
            repeats = Repeats(session, self._secrets, self._clock, request, "exchange:")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            return await desk.again() or await self._exchange(session, desk, claim, half)

    async def _exchange(
        self, session: AsyncSession, desk: ReceiptDesk, claim: ReceiptCode, half: ReceiptCode
    ) -> Receipt:
        lookup = self._secrets.claim_lookup(claim)
        row = await code_requests.ready(session, lookup, self._clock())
        letter = row.letter_id if row is not None else uuid4()
        right = hmac.compare_digest(half, self._secrets.letter_code(str(letter)))
        if row is None or row.case_id is None or not right:
            raise HalvesRefused
        case = CaseId(row.case_id)
        file = CaseFile(session, self._vault, self._clock)
        locked = await file.lock(case)
        await access.shut_out(session, case)
        await code_requests.stop_all(session, case)
        return await desk.hand_out(locked, await file.language_of(case))
