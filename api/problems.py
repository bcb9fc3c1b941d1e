"""Errors as people and programs read them: RFC 9457 problem details, in plain language."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.allowances import allowance_of
from attachments.depot import Infected
from attachments.objects import ObjectsUnavailable
from attachments.refusal import FileRefused
from catalogues.texts import best_language, text
from delivery.break_glass import NoSuchRequest, StepNotPossible
from delivery.reception import NoQuestion, UnknownInstitution
from delivery.repeats import KeyReused
from domain.attachments import MOST_BYTES, MOST_PER_CASE, Unacceptable
from domain.languages import Language
from domain.reading import GlassProblem
from printing.typesetting import CannotPrint
from settings.key_ring import KeyRingUnusable
from storage.case_file import CaseNotFound
from storage.vault import KeyWithheld

_log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "5"
"""Seconds."""

PATIENCE = 10.0
"""Seconds in which a request has to begin its answer."""

MOST_ERRORS = 20
"""More than any form of ours has fields; a body with thousands of strange keys gets no more."""

_STATUS_SLUGS = {
    400: "invalid-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "payload-too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    503: "service-unavailable",
}
_FIELD_KEYS = {
    "missing": "missing",
    "extra_forbidden": "extra",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "string_unicode": "unreadable-characters",
    "enum": "choice",
    "literal_error": "choice",
    "string_pattern_mismatch": "format",
    "uuid_parsing": "format",
    "uuid_type": "format",
    "unreadable_characters": "unreadable-characters",
    "not_an_address": "address",
    "not_base64": "format",
    "not_a_case_number": "case-number",
    "not_a_day": "day",
    "value_error": "value",
    "greater_than_equal": "value",
    "less_than_equal": "value",
}
_FILE_KEYS = {
    "unknown_kind": "file-kind",
    "empty": "file-empty",
    "too_large": "file-size",
    "damaged": "file-damaged",
    "encrypted": "file-encrypted",
    "too_complex": "file-complex",
    "too_many": "file-number",
}
"""The catalogue keys of ``Unacceptable``."""
_BREAK_GLASS = {
    GlassProblem.SECOND_PERSON: (403, "break-glass-second-person"),
    GlassProblem.NOT_ASKED_BY_THEM: (403, "forbidden"),
    GlassProblem.ANSWERED: (409, "break-glass-answered"),
    GlassProblem.EXPIRED: (409, "break-glass-expired"),
    GlassProblem.NOT_APPROVED: (409, "break-glass-not-approved"),
    GlassProblem.ASKER_LEFT: (409, "break-glass-asker-left"),
}
PAGES = "problem_page"
"""What an application's state calls the function that shows a problem as a page."""
_NO_PAGES = ("/v1/", "/codec")
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one part of a request.

    Attributes:
        where: ``#/…`` for a JSON pointer into the body, else a header or query parameter by name.
        key: the catalogue key, below ``problem.field``.
    """

    where: str
    key: str
    values: Mapping[str, str] | None = None


_MEGABYTES = str(MOST_BYTES // 1024**2)
FILE_TOO_LARGE = FieldError("#/file", _FILE_KEYS["too_large"], {"limit": _MEGABYTES})


class Problem(HTTPException):
    """A request that was refused; it had no effect.

    Args:
        status: the HTTP status.
        slug: names the problem; the last part of its ``type``.
        errors: which fields are to blame.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, slug, headers)
        self.slug = slug
        self.errors = errors


def language_of(request: Request) -> Language:
    """Return the language in which the reader wishes to be addressed."""
    return best_language(request.headers.get("accept-language"))


def render(problem: Problem, language: Language) -> Response:
    """Return a problem as a response."""
    content: dict[str, object] = {
        "type": f"urn:wederhoor:problem:{problem.slug}",
        "title": text(language, f"problem.{problem.slug}.title"),
        "status": problem.status_code,
        "detail": text(language, f"problem.{problem.slug}.detail"),
    }
    if problem.errors:
        content["errors"] = [_field(error, language) for error in problem.errors]
    headers = {"Content-Language": language.value, **(problem.headers or {})}
    return JSONResponse(content, problem.status_code, headers, MEDIA_TYPE)


def answer_to(request: Request, problem: Problem) -> Response:
    """Return a problem as whoever asked can read it: a browser that is shown pages gets a page."""
    as_page = getattr(request.app.state, PAGES, None)
    wants_page = "text/html" in request.headers.get("accept", "")
    if as_page is not None and wants_page and not request.url.path.startswith(_NO_PAGES):
        return as_page(request, problem)
    return render(problem, language_of(request))


def field_text(error: FieldError, language: Language) -> str:
    """Return what is wrong with a field, in words."""
    return text(language, f"problem.field.{error.key}", **(error.values or {}))


def _field(error: FieldError, language: Language) -> dict[str, str]:
    place = "pointer" if error.where.startswith("#") else "parameter"
    return {"detail": field_text(error, language), place: error.where}


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    for kind in _PROBLEMS:
        app.add_exception_handler(kind, _answer)
    app.add_middleware(NothingUnanswered)


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem is None:
        raise error
    return answer_to(request, problem)


