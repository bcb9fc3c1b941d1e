"""The post office: sends queued letters, each at least once and under one Message-ID."""

import asyncio
from enum import StrEnum
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case_number import CaseNumber
from domain.clock import Clock
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import CaseId, LetterId, StaffId
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.receipt_code import grouped
from domain.waits import Attention
from mail.letter import RenderedLetter, reply_page
from mail.rendering import with_letter_code, with_reply_link
from mail.sending import (
    Enclosure,
    Envelope,
    MailPermanentlyRefused,
    MailTemporarilyFailed,
    Postman,
    message_id_for,
)
from printing.letters import letter_document
from printing.typesetting import LETTER_NAME, CannotPrint, Typesetter
from settings.secrets import Secrets, token_hash
from storage import course_records, directory, letter_book
from storage.case_file import WHOLE_LETTERS, Body, CaseFile, NewEntry
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import CaseRow, LetterRow, LetterStatus, Lifecycle
from storage.persistence import keep_doing
from storage.vault import CannotOpen, Vault

_log = structlog.get_logger()
_BATCH = 20
_AT_ONCE = 6
"""Conversations with the mail server. Each holds a connection to the database meanwhile, and a
mail server that hangs must not take all of them away from the cases."""


class _Permission(StrEnum):
    GIVEN = "given"
    WITHHELD = "withheld"
    HELD = "held"


