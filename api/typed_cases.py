"""Cases as somebody typed their number."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.wiring import Wiring
from domain.case_number import InvalidCaseNumber, parse_case_number
from storage.case_file import CaseFile, CaseNotFound
from storage.models import CaseRow


async def case_typed(parts: Wiring, session: AsyncSession, number: str) -> CaseRow:
    """Return the case that somebody means.

    Raises:
        CaseNotFound: when there is none; also for what can be no number of a case.
    """
    try:
        parsed = parse_case_number(number)
    except InvalidCaseNumber:
        raise CaseNotFound from None
    return await CaseFile(session, parts.vault, parts.clock).find(parsed)
