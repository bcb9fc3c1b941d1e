"""A complainant's own case."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter

from api import presenting
from api.answers import AcceptedBody, EntriesBody, EntryBody, LetterBody, LettersBody, MyCaseBody
from api.downloads import PAPER_ANSWERS, Paper
from api.letters import letters_of, printed_letter
from api.my_case_gathering import my_case_of
from api.paging import After, Limit, Number, page
from api.problems import Problem
from api.receiving import Incoming
from api.schemas import (
    ConsentBody,
    ContactBody,
    FeedbackBody,
    IdentityBody,
    LanguageBody,
    MessageBody,
    ObjectionBody,
    Question,
    ReopeningRequestBody,
    ResponseBody,
    SafetyBody,
    WithdrawalBody,
)
from api.who import Complainant, EitherSession, Represented, Session
from api.wire_format import Picture, StrictRoute
from api.wiring import Parts
from delivery.reception import new_contact
from domain.calendar import civil_date
from domain.entries import Decision, EntryDetails, EntryKind
from domain.identifiers import EntryNumber, StaffId
from domain.mandates import KEPT_FROM_REPRESENTATIVES
from domain.parties import Party
from explanations import why
from storage import course_records
from storage.case_file import CaseFile, FiledEntry, NewEntry, moment_of
from storage.models import CaseRow

router = APIRouter(prefix="/my-case", route_class=StrictRoute, tags=["complainant"])

_ENTRIES = "/v1/my-case/entries"
_ME = Party.COMPLAINANT
_RESPONSES = {
    (Question.OUTCOME, True): Decision.ACCEPT_OUTCOME,
    (Question.OUTCOME, False): Decision.REJECT_OUTCOME,
    (Question.REFERRAL, True): Decision.ACCEPT_REFERRAL,
    (Question.REFERRAL, False): Decision.REJECT_REFERRAL,
}


@router.get("")
async def read_my_case(parts: Parts, either: EitherSession) -> MyCaseBody:
    """Tell the stage, who is waited for, until when and why, and what if nobody acts."""
    async with parts.database.transaction() as session:
        return await my_case_of(parts, session, either.case, either.mandate)


@router.get("/timeline", response_class=Picture)
async def read_timeline(parts: Parts, case: Represented) -> Picture:
    """Draw the clocks of the case; ``timeline`` of the case says the same in words."""
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        row = await session.get_one(CaseRow, case)
        overview = await course_records.overview_row(session, case)
        language = await file.language_of(case)
    return Picture(
        presenting.timeline_picture(
            row,
            overview,
            civil_date(moment_of(row, parts.clock)),
            language,
            why.reader_of(presenting.details_of(overview)),
        )
    )


@router.get("/entries")
async def read_entries(
    parts: Parts,
    either: EitherSession,
    after: After = 0,
    limit: Limit = 50,
) -> EntriesBody:
    """List what has arrived in the case, in order, and what became of it."""
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        entries = await file.entries_for(either.case, _ME, EntryNumber(after), limit)
        language = await file.language_of(either.case)
    return page([_as_read(either, entry) for entry in entries], limit, _ENTRIES, language)


@router.get("/entries/{number}")
async def read_entry(parts: Parts, either: EitherSession, number: Number) -> EntryBody:
    """Show one entry: ``status`` tells what became of it."""
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        entry = await file.entry_for(either.case, _ME, EntryNumber(number))
        language = await file.language_of(either.case)
    if entry is None:
        raise Problem(404, "not-found")
    return presenting.entry_body(_as_read(either, entry), language)


def _as_read(either: Session, entry: FiledEntry) -> FiledEntry:
    """Return an entry without its words where those are not for a representative."""
    if either.mandate is None or entry.facts.kind not in KEPT_FROM_REPRESENTATIVES:
        return entry
    return replace(entry, body=None)


@router.get("/letters")
async def read_letters(parts: Parts, case: Represented) -> LettersBody:
    """List the letters to the complainant, oldest first."""
    async with parts.database.transaction() as session:
        language = await CaseFile(session, parts.vault, parts.clock).language_of(case)
        return await letters_of(parts, session, case, _ME, language)


@router.get("/letters/{letter_id}")
async def read_letter(parts: Parts, case: Represented, letter_id: UUID) -> LetterBody:
    """Show one letter to the complainant."""
    found = [item for item in (await read_letters(parts, case)).letters if item.id == letter_id]
    if not found:
        raise Problem(404, "not-found")
    return found[0]


@router.get("/letters/{letter_id}/pdf", response_class=Paper, responses=PAPER_ANSWERS)
async def print_letter(parts: Parts, case: Represented, letter_id: UUID) -> Paper:
    """Give one letter to the complainant on paper."""
    return await printed_letter(parts, case, _ME, letter_id)


@router.post("/messages", status_code=202)
async def send_message(
    incoming: Incoming, either: EitherSession, body: MessageBody
) -> AcceptedBody:
    """Write to the mediator, in confidence; to the adviser it may be a further question."""
    await incoming.refuse_receipt_codes(text=body.text)
    words = {"text": body.text}
    entry = NewEntry(kind=EntryKind.MESSAGE, author=_ME, details=either.details, body=words)
    return await incoming.entry(either.case, entry, _ENTRIES)


@router.post("/consents", status_code=202)
async def give_or_revoke_consent(
    incoming: Incoming, case: Complainant, body: ConsentBody
) -> AcceptedBody:
    """Allow one thing, or take that back: at any moment, without a reason.

    What each purpose means stands in ``consents`` of the case.
    """
    entry = NewEntry(
        kind=EntryKind.CONSENT,
        author=_ME,
        decision=Decision.GIVE_CONSENT if body.consent else Decision.REVOKE_CONSENT,
        details=EntryDetails(purpose=body.purpose),
    )
    return await incoming.entry(case, entry, _ENTRIES)


@router.post("/responses", status_code=202)
async def respond_to_proposal(
    incoming: Incoming, case: Complainant, body: ResponseBody
) -> AcceptedBody:
    """Accept the proposed outcome or the way to the next body, or not."""
    await incoming.refuse_receipt_codes(text=body.text)
    decision = _RESPONSES[body.about, body.accept]
    text = {"text": body.text} if body.text else None
    entry = NewEntry(kind=EntryKind.RESPONSE, author=_ME, decision=decision, body=text)
    return await incoming.entry(case, entry, _ENTRIES)


@router.post("/withdrawals", status_code=202)
async def withdraw(incoming: Incoming, case: Complainant, body: WithdrawalBody) -> AcceptedBody:
    """Withdraw the complaint or the question. Possible at any moment, without a reason."""
    await incoming.refuse_receipt_codes(reason=body.reason)
    text = {"text": body.reason} if body.reason else None
    entry = NewEntry(kind=EntryKind.WITHDRAWAL, author=_ME, body=text)
    return await incoming.entry(case, entry, _ENTRIES)


@router.post("/safety", status_code=202)
async def say_whether_safe(
    incoming: Incoming, either: EitherSession, body: SafetyBody
) -> AcceptedBody:
    """Say that it is not safe, or safe again. A person looks; nothing is reported to anybody.

    A representative can only say that it is not: whether somebody is safe again they know best.

    Raises:
        Problem: when a representative says that it is safe.
    """
    if body.safe and either.mandate is not None:
        raise Problem(403, "for-the-complainant")
    decision = Decision.REPORT_SAFE if body.safe else Decision.REPORT_DANGER
    entry = NewEntry(kind=EntryKind.SAFETY, author=_ME, decision=decision, details=either.details)
    return await incoming.entry(either.case, entry, _ENTRIES)


@router.post("/mediator-objection", status_code=202)
async def object_to_mediator(
    parts: Parts, incoming: Incoming, case: Complainant, body: ObjectionBody
) -> AcceptedBody:
    """Ask for another mediator: once, and nobody examines why. No mediator ever reads the reason.

    Whoever wants it a second time asks the supervisor.
    """
    await incoming.refuse_receipt_codes(reason=body.reason)
    async with parts.database.transaction() as session:
        overview = await course_records.overview_row(session, case)
    mediator = overview.mediator_id if overview else None
    entry = NewEntry(
        kind=EntryKind.MEDIATOR_OBJECTION,
        author=_ME,
        details=EntryDetails(holder=StaffId(mediator) if mediator else None),
        body={"text": body.reason},
    )
    return await incoming.entry(case, entry, _ENTRIES)


@router.post("/feedback", status_code=202)
async def look_back(incoming: Incoming, case: Complainant, body: FeedbackBody) -> AcceptedBody:
    """Look back, after the closure. Never needed."""
    await incoming.refuse_receipt_codes(text=body.text)
    entry = NewEntry(kind=EntryKind.FEEDBACK, author=_ME, body={"text": body.text})
    return await incoming.entry(case, entry, _ENTRIES)


@router.post("/reopening-requests", status_code=202)
async def ask_to_reopen(
    incoming: Incoming, case: Complainant, body: ReopeningRequestBody
) -> AcceptedBody:
    """Ask that a closed case is opened again: within six weeks. Who had it answers in a week."""
    await incoming.refuse_receipt_codes(text=body.text)
    entry = NewEntry(kind=EntryKind.REOPENING_REQUEST, author=_ME, body={"text": body.text})
    return await incoming.entry(case, entry, _ENTRIES)


@router.put("/contact", status_code=202)
async def set_contact(incoming: Incoming, case: Complainant, body: ContactBody) -> AcceptedBody:
    """Say where news may be sent, or nowhere."""
    await incoming.refuse_receipt_codes(email=body.email)
    entry = new_contact(body.email, whole_letters=body.whole_letters)
    return await incoming.entry(case, entry, _ENTRIES)


@router.put("/identity", status_code=202)
async def set_identity(incoming: Incoming, case: Complainant, body: IdentityBody) -> AcceptedBody:
    """Give a name and address for an institution that requires them, or take them back."""
    await incoming.refuse_receipt_codes(name=body.name, postalAddress=body.postal_address)
    given = {"name": body.name, "postal_address": body.postal_address}
    entry = NewEntry(
        kind=EntryKind.IDENTITY,
        author=_ME,
        body={key: value for key, value in given.items() if value is not None},
    )
    return await incoming.entry(case, entry, _ENTRIES)


@router.put("/language", status_code=202)
async def set_language(incoming: Incoming, case: Complainant, body: LanguageBody) -> AcceptedBody:
    """Choose the language of letters and texts."""
    entry = NewEntry(kind=EntryKind.LANGUAGE, author=_ME, language=body.language)
    return await incoming.entry(case, entry, _ENTRIES)
