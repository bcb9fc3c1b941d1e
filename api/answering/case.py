"""What was addressed to an institution as pages: what is asked, its letters, and what was said."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api import addressed, institution_case
from api.answering.actions import ACTIONS
from api.answering.addresses import CASE, ENTRIES, ENTRY, LETTER, LETTER_PDF, LETTERS
from api.answering.asked import Asked
from api.answering.routing import AnsweringRoute, case_page
from api.answers import EntryBody, LetterBody
from api.downloads import Paper
from api.pages.newest import newest_before
from api.pages.settling import is_settled, settled
from api.paging import Number
from api.portal.addresses import at
from api.problems import Problem, language_of
from api.who import Addressee
from api.wiring import Parts, Wiring
from domain.languages import Language
from storage.models import CaseRow

SHOWN = 20
"""How many entries stand on a page."""
NEWEST = 3
"""How many entries and letters stand on the first page."""

router = APIRouter(route_class=AnsweringRoute, include_in_schema=False)


async def _letters(parts: Parts, request: Request, case: Addressee) -> Sequence[LetterBody]:
    found = await addressed.letters_sent(parts, case, language_of(request))
    return found.letters[::-1]


Letters = Annotated[Sequence[LetterBody], Depends(_letters)]
"""The letters that were sent to the institution, newest first."""


@router.get(CASE)
async def read_case(
    parts: Parts, request: Request, row: Addressee, case: Asked, letters: Letters
) -> Response:
    """Show what is asked, until when and why, and what can be done."""
    language = language_of(request)
    entries, older = await _entries(parts, row, language, None)
    actions = [(one.words, at(one.address, language)) for one in ACTIONS if not one.why_not(case)]
    return case_page(
        request,
        "case",
        case,
        actions=actions,
        letters=letters[:NEWEST],
        more_letters=len(letters) > NEWEST,
        entries=entries[:NEWEST],
        older=older is not None or len(entries) > NEWEST,
    )


@router.get(ENTRIES)
async def read_entries(
    parts: Parts, request: Request, row: Addressee, case: Asked, before: Number | None = None
) -> Response:
    """List what was said, newest first, and what became of it."""
    entries, older = await _entries(parts, row, language_of(request), before)
    return case_page(request, "entries", case, entries=entries, older=older, newest=before is None)


@router.get(ENTRY)
async def read_entry(
    parts: Parts, request: Request, row: Addressee, case: Asked, number: Number
) -> Response:
    """Show one entry, and what became of it; wait a little for that."""
    language = language_of(request)
    entry = await settled(lambda: addressed.one_entry(parts, row, number, language))
    return case_page(request, "entry", case, entry=entry, settled=is_settled(entry))


@router.get(LETTERS)
async def read_letters(request: Request, case: Asked, letters: Letters) -> Response:
    """List the letters, newest first."""
    return case_page(request, "letters", case, letters=letters)


@router.get(LETTER)
async def read_letter(request: Request, case: Asked, letters: Letters, letter_id: UUID) -> Response:
    """Show one letter."""
    found = [letter for letter in letters if letter.id == letter_id]
    if not found:
        raise Problem(404, "not-found")
    return case_page(request, "letter", case, letter=found[0])


@router.get(LETTER_PDF, response_class=Paper)
async def print_letter(
    paper: Annotated[Paper, Depends(institution_case.print_letter)],
) -> Paper:
    """Give one letter on paper."""
    return paper


async def _entries(
    parts: Wiring, row: CaseRow, language: Language, before: int | None
) -> tuple[list[EntryBody], int | None]:
    async def read(after: int, limit: int) -> Sequence[EntryBody]:
        return await addressed.entries_after(parts, row, after, limit, language)

    return await newest_before(read, row.entry_count, before, SHOWN)
