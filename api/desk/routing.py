"""How a page of the staff is asked for and answered: by a cookie, with forms, in HTML.

Behind a page stands the route of the API that does the same: a form is handed to it as the JSON
that it reads, and what it refuses becomes a page.
"""

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api.desk.addresses import DECIDE, SIGN_IN
from api.desk.pages import problem_page
from api.pages.fields import sent_fields
from api.pages.forms import KEY, Form, as_json, read_form, refuse_other_pages
from api.pages.refusing import Handler, Refused, note_form, remember, shown_again
from api.problems import language_of, problem_of
from api.who import AT_THE_DESK, desk_cookie
from api.wiring import Wiring, wiring

_SHOWN_AGAIN = {400, 409, 422}
"""What somebody can mend in the form itself."""


class DeskRoute(APIRoute):
    """A route whose answer is a page."""

    def get_route_handler(self) -> Handler:
        """Return the handler of this route."""
        handle = super().get_route_handler()

        async def as_a_page(request: Request) -> Response:
            request.scope[AT_THE_DESK] = True
            form: Form = {}
            try:
                if request.method != "POST":
                    return await handle(request)
                form, parts = await read_form(request), wiring(request)
                note_form(request, form)
                refuse_other_pages(parts, request, form, form_token_of(parts, request))
                return await handle(as_json(request, sent_fields(form), form.get(KEY)))
            except Exception as error:
                problem = problem_of(error)
                if problem is None:
                    raise
                if problem.status_code == 401 and request.method == "GET":
                    return sign_in_first(request)
                if request.method == "POST" and problem.status_code in _SHOWN_AGAIN:
                    again = await self._shown_again(request, Refused(problem, form))
                    if again is not None:
                        return again
                return problem_page(problem, language_of(request), _typed(form))

        remember(self, as_a_page)
        return as_a_page

    async def _shown_again(self, request: Request, refused: Refused) -> Response | None:
        """Return the page of a form that was refused: that of its decision, or at its address."""
        decision = refused.form.get("decision")
        if decision is None:
            return await shown_again(request, refused, self.path)
        parameters = {**request.path_params, "decision": decision}
        return await shown_again(request, refused, DECIDE, parameters)


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
