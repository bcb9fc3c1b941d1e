"""How a page of the staff is asked for and answered: by a cookie, with forms, in HTML.

Behind a page stands the route of the API that does the same: a form is handed to it as the JSON
that it reads, and what it refuses becomes a page.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.desk.addresses import SIGN_IN
from api.desk.pages import problem_page
from api.pages.forms import FORM_TOKEN, KEY, Form, as_json, read_form, refuse_other_pages
from api.problems import language_of, problem_of
from api.who import AT_THE_DESK, desk_cookie
from api.wiring import Wiring, wiring


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
                form, parts = await read_form(request), wiring(request)
                refuse_other_pages(parts, request, form, form_token_of(parts, request))
                fields = {name: it for name, it in form.items() if name not in {FORM_TOKEN, KEY}}
                return await handle(as_json(request, fields, form.get(KEY)))
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


def _typed(form: Form) -> list[str]:
    """Return the texts that somebody wrote, so that a refusal does not lose them."""
    return [form[name] for name in ("text", "reason") if name in form]
