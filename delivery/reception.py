"""The one way in: whatever arrives is committed as an entry before anybody acts on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from delivery.receipts import Receipt, ReceiptDesk
from delivery.repeats import Repeats, Request
from domain.clock import Clock
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber, InstitutionId
from domain.intake import IntakeFacts
from domain.languages import Language
from domain.parties import Audience, Party
from settings.secrets import Secrets
from storage import directory
from storage.case_file import WHOLE_LETTERS, CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.vault import Vault

type Record = Callable[[AsyncSession, EntryNumber], Awaitable[None]]


async def nothing_more(session: AsyncSession, number: EntryNumber) -> None:
    """Write nothing beside an entry."""


class UnknownInstitution(LookupError):
    """The register has no such institution, or it is not active."""


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
            delivery.repeats.KeyReused: when the key was used with another body.
            UnknownInstitution: when the complaint is about none that we know.
        """
        async with self._database.transaction() as session:
            repeats = self._repeats(session, request, "")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            return await desk.again() or await self._open(session, complaint, desk)

    async def earlier_entry(self, case: CaseId, request: Request | None) -> EntryNumber | None:
        """Return the number that the same request got before, if it came before.

        Raises:
            KeyReused: when the key was used with another body.
        """
        if request is None:
            return None
        async with self._database.transaction() as session:
            earlier = await self._repeats(session, request, f"{case}:").earlier()
        return None if earlier is None else earlier.entry

    async def entry(
        self,
        case: CaseId,
        entry: NewEntry,
        request: Request | None = None,
        record: Record = nothing_more,
    ) -> EntryNumber:
        """Append an entry; the same request again gets the same number.

        Args:
            record: writes what belongs to a new entry, in the transaction that appends it.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
            storage.case_file.CaseNotFound: when there is no such case.
        """
        async with self._database.transaction() as session:
            repeats = self._repeats(session, request, f"{case}:") if request else None
            earlier = await repeats.earlier() if repeats else None
            if earlier is not None:
                return earlier.entry
            file = CaseFile(session, self._vault, self._clock)
            number = await file.append(case, entry, self._chain)
            await record(session, number)
            if repeats is not None:
                await repeats.remember(case, number)
            return number

    def _repeats(self, session: AsyncSession, request: Request, scope: str) -> Repeats:
        return Repeats(session, self._secrets, self._clock, request, scope)

    async def _open(
        self, session: AsyncSession, complaint: NewComplaint, desk: ReceiptDesk
    ) -> Receipt:
        institution = await directory.institution(session, complaint.institution)
        if institution is None or not institution.active:
            raise UnknownInstitution
        file = CaseFile(session, self._vault, self._clock)
        row = await file.open_case(complaint.institution)
        case = CaseId(row.id)
        await file.append(
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
            await file.append(case, new_contact(complaint.email), self._chain)
        return await desk.hand_out(row, complaint.language)


def new_contact(email: str | None, *, whole_letters: bool = False) -> NewEntry:
    """Return the entry that says where a complainant wants news, or nowhere.

    Args:
        whole_letters: they asked for whole letters instead of the word that there is news.
    """
    body = {"email": email} if email else {}
    if email and whole_letters:
        body[WHOLE_LETTERS] = "yes"
    return NewEntry(kind=EntryKind.CONTACT, author=Party.COMPLAINANT, body=body)
