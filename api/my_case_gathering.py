"""What a complainant, or whoever acts for them, reads of the case."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.answers import MandateBody, MyCaseBody, ReopeningBody
from api.wiring import Wiring
from domain.aftercare import may_reopen, reopening_until
from domain.calendar import civil_date
from domain.entries import Decision, EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.mandates import MandateForm
from domain.reopening import answer_until
from domain.waits import Attention
from storage import access, course_records, directory
from storage.case_file import WHOLE_LETTERS, CaseFile, moment_of
from storage.models import CaseRow, OverviewRow


async def my_case_of(
    parts: Wiring, session: AsyncSession, case: CaseId, read_by: EntryNumber | None = None
) -> MyCaseBody:
    """Return where a case stands, who is waited for, until when and why.

    Args:
        read_by: the mandate of a representative who reads.
    """
    file = CaseFile(session, parts.vault, parts.clock)
    row = await session.get_one(CaseRow, case)
    institution = await directory.other_side_of(session, row)
    linked = await course_records.linked_cases(session, [case])
    contact = await file.latest(case, EntryKind.CONTACT)
    overview = await course_records.overview_row(session, case)
    requests = () if read_by else await parts.lost_codes.under_way(session, row)
    return presenting.my_case_body(
        row,
        overview,
        institution,
        await file.language_of(case),
        today=civil_date(moment_of(row, parts.clock)),
        linked=linked.get(case, ()),
        news_by_mail=bool(contact.get("email")),
        whole_letters_by_mail=WHOLE_LETTERS in contact,
        code_requests=requests,
        policy=parts.policy,
        reopening=await _reopening(file, row, overview, moment_of(row, parts.clock)),
        mandates=[
            mandate
            for mandate in await _mandates(session, file, case)
            if read_by in {None, mandate.number}
        ],
        read_by=read_by,
    )


async def _reopening(
    file: CaseFile, case: CaseRow, overview: OverviewRow | None, now: datetime
) -> ReopeningBody:
    closed_at = case.closed_at
    until = None if closed_at is None else reopening_until(closed_at)
    attentions = overview.details.attentions if overview else ()
    if Attention.REOPENING_ASKED in attentions:
        request = await file.latest_facts(CaseId(case.id), EntryKind.REOPENING_REQUEST)
        if request is not None:
            asked_on = civil_date(request.received_at)
            by = answer_until(request.received_at)
            return ReopeningBody(possible=False, until=until, asked_on=asked_on, answer_by=by)
    erasure = await file.latest_facts(CaseId(case.id), EntryKind.ERASURE_REQUEST)
    erasing = erasure is not None and erasure.decision is Decision.REQUEST_ERASURE
    possible = closed_at is not None and may_reopen(closed_at, now) and not erasing
    return ReopeningBody(possible=possible, until=until, asked_on=None, answer_by=None)


async def _mandates(session: AsyncSession, file: CaseFile, case: CaseId) -> list[MandateBody]:
    in_force = await access.mandates_in_force(session, case)
    return [
        MandateBody(
            number=entry.facts.number,
            name=entry.body["name"],
            organisation=entry.body.get("organisation"),
            form=MandateForm(entry.body["form"]),
            given_at=entry.facts.received_at,
            in_force=entry.facts.number in in_force,
        )
        for entry in await file.entries_of_kind(case, EntryKind.MANDATE_GIVEN)
        if entry.body is not None
    ]
