"""What the pages of a case share: their language, their menu, and how they tell of an entry."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from api import my_case
from api.answers import MyCaseBody
from api.pages.forms import CASE_MARK
from api.pages.refusing import refused_form
from api.portal.addresses import (
    ATTACHMENTS,
    CASE,
    CASE_LANGUAGE,
    ENTRIES,
    LETTERS,
    STOP,
    at,
)
from api.portal.routing import below_the_language, page
from api.problems import language_of
from api.who import OwnSession
from api.wiring import wiring

MyCase = Annotated[MyCaseBody, Depends(my_case.read_my_case)]
"""The case of this browser, as the API shows it."""


async def _own_case(_: OwnSession, case: MyCase) -> MyCaseBody:
    return case


OwnCase = Annotated[MyCaseBody, Depends(_own_case)]
"""The same for a page on which only the complainant has anything to do."""

_MENU = (
    ("portal.case", CASE),
    ("portal.letters", LETTERS),
    ("portal.entries", ENTRIES),
    ("portal.attachments", ATTACHMENTS),
)
SAID = ("subject", "text", "reason", "email", "name", "organisation", "postalAddress")
"""The parts of an entry that people wrote; the others are for programs."""


def case_page(request: Request, name: str, case: MyCaseBody, **values: Any) -> Response:
    """Return a page of a case, in the language that its owner chose."""
    language = language_of(request)
    here = below_the_language(request)
    if language is not case.language and refused_form(request) is None:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{case.language}{here}{query}", status_code=303)
    return page(
        request,
        name,
        case=case,
        case_mark_name=CASE_MARK,
        case_mark=wiring(request).secrets.case_mark(case.case_number),
        here=here,
        menu=[(key, at(address, language)) for key, address in _MENU],
        case_language=at(CASE_LANGUAGE, language),
        stop=at(STOP, language),
        said=SAID,
        entries_at=at(ENTRIES, language),
        letters_at=at(LETTERS, language),
        **values,
    )
