"""How a page for people is asked for and answered: in the language of its address, without scripts.

Behind a page stands what the API does. A form is handed on as the JSON that the API reads; what is
refused is shown on the same page again, with everything that was typed.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

from babel import Locale
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.types import Message

from api.codec_origin import origin_of
from api.pages import rendering
from api.pages.fields import sent_fields
from api.pages.forms import FORM_TOKEN, KEY, Form, as_json, read_form, refuse_other_pages
from api.portal.addresses import (
    ABOUT,
    ACCESSIBILITY,
    CASE,
    CASE_OPEN,
    COMPLAINT,
    GUIDE,
    HELP,
    HOME,
    LEAVE,
    PRIVACY,
    QUESTION,
    TOPICS,
    at,
)
from api.problems import Problem, language_of, problem_of
from api.who import AT_THE_PORTAL, case_cookie, draft_cookie
from api.wiring import Wiring, wiring
from catalogues.texts import text
from domain.calendar import civil_date
from domain.languages import Language
from settings.application import Settings

_REFUSED = "wederhoor.refused"
_FORM_TOKEN = "wederhoor.form-token"  # noqa: S105
_TYPED = "wederhoor.typed"
_MULTIPART = "multipart/form-data"

_NAMES_OF_LANGUAGES = {
    language: (Locale(language.value).get_language_name() or language.value).capitalize()
    for language in Language
}
"""Each in itself: whoever looks for their language does not read another one."""

_FOOTER = (
    ("portal.help", HELP),
    ("portal.complaint", COMPLAINT),
    ("portal.question", QUESTION),
    ("portal.code", CASE_OPEN),
    ("portal.guide", GUIDE),
    ("portal.topics", TOPICS),
    ("portal.who_we_are", ABOUT),
    ("portal.privacy", PRIVACY),
    ("portal.accessibility", ACCESSIBILITY),
)

type _Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_READ: dict[str, _Handler] = {}
"""How the page at an address is read, so that a form on it can be shown again."""

type CookieName = Callable[[Settings], str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: why, and what stood in it."""

    problem: Problem
    form: Form


class PublicRoute(APIRoute):
    """A route whose answer is a page that everybody may see."""

    cookie: ClassVar[CookieName | None] = None
    """To which cookie the forms on it belong."""

    def get_route_handler(self) -> _Handler:
        """Return the handler of this route."""
        handle = super().get_route_handler()

        async def as_a_page(request: Request) -> Response:
            request = _in_the_language_of_its_address(request)
            parts = wiring(request)
            name = type(self).cookie
            token = request.cookies.get(name(parts.settings), "") if name else ""
            request.scope[AT_THE_PORTAL] = True
            request.scope[_FORM_TOKEN] = parts.secrets.form_token(token)
            form: Form = {}
            try:
                if request.method != "POST":
                    return await handle(request)
                if request.headers.get("content-type", "").startswith(_MULTIPART):
                    return await handle(request)
                request.scope[_TYPED] = form = await read_form(request)
                expected = request.scope[_FORM_TOKEN]
                refuse_other_pages(parts, request, form, expected, older_browsers=True)
                return await handle(as_json(request, sent_fields(form), form.get(KEY)))
            except Exception as error:
                problem = problem_of(error)
                if problem is None:
                    raise
                return await self._refused(request, Refused(problem, form))

        if "GET" in (self.methods or ()):
            _READ[self.path] = as_a_page
        return as_a_page

    async def _refused(self, request: Request, refused: Refused) -> Response:
        """Show what was refused: on the page of the form where there is one."""
        status = refused.problem.status_code
        if status == 401 and request.method == "GET":
            return go_to(CASE_OPEN, language_of(request))
        if request.method == "POST" and status not in {401, 403, 503}:
            answer = await self._form_again(request, refused)
            if answer is not None:
                return answer
        return problem_page(request, refused)

    async def _form_again(self, request: Request, refused: Refused) -> Response | None:
        read = _READ.get(self.path)
        if read is None:
            return None
        answer = await read(
            Request({**request.scope, "method": "GET", _REFUSED: refused}, _nothing)
        )
        answer.status_code = refused.problem.status_code
        return answer


