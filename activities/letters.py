"""Writing letters and handing them to the post office."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.ledger import record
from activities.letter_facts import FactsReader, Recipient
from activities.messages import Acted, PostLetter
from activities.post_office import PostOffice
from domain.clock import Clock
from domain.languages import Language
from domain.letters import LEAVES_ANEW, PendingLetter, letter_id
from domain.parties import Party
from mail.letter import LetterFacts
from mail.rendering import LetterRenderer
from storage import access
from storage.case_file import CaseFile
from storage.database import Database
from storage.letter_book import LetterBook, LetterContent, LetterText
from storage.models import CaseRow, LetterRow, LetterStatus
from storage.states import GONE
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter in words, and to whom it goes."""

    content: LetterContent
    recipient: Recipient


class Composer:
    """Puts letters into words, from what a case tells within a transaction.

    Args:
        portal_url: where people reach us.
    """

    def __init__(
        self, vault: Vault, clock: Clock, renderer: LetterRenderer, portal_url: str
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._renderer = renderer
        self._portal_url = portal_url

    async def compose(self, session: AsyncSession, case: CaseRow, order: PostLetter) -> Composed:
        """Return a letter: as it is filed, as it leaves by mail, and without a name."""
        wanted = order.letter
        file = CaseFile(session, self._vault, self._clock)
        reader = FactsReader(session, file, LetterBook(session, self._vault), self._portal_url)
        facts, recipient = await reader.facts_of(case, order)
        content = LetterContent(
            filed=self._render(wanted, recipient.language, facts),
            mailed=self._render(wanted, recipient.language, replace(facts, by_mail=True)),
            unsigned=(
                self._render(wanted, recipient.language, replace(facts, signed_by=None))
                if facts.signed_by
                else None
            ),
        )
        return Composed(content, recipient)

    def _render(self, wanted: PendingLetter, language: Language, facts: LetterFacts) -> LetterText:
        rendered = self._renderer.render(wanted.letter, wanted.recipient, language, facts)
        return LetterText(subject=rendered.subject, text=rendered.text, html=rendered.html)


def _is_written_anew(letter: LetterRow) -> bool:
    """Tell whether a letter, when it is called for again, is written again, with its new day."""
    failed = letter.status is LetterStatus.FAILED and letter.letter in LEAVES_ANEW
    return failed or letter.status is LetterStatus.CANCELLED


class LetterActivities:
    """Writes each letter once, under its own id, and sees it off."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        composer: Composer,
        post_office: PostOffice,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._composer = composer
        self._post_office = post_office

    @activity.defn
    async def post_letter(self, order: PostLetter) -> Acted:
        """Write a letter and try to send it at once.

        A mail server that is down does not fail this activity: the letter stays queued and the
        post office goes on trying, while the case goes on.
        """
        identifier = letter_id(order.case.id, order.case.episode, order.letter)
        async with self._database.transaction() as session:
            case = await CaseFile(session, self._vault, self._clock).lock(order.case.id)
            if case.lifecycle in GONE:
                return Acted(done=True)  # a workflow of an older backup does not know it
            await record(session, order.news, self._clock())
            if order.cursor is not None and case.entry_count > order.cursor:
                return Acted(done=False)
            existing = await LetterBook(session, self._vault).find(identifier)
            if existing is None or _is_written_anew(existing):
                await self.write(session, case, order)
        await self._post_office.dispatch(identifier)
        return Acted(done=True)

    async def write(self, session: AsyncSession, case: CaseRow, order: PostLetter) -> None:
        """Write a letter into the letter book; the post office sends it."""
        wanted = order.letter
        identifier = letter_id(order.case.id, order.case.episode, wanted)
        composed = await self._composer.compose(session, case, order)
        recipient = composed.recipient
        now = self._clock()
        row = LetterRow(
            id=identifier,
            case_id=case.id,
            episode=order.case.episode,
            key=wanted.key,
            letter=wanted.letter,
            recipient=wanted.recipient,
            mediator_id=wanted.mediator,
            contact=wanted.contact,
            needs=list(recipient.needs),
            language=recipient.language,
            about=wanted.about,
            written_at=order.now,
            body=b"",
            status=LetterStatus.QUEUED if recipient.by_mail else LetterStatus.IN_FILE,
            attempts=0,
            queued_at=now,
            next_attempt_at=now if recipient.by_mail else None,
            sent_at=None,
        )
        await LetterBook(session, self._vault).write(row, composed.content)
        if wanted.recipient is Party.INSTITUTION:
            await access.add_reply_link(
                session, self._post_office.reply_token_hash(identifier), identifier, case, now
            )
