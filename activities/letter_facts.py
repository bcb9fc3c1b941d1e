"""What a letter may tell: gathered from the case file, the read model and the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from activities.messages import PostLetter
from catalogues.texts import text
from domain.calendar import civil_date
from domain.case_number import CaseNumber
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.intake import NoticeKind
from domain.languages import Language
from domain.letters import Letter
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.policy.model import Purpose
from domain.waits import Wait
from explanations import timeline, why
from mail.letter import LetterFacts
from storage import course_records, directory
from storage.case_file import CaseFile
from storage.letter_book import LetterBook
from storage.models import CaseRow, InstitutionRow
from storage.vault import may_name

_CARRIES_THE_COMPLAINT = frozenset({Letter.COMPLAINT_TO_INSTITUTION, Letter.NEXT_CONTACT})
_TELLS_WHAT_HAS_LEFT = frozenset({Letter.CONSENT_REVOKED, Letter.NAME_WITHDRAWN})
_TELLS_A_REFERRAL = frozenset(
    {Letter.REFERRAL_OFFER, Letter.WINDOW_CLOSING, Letter.CLOSING, Letter.ACKNOWLEDGEMENT}
)


class _Timeline(TypedDict, total=False):
    timeline_text: Sequence[str]
    timeline_picture: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a letter goes.

    Attributes:
        by_mail: whether it leaves by e-mail; otherwise it waits in the case file.
        needs: the purposes without whose consent it may not leave.
    """

    language: Language
    name: str | None
    by_mail: bool
    needs: Sequence[Purpose] = ()


class FactsReader:
    """Gathers the facts of a letter within one transaction."""

    def __init__(
        self, session: AsyncSession, file: CaseFile, book: LetterBook, portal_url: str
    ) -> None:
        self._session = session
        self._file = file
        self._book = book
        self._portal_url = portal_url

    async def facts_of(self, case: CaseRow, order: PostLetter) -> tuple[LetterFacts, Recipient]:
        """Return what a letter may tell, and to whom it goes."""
        institution = await directory.other_side_of(self._session, case)
        row = await course_records.overview_row(self._session, order.case.id)
        details = row.details if row is not None else OverviewDetails()
        signed_by = await self._signature(order, details)
        recipient = await self._recipient(institution, order, details)
        complaint = (await self._file.facts_beyond(order.case.id, EntryNumber(0), 1))[0]
        language = recipient.language
        referral = details.referral if order.letter.letter in _TELLS_A_REFERRAL else None
        ground = details.ground if order.letter.letter is Letter.CLOSING else None
        facts = LetterFacts(
            case_number=CaseNumber(case.number),
            written_on=civil_date(order.now),
            received_on=civil_date(complaint.received_at),
            institution_name=institution.name if institution else "",
            portal_url=self._portal_url,
            recipient_name=recipient.name,
            due_on=order.due_on,
            wait=order.letter.wait,
            outcome=order.outcome,
            quoted=await self._quoted(order),
            signed_by=signed_by,
            by_mail=False,
            contact=order.letter.contact,
            term_in_words=_term_in_words(details, language),
            consents_asked=_consents_asked(details, language),
            sent_before=await self._sent_before(order, language),
            notices=[
                why.notice_in_words(notice, language)
                for notice in details.notices
                if notice.kind is not NoticeKind.SIGNPOSTING_ONLY  # the letter says it itself
            ],
            objection_told=any(notice.kind.tells_of_objecting for notice in details.notices),
            answer_by=_answer_by(details),
            mediation=details.mediation,
            referral_body=why.body_in_words(referral.body, language) if referral else None,
            referral_until=referral.until if referral else None,
            referral_source=(
                why.source_in_words(referral.source, language)
                if referral and referral.source
                else None
            ),
            ground=text(language, f"ground.{ground}") if ground else None,
            route=text(language, f"ground.{ground}.route") if ground else None,
            **_timeline(case, order, details, language),
            silent_since=_silent_since(details),
        )
        return facts, recipient

    async def _recipient(
        self,
        institution: InstitutionRow | None,
        order: PostLetter,
        details: OverviewDetails,
    ) -> Recipient:
        match order.letter.recipient:
            case Party.COMPLAINANT:
                contact = await self._file.latest(order.case.id, EntryKind.CONTACT)
                language = await self._file.language_of(order.case.id)
                return Recipient(language, None, bool(contact.get("email")))
            case Party.INSTITUTION if institution is not None:
                needs = details.needed_consents
                return Recipient(institution.language, institution.name, True, needs)
            case _:
                if order.letter.mediator is None:
                    raise ValueError("a letter to the staff names the member")
                member = await directory.staff_member(self._session, order.letter.mediator)
                if member is None:
                    raise LookupError("the member is not in the register")
                return Recipient(member.language, member.name, by_mail=member.active)

    async def _quoted(self, order: PostLetter) -> Sequence[str]:
        """Return the paragraphs of what somebody else wrote, when the letter carries it."""
        about = order.letter.about
        if order.letter.letter in _CARRIES_THE_COMPLAINT:
            about = EntryNumber(1)
        if about is None:
            return ()
        body = await self._file.body_of(order.case.id, about)
        paragraphs = [body.get("subject", ""), *body.get("text", "").splitlines()]
        return [paragraph for paragraph in paragraphs if paragraph.strip()]

    async def _signature(self, order: PostLetter, details: OverviewDetails) -> str | None:
        """Return the complainant's name where it is given and may be told."""
        if not may_name(order.letter.letter) or Purpose.NAME not in details.consents:
            return None
        identity = await self._file.latest(order.case.id, EntryKind.IDENTITY)
        return identity.get("name") or None

    async def _sent_before(
        self, order: PostLetter, language: Language
    ) -> Sequence[tuple[str, date]]:
        if order.letter.letter not in _TELLS_WHAT_HAS_LEFT:
            return ()
        rows = await self._book.sent_to(CaseId(order.case.id), Party.INSTITUTION)
        if order.letter.letter is Letter.NAME_WITHDRAWN:
            rows = [row for row in rows if (await self._book.content_of(row)).unsigned]
        return [
            (text(language, f"letter.{row.letter}"), civil_date(row.written_at)) for row in rows
        ]


