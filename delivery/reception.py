"""The one way in: whatever arrives is committed as an entry before anybody acts on it."""

import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber, InstitutionId
from domain.intake import IntakeFacts
from domain.languages import Language
from domain.parties import Audience, Party
from domain.receipt_code import ReceiptCode, draw_receipt_code
from settings.secrets import Secrets
from storage import access, directory, idempotency
from storage.case_file import CaseFile, NewEntry
from storage.database import Database
from storage.idempotency import Answered
from storage.ledger_chain import LedgerChain
from storage.vault import Vault


class KeyReused(Exception):
    """An Idempotency-Key came again with another body."""


class UnknownInstitution(LookupError):
    """The register has no such institution, or it is not active."""


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a request the same as an earlier one: its key, and the body as it was sent."""

    key: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """A complaint as it arrives.

    Attributes:
        email: where news may be sent; without one, letters wait in the case file.
    """

    institution: InstitutionId
    language: Language
    subject: str
    text: str
    email: str | None = None
    intake: IntakeFacts = IntakeFacts()  # noqa: RUF009


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a complainant comes back with."""

    case: CaseId
    case_number: CaseNumber
    code: ReceiptCode
    last_entry: EntryNumber


class Reception:
    """Commits what arrives; telling the workflow comes after, and may fail."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, secrets: Secrets) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._secrets = secrets
        self._chain = LedgerChain(secrets.ledger_key())

    async def complaint(self, complaint: NewComplaint, request: Request) -> Receipt:
        """Open a case; the same request again gets the same receipt.

        Raises:
            KeyReused: when the key was used with another body.
            UnknownInstitution: when the complaint is about none that we know.
        """
        lookup = self._secrets.idempotency_lookup(request.key)
        async with self._database.transaction() as session:
            earlier = await self._earlier(session, lookup, request)
            if earlier is not None and earlier.sealed_answer is not None:
                return self._repeated(earlier, earlier.sealed_answer, request)
            return await self._open(session, complaint, request, lookup)

    async def entry(
        self, case: CaseId, entry: NewEntry, request: Request | None = None
    ) -> EntryNumber:
        """Append an entry; the same request again gets the same number.

        Raises:
            KeyReused: when the key was used with another body.
            storage.case_file.CaseNotFound: when there is no such case.
        """
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            if request is None:
                return await file.append(case, entry, self._chain)
            lookup = self._secrets.idempotency_lookup(f"{case}:{request.key}")
            earlier = await self._earlier(session, lookup, request)
            if earlier is not None:
                return earlier.entry
            number = await file.append(case, entry, self._chain)
            answered = Answered(self._secrets.body_mac(request.body), case, number, None)
            await idempotency.remember(session, lookup, answered, self._clock())
            return number

    async def _earlier(
        self, session: AsyncSession, lookup: bytes, request: Request
    ) -> Answered | None:
        earlier = await idempotency.earlier_answer(session, lookup, self._clock())
        if earlier is not None and earlier.body_mac != self._secrets.body_mac(request.body):
            raise KeyReused
        return earlier

    async def _open(
        self, session: AsyncSession, complaint: NewComplaint, request: Request, lookup: bytes
    ) -> Receipt:
        institution = await directory.institution(session, complaint.institution)
        if institution is None or not institution.active:
            raise UnknownInstitution
        file = CaseFile(session, self._vault, self._clock)
        row = await file.open_case(complaint.institution)
        case = CaseId(row.id)
        last = await file.append(
            case,
            NewEntry(
                kind=EntryKind.COMPLAINT,
                author=Party.COMPLAINANT,
                audience=Audience.INSTITUTION,
                language=complaint.language,
                details=EntryDetails(intake=complaint.intake),
                body={"subject": complaint.subject, "text": complaint.text},
            ),
            self._chain,
        )
        if complaint.email is not None:
            last = await file.append(case, new_contact(complaint.email), self._chain)
        code = draw_receipt_code()
        now = self._clock()
        await access.add_receipt(session, self._secrets.receipt_lookup(code), case, now)
        receipt = Receipt(case, CaseNumber(row.number), code, last)
        answer = json.dumps({"number": receipt.case_number, "code": code}).encode()
        sealed = self._secrets.seal_answer(request.key, answer)
        answered = Answered(self._secrets.body_mac(request.body), case, last, sealed)
        await idempotency.remember(session, lookup, answered, now)
        return receipt

    def _repeated(self, earlier: Answered, sealed: bytes, request: Request) -> Receipt:
        answer = json.loads(self._secrets.open_answer(request.key, sealed))
        return Receipt(
            earlier.case,
            CaseNumber(answer["number"]),
            ReceiptCode(answer["code"]),
            earlier.entry,
        )


def new_contact(email: str | None) -> NewEntry:
    """Return the entry that says where a complainant wants news, or nowhere."""
    return NewEntry(
        kind=EntryKind.CONTACT, author=Party.COMPLAINANT, body={"email": email} if email else {}
    )
