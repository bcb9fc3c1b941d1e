"""The one way in: whatever arrives is committed as an entry before anybody acts on it."""

import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from delivery.receipts import Receipt, ReceiptDesk
from delivery.repeats import Repeats, Request
from domain.clock import Clock
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber, InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.intake import IntakeFacts
from domain.languages import Language
from domain.mandates import MandateForm
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.stages import Outcome
from settings.secrets import Secrets
from storage import course_records, directory
from storage.case_file import WHOLE_LETTERS, CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.models import CaseRow
from storage.vault import Vault

_LONGEST_SUBJECT = 80
"""Characters."""

type Record = Callable[[AsyncSession, EntryNumber], Awaitable[None]]


async def nothing_more(session: AsyncSession, number: EntryNumber) -> None:
    """Write nothing beside an entry."""


class UnknownInstitution(LookupError):
    """The register has no such institution, or it is not active."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMandate:
    """Whom a complainant lets act for them.

    Attributes:
        name: of the person who helps.
        organisation: for which they do, if any.
    """

    name: str
    form: MandateForm
    organisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """A complaint as it arrives.

    Attributes:
        mandate: by which somebody else hands it in.
        email: where news may be sent; without one, letters wait in the case file.
        whole_letters: they asked for whole letters instead of the word that there is news.
        question: the question that it comes from, and ``adviser`` who has that.
    """

    institution: InstitutionId
    language: Language
    subject: str
    text: str
    email: str | None = None
    whole_letters: bool = False
    intake: IntakeFacts = IntakeFacts()  # noqa: RUF009
    question: CaseId | None = None
    adviser: StaffId | None = None
    mandate: NewMandate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """A question as it arrives.

    Attributes:
        kind: the kind of institution that it is about, if that was said.
        email: where news may be sent; without one, letters wait in the case file.
        mandate: by which somebody else asks.
    """

    language: Language
    text: str
    subject: str | None = None
    kind: InstitutionKind | None = None
    email: str | None = None
    intake: IntakeFacts = IntakeFacts()  # noqa: RUF009
    mandate: NewMandate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFromQuestion:
    """A complaint with what a question said, unless there are other words for it.

    Attributes:
        closes: whether the question closes by it.
    """

    institution: InstitutionId
    intake: IntakeFacts = IntakeFacts()  # noqa: RUF009
    subject: str | None = None
    text: str | None = None
    closes: bool = True


class NoQuestion(LookupError):
    """The case is no question that could become a complaint."""


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

    async def question(self, question: NewQuestion, request: Request) -> Receipt:
        """Open a case for a question; the same request again gets the same receipt.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
        """
        async with self._database.transaction() as session:
            repeats = self._repeats(session, request, "")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            return await desk.again() or await self._ask(session, question, desk)

    async def complaint_from(
        self, case: CaseId, complaint: ComplaintFromQuestion, request: Request
    ) -> tuple[Receipt, EntryNumber]:
        """Open a complaint with what a question said, and tell the question in the same breath.

        Returns:
            The receipt of the complaint, and the last entry of the question. The same request
            again gets the same receipt.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
            NoQuestion: when the case is none.
            UnknownInstitution: when the complaint is about none that we know.
        """
        async with self._database.transaction() as session:
            repeats = self._repeats(session, request, f"{case}:")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            file = CaseFile(session, self._vault, self._clock)
            question = await file.lock(case)
            receipt = await desk.again()
            if receipt is None:
                if question.matter is not Matter.QUESTION:
                    raise NoQuestion
                receipt = await self._turn(session, question, complaint, desk)
            return receipt, EntryNumber(question.entry_count)

    async def mandate(self, case: CaseId, new: NewMandate, request: Request) -> Receipt:
        """Let somebody act for a complainant from now on, and return their code.

        Raises:
            delivery.repeats.KeyReused: when the key was used with another body.
            storage.case_file.CaseNotFound: when there is no such case.
        """
        async with self._database.transaction() as session:
            repeats = self._repeats(session, request, f"{case}:")
            desk = ReceiptDesk(session, self._secrets, self._clock, repeats)
            file = CaseFile(session, self._vault, self._clock)
            row = await file.lock(case)
            earlier = await desk.again()
            if earlier is not None:
                return earlier
            number = await file.append(case, _mandate_given(new), self._chain)
            return await desk.hand_out_to(row, await file.language_of(case), number)

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

    async def _ask(
        self, session: AsyncSession, question: NewQuestion, desk: ReceiptDesk
    ) -> Receipt:
        file = CaseFile(session, self._vault, self._clock)
        row = await file.open_case(about_kind=question.kind)
        case = CaseId(row.id)
        words = {"subject": question.subject, "text": question.text}
        entry = NewEntry(
            kind=EntryKind.QUESTION,
            author=Party.COMPLAINANT,
            language=question.language,
            details=EntryDetails(intake=question.intake, mandate=_second(question.mandate)),
            body={name: value for name, value in words.items() if value is not None},
        )
        await file.append(case, entry, self._chain)
        return await self._hand_out(file, row, question, desk)

    async def _turn(
        self,
        session: AsyncSession,
        question: CaseRow,
        complaint: ComplaintFromQuestion,
        desk: ReceiptDesk,
    ) -> Receipt:
        file = CaseFile(session, self._vault, self._clock)
        case = CaseId(question.id)
        asked = await file.body_of(case, EntryNumber(1))
        contact = await file.latest(case, EntryKind.CONTACT)
        text = complaint.text or asked["text"]
        overview = await course_records.overview_row(session, case)
        adviser = overview.mediator_id if overview else None
        new = NewComplaint(
            institution=complaint.institution,
            language=await file.language_of(case),
            subject=complaint.subject or asked.get("subject") or _first_words(text),
            text=text,
            email=contact.get("email"),
            whole_letters=WHOLE_LETTERS in contact,
            intake=complaint.intake,
            question=case,
            adviser=StaffId(adviser) if adviser else None,
        )
        receipt = await self._open(session, new, desk)
        told = NewEntry(
            kind=EntryKind.BECAME_COMPLAINT,
            author=Party.COMPLAINANT,
            outcome=Outcome.BECAME_COMPLAINT if complaint.closes else None,
            details=EntryDetails(other_case=receipt.case),
        )
        await file.append(case, told, self._chain)
        await course_records.record_links(session, case, [receipt.case])
        return receipt

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
                details=EntryDetails(
                    intake=complaint.intake,
                    other_case=complaint.question,
                    adviser=complaint.adviser,
                    mandate=_second(complaint.mandate),
                ),
                body={"subject": complaint.subject, "text": complaint.text},
            ),
            self._chain,
        )
        return await self._hand_out(
            file, row, complaint, desk, whole_letters=complaint.whole_letters
        )

    async def _hand_out(
        self,
        file: CaseFile,
        row: CaseRow,
        new: NewComplaint | NewQuestion,
        desk: ReceiptDesk,
        *,
        whole_letters: bool = False,
    ) -> Receipt:
        """Append the mandate and the address that came with it, and hand the codes out."""
        case, mandate = CaseId(row.id), _second(new.mandate)
        if new.mandate is not None:
            await file.append(case, _mandate_given(new.mandate, mandate), self._chain)
        if new.email is not None:
            contact = new_contact(new.email, whole_letters=whole_letters, mandate=mandate)
            await file.append(case, contact, self._chain)
        return await desk.hand_out(row, new.language, mandate)


def _second(mandate: NewMandate | None) -> EntryNumber | None:
    """Return the number that a mandate has with which a case opens: after what was handed in."""
    return None if mandate is None else EntryNumber(2)


def _mandate_given(new: NewMandate, by: EntryNumber | None = None) -> NewEntry:
    body = {"name": new.name, "organisation": new.organisation, "form": new.form.value}
    return NewEntry(
        kind=EntryKind.MANDATE_GIVEN,
        author=Party.COMPLAINANT,
        details=EntryDetails(mandate=by),
        body={name: value for name, value in body.items() if value is not None},
    )


def _first_words(text: str) -> str:
    """Return a subject for a text that has none."""
    return textwrap.shorten(text, _LONGEST_SUBJECT, placeholder=" …") or text[:_LONGEST_SUBJECT]


def new_contact(
    email: str | None, *, whole_letters: bool = False, mandate: EntryNumber | None = None
) -> NewEntry:
    """Return the entry that says where a complainant wants news, or nowhere.

    Args:
        whole_letters: they asked for whole letters instead of the word that there is news.
        mandate: by which somebody else says so.
    """
    body = {"email": email} if email else {}
    if email and whole_letters:
        body[WHOLE_LETTERS] = "yes"
    return NewEntry(
        kind=EntryKind.CONTACT,
        author=Party.COMPLAINANT,
        details=EntryDetails(mandate=mandate),
        body=body,
    )
