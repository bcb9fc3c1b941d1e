"""The staff's side: mediators act on their own cases, supervisors see every case's course."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession

from api import case_presenting, presenting
from api.answers import AcceptedBody, AttachmentsBody, EntriesBody, EntryBody
from api.attachments import COPY_ANSWERS, CleanCopy, attachments_body, clean_copy
from api.deciding import OneCaseBody, decisions_of
from api.paging import After, Limit, Number, page
from api.problems import FieldError, Problem, language_of
from api.receiving import Incoming
from api.staff_schemas import DecisionBody, StaffMessageBody
from api.typed_cases import case_typed
from api.who import SignedIn, Staff
from api.wire_format import Picture, StrictRoute
from api.wiring import Parts, Wiring
from catalogues.texts import Reader
from domain.calendar import civil_date
from domain.decision_forms import Item, form_of
from domain.entries import Decision, EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.matter import Matter
from domain.parties import Party
from domain.staff import HANDLES, Role, acts_as
from storage import course_records, directory
from storage.candidates import history_of_links
from storage.case_file import CaseFile, CaseNotFound, NewEntry, moment_of
from storage.models import CaseRow, OverviewRow

router = APIRouter(prefix="/cases", route_class=StrictRoute, tags=["staff"])


class _Opened:
    """A case that this staff member may see, within a transaction."""

    def __init__(self, row: CaseRow, overview: OverviewRow | None, staff: Staff) -> None:
        self.row = row
        self.overview = overview
        self.id = CaseId(row.id)
        self.entries = f"/v1/cases/{row.number}/entries"
        is_theirs = overview is not None and overview.mediator_id == staff.id
        self.reads_texts = is_theirs
        self.reads_as = row.matter.handler if is_theirs else Party.SUPERVISOR
        """Whose case it is not sees its course, not its texts."""
        is_asked = overview is not None and overview.offered_id == staff.id
        self.handles = is_theirs or is_asked
        advises = overview is not None and overview.details.adviser == staff.id
        self.may_be_seen = self.handles or advises or Role.SUPERVISOR in staff.roles
        self.holder = _holder(overview)


def _holder(overview: OverviewRow | None) -> StaffId | None:
    """Return who has the case, or was asked to take it."""
    holder = overview and (overview.mediator_id or overview.offered_id)
    return StaffId(holder) if holder else None


async def _open(parts: Wiring, session: AsyncSession, number: str, staff: Staff) -> _Opened:
    """Open a case; one that is not theirs looks to a mediator as if it did not exist."""
    found = await _find(parts, session, number, staff)
    if not found.may_be_seen:
        raise CaseNotFound
    return found


async def _find(parts: Wiring, session: AsyncSession, number: str, staff: Staff) -> _Opened:
    row = await case_typed(parts, session, number)
    return _Opened(row, await course_records.overview_row(session, CaseId(row.id)), staff)


def _today(parts: Wiring, row: CaseRow) -> date:
    return civil_date(moment_of(row, parts.clock))


@router.get("/{number}")
async def read_case(parts: Parts, staff: SignedIn, request: Request, number: str) -> OneCaseBody:
    """Show the course of a case, and what the reader can decide about it now."""
    language = language_of(request)
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
        institution = await directory.other_side_of(session, opened.row)
        linked = await course_records.linked_cases(session, [opened.id])
        file = CaseFile(session, parts.vault, parts.clock)
        asked = await file.latest_facts(opened.id, EntryKind.ERASURE_REQUEST)
    course = case_presenting.case_body(
        opened.row,
        opened.overview,
        institution,
        language,
        _today(parts, opened.row),
        linked.get(opened.id, ()),
        case_presenting.todo_of_staff(opened.overview, staff.id, staff.roles),
    )
    possible = decisions_of(
        opened.row,
        opened.overview,
        staff,
        language,
        erasing=asked is not None and asked.decision is Decision.REQUEST_ERASURE,
        now=moment_of(opened.row, parts.clock),
    )
    return OneCaseBody(**dict(course), decisions_now=possible)


@router.get("/{number}/timeline", response_class=Picture)
async def read_timeline(parts: Parts, staff: SignedIn, request: Request, number: str) -> Picture:
    """Draw the clocks of a case; ``timeline`` of the case says the same in words."""
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
    today, language = _today(parts, opened.row), language_of(request)
    return Picture(
        presenting.timeline_picture(opened.row, opened.overview, today, language, Reader.STAFF)
    )


@router.get("/{number}/entries")
async def read_entries(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    number: str,
    after: After = 0,
    limit: Limit = 50,
) -> EntriesBody:
    """List what has arrived; only the mediator of the case sees texts."""
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
        file = CaseFile(session, parts.vault, parts.clock)
        entries = await file.entries_for(opened.id, opened.reads_as, EntryNumber(after), limit)
    return page(entries, limit, opened.entries, language_of(request))


@router.get("/{number}/entries/{entry}")
async def read_entry(
    parts: Parts, staff: SignedIn, request: Request, number: str, entry: Number
) -> EntryBody:
    """Show one entry: ``status`` tells what became of it.

    Who decided sees what became of that, even when the case is theirs no more.
    """
    async with parts.database.transaction() as session:
        opened = await _find(parts, session, number, staff)
        file = CaseFile(session, parts.vault, parts.clock)
        found = await file.entry_for(opened.id, opened.reads_as, EntryNumber(entry))
    if found is None or not (opened.may_be_seen or found.facts.actor == staff.id):
        raise Problem(404, "not-found")
    return presenting.entry_body(found, language_of(request))


@router.post("/{number}/entries", status_code=202)
async def write_message(
    parts: Parts, incoming: Incoming, staff: SignedIn, number: str, body: StaffMessageBody
) -> AcceptedBody:
    """Write to one side or both, or a note for whoever has the case alone."""
    if staff.roles.isdisjoint(HANDLES.values()):
        raise Problem(403, "forbidden")
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
    if HANDLES[opened.row.matter] not in staff.roles:
        raise Problem(403, "forbidden")
    await incoming.refuse_receipt_codes(text=body.text)
    entry = NewEntry(
        kind=EntryKind.MESSAGE,
        author=opened.row.matter.handler,
        actor=staff.id,
        audience=body.audience,
        body={"text": body.text},
    )
    return await incoming.entry(opened.id, entry, opened.entries)


@router.post("/{number}/decisions", status_code=202)
async def decide(
    parts: Parts, incoming: Incoming, staff: SignedIn, number: str, body: DecisionBody
) -> AcceptedBody:
    """Decide. The workflow answers beside the entry whether the decision was possible now."""
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
        entry = await _decision(parts, session, opened, staff, body)
    await incoming.refuse_receipt_codes(text=body.text, reason=body.reason)
    return await incoming.entry(opened.id, entry, opened.entries)


async def possible_decision(
    parts: Wiring, staff: Staff, number: str, body: DecisionBody
) -> tuple[CaseRow, NewEntry]:
    """Return a decision as it would stand in the case file of its mediator, and its case.

    Raises:
        Problem: when it may not be taken, or not by this mediator.
    """
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
        if not opened.reads_texts:
            raise Problem(403, "forbidden")
        return opened.row, await _decision(parts, session, opened, staff, body)


async def _decision(
    parts: Wiring, session: AsyncSession, opened: _Opened, staff: Staff, body: DecisionBody
) -> NewEntry:
    matter = opened.row.matter
    author = acts_as(staff.roles, body.decision, matter, handles=opened.handles)
    if author is None:
        raise Problem(403, "forbidden")
    form = form_of(body.decision, author)
    if Item.REASON in form.needs and body.reason is None:
        raise Problem(400, "invalid-request", [FieldError("#/reason", "missing")])
    mediator = await _member(session, "mediatorId", body.mediator_id, HANDLES[matter])
    if mediator is not None and await _had_the_other_part(session, opened, mediator):
        raise Problem(400, "invalid-request", [FieldError("#/mediatorId", "advises")])
    words = body.text or body.reason
    return NewEntry(
        kind=EntryKind.DECISION,
        author=author,
        actor=staff.id,
        audience=form.audience,
        decision=body.decision,
        outcome=body.outcome,
        mediator=mediator,
        details=EntryDetails(
            ground=body.ground,
            wait=body.wait,
            until=body.until,
            day=body.day,
            other_case=await _other_case(parts, session, staff, opened, body),
            holder=opened.holder if body.decision is Decision.REASSIGN else None,
            adviser=await _member(session, "adviserId", body.adviser_id, Role.ADVISER),
            stage=body.stage,
        ),
        body={"text": words} if words else None,
    )


async def _member(
    session: AsyncSession, field: str, identifier: UUID | None, role: Role
) -> StaffId | None:
    """Return the staff member whom a decision names.

    Raises:
        Problem: when that is nobody with this role.
    """
    if identifier is None:
        return None
    member = await directory.staff_member(session, StaffId(identifier))
    if member is None or not member.active or role not in member.roles:
        raise Problem(400, "invalid-request", [FieldError(f"#/{field}", "unknown-staff")])
    return StaffId(member.id)


async def _had_the_other_part(session: AsyncSession, opened: _Opened, member: StaffId) -> bool:
    """Tell whether somebody advises where they would mediate, or the other way round."""
    links = await history_of_links(session, opened.id)
    return member in (links.advised if opened.row.matter is Matter.COMPLAINT else links.mediated)


async def _other_case(
    parts: Wiring, session: AsyncSession, staff: Staff, opened: _Opened, body: DecisionBody
) -> CaseId | None:
    """Return the case that a decision names beside its own.

    Raises:
        Problem: when that is no case of the same mediator; one of somebody else does not exist.
    """
    if body.case_number is None:
        return None
    try:
        other = await _find(parts, session, body.case_number, staff)
    except CaseNotFound:
        other = None
    if other is None or other.id == opened.id or not other.reads_texts:
        raise Problem(400, "invalid-request", [FieldError("#/caseNumber", "value")])
    return other.id


@router.get("/{number}/attachments")
async def list_attachments(
    parts: Parts, staff: SignedIn, request: Request, number: str
) -> AttachmentsBody:
    """List the files of a case, for its mediator."""
    case = await _with_texts(parts, number, staff)
    return attachments_body(await parts.depot.of_case(case), language_of(request))


@router.get(
    "/{number}/attachments/{attachment_id}", response_class=CleanCopy, responses=COPY_ANSWERS
)
async def read_attachment(
    parts: Parts, staff: SignedIn, number: str, attachment_id: UUID
) -> CleanCopy:
    """Give the clean copy of a file, to the mediator of the case."""
    return await clean_copy(parts, await _with_texts(parts, number, staff), attachment_id)


async def _with_texts(parts: Wiring, number: str, staff: Staff) -> CaseId:
    """Return a case whose texts this staff member reads: its mediator alone."""
    async with parts.database.transaction() as session:
        opened = await _open(parts, session, number, staff)
    if not opened.reads_texts:
        raise Problem(403, "forbidden")
    return opened.id
