"""Gathering what a complainant reads of the own case."""

from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.answers import MyCaseBody
from api.wiring import Wiring
from domain.calendar import civil_date
from domain.entries import EntryKind
from domain.identifiers import CaseId
from storage import course_records, directory
from storage.case_file import WHOLE_LETTERS, CaseFile, moment_of
from storage.models import CaseRow


async def my_case_of(parts: Wiring, session: AsyncSession, case: CaseId) -> MyCaseBody:
    """Return where a case stands, who is waited for, until when and why."""
    file = CaseFile(session, parts.vault, parts.clock)
    row = await session.get_one(CaseRow, case)
    institution = await directory.other_side_of(session, row)
    linked = await course_records.linked_cases(session, [case])
    contact = await file.latest(case, EntryKind.CONTACT)
    return presenting.my_case_body(
        row,
        await course_records.overview_row(session, case),
        institution,
        await file.language_of(case),
        today=civil_date(moment_of(row, parts.clock)),
        linked=linked.get(case, ()),
        news_by_mail=bool(contact.get("email")),
        whole_letters_by_mail=WHOLE_LETTERS in contact,
        code_requests=await parts.lost_codes.under_way(session, row),
        policy=parts.policy,
    )
