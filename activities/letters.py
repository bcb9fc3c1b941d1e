"""Writing letters and handing them to the post office."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.messages import Acted, PostLetter
from activities.post_office import PostOffice
from domain.case_number import CaseNumber
from domain.clock import CIVIL_TIME, Clock
from domain.entries import EntryKind
from domain.identifiers import EntryNumber, InstitutionId
from domain.languages import Language
from domain.letters import Letter, PendingLetter, letter_id
from domain.parties import Party
from mail.letter import LetterFacts
from mail.rendering import LetterRenderer
from storage import access, directory
from storage.case_file import CaseFile, CaseNotFound
from storage.database import Database
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import CaseRow, InstitutionRow, LetterRow, LetterStatus
from storage.vault import Vault

_CARRIES_THE_COMPLAINT = frozenset({Letter.COMPLAINT_TO_INSTITUTION})


class LetterActivities:
    """Writes each letter once, under its own id, and sees it off."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        renderer: LetterRenderer,
        post_office: PostOffice,
        portal_url: str,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._renderer = renderer
        self._post_office = post_office
        self._portal_url = portal_url

    @activity.defn
    async def post_letter(self, order: PostLetter) -> Acted:
        """Write a letter and try to send it at once.

        A mail server that is down does not fail this activity: the letter stays queued and the
        post office goes on trying, while the case goes on.
        """
        identifier = letter_id(order.case.id, order.case.episode, order.letter)
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            case = await file.lock(order.case.id)
            if case.entry_count > order.cursor:
                return Acted(done=False)
            book = LetterBook(session, self._vault)
            existing = await book.find(identifier)
            if existing is None or existing.status is LetterStatus.CANCELLED:
                await self._write(session, file, book, case, order)
        await self._post_office.dispatch(identifier)
        return Acted(done=True)

    async def _write(
        self,
        session: AsyncSession,
        file: CaseFile,
        book: LetterBook,
        case: CaseRow,
        order: PostLetter,
    ) -> None:
        wanted = order.letter
        identifier = letter_id(order.case.id, order.case.episode, wanted)
        institution = await directory.institution(session, InstitutionId(case.institution_id))
        if institution is None:
            raise CaseNotFound
        language, name, by_mail = await self._recipient(session, file, institution, order)
        complaint = (await file.facts_beyond(order.case.id, EntryNumber(0), 1))[0]
        facts = LetterFacts(
            case_number=CaseNumber(case.number),
            written_on=order.now.astimezone(CIVIL_TIME).date(),
            received_on=complaint.received_at.astimezone(CIVIL_TIME).date(),
            institution_name=institution.name,
            portal_url=self._portal_url,
            recipient_name=name,
            due_on=_civil_date(order.due_at),
            wait=wanted.wait,
            outcome=order.outcome,
            quoted=await _quoted(file, order),
            signed_by=await _signature(file, order),
            by_mail=False,
        )
        content = LetterContent(
            filed=self._render(wanted, language, facts),
            mailed=self._render(wanted, language, dataclasses.replace(facts, by_mail=True)),
        )
        now = self._clock()
        row = LetterRow(
            id=identifier,
            case_id=case.id,
            episode=order.case.episode,
            key=wanted.key,
            letter=wanted.letter,
            recipient=wanted.recipient,
            mediator_id=wanted.mediator,
            language=language,
            about=wanted.about,
            written_at=order.now,
            body=b"",
            status=LetterStatus.QUEUED if by_mail else LetterStatus.IN_FILE,
            attempts=0,
            queued_at=now,
            next_attempt_at=now if by_mail else None,
            sent_at=None,
        )
        await book.write(row, content)
        if wanted.recipient is Party.INSTITUTION:
            await access.add_reply_link(
                session, self._post_office.reply_token_hash(identifier), identifier, case, now
            )

    def _render(self, wanted: PendingLetter, language: Language, facts: LetterFacts) -> LetterText:
        rendered = self._renderer.render(wanted.letter, wanted.recipient, language, facts)
        return LetterText(subject=rendered.subject, text=rendered.text, html=rendered.html)

    async def _recipient(
        self,
        session: AsyncSession,
        file: CaseFile,
        institution: InstitutionRow,
        order: PostLetter,
    ) -> tuple[Language, str | None, bool]:
        """Return the recipient's language and name, and whether the letter leaves by e-mail."""
        match order.letter.recipient:
            case Party.COMPLAINANT:
                contact = await file.latest(order.case.id, EntryKind.CONTACT)
                language = await file.language_of(order.case.id)
                return language, None, bool(contact.get("email"))
            case Party.INSTITUTION:
                return institution.language, institution.name, True
            case _:
                if order.letter.mediator is None:
                    raise ValueError("a letter to a mediator names the mediator")
                member = await directory.staff_member(session, order.letter.mediator)
                if member is None:
                    raise LookupError("the mediator is not in the register")
                return member.language, member.name, True


async def _quoted(file: CaseFile, order: PostLetter) -> Sequence[str]:
    """Return the paragraphs of what somebody else wrote, when the letter carries it."""
    about = order.letter.about
    if order.letter.letter in _CARRIES_THE_COMPLAINT:
        about = EntryNumber(1)
    if about is None:
        return ()
    body = await file.body_of(order.case.id, about)
    paragraphs = [body.get("subject", ""), *body.get("text", "").splitlines()]
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


async def _signature(file: CaseFile, order: PostLetter) -> str | None:
    if order.letter.letter not in _CARRIES_THE_COMPLAINT:
        return None
    identity = await file.latest(order.case.id, EntryKind.IDENTITY)
    return identity.get("name") or None


def _civil_date(moment: datetime | None):
    return None if moment is None else moment.astimezone(CIVIL_TIME).date()