class DraftRoute(PublicRoute):
    """A page on which somebody writes what is not sent yet."""

    cookie = staticmethod(draft_cookie)


class CaseRoute(PublicRoute):
    """A page of a case that somebody opened with its code."""

    cookie = staticmethod(case_cookie)


def typed_form(request: Request) -> Form:
    """Return the form of a request as it was filled in."""
    return request.scope[_TYPED]


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """Return a page for people.

    Args:
        name: of its template, below ``templates/portal``.
        values: for its template; ``typed`` holds what stands in the fields of its form.
    """
    parts, language = wiring(request), language_of(request)
    refused: Refused | None = request.scope.get(_REFUSED)
    told = rendering.told(refused.problem, language) if refused else None
    typed = {**values.pop("typed", {}), **(refused.form if refused else {})}
    today = civil_date(parts.clock())
    return rendering.page(
        f"portal/{name}",
        language,
        status,
        may_lead_to=[origin_of(parts.settings.quick_exit_url)],
        home=at(HOME, language),
        help=at(HELP, language),
        complaint=at(COMPLAINT, language),
        case_page=at(CASE, language),
        question_page=at(QUESTION, language),
        guide_page=at(GUIDE, language),
        topics_page=at(TOPICS, language),
        leave=LEAVE,
        languages=_this_page_in_every_language(request),
        emergency=next(
            row.number for row in parts.policy.helplines if row.danger and row.is_valid_on(today)
        ),
        form_token_name=FORM_TOKEN,
        form_token=request.scope.get(_FORM_TOKEN, ""),
        key_name=KEY,
        names_of_languages=_NAMES_OF_LANGUAGES,
        footer=[(text(language, key), at(address, language)) for key, address in _FOOTER],
        refused=told,
        errors=told.errors if told else {},
        typed=typed,
        **values,
    )


def problem_page(request: Request, refused: Refused) -> Response:
    """Return a problem as a page, with the texts that somebody wrote."""
    request, problem = _in_the_language_of_its_address(request), refused.problem
    written = [it for name, it in refused.form.items() if name in {"text", "reason", "subject"}]
    answer = page(
        request,
        "problem",
        problem.status_code,
        problem=rendering.told(problem, language_of(request)),
        written=written,
        signed_out=problem.status_code == 401,
    )
    answer.headers.update(problem.headers or {})
    return answer


def leave_cookie(parts: Wiring, response: Response, name: str, value: str) -> None:
    """Leave a cookie until the browser is closed; no script reads it."""
    response.set_cookie(name, value, secure=_https(parts), httponly=True, samesite="lax")


def take_cookie(parts: Wiring, response: Response, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(name, secure=_https(parts), httponly=True, samesite="lax")


def go_to(address: str, language: Language, **more: object) -> RedirectResponse:
    """Send the browser on to another page, so that going back is always possible."""
    return RedirectResponse(at(address, language, **more), status_code=303)


def _https(parts: Wiring) -> bool:
    return parts.settings.public_url.startswith("https:")


def _in_the_language_of_its_address(request: Request) -> Request:
    language = _language_in(request.url.path)
    if language is None:
        return request
    headers = [it for it in request.headers.raw if it[0] != b"accept-language"]
    headers.append((b"accept-language", language.encode()))
    return Request({**request.scope, "headers": headers}, request.receive)


def _this_page_in_every_language(request: Request) -> list[tuple[Language, str]]:
    path = request.url.path
    own = _language_in(path)
    rest = path.removeprefix(f"/{own}") if own else ""
    return [(language, f"/{language}{rest}") for language in Language]


def _language_in(path: str) -> Language | None:
    first = path.split("/")[1]
    return Language(first) if first in set(Language) else None


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
