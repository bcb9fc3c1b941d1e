"""How a page for institutions is asked for and answered, and what is on each of them."""

from typing import Any

from fastapi import Request, Response

from api.answering.addresses import CASE, ENTRIES, LETTERS, LINK, STOP
from api.institution_answers import AddressedBody
from api.pages.forms import Form
from api.pages.refusing import Refused
from api.portal.addresses import ABOUT, ACCESSIBILITY, HOME, PRIVACY, at
from api.portal.routing import (
    PublicRoute,
    below_the_language,
    plain_page,
    problem_shown,
    written_in,
)
from api.problems import language_of
from api.who import institution_cookie
from catalogues.texts import text

_FOOTER = (
    ("portal.who_we_are", ABOUT),
    ("portal.privacy", PRIVACY),
    ("portal.accessibility", ACCESSIBILITY),
)
_MENU = (
    ("answering.case", CASE),
    ("answering.letters", LETTERS),
    ("answering.entries", ENTRIES),
)
_OURS = (CASE.removeprefix(HOME), LINK.removeprefix(HOME).removesuffix("{token}"))


class AnsweringRoute(PublicRoute):
    """A page of the institution's side of a case."""

    cookie = staticmethod(institution_cookie)
    comes_in = True

    def _problem_page(self, request: Request, refused: Refused) -> Response:
        return problem_page(request, refused)

    async def _signed_out(self, request: Request, form: Form) -> Response:
        """Say how to come in again, and give back what was written."""
        return closed_page(request, 401, form)


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """Return a page for institutions.

    Args:
        name: of its template, below ``templates/answering``.
        values: for its template.
    """
    language = language_of(request)
    return plain_page(
        request,
        f"answering/{name}",
        status,
        home=at(HOME, language),
        footer=[(text(language, key), at(address, language)) for key, address in _FOOTER],
        **values,
    )


def case_page(request: Request, name: str, case: AddressedBody, **values: Any) -> Response:
    """Return a page of what was addressed to an institution."""
    language = language_of(request)
    return page(
        request,
        name,
        case=case,
        here=request.url.path,
        menu=[(key, at(address, language)) for key, address in _MENU],
        case_page=at(CASE, language),
        entries_at=at(ENTRIES, language),
        letters_at=at(LETTERS, language),
        stop=at(STOP, language),
        **values,
    )


def closed_page(request: Request, status: int = 200, form: Form | None = None) -> Response:
    """Return the page for whoever has no session, or none any more."""
    return page(
        request,
        "closed",
        status,
        written=written_in(form or {}),
    )


def problem_page(request: Request, refused: Refused) -> Response:
    """Return a problem as a page, with the texts that somebody wrote."""
    return problem_shown(request, refused, page)


def is_ours(request: Request) -> bool:
    """Tell whether the page at the address of a request is for institutions."""
    return below_the_language(request).startswith(_OURS)