class PostOffice:
    """Sends what the letter book holds, and nothing that may not leave."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        secrets: Secrets,
        postman: Postman,
        typesetter: Typesetter,
        *,
        public_url: str,
        message_id_domain: str,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._secrets = secrets
        self._chain = LedgerChain(secrets.ledger_key())
        self._postman = postman
        self._typesetter = typesetter
        self._public_url = public_url.rstrip("/")
        self._message_id_domain = message_id_domain
        self._conversations = asyncio.Semaphore(_AT_ONCE)

    def reply_token_hash(self, letter: UUID) -> bytes:
        """Return the hash under which a letter's reply link is known."""
        return token_hash(self._secrets.reply_token(str(letter)))

    async def dispatch(self, letter: UUID) -> None:
        """Send one letter if it is queued, due, and may leave now.

        The letter's row stays locked while it is being sent, so two senders never send it at the
        same time. When this process or the connection dies after the mail server took the letter
        and before that is recorded, it is sent again under the same Message-ID. When many letters
        are being sent at this moment it stays queued, and is sent a little later.
        """
        if self._conversations.locked():
            return
        async with self._conversations, self._database.transaction() as session:
            book = LetterBook(session, self._vault)
            row = await book.claim(letter, self._clock())
            if row is None:
                return
            if not await course_records.all_settled(session, CaseId(row.case_id)):
                return  # something has arrived that the workflow has not read yet
            match await self._permission(session, row):
                case _Permission.GIVEN:
                    await self._send(session, book, row)
                case _Permission.WITHHELD:
                    row.status = LetterStatus.CANCELLED
                case _Permission.HELD:
                    letter_book.hold(row, self._clock())

    async def dispatch_due(self) -> int:
        """Send the letters whose next attempt is due; return how many were tried."""
        async with self._database.transaction() as session:
            due = await letter_book.due_letters(session, self._clock(), _BATCH)
        for letter in due:
            try:
                await self.dispatch(letter)
            except CannotOpen as error:
                # This letter waits for its key; the others do not wait for this letter.
                _log.warning("letter_cannot_be_opened", error=type(error).__name__)
                await self._hold(letter)
        return len(due)

    async def _hold(self, letter: UUID) -> None:
        async with self._database.transaction() as session:
            row = await LetterBook(session, self._vault).claim(letter, self._clock())
            if row is not None:
                letter_book.hold(row, self._clock())

    async def run(self, pause: float = 1.0) -> None:
        """Send due letters for ever, looking again every ``pause`` seconds."""
        await keep_doing(self.dispatch_due, pause, "post_office_paused")

    async def _permission(self, session: AsyncSession, row: LetterRow) -> _Permission:
        """The one place that decides whether a letter to an institution may leave.

        It needs the complainant's consent to everything that the letter does, at the moment of
        sending. While the complainant is in danger it waits, and no longer than the case is open.
        """
        if row.recipient is not Party.INSTITUTION:
            return _Permission.GIVEN
        overview = await course_records.overview_row(session, CaseId(row.case_id))
        if overview is None or not set(row.needs) <= set(overview.details.consents):
            return _Permission.WITHHELD
        if not overview.details.danger:
            return _Permission.GIVEN
        case = await session.get_one(CaseRow, row.case_id)
        return _Permission.HELD if case.lifecycle is Lifecycle.OPEN else _Permission.WITHHELD

    async def _send(self, session: AsyncSession, book: LetterBook, row: LetterRow) -> None:
        contact: Body = {}
        if row.recipient is Party.COMPLAINANT:
            file = CaseFile(session, self._vault, self._clock)
            contact = await file.latest(CaseId(row.case_id), EntryKind.CONTACT)
        address = await self._address(session, row, contact)
        if address is None:
            row.status = LetterStatus.IN_FILE
            return
        text = await self._text_to_mail(session, book, row, contact)
        rendered = self._with_secrets(row, text)
        envelope = Envelope(
            message_id=message_id_for(LetterId(row.id), self._message_id_domain),
            to_address=address,
            rendered=rendered,
            written_at=row.written_at,
            enclosed=await self._on_paper(session, row, rendered),
        )
        now = self._clock()
        try:
            await self._postman.send(envelope)
        except MailPermanentlyRefused:
            await self._give_up(session, row)
        except MailTemporarilyFailed:
            letter_book.postpone(row, now)
            if now - row.queued_at >= letter_book.GIVE_UP_AFTER:
                await self._give_up(session, row)
        else:
            row.status = LetterStatus.SENT
            row.sent_at = now

    async def _text_to_mail(
        self, session: AsyncSession, book: LetterBook, row: LetterRow, contact: Body
    ) -> LetterText:
        """Return what leaves.

        To a complainant that there is news, and the whole letter only when they asked for it; to
        an institution no name that may not be told any more.
        """
        content = await book.content_of(row)
        if WHOLE_LETTERS in contact and row.letter is not Letter.NEW_RECEIPT_CODE:
            return content.filed
        if content.unsigned is None:
            return content.mailed
        case, file = CaseId(row.case_id), CaseFile(session, self._vault, self._clock)
        overview = await course_records.overview_row(session, case)
        identity = await file.latest(case, EntryKind.IDENTITY)
        agreed = overview is not None and Purpose.NAME in overview.details.consents
        if agreed and identity.get("name"):
            return content.mailed
        unsigned = LetterContent(filed=content.unsigned, mailed=content.unsigned)
        await book.write(row, unsigned)
        return unsigned.mailed

    async def _give_up(self, session: AsyncSession, row: LetterRow) -> None:
        """Stop trying, and let the case know through the one way in."""
        row.status = LetterStatus.FAILED
        case = await session.get_one(CaseRow, row.case_id)
        of_now = row.letter if row.episode == case.episode else None
        entry = NewEntry(
            kind=EntryKind.LETTER_FAILED,
            author=Party.PORTAL,
            details=EntryDetails(letter=of_now),
            body={"letter": row.letter.value, "letter_id": str(row.id)},
        )
        file = CaseFile(session, self._vault, self._clock)
        await file.append(CaseId(row.case_id), entry, self._chain)
        if case.lifecycle is not Lifecycle.OPEN:
            # No workflow asks for attention any more, and a closing letter matters, too.
            await course_records.raise_attention(
                session, CaseId(row.case_id), Attention.LETTER_FAILED
            )
        _log.warning("letter_failed", letter=row.letter.value)

    async def _address(self, session: AsyncSession, row: LetterRow, contact: Body) -> str | None:
        match row.recipient:
            case Party.COMPLAINANT:
                return contact.get("email") or None
            case Party.INSTITUTION:
                case = await session.get_one(CaseRow, row.case_id)
                found = await directory.institution_of(session, case)
                return directory.desk_address(found, row.contact)
            case _:
                if row.mediator_id is None:
                    return None
                member = await directory.staff_member(session, StaffId(row.mediator_id))
                return None if member is None else member.address

    async def _on_paper(
        self, session: AsyncSession, row: LetterRow, rendered: RenderedLetter
    ) -> Enclosure | None:
        """Return an institution's letter as a PDF, to file; nobody else's leaves by mail.

        A letter is never kept back because of it.
        """
        if row.recipient is not Party.INSTITUTION:
            return None
        case = await session.get_one(CaseRow, row.case_id)
        document = letter_document(
            row.language,
            rendered.subject,
            rendered.text,
            case_number=CaseNumber(case.number),
            written_at=row.written_at,
            addresses_below=self._public_url,
        )
        try:
            return Enclosure(LETTER_NAME, await self._typesetter.pdf(document))
        except CannotPrint as error:
            _log.warning("letter_not_printed", letter=row.letter.value, error=type(error).__name__)
            return None

    def _with_secrets(self, row: LetterRow, text: LetterText) -> RenderedLetter:
        """Put in what stands in no stored letter."""
        rendered = RenderedLetter(
            letter=row.letter,
            recipient=row.recipient,
            language=row.language,
            subject=text.subject,
            text=text.text,
            html=text.html,
        )
        if row.letter is Letter.NEW_RECEIPT_CODE:
            return with_letter_code(rendered, grouped(self._secrets.letter_code(str(row.id))))
        token = self._secrets.reply_token(str(row.id))
        return with_reply_link(rendered, self._public_url + reply_page(row.language, token))
