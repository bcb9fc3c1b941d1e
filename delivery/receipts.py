"""Receipts: what a complainant comes back with, drawn once and repeated to who asked for it."""

import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from delivery.repeats import Repeats, Request
from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.receipt_code import ReceiptCode, draw_receipt_code
from settings.secrets import Secrets
from storage import access
from storage.case_file import CaseFile
from storage.database import Database
from storage.idempotency import Answered
from storage.models import CaseRow
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a complainant comes back with.

    Attributes:
        language: whose words say the code.
        representative: the code of whoever may act for the complainant, where one was given.
    """

    case: CaseId
    case_number: CaseNumber
    code: ReceiptCode
    language: Language
    last_entry: EntryNumber
    representative: ReceiptCode | None = None


class ReceiptDesk:
    """Hands out receipts within one transaction."""

    def __init__(
        self, session: AsyncSession, secrets: Secrets, clock: Clock, repeats: Repeats
    ) -> None:
        self._session = session
        self._secrets = secrets
        self._clock = clock
        self._repeats = repeats

    async def again(self) -> Receipt | None:
        """Return the receipt that this request got before, if any.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
        """
        earlier = await self._repeats.earlier()
        if earlier is None or earlier.sealed_answer is None:
            return None
        return self._repeated(earlier, earlier.sealed_answer)

    async def hand_out(
        self, row: CaseRow, language: Language, mandate: EntryNumber | None = None
    ) -> Receipt:
        """Draw a code that opens a case, and one of whoever has a mandate."""
        code = await self._draw(row)
        representative = await self._draw(row, mandate) if mandate else None
        return await self._remember(row, language, code, representative)

    async def hand_out_to(self, row: CaseRow, language: Language, mandate: EntryNumber) -> Receipt:
        """Draw a code for whoever has a mandate, and none besides."""
        return await self._remember(row, language, await self._draw(row, mandate), None)

    async def _draw(self, row: CaseRow, mandate: EntryNumber | None = None) -> ReceiptCode:
        code = draw_receipt_code()
        lookup = self._secrets.receipt_lookup(code)
        case = CaseId(row.id)
        await access.add_receipt(self._session, lookup, case, self._clock(), mandate)
        return code

    async def _remember(
        self,
        row: CaseRow,
        language: Language,
        code: ReceiptCode,
        representative: ReceiptCode | None,
    ) -> Receipt:
        case, last = CaseId(row.id), EntryNumber(row.entry_count)
        answer = {
            "number": row.number,
            "code": code,
            "language": language,
            "representative": representative,
        }
        await self._repeats.remember(case, last, json.dumps(answer).encode())
        return Receipt(case, CaseNumber(row.number), code, language, last, representative)

    def _repeated(self, earlier: Answered, sealed: bytes) -> Receipt:
        answer = json.loads(self._repeats.opened(sealed))
        representative = answer.get("representative")
        return Receipt(
            earlier.case,
            CaseNumber(answer["number"]),
            ReceiptCode(answer["code"]),
            Language(answer["language"]),
            earlier.entry,
            ReceiptCode(representative) if representative else None,
        )


class Receipts:
    """Replaces the receipt code of a case."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, secrets: Secrets) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._secrets = secrets

    async def rotate(self, case: CaseId, kept_session: bytes, request: Request) -> Receipt:
        """Give a case a new code: the old one stops, and so does every other session.

        Args:
            kept_session: the hash of the session that asks.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
        """
        async with self._database.transaction() as session:
            repeats = Repeats(session, self._secrets, self._clock, request, f"rotate:{case}:")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            earlier = await desk.again()
            if earlier is not None:
                return earlier
            file = CaseFile(session, self._vault, self._clock)
            row = await file.lock(case)
            await access.shut_out(session, case, kept_session)
            return await desk.hand_out(row, await file.language_of(case))
