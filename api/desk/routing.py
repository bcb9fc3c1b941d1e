"""How a page of the staff is asked for and answered: by a cookie, with forms, in HTML.

Behind a page stands the route of the API that does the same: a form is handed to it as the JSON
that it reads, and what it refuses becomes a page.
"""

import hmac
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.types import Message

from api.codec_origin import origin_of
from api.desk.addresses import SIGN_IN
from api.desk.pages import problem_page
from api.problems import Problem, language_of, problem_of
from api.who import AT_THE_DESK, desk_cookie
from api.wiring import Wiring, wiring

FORM_TOKEN = "form_token"  # noqa: S105
KEY = "idempotency_key"
_MOST_FIELDS = 40
_TYPE = "application/x-www-form-urlencoded"

type Form = Mapping[str, str]


class DeskRoute(APIRoute):
    """A route whose answer is a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of this route."""
        handle = super().get_route_handler()

        async def as_a_page(request: Request) -> Response:
            request.scope[AT_THE_DESK] = True
            form: Form = {}
            try:
                if request.method != "POST":
                    return await handle(request)
                form = await _read(request)
                _refuse_other_pages(wiring(request), request, form)
                return await handle(_as_the_api_reads_it(request, form))
            except Exception as error:
                problem = problem_of(error)
                if problem is None:
                    raise
                if problem.status_code == 401 and request.method == "GET":
                    return sign_in_first(request)
                return problem_page(problem, language_of(request), _typed(form))

        return as_a_page


def form_token_of(parts: Wiring, request: Request) -> str:
    """Return what the forms on a page for this request must carry."""
    return parts.secrets.form_token(request.cookies.get(desk_cookie(parts.settings), ""))


def sign_in_first(request: Request) -> Response:
    """Send somebody to sign in, and back here afterwards."""
    address = f"{SIGN_IN}?{urlencode({'return_to': request.url.path})}"
    return RedirectResponse(address, status_code=303)


async def _read(request: Request) -> Form:
    """Return the fields of a form that were filled in, with the line ends of our texts."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise Problem(415, "unsupported-media-type")
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(body, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Problem(400, "invalid-request") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _refuse_other_pages(parts: Wiring, request: Request, form: Form) -> None:
    """Refuse a form that does not stand on a page that this session was shown."""
    site = request.headers.get("sec-fetch-site")
    ours = origin_of(parts.settings.public_url)
    from_here = site == "same-origin" or (site is None and request.headers.get("origin") == ours)
    expected = form_token_of(parts, request)
    if not from_here or not hmac.compare_digest(
        form.get(FORM_TOKEN, "").encode(), expected.encode()
    ):
        raise Problem(403, "forbidden")


def _as_the_api_reads_it(request: Request, form: Form) -> Request:
    fields = {name: value for name, value in form.items() if name not in {FORM_TOKEN, KEY}}
    body = json.dumps(fields).encode()
    kept = {b"content-type", b"content-length", b"idempotency-key"}
    headers = [(name, value) for name, value in request.headers.raw if name not in kept]
    headers.append((b"content-type", b"application/json"))
    if KEY in form:
        headers.append((b"idempotency-key", form[KEY].encode()))

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({**request.scope, "headers": headers}, receive)


def _typed(form: Form) -> list[str]:
    """Return the texts that somebody wrote, so that a refusal does not lose them."""
    return [form[name] for name in ("text", "reason") if name in form]
