"""Gathering a dossier for the next body from the case file, the read model and the letter book.

What belongs to the mediation stays out of it: notes, what was told in confidence, proposals and the
answers to them, and how the case was closed.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.dossier_answers import DossierBody, DossierLetterBody, StandingBody, TermBody
from api.letters import without_reply_link
from api.problems import Problem
from api.wiring import Wiring
from catalogues.texts import text, written_date
from domain.calendar import civil_date
from domain.entries import Decision, EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.standing import Heard, Known, what_is_known
from explanations.standing import standing_in_words, term_in_words
from storage import course_records, directory
from storage.case_file import CaseFile, FiledEntry, moment_of
from storage.letter_book import LetterBook
from storage.models import CaseRow, EntryStatus, LetterRow, LetterStatus

ALL_ENTRIES = 100_000
"""Far more than a case ever has."""

_OF_THE_EXCHANGE = frozenset(
    {
        EntryKind.COMPLAINT,
        EntryKind.MESSAGE,
        EntryKind.INSTITUTION_REPLY,
        EntryKind.INSTITUTION_EXTENSION,
        EntryKind.INSTITUTION_OBJECTION,
        EntryKind.INSTITUTION_CORRECTION,
    }
)
_ASKS = frozenset({Letter.COMPLAINT_TO_INSTITUTION, Letter.NEXT_CONTACT})
_TOLD_OF = frozenset({LetterStatus.SENT, LetterStatus.FAILED})
"""A letter that still waits proves nothing, and may wait because somebody is in danger."""

_SETTLED = frozenset({EntryStatus.APPLIED, EntryStatus.REFUSED})


async def gathered(
    parts: Wiring, session: AsyncSession, case: CaseId, language: Language | None = None
) -> tuple[DossierBody, Language]:
    """Return a dossier, in a language or else in the complainant's.

    Raises:
        Problem: when it is a question, which has no other side.
    """
    file = CaseFile(session, parts.vault, parts.clock)
    row = await session.get_one(CaseRow, case)
    if row.matter is Matter.QUESTION:
        raise Problem(404, "no-dossier")
    spoken = language or await file.language_of(case)
    overview = await course_records.overview_row(session, case)
    details = presenting.details_of(overview)
    today = civil_date(moment_of(row, parts.clock))
    letters = await _letters(session, parts, case)
    course = await file.entries_for(case, Party.SUPERVISOR, EntryNumber(0), ALL_ENTRIES)
    heard = _heard(course, [letter for letter in letters if letter.episode == row.episode])
    replied = overview is not None and overview.replied
    known = what_is_known(details, heard, today, replied=replied)
    entries = await file.entries_for(case, Party.INSTITUTION, EntryNumber(0), ALL_ENTRIES)
    institution = await directory.institution_of(session, row)
    book = LetterBook(session, parts.vault)
    body = DossierBody(
        case_number=row.number,
        institution=presenting.institution_body(institution),
        made_on=today,
        standing=_standing(known, min(today, _closed_on(row) or today), spoken),
        term=_term(known, today, spoken),
        entries=[presenting.entry_body(entry, spoken) for entry in entries if _belongs(entry)],
        letters=[await letter_to_the_institution(book, letter, spoken) for letter in letters],
        referral=presenting.referral_body(details.referral, spoken),
    )
    return body, spoken


async def letter_to_the_institution(
    book: LetterBook, row: LetterRow, language: Language
) -> DossierLetterBody:
    """Present a letter to the institution; its reply link is nobody else's."""
    sent_at = left_at(row)
    day = written_date(civil_date(sent_at), language) if sent_at else ""
    return DossierLetterBody(
        title=text(language, f"letter.{row.letter}"),
        written_at=row.written_at,
        desk=row.contact,
        desk_text=text(language, f"dossier.desk.{row.contact}"),
        status=row.status,
        status_text=text(language, f"dossier.letter.{row.status}", day=day),
        sent_at=sent_at,
        text=without_reply_link((await book.content_of(row)).filed.text),
    )


def left_at(row: LetterRow) -> datetime | None:
    """Return when a letter left, in the time of its case; ``None`` when it has not."""
    return max(row.sent_at, row.written_at) if row.sent_at else None


async def _letters(session: AsyncSession, parts: Wiring, case: CaseId) -> list[LetterRow]:
    rows = await LetterBook(session, parts.vault).letters_to(case, Party.INSTITUTION)
    return [
        row
        for row in rows
        if row.status in _TOLD_OF and row.letter is not Letter.CLOSING_TO_INSTITUTION
    ]


def _heard(course: Sequence[FiledEntry], letters: Sequence[LetterRow]) -> Heard:
    asked = (left_at(letter) for letter in letters if letter.letter in _ASKS)
    theirs = [it for it in course if it.facts.author is Party.INSTITUTION]
    return Heard(
        asked_on=min((civil_date(moment) for moment in asked if moment), default=None),
        replied_on=[day for entry in course if (day := _replied_on(entry))],
        objected_on=[
            civil_date(it.facts.received_at)
            for it in theirs
            if it.facts.kind is EntryKind.INSTITUTION_OBJECTION
        ],
        unread=any(it.answer.status not in _SETTLED for it in theirs),
    )


def _replied_on(entry: FiledEntry) -> date | None:
    """Return the day of an answer, whatever became of it, or of one that the mediator noted."""
    facts = entry.facts
    if facts.kind is EntryKind.INSTITUTION_REPLY:
        return civil_date(facts.received_at)
    noted = facts.decision is Decision.RECORD_REPLY and entry.answer.status is EntryStatus.APPLIED
    return facts.details.day if noted else None


def _belongs(entry: FiledEntry) -> bool:
    return entry.facts.kind in _OF_THE_EXCHANGE and entry.answer.status is EntryStatus.APPLIED


def _closed_on(row: CaseRow) -> date | None:
    return civil_date(row.closed_at) if row.closed_at else None


def _standing(known: Known, until: date, language: Language) -> StandingBody:
    return StandingBody(
        code=known.standing,
        text=standing_in_words(known, until, language),
        day=known.day,
        last_day=known.last_day,
    )


def _term(known: Known, today: date, language: Language) -> TermBody | None:
    clock = known.term
    if clock is None:
        return None
    return TermBody(
        since=clock.start,
        source=clock.source,
        statutory=clock.statutory,
        verified=clock.verified,
        why=term_in_words(clock, known.last_day, today, language),
    )
