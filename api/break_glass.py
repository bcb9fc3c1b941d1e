"""Break-glass: a supervisor reads a case's texts, once a second one lets them, for 15 minutes.

Every step is an entry of the case file that the complainant sees, with its reason.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Request

from api.answers import AcceptedBody, AttachmentsBody, EntriesBody
from api.attachments import COPY_ANSWERS, CleanCopy, attachments_body, clean_copy
from api.documentation import may_refuse
from api.paging import After, Limit, page
from api.problems import Problem, language_of
from api.receiving import Incoming, tell
from api.schemas import Wire
from api.staff_schemas import BreakGlassAnswer, BreakGlassRequest
from api.typed_cases import case_typed
from api.who import SignedIn, Staff
from api.wire_format import StrictRoute
from api.wiring import Parts, Wiring
from catalogues.texts import text
from delivery.break_glass import Answering, Asking, NoSuchRequest, note_opening, step
from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.languages import Language
from domain.parties import Party
from domain.reading import Glass, GlassProblem, GlassState, ReadingScope
from domain.staff import Role
from storage import break_glass, course_records, directory
from storage.break_glass_row import BreakGlassRow
from storage.case_file import Body, CaseFile, moment_of
from storage.models import CaseRow
from storage.vault import is_identifying

router = APIRouter(prefix="/cases/{number}/break-glass", route_class=StrictRoute, tags=["staff"])


class BreakGlassBody(Wire):
    """A request to read the texts of a case."""

    id: UUID
    entry: int
    """The entry that holds it."""
    scope: ReadingScope
    state: GlassState
    over: bool
    """Its time has gone by: it can be neither answered nor read."""
    until: datetime | None
    asked_by: UUID
    asked_at: datetime
    answered_by: UUID | None
    answered_at: datetime | None
    reason: str
    text: str
    """How far it has come, in words."""
    may_answer: bool
    """Whether the reader can answer it now, and ``may_read`` whether they can read by it."""
    may_read: bool


class BreakGlassListBody(Wire):
    """The requests to read a case, oldest first."""

    requests: list[BreakGlassBody]
    may_ask: bool
    """Whether the reader can ask to read it: not whoever has the case."""


class _Locked:
    """A case that a supervisor sees from outside."""

    def __init__(self, row: CaseRow, now: datetime, mediator: StaffId | None, who: StaffId) -> None:
        self.id = CaseId(row.id)
        self.now = now
        self.mediator = mediator
        self.theirs = mediator == who
        self.entries = f"/v1/cases/{row.number}/entries"
        self.path = f"/v1/cases/{row.number}/break-glass"


async def _find(parts: Wiring, staff: Staff, number: str) -> _Locked:
    if Role.SUPERVISOR not in staff.roles:
        raise Problem(403, "forbidden")
    async with parts.database.transaction() as session:
        row = await case_typed(parts, session, number)
        overview = await course_records.overview_row(session, CaseId(row.id))
    mediator = overview and overview.mediator_id
    now = moment_of(row, parts.clock)
    return _Locked(row, now, StaffId(mediator) if mediator else None, staff.id)


async def _request(parts: Wiring, case: CaseId, identifier: UUID) -> BreakGlassRow:
    async with parts.database.transaction() as session:
        row = await break_glass.find(session, case, identifier)
    if row is None:
        raise NoSuchRequest
    return row


class _Reader:
    """Presents requests to read a case to a supervisor.

    Args:
        supervisors: who is one now.
    """

    def __init__(
        self, case: _Locked, who: StaffId, supervisors: Collection[StaffId], language: Language
    ) -> None:
        self._case = case
        self._who = who
        self._supervisors = supervisors
        self._language = language

    def body(self, row: BreakGlassRow, words: Body) -> BreakGlassBody:
        """Present one; the words are those of its entry."""
        glass, now = break_glass.glass_of(row), self._case.now
        hindrance = glass.why_not_answer(
            self._who, now, mediator=self._case.mediator, supervisors=self._supervisors
        )
        return BreakGlassBody(
            id=row.id,
            entry=row.entry_number,
            scope=row.scope,
            state=row.state,
            over=glass.is_over(now),
            until=glass.until,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
            reason=words.get("text", ""),
            text=text(self._language, f"break_glass.{self._stands(glass)}"),
            may_answer=hindrance is None,
            may_read=glass.why_not_read(self._who, now) is None,
        )

    def _stands(self, glass: Glass) -> str:
        if glass.is_over(self._case.now):
            return "expired"
        if glass.state is GlassState.ASKED and glass.asked_by not in self._supervisors:
            return GlassProblem.ASKER_LEFT
        return glass.state


@router.get("")
async def list_requests(
    parts: Parts, staff: SignedIn, request: Request, number: str
) -> BreakGlassListBody:
    """List the requests to read a case, with their reasons, for supervisors."""
    case = await _find(parts, staff, number)
    async with parts.database.transaction() as session:
        supervisors = await directory.supervisors(session)
        reader = _Reader(case, staff.id, supervisors, language_of(request))
        file = CaseFile(session, parts.vault, parts.clock)
        requests = [
            reader.body(row, await file.body_of(case.id, EntryNumber(row.entry_number)))
            for row in await break_glass.of_case(session, case.id)
        ]
    return BreakGlassListBody(requests=requests, may_ask=not case.theirs)


@router.post("", status_code=202)
async def ask_to_read(
    parts: Parts, incoming: Incoming, staff: SignedIn, number: str, body: BreakGlassRequest
) -> AcceptedBody:
    """Ask to read a case of somebody else. Unanswered, the request ends after 24 hours."""
    case = await _find(parts, staff, number)
    if case.theirs:
        raise Problem(403, "forbidden")
    await incoming.refuse_receipt_codes(reason=body.reason)
    entry = step(EntryKind.BREAK_GLASS_ASKED, staff.id, body.scope, body.reason)
    asking = Asking(case.id, staff.id, body.scope, case.now)
    return await incoming.entry(case.id, entry, case.entries, asking.record)


@router.post("/{glass_id}/approval", status_code=202, responses=may_refuse(409))
async def answer_request(
    parts: Parts,
    incoming: Incoming,
    staff: SignedIn,
    number: str,
    glass_id: UUID,
    body: BreakGlassAnswer,
) -> AcceptedBody:
    """Let the other one read for 15 minutes, or not; never one's own request or one's own case."""
    case = await _find(parts, staff, number)
    asked = await _request(parts, case.id, glass_id)
    await incoming.refuse_receipt_codes(reason=body.reason)
    kind = EntryKind.BREAK_GLASS_APPROVED if body.approve else EntryKind.BREAK_GLASS_REFUSED
    entry = step(kind, staff.id, asked.scope, body.reason)
    answering = Answering(case.id, glass_id, staff.id, case.now, approve=body.approve)
    return await incoming.entry(case.id, entry, case.entries, answering.record)


async def _opened(
    parts: Wiring,
    staff: Staff,
    number: str,
    glass_id: UUID,
    background: BackgroundTasks,
) -> tuple[_Locked, ReadingScope]:
    """Return a case whose texts somebody may read right now; the first opening is noted.

    Raises:
        delivery.break_glass.StepNotPossible: when they may not.
    """
    case = await _find(parts, staff, number)
    asked = await _request(parts, case.id, glass_id)
    noted = await note_opening(parts.reception, case.id, asked, staff.id, case.now)
    if noted is not None:
        background.add_task(tell, parts, case.id, noted)
    return case, asked.scope


@router.get("/{glass_id}/entries", responses=may_refuse(409))
async def read_texts(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    background: BackgroundTasks,
    number: str,
    glass_id: UUID,
    after: After = 0,
    limit: Limit = 50,
) -> EntriesBody:
    """Read what was asked for. The first time is noted in the case file."""
    case, scope = await _opened(parts, staff, number, glass_id, background)
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        entries = await file.entries_for(case.id, Party.MEDIATOR, EntryNumber(after), limit)
    wanted = scope is ReadingScope.IDENTITY
    shown = [
        entry if is_identifying(entry.facts.kind) is wanted else replace(entry, body=None)
        for entry in entries
    ]
    return page(shown, limit, f"{case.path}/{glass_id}/entries", language_of(request))


async def _with_attachments(
    parts: Wiring,
    staff: Staff,
    number: str,
    glass_id: UUID,
    background: BackgroundTasks,
) -> CaseId:
    case, scope = await _opened(parts, staff, number, glass_id, background)
    if scope is not ReadingScope.STORY:
        raise Problem(403, "forbidden")
    return case.id


@router.get("/{glass_id}/attachments", responses=may_refuse(409))
async def list_attachments(
    parts: Parts,
    staff: SignedIn,
    request: Request,
    background: BackgroundTasks,
    number: str,
    glass_id: UUID,
) -> AttachmentsBody:
    """List the files of a case that one may read."""
    case = await _with_attachments(parts, staff, number, glass_id, background)
    return attachments_body(await parts.depot.of_case(case), language_of(request))


@router.get(
    "/{glass_id}/attachments/{attachment_id}",
    response_class=CleanCopy,
    responses={**COPY_ANSWERS, **may_refuse(409)},
)
async def read_attachment(
    parts: Parts,
    staff: SignedIn,
    background: BackgroundTasks,
    number: str,
    glass_id: UUID,
    attachment_id: UUID,
) -> CleanCopy:
    """Give the clean copy of a file of a case that one may read."""
    case = await _with_attachments(parts, staff, number, glass_id, background)
    return await clean_copy(parts, case, attachment_id)