def problem_of(error: Exception) -> Problem | None:
    """Return what is said about an error; ``None`` for one that nobody foresaw."""
    for kind in type(error).__mro__:
        if kind in _PROBLEMS:
            return _PROBLEMS[kind](error)
    return None


def _break_glass(error: StepNotPossible) -> Problem:
    return Problem(*_BREAK_GLASS[error.problem])


def _invalid(error: RequestValidationError) -> Problem:
    details = cast("Sequence[ErrorDetails]", error.errors())
    if any(item["loc"][0] == "path" for item in details):
        return Problem(404, "not-found")  # no address of ours looks like this
    return Problem(400, "invalid-request", [_field_error(item) for item in details[:MOST_ERRORS]])


def _field_error(item: ErrorDetails) -> FieldError:
    place, *path = [str(part) for part in item["loc"]]
    kind = item["type"]
    if kind != "extra_forbidden":
        path = [to_camel(part) for part in path]  # what was left out comes by its name in Python
    elif not _FIELD_NAME.fullmatch(path[-1]):
        path.pop()  # what was sent is not repeated; a strange name could be anything
    where = path[0] if path else place
    if place == "body":
        where = "#" + "".join(f"/{part}" for part in path)
    context = item.get("ctx", {})
    values: dict[str, str] = {}
    if "max_length" in context:
        values["limit"] = str(context["max_length"])
    if "expected" in context:
        values["choices"] = str(context["expected"]).replace(" or ", ", ")
    return FieldError(where, _FIELD_KEYS.get(kind, "type"), values)


def _http(error: HTTPException) -> Problem:
    slug = _STATUS_SLUGS.get(error.status_code, "invalid-request")
    return Problem(error.status_code, slug, headers=error.headers)


def _unknown_institution(_: UnknownInstitution) -> Problem:
    blame = FieldError("#/institutionId", "unknown-institution")
    return Problem(400, "invalid-request", [blame])


def _refused_file(error: FileRefused) -> Problem:
    if error.reason is Unacceptable.TOO_LARGE:
        return Problem(413, "payload-too-large", [FILE_TOO_LARGE])
    values = {"limit": str(MOST_PER_CASE)}
    blame = FieldError("#/file", _FILE_KEYS[error.reason], values)
    if error.reason is Unacceptable.UNKNOWN_KIND:
        return Problem(415, "unsupported-file", [blame])
    return Problem(422, "unacceptable-file", [blame])


def _out_of_reach(error: Exception) -> Problem:
    _log.warning("store_unavailable", error=type(error).__name__)
    return Problem(503, "service-unavailable", headers={"Retry-After": RETRY_AFTER})


def _keys(error: Exception) -> Problem:
    _log.error("keys_unavailable", error=type(error).__name__)
    return Problem(503, "service-unavailable", headers={"Retry-After": RETRY_AFTER})


_PROBLEMS: Mapping[type, Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    RequestValidationError: _invalid,
    HTTPException: _http,
    KeyReused: lambda _: Problem(409, "conflict-idempotency"),
    UnknownInstitution: _unknown_institution,
    NoQuestion: lambda _: Problem(409, "only-a-question"),
    CaseNotFound: lambda _: Problem(404, "not-found"),
    NoSuchRequest: lambda _: Problem(404, "not-found"),
    StepNotPossible: _break_glass,
    FileRefused: _refused_file,
    Infected: lambda _: Problem(403, "attachment-infected"),
    **dict.fromkeys(
        (OperationalError, InterfaceError, PoolTimeoutError, ObjectsUnavailable, CannotPrint),
        _out_of_reach,
    ),
    **dict.fromkeys((KeyWithheld, KeyRingUnusable), _keys),
}
"""How each kind of error is answered."""


class NothingUnanswered:
    """Answers what nobody foresaw as a problem, and tells nothing about it.

    A request that finds no end, because the database hangs, is given up when its patience ends
    and answered with 503; its transaction is broken off.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering = given_up = False

        async def noted(message: Message) -> None:
            nonlocal answering
            if not given_up:
                answering = True
                await send(message)

        work = asyncio.ensure_future(self._app(scope, receive, noted))
        try:
            await asyncio.wait({work}, timeout=allowance_of(scope).patience)
            if answering or work.done():
                await work
                return
            given_up = True
            work.cancel()  # waiting for that could take just as long
            work.add_done_callback(_say_nothing)
            _log.warning("request_given_up")
            problem = Problem(503, "service-unavailable", headers={"Retry-After": RETRY_AFTER})
        except asyncio.CancelledError:
            work.cancel()
            raise
        except Exception as error:
            if answering:
                raise
            _log.error("request_failed", error=type(error).__name__)
            problem = Problem(500, "internal-error")
        await answer_to(Request(scope), problem)(scope, receive, send)


def _say_nothing(work: asyncio.Future[None]) -> None:
    """Take note of how a request that was given up ended; there is nobody to tell."""
    if not work.cancelled():
        work.exception()