def _timeline(
    case: CaseRow, order: PostLetter, details: OverviewDetails, language: Language
) -> _Timeline:
    """Return the annex of the closing letter: the clocks of the case, in words and as a picture."""
    if order.letter.letter is not Letter.CLOSING:
        return {}
    today, opened_on = civil_date(order.now), civil_date(case.opened_at)
    of, reader = (details, today, language, opened_on), why.reader_of(details)
    return {
        "timeline_text": timeline.timeline_text(*of, reader=reader),
        "timeline_picture": timeline.timeline_svg(*of, reader=reader),
    }


def _term_in_words(details: OverviewDetails, language: Language) -> Sequence[str]:
    for view in details.clocks:
        if view.clock.wait is Wait.INSTITUTION_REPLIES:
            return why.sentences_for_the_institution(why.explain(view, language))
    return ()


def _consents_asked(details: OverviewDetails, language: Language) -> Sequence[tuple[str, str]]:
    return [
        (text(language, f"purpose.{purpose}"), text(language, f"purpose.{purpose}.explained"))
        for purpose in details.needed_consents
    ]


def _answer_by(details: OverviewDetails) -> date | None:
    """Return until when the answer to a question is promised, while it is awaited."""
    for view in details.clocks:
        if view.clock.wait is Wait.ADVISER_ANSWERS:
            return view.clock.day
    return None


def _silent_since(details: OverviewDetails) -> date | None:
    """Return the day on which the first desk was written to, when it stayed silent."""
    for view in details.clocks:
        if view.clock.wait is Wait.INSTITUTION_REPLIES and view.clock.passed:
            return view.clock.start
    return None
