"""The file of a case as pages, newest first: what was written, letters, and the dossier."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api import dossier, export, my_case
from api.answers import EntryBody, LetterBody, LettersBody
from api.downloads import Paper
from api.export import Archive
from api.pages.newest import newest_before
from api.pages.settling import is_settled, settled
from api.paging import Number
from api.portal.addresses import (
    DOSSIER,
    DOSSIER_PDF,
    ENTRIES,
    ENTRY,
    EXPORT,
    LETTER,
    LETTER_PDF,
    LETTERS,
)
from api.portal.case_pages import MyCase, case_page
from api.portal.routing import CaseRoute
from api.who import Complainant, EitherSession, Session
from api.wiring import Parts, Wiring
from storage.models import CaseRow

SHOWN = 20
"""How many entries or letters stand on a page."""

Page = Annotated[int, Query(ge=1, le=10_000)]

router = APIRouter(route_class=CaseRoute, include_in_schema=False)


@router.get(ENTRIES)
async def read_entries(
    parts: Parts,
    request: Request,
    either: EitherSession,
    case: MyCase,
    before: Number | None = None,
) -> Response:
    """List what arrived in the case, newest first, and what became of it."""
    entries, older = await _before(parts, either, before)
    return case_page(request, "entries", case, entries=entries, older=older, newest=before is None)


@router.get(ENTRY)
async def read_entry(
    parts: Parts, request: Request, either: EitherSession, case: MyCase, number: Number
) -> Response:
    """Show one entry, and what became of it; wait a little for that."""
    entry = await settled(lambda: my_case.read_entry(parts, either, number))
    return case_page(request, "entry", case, entry=entry, settled=is_settled(entry))


@router.get(LETTERS)
async def read_letters(
    request: Request,
    case: MyCase,
    found: Annotated[LettersBody, Depends(my_case.read_letters)],
    page: Page = 1,
) -> Response:
    """List the letters, newest first."""
    letters = found.letters[::-1]
    start = (page - 1) * SHOWN
    return case_page(
        request,
        "letters",
        case,
        letters=letters[start : start + SHOWN],
        older=page + 1 if len(letters) > start + SHOWN else None,
        newest=page == 1,
    )


@router.get(LETTER)
async def read_letter(
    request: Request,
    case: MyCase,
    letter: Annotated[LetterBody, Depends(my_case.read_letter)],
    letter_id: UUID,
) -> Response:
    """Show one letter."""
    return case_page(request, "letter", case, letter=letter)


@router.get(DOSSIER)
async def read_dossier(parts: Parts, request: Request, own: Complainant, case: MyCase) -> Response:
    """Show what can be taken to the next body, to print."""
    found = await dossier.read_dossier(parts, own)
    return case_page(request, "dossier", case, dossier=found)


@router.get(DOSSIER_PDF, response_class=Paper)
async def print_dossier(parts: Parts, own: Complainant) -> Paper:
    """Give the dossier on paper."""
    return await dossier.print_dossier(parts, own)


@router.get(LETTER_PDF, response_class=Paper)
async def print_letter(paper: Annotated[Paper, Depends(my_case.print_letter)]) -> Paper:
    """Give one letter on paper."""
    return paper


@router.get(EXPORT, response_class=Archive)
async def export_case(archive: Annotated[Archive, Depends(export.export)]) -> Archive:
    """Give a copy of everything that is the complainant's."""
    return archive


async def _before(
    parts: Wiring, either: Session, before: int | None
) -> tuple[list[EntryBody], int | None]:
    """Return the newest entries before a number, and before which there may be older ones."""

    async def read(after: int, limit: int) -> Sequence[EntryBody]:
        return (await my_case.read_entries(parts, either, after, limit)).entries

    async with parts.database.transaction() as session:
        count = (await session.get_one(CaseRow, either.case)).entry_count
    return await newest_before(read, count, before, SHOWN)
