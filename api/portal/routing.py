"""How a page for people is asked for and answered: in the language of its address, without scripts.

Behind a page stands what the API does. A form is handed on as the JSON that the API reads; what is
refused is shown on the same page again, with everything that was typed.
"""

import hmac
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from babel import Locale
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.codec_origin import origin_of
from api.pages import rendering
from api.pages.cookies import leave_cookie
from api.pages.fields import sent_fields
from api.pages.forms import (
    CASE_MARK,
    COOKIE_NEEDED,
    FORM_TOKEN,
    KEY,
    Form,
    as_json,
    read_form,
    refuse_other_pages,
)
from api.pages.refusing import (
    Handler,
    Refused,
    is_shown_again,
    note_form,
    read_page,
    remember,
    shown_again,
)
from api.pages.visits import CookieName, Visit, begin_visit, visit_of
from api.portal.addresses import (
    ABOUT,
    ACCESSIBILITY,
    CASE,
    CASE_OPEN,
    COMPLAINT,
    FIGURES,
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
from api.who import AT_THE_PORTAL, case_cookie, draft_cookie, kept_cookie
from api.wiring import Wiring, wiring
from catalogues.texts import text
from catalogues.wordings import has_unchecked
from delivery.drafts import Draft
from domain.calendar import civil_date
from domain.languages import SPOKEN, Language
from settings.secrets import token_hash
from storage import access

_FORM_TOKEN = "wederhoor.form-token"  # noqa: S105
_KEPT = "wederhoor.kept"
_VISIT = "wederhoor.visit"
_SIGNED_OUT = "unauthenticated"
_WRITTEN = ("text", "question", "reason", "subject")
"""Fields in which somebody writes; what stood in them is never lost by a refusal."""

_NAMES_OF_LANGUAGES = {
    language: (Locale(language.value).get_language_name() or language.value).capitalize()
    for language in SPOKEN
}
"""Each in itself: whoever looks for their language does not read another one."""

_FOOTER = (
    ("portal.help", HELP),
    ("portal.complaint", COMPLAINT),
    ("portal.question", QUESTION),
    ("portal.code", CASE_OPEN),
    ("portal.guide", GUIDE),
    ("portal.topics", TOPICS),
    ("figures", FIGURES),
    ("portal.who_we_are", ABOUT),
    ("portal.privacy", PRIVACY),
    ("portal.accessibility", ACCESSIBILITY),
)


class PublicRoute(APIRoute):
    """A route whose answer is a page that everybody may see."""

    cookie: ClassVar[CookieName | None] = None
    """To which cookie the forms on it belong."""
    comes_in: ClassVar[bool] = False
    """They can open a case."""
    brings_a_file: ClassVar[bool] = False
    """Its form is read, and its token compared, by whoever answers it."""

    def get_route_handler(self) -> Handler:
        """Return the handler of this route."""
        handle = super().get_route_handler()

        async def as_a_page(request: Request) -> Response:
            request = _in_the_language_of_its_address(request)
            parts = wiring(request)
            visit = visit_of(parts, request, type(self).cookie, comes_in=type(self).comes_in)
            token = parts.secrets.form_token(visit.token)
            request.scope.update({AT_THE_PORTAL: True, _VISIT: visit, _FORM_TOKEN: token})
            form: Form = {}
            try:
                if request.method != "POST" or type(self).brings_a_file:
                    answer = await handle(request)
                    begin_visit(parts, visit, answer, token)
                    return answer
                form = await read_form(request)
                note_form(request, form)
                refuse_other_forms(parts, request, form)
                return await handle(as_json(request, sent_fields(form), form.get(KEY)))
            except Exception as error:
                problem = problem_of(error)
                if problem is None:
                    raise
                return await self._refused(request, Refused(problem, form))

        remember(self, as_a_page)
        return as_a_page

    async def _refused(self, request: Request, refused: Refused) -> Response:
        """Show what was refused: on the page of the form where there is one."""
        if refused.problem.slug == _SIGNED_OUT:
            return await self._signed_out(request, refused.form)
        slug, status = refused.problem.slug, refused.problem.status_code
        if request.method == "POST" and (status not in {403, 503} or slug == COOKIE_NEEDED):
            answer = await shown_again(request, refused, self.path)
            if answer is not None and not (slug == COOKIE_NEEDED and _leads_away(answer)):
                return answer
        return self._problem_page(request, refused)

    def _problem_page(self, request: Request, refused: Refused) -> Response:
        return problem_page(request, refused)

    async def _signed_out(self, request: Request, form: Form) -> Response:
        """Ask for the code of a case; keep what was typed until it was given.

        It is kept only for a browser that had this case open until lately; others are shown it.
        """
        if request.method != "POST":
            return go_to(CASE_OPEN, language_of(request))
        typed = {name: it for name, it in form.items() if name not in {FORM_TOKEN, KEY}}
        writes = is_shown_again(self.path) and await _had_it_open(request, typed.get(CASE_MARK))
        if any(name in typed for name in _WRITTEN) and not writes:
            return problem_page(request, Refused(Problem(401, _SIGNED_OUT), form))
        request.scope[_KEPT] = writes
        answer = await read_page(request, CASE_OPEN)
        answer.status_code = 401
        if writes:
            kept = Draft(answers=typed, seen=[below_the_language(request)])
            await keep(wiring(request), request, answer, kept)
        return answer


def _leads_away(answer: Response) -> bool:
    return answer.status_code == 303


async def _had_it_open(request: Request, mark: str | None) -> bool:
    """Tell whether this browser had the case open to which a form belongs."""
    parts = wiring(request)
    token = request.cookies.get(case_cookie(parts.settings))
    if token is None or mark is None:
        return False
    async with parts.database.transaction() as session:
        number = await access.number_of_session(session, token_hash(token))
    return number is not None and hmac.compare_digest(
        parts.secrets.case_mark(number).encode(), mark.encode()
    )


class DraftRoute(PublicRoute):
    """A page on which somebody writes what is not sent yet."""

    cookie = staticmethod(draft_cookie)


class CaseRoute(PublicRoute):
    """A page of a case that somebody opened with its code."""

    cookie = staticmethod(case_cookie)
    comes_in = True


class FileRoute(CaseRoute):
    """A page of a case from which a file is sent."""

    brings_a_file = True


class KeptRoute(PublicRoute):
    """A page that shows what we keep for a moment."""

    cookie = staticmethod(kept_cookie)


async def keep(parts: Wiring, request: Request, answer: Response, kept: Draft) -> None:
    """Keep something for whoever has this browser, sealed, in the place of what was kept before."""
    name = kept_cookie(parts.settings)
    if name in request.cookies:
        await parts.drafts.forget(request.cookies[name])
    token = await parts.drafts.begin(kept)
    leave_cookie(parts, answer, name, token)


def refuse_other_forms(parts: Wiring, request: Request, form: Form) -> None:
    """Refuse a form that does not stand on a page that this browser was shown.

    Raises:
        Problem: when it comes from elsewhere.
    """
    visit: Visit = request.scope[_VISIT]
    expected = None if visit.is_new else request.scope[_FORM_TOKEN]
    refuse_other_pages(parts, request, form, expected, older_browsers=True)


def is_kept_now(request: Request) -> bool:
    """Tell whether what was typed is being kept because a session had ended."""
    return request.scope.get(_KEPT, False)


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """Return a page for people.

    Args:
        name: of its template, below ``templates/portal``.
        values: for its template; ``typed`` holds what stands in the fields of its form.
    """
    parts, language = wiring(request), language_of(request)
    today = civil_date(parts.clock())
    return plain_page(
        request,
        f"portal/{name}",
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
        emergency=next(
            row.number for row in parts.policy.helplines if row.danger and row.is_valid_on(today)
        ),
        footer=[(text(language, key), at(address, language)) for key, address in _FOOTER],
        **values,
    )


def plain_page(
    request: Request,
    name: str,
    status: int = 200,
    *,
    may_lead_to: Sequence[str] = (),
    **values: Any,
) -> Response:
    """Return a page with what all of them have: languages, a form, and what was refused of it.

    Args:
        name: of its template, below ``templates``.
        may_lead_to: other origins to which a form on it may lead.
        values: as for ``page``.
    """
    language, form = language_of(request), rendering.form_of(request, values.pop("typed", None))
    return rendering.page(
        name,
        language,
        status,
        may_lead_to=may_lead_to,
        languages=_this_page_in_every_language(request),
        form_token_name=FORM_TOKEN,
        form_token=request.scope.get(_FORM_TOKEN, ""),
        key_name=KEY,
        unchecked=has_unchecked(language),
        names_of_languages=_NAMES_OF_LANGUAGES,
        **form,
        **values,
    )


def problem_page(request: Request, refused: Refused) -> Response:
    """Return a problem as a page, with the texts that somebody wrote."""
    return problem_shown(request, refused, page)


def problem_shown(request: Request, refused: Refused, show: Callable[..., Response]) -> Response:
    """Return a problem as a page that is made by ``show``."""
    request, problem = _in_the_language_of_its_address(request), refused.problem
    answer = show(
        request,
        "problem",
        problem.status_code,
        problem=rendering.told(problem, language_of(request)),
        written=written_in(refused.form),
    )
    answer.headers.update(problem.headers or {})
    return answer


def written_in(form: Form) -> list[str]:
    """Return the texts that somebody wrote in a form."""
    return [it for name, it in form.items() if name in _WRITTEN]


def go_to(address: str, language: Language, **more: object) -> RedirectResponse:
    """Send the browser on to another page, so that going back is always possible."""
    return RedirectResponse(at(address, language, **more), status_code=303)


def _in_the_language_of_its_address(request: Request) -> Request:
    language = _language_in(request.url.path)
    if language is None:
        return request
    headers = [it for it in request.headers.raw if it[0] != b"accept-language"]
    headers.append((b"accept-language", language.encode()))
    return Request({**request.scope, "headers": headers}, request.receive)


def below_the_language(request: Request) -> str:
    """Return the address of a page without the language in front."""
    path = request.url.path
    own = _language_in(path)
    return path.removeprefix(f"/{own}") if own else ""


def _this_page_in_every_language(request: Request) -> list[tuple[Language, str]]:
    rest = below_the_language(request)
    return [(language, f"/{language}{rest}") for language in SPOKEN]


def _language_in(path: str) -> Language | None:
    first = path.split("/")[1]
    return Language(first) if first in SPOKEN else None
